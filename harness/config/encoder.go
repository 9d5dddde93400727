package config

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"iter"
	"reflect"
	"slices"
	"strconv"

	"msharp/harness/data"
	"msharp/harness/optim"
	"msharp/models/kind"
)

// Encoder encodes many Configs. The parts that Configs share, such as one optimizer, are encoded once, as they were when it first saw them.
// One goroutine at a time may use it.
type Encoder struct {
	config Config // under way, canonical
	keys   []encodedKey
	text   []byte
	steps  map[stepping]optim.Spec
	sets   map[data.Spec]data.Spec // bare, by what they are the bare form of
}

// encodedKey is a top-level key of the Config under way, and what its values have been encoded to.
type encodedKey struct {
	key             string
	field, defaults reflect.Value
	whole           map[any]whole
	differing       map[any]string // as whole.member, with what differs from the defaults, as ID hashes it; "" for nothing
}

// whole is a value with its defaults.
type whole struct {
	value  any    // nil for nothing
	member string // `,"key":value` as JSON
}

// stepping is what the canonical form of an optimizer depends on.
type stepping struct {
	optimizer optim.Canonical
	batch     int
}

// NewEncoder returns an Encoder that has seen no Config.
func NewEncoder() *Encoder {
	e := &Encoder{steps: map[stepping]optim.Spec{}, sets: map[data.Spec]data.Spec{}}
	for _, key := range settingKeys {
		e.keys = append(e.keys, encodedKey{key, kind.Field(&e.config, key), kind.Field(&none, key), map[any]whole{}, map[any]string{}})
	}
	return e
}

// settingKeys are the top-level keys of a Config without those of Asked, in the order of JSON.
var settingKeys = slices.DeleteFunc(slices.Sorted(slices.Values(kind.Keys(reflect.TypeFor[Config]()))), func(key string) bool { return slices.Contains(askedKeys, key) })

// ID is the function ID.
func (e *Encoder) ID(c Config, sha string, results int) string {
	data, err := json.Marshal(sha)
	if err != nil {
		panic(err) // a string is JSON
	}
	e.text = append(e.text[:0], `{"config":{`...)
	comma := 1 // of the first member, which has none
	for k := range e.encode(c) {
		if member := k.differs(); member != "" {
			e.text = append(e.text, member[comma:]...)
			comma = 0
		}
	}
	e.text = append(append(append(e.text, `},"data":`...), data...), `,"results":`...)
	e.text = append(strconv.AppendInt(e.text, int64(results), 10), '}')
	sum := sha256.Sum256(e.text)
	return hex.EncodeToString(sum[:8])
}

// Settings is the function Settings, but that nested values are not to be changed.
func (e *Encoder) Settings(c Config) map[string]any {
	m := make(map[string]any, len(e.keys))
	for k := range e.encode(c) {
		if w := k.holds(); w.value != nil {
			m[k.key] = w.value
		}
	}
	return m
}

// Text returns Settings as JSON.
func (e *Encoder) Text(c Config) Text {
	t := append(make(Text, 0, len(e.keys)+2), "{")
	for k := range e.encode(c) {
		if w := k.holds(); w.value != nil {
			t = append(t, w.member)
		}
	}
	if len(t) > 1 {
		t[1] = t[1][1:] // without its comma
	}
	return append(t, "}")
}

// encode returns the keys of c that have an effect, in the order of JSON.
func (e *Encoder) encode(c Config) iter.Seq[*encodedKey] {
	e.config = c
	e.config.Optimizer.Spec = e.canonical(c)
	e.config.Data.Spec = e.bare(c.Data.Spec)
	absent := c.Absent()
	return func(yield func(*encodedKey) bool) {
		for i := range e.keys {
			if k := &e.keys[i]; !slices.Contains(absent, k.key) && !yield(k) {
				return
			}
		}
	}
}

// canonical returns the optimizer of c.Canonical.
func (e *Encoder) canonical(c Config) optim.Spec {
	s, ok := c.Optimizer.Spec.(optim.Canonical)
	if !ok {
		return c.Optimizer.Spec
	}
	how := stepping{s, c.BatchSize}
	spec, ok := e.steps[how]
	if !ok {
		spec = c.Canonical().Optimizer.Spec
		remember(e.steps, how, spec)
	}
	return spec
}

// bare returns a data set as records have it.
func (e *Encoder) bare(s data.Spec) data.Spec {
	spec, ok := e.sets[s]
	if !ok {
		spec = data.Bare(s)
		remember(e.sets, s, spec)
	}
	return spec
}

// holds returns what the key holds.
func (k *encodedKey) holds() whole {
	value := k.field.Interface()
	w, ok := k.whole[value]
	if !ok {
		w.value = kind.EncodeField(k.field, reflect.Value{})
		w.member = k.member(w.value)
		remember(k.whole, value, w)
	}
	return w
}

// differs returns the member with what differs from the defaults.
func (k *encodedKey) differs() string {
	value := k.field.Interface()
	member, ok := k.differing[value]
	if !ok {
		member = k.member(kind.EncodeField(k.field, k.defaults))
		remember(k.differing, value, member)
	}
	return member
}

// member returns the key with a value as it stands in an object after others; "" without a value.
func (k *encodedKey) member(value any) string {
	if value == nil {
		return ""
	}
	text, err := json.Marshal(value)
	if err != nil {
		panic(err) // numbers in a Config are finite
	}
	return `,"` + k.key + `":` + string(text)
}
