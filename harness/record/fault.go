package record

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
)

// Fault rewords an error of encoding/json for people who do not read Go: which field, what it holds, what it should hold.
func Fault(err error) error {
	var wrong *json.UnmarshalTypeError
	if !errors.As(err, &wrong) {
		return errors.New(strings.TrimPrefix(err.Error(), "json: "))
	}
	text := fmt.Sprintf("%s; expected %s", found(wrong.Value), expected(wrong.Type))
	if wrong.Field != "" {
		text = wrong.Field + " is " + text
	}
	return errors.New(text)
}

// found names a JSON value as encoding/json does in its errors: "string", "number 1e999".
func found(value string) string {
	kind, _, _ := strings.Cut(value, " ")
	if name, ok := map[string]string{"string": "a text", "number": "a number", "array": "a list", "bool": "true or false"}[kind]; ok && kind == value {
		return name
	} else if ok {
		return "the " + value
	}
	return "an " + value
}

// expected names the JSON that a type accepts.
func expected(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a text"
	case reflect.Int, reflect.Int64:
		return "a whole number"
	case reflect.Float64:
		return "a finite number"
	case reflect.Slice:
		return "a list"
	case reflect.Bool:
		return "true or false"
	}
	return "an object"
}
