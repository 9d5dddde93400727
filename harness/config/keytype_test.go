package config

import (
	"reflect"
	"testing"

	"msharp/harness/data"
	"msharp/harness/optim"
	"msharp/harness/record"
	"msharp/models"
	"msharp/models/kind"
)

func TestKeyType(t *testing.T) {
	for key, want := range map[string]record.KeyType{
		"optimizer.rho": record.KeyReal, "optimizer.m": record.KeyWhole, "optimizer.p": record.KeyReal, "optimizer.base.momentum": record.KeyReal, "optimizer.base.nesterov": record.KeyTruth,
		"optimizer.base.base.base.nesterov": record.KeyTruth, "optimizer.kind": record.KeyText, "model.hidden": record.KeyText, "seed": record.KeyWhole, "lr": record.KeyReal,
		"stop.train_loss": record.KeyReal, "stop.max_epochs": record.KeyWhole, "validate.every": record.KeyWhole, "schedule.then.gamma": record.KeyReal, "data.file": record.KeyText,
		"data.drop": record.KeyText, "data.train": record.KeyWhole, "data.label_noise": record.KeyReal, "data": record.KeyText,
		"optimizer.roh": record.KeyUnknown, "lr.rho": record.KeyUnknown, "": record.KeyUnknown, "kind": record.KeyUnknown,
	} {
		if got := KeyType(key); got != want {
			t.Errorf("%s is %d; want %d", key, got, want)
		}
	}
}

// Every key of every kind's settings has a type, and its value fits it.
func TestKeyTypeOfEveryKind(t *testing.T) {
	n := 0
	check := func(change func(*Config)) {
		c := Default()
		c.Epochs, c.Stop = 0, &Stop{TrainLoss: 1, MaxEpochs: 2, Every: 3}
		change(&c)
		r := record.Record{Config: kind.Encode(c)}
		for key, v := range r.Dotted() {
			n++
			got, is := KeyType(key), reflect.TypeOf(v).Kind()
			if want := map[reflect.Kind]record.KeyType{reflect.Bool: record.KeyTruth, reflect.Int: record.KeyWhole, reflect.Uint64: record.KeyWhole, reflect.Float64: record.KeyReal,
				reflect.String: record.KeyText, reflect.Slice: record.KeyText}[is]; got != want {
				t.Errorf("%s of %v is %d; want %d", key, v, got, want)
			}
		}
	}
	for _, name := range data.Table.Names() {
		check(func(c *Config) { c.Data.Spec, _ = data.Table.New(name) })
	}
	for _, name := range models.Zoo.Names() {
		check(func(c *Config) { c.Model.Spec, _ = models.Zoo.New(name) })
	}
	for _, name := range optim.Table.Names() {
		check(func(c *Config) { c.Optimizer.Spec, _ = optim.Table.New(name) })
	}
	for _, name := range optim.Schedules.Names() {
		check(func(c *Config) { c.Schedule.Spec, _ = optim.Schedules.New(name) })
	}
	if n < 100 {
		t.Errorf("%d keys", n)
	}
}
