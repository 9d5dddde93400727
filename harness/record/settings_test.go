package record

import (
	"fmt"
	"slices"
	"testing"
)

func TestSettingsAreConfigurationsButForTheSeed(t *testing.T) {
	config := func(seed, lr any, optimizer map[string]any) Record {
		return Record{Config: map[string]any{"seed": seed, "lr": lr, "optimizer": optimizer}}
	}
	sam := func(rho any) map[string]any { return map[string]any{"kind": "sam", "rho": rho, "seed": 1.} }
	of, configs := Settings([]Record{
		config(1., .1, sam(.05)), config(2., .1, sam(.05)), config(1., .2, sam(.05)), config(1., .1, sam(nil)),
		config(1., .1, sam(".05x")), config(3., .2, sam(.05)), {}, config(1., .1, nil),
	})
	if want := []int{0, 0, 1, 2, 3, 1, 4, 5}; !slices.Equal(of, want) {
		t.Errorf("numbered %v, want %v", of, want)
	}
	if got, want := fmt.Sprint(configs[1]), "map[lr:0.2 optimizer.kind:sam optimizer.rho:0.05 optimizer.seed:1]"; got != want {
		t.Errorf("the second is %s, want %s", got, want)
	}
	if len(configs) != 6 || len(configs[4]) != 0 {
		t.Errorf("%d settings, the fifth %v", len(configs), configs[4])
	}
}

// Settings does not depend on whether records share maps, or on keys that only some have.
func TestSettingsOfSharedMaps(t *testing.T) {
	sam := map[string]any{"rho": .05, "base": map[string]any{"kind": "sgd"}}
	recs := []Record{
		{Config: map[string]any{"seed": 1., "optimizer": sam}},
		{Config: map[string]any{"seed": 2., "optimizer": sam}},
		{Config: map[string]any{"seed": 1., "optimizer": map[string]any{"rho": .05, "base": map[string]any{"kind": "sgd"}}}},
		{Config: map[string]any{"seed": 1., "lr": sam}},
		{Config: map[string]any{"optimizer": sam}},
		{Config: map[string]any{"optimizer": sam["base"]}},
		{Config: map[string]any{"seed": 3., "optimizer": sam}},
	}
	of, configs := Settings(recs)
	if want := []int{0, 0, 0, 1, 0, 2, 0}; !slices.Equal(of, want) || len(configs) != 3 {
		t.Errorf("numbered %v of %d, want %v", of, len(configs), want)
	}
}
