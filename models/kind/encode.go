package kind

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"time"
)

// Absenter is a struct some of whose keys have no effect given the others; Encode leaves those out.
type Absenter interface{ Absent() (keys []string) }

// Encode returns all of v, a struct or pointer to one, as nested maps under its YAML keys. Records show this.
func Encode(v any) map[string]any { return encodeStruct(reflect.ValueOf(v), reflect.Value{}) }

// EncodeDiff is Encode without the fields that equal those of defaults, a value of v's type. Identities hash this. Within an Any the
// defaults are those of its kind, and the kind is always there; within a list, and behind a pointer that is nil in defaults, they are zero,
// or what SetDefaults sets.
func EncodeDiff(v, defaults any) map[string]any {
	return encodeStruct(reflect.ValueOf(v), reflect.ValueOf(defaults))
}

func encodeStruct(v, defaults reflect.Value) map[string]any {
	v, defaults = indirect(v), indirect(defaults)
	out := map[string]any{}
	var absent []string
	if a, ok := v.Interface().(Absenter); ok {
		absent = a.Absent()
	}
	for _, f := range fieldsOf(v.Type()).list {
		if slices.Contains(absent, f.key) {
			continue
		}
		var d reflect.Value
		if defaults.IsValid() {
			d = defaults.FieldByIndex(f.index)
		}
		if e := EncodeField(v.FieldByIndex(f.index), d); e != nil {
			out[f.key] = e
		}
	}
	return out
}

// EncodeField returns a field, which Field gives, as Encode has it under its key, or as EncodeDiff has it if defaults is the same field of
// the defaults rather than the zero Value; nil for nothing.
func EncodeField(field, defaults reflect.Value) any {
	if defaults.IsValid() && reflect.DeepEqual(field.Interface(), defaults.Interface()) {
		return nil
	}
	return encode(field, defaults)
}

func encode(v, defaults reflect.Value) any {
	if a, ok := v.Interface().(kinder); ok {
		name, spec, d := a.kinded()
		if name == "" {
			return nil
		}
		var dv reflect.Value
		if defaults.IsValid() {
			dv = reflect.ValueOf(d)
		}
		m := encodeStruct(reflect.ValueOf(spec), dv)
		m["kind"] = name
		return m
	}
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		if defaults.IsValid() && defaults.IsNil() {
			defaults = atDefault(v.Type().Elem()).Elem()
		}
		return encode(v.Elem(), indirect(defaults))
	case reflect.Struct:
		return encodeStruct(v, defaults)
	case reflect.Slice:
		var zero reflect.Value
		if defaults.IsValid() {
			zero = atDefault(v.Type().Elem()).Elem()
		}
		list := make([]any, v.Len())
		for i := range list {
			list[i] = encode(v.Index(i), zero)
		}
		return list
	case reflect.Int:
		return int(v.Int())
	case reflect.Int64:
		return time.Duration(v.Int()).String()
	case reflect.Uint64:
		return v.Uint()
	case reflect.Float64:
		if math.IsInf(v.Float(), 1) {
			return infinity // JSON has no number for it
		}
		return v.Float()
	case reflect.String:
		return v.String()
	case reflect.Bool:
		return v.Bool()
	}
	panic(fmt.Sprintf("kind: no YAML form for %s", v.Type()))
}

func indirect(v reflect.Value) reflect.Value {
	for v.IsValid() && (v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface) {
		v = v.Elem()
	}
	return v
}
