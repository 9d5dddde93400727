package kind

import (
	"reflect"
	"strings"
	"sync"
)

// field is a field of a struct that has a YAML key.
type field struct {
	key   string
	index []int
	tag   reflect.StructTag
}

// fields are those of a struct type in order of declaration, and the place of each by its key.
type fields struct {
	list  []field
	byKey map[string]int
}

// Keys returns the YAML keys of a struct type in order of declaration.
func Keys(t reflect.Type) []string {
	var keys []string
	for _, f := range fieldsOf(t).list {
		keys = append(keys, f.key)
	}
	return keys
}

// Field returns the field of v, a pointer to a struct, under a YAML key; the zero Value if there is none.
func Field(v any, key string) reflect.Value {
	s := reflect.ValueOf(v).Elem()
	known := fieldsOf(s.Type())
	i, ok := known.byKey[key]
	if !ok {
		return reflect.Value{}
	}
	return s.FieldByIndex(known.list[i].index)
}

// fieldsOf returns the fields of a struct type. Callers must not change them.
func fieldsOf(t reflect.Type) *fields {
	if known, ok := fieldsByType.Load(t); ok {
		return known.(*fields)
	}
	known := &fields{byKey: map[string]int{}}
	for _, f := range reflect.VisibleFields(t) {
		if key, ok := keyOf(f); ok {
			known.byKey[key] = len(known.list)
			known.list = append(known.list, field{key, f.Index, f.Tag})
		}
	}
	fieldsByType.Store(t, known)
	return known
}

// fieldsByType caches fieldsOf.
var fieldsByType sync.Map

// keyOf returns the YAML key of a field; an embedded struct marked inline has none, its fields stand for it.
func keyOf(f reflect.StructField) (string, bool) {
	key, opts, _ := strings.Cut(f.Tag.Get("yaml"), ",")
	if opts == "inline" || key == "" || key == "-" || !f.IsExported() {
		return "", false
	}
	return key, true
}
