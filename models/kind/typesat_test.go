package kind

import (
	"fmt"
	"reflect"
	"testing"
)

// A key has a type for each kind that has it.
func TestTypesAt(t *testing.T) {
	for key, want := range map[string]string{
		"width": "[int]", "rate": "[float64]", "on": "[bool]", "layers": "[[]int]", "lid.wood": "[string]", "solid.kind": "[string]",
		"solid.radius": "[float64]", "solid.ball.radius": "[float64]", "solid.tie.tie.radius": "[float64]", "rat": "[]", "width.x": "[]", "solid.color": "[]", "": "[]",
	} {
		if got := fmt.Sprint(TypesAt(reflect.TypeFor[settings](), key)); got != want {
			t.Errorf("%s: %s; want %s", key, got, want)
		}
	}
}
