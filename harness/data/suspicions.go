package data

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// serials finds the columns whose values grow by 1 from row to row.
type serials struct {
	last  []float64 // value of each column
	still []bool
}

// newSerials begins with every feature.
func (l *layout) newSerials() *serials {
	c := &serials{make([]float64, len(l.columns)), make([]bool, len(l.columns))}
	for j := range c.last {
		c.last[j], c.still[j] = math.NaN(), l.role[j] == asFeature
	}
	return c
}

func (c *serials) see(j int, x float64) {
	if before := c.last[j]; x != math.Trunc(x) || x != before+1 && !math.IsNaN(before) {
		c.still[j] = false
	}
	c.last[j] = x
}

// fewRows is how many rows may count by chance, or in an example.
const fewRows = 5

// classWords are the names of columns that hold classes.
var classWords = []string{"class", "label", "target", "y"}

// suspicions says in a sentence each what looks like a mistake of the user's.
func (t *table) suspicions(c CSV, names *classNaming, count *serials) (out []string) {
	warn := func(format string, args ...any) { out = append(out, t.name+": "+fmt.Sprintf(format, args...)) }
	if c.Class == "" {
		last := visible(t.columns[t.class])
		if fault := t.numeric(names); fault != "" {
			warn("the class is the last column (%s), for no class is given, and %s; data.class=NAME takes another column", last, fault)
		}
		called := func(column string) bool { return slices.Contains(classWords, strings.ToLower(column)) }
		for j, column := range t.columns {
			if t.role[j] == asFeature && called(column) && !called(t.columns[t.class]) {
				warn("the class is the last column (%s), for no class is given, and column %d is called %s; data.class=%s takes that one", last, j+1, column, column)
			}
		}
	}
	for j, column := range t.columns {
		if count.still[j] && t.rows > fewRows {
			warn("column %d (%s) counts %.0f, %.0f, %.0f, … from row to row, as an id does, which may tell the class; data.drop=%s leaves it out",
				j+1, visible(column), count.last[j]-float64(t.rows)+1, count.last[j]-float64(t.rows)+2, count.last[j]-float64(t.rows)+3, visible(column))
		}
	}
	var single []string
	for _, name := range t.classes {
		if names.counts[name] == 1 {
			single = append(single, visible(name))
		}
	}
	switch len(single) {
	case 0:
	case 1:
		warn("class %s has one example, which cannot be trained on and tested on", single[0])
	default:
		warn("%d classes have one example each, which cannot be trained on and tested on: %s", len(single), listed(single))
	}
	return out
}

// numeric says how the classes look like a measurement, "" if they do not.
func (t *table) numeric(names *classNaming) string {
	fraction := ""
	for _, name := range t.classes {
		x, ok := numeral(name)
		if !ok {
			return ""
		}
		if x != math.Trunc(x) && fraction == "" {
			fraction = name
		}
	}
	switch n := len(t.classes); {
	case 2*n > t.rows:
		return fmt.Sprintf("it has %d distinct numbers in %d rows", n, t.rows)
	case fraction != "":
		return fmt.Sprintf("its %d classes are numbers such as %s", n, fraction)
	}
	return ""
}
