package kind

import (
	"reflect"
	"slices"
	"strings"
)

// TypesAt returns the types that the value under a dotted key may have in a struct of type t: those of all kinds that an Any on the way may
// name, in the order of their names. There are none if no kind has the key.
func TypesAt(t reflect.Type, key string) []reflect.Type {
	return typesAt(t, strings.Split(key, "."))
}

func typesAt(t reflect.Type, path []string) (types []reflect.Type) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if a, ok := reflect.Zero(t).Interface().(kinder); ok {
		if len(path) == 1 && path[0] == "kind" {
			return []reflect.Type{reflect.TypeFor[string]()}
		}
		_, _, specs := a.kinds()
		for _, spec := range specs {
			for _, at := range typesAt(reflect.TypeOf(spec), path) {
				if !slices.Contains(types, at) {
					types = append(types, at)
				}
			}
		}
		return types
	}
	if len(path) == 0 {
		return []reflect.Type{t}
	}
	if t.Kind() != reflect.Struct {
		return nil
	}
	known := fieldsOf(t)
	i, ok := known.byKey[path[0]]
	if !ok {
		return nil
	}
	return typesAt(t.FieldByIndex(known.list[i].index).Type, path[1:])
}
