package plots

import (
	"testing"

	"msharp/harness/study"
)

// The column of picked radii fits its figure, whatever seeds pick; settings of one radius count together.
func TestRhoColumn(t *testing.T) {
	for _, c := range []struct {
		picked       map[study.Choice]int
		text, column string
	}{
		{nil, "", ""},
		{map[study.Choice]int{{Rho: .1}: 4}, ".1", ".1"},
		{map[study.Choice]int{{Rho: .1, Setting: "a"}: 4, {Rho: .1, Setting: "b"}: 1, {Rho: .2}: 3}, ".1 (5), .2 (3)", ".1 (5), .2 (3)"},
		{map[study.Choice]int{{Rho: .05}: 1, {Rho: .1}: 2, {Rho: .2}: 4, {Rho: .3}: 4}, ".05 (1), .1 (2), .2 (4), .3 (4)", ".05–.3, mostly .2 (4)"},
	} {
		if text, column := rhoText(c.picked), rhoColumn(c.picked); text != c.text || column != c.column {
			t.Errorf("%q, %q; want %q, %q", text, column, c.text, c.column)
		}
	}
}
