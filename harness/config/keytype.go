package config

import (
	"reflect"

	"msharp/harness/record"
	"msharp/models/kind"
)

// KeyType returns the type of a dotted key of Settings, whatever kinds a configuration names; where kinds differ in it, a whole number is a
// real one and all else is text.
func KeyType(key string) record.KeyType {
	of := record.KeyUnknown
	for _, t := range kind.TypesAt(reflect.TypeFor[Config](), key) {
		here := record.KeyText
		switch t.Kind() {
		case reflect.Bool:
			here = record.KeyTruth
		case reflect.Int, reflect.Uint64:
			here = record.KeyWhole
		case reflect.Float64:
			here = record.KeyReal
		}
		switch {
		case of == record.KeyUnknown || of == here:
			of = here
		case min(of, here) == record.KeyWhole && max(of, here) == record.KeyReal:
			of = record.KeyReal
		default:
			return record.KeyText
		}
	}
	return of
}
