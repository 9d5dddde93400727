package sharpness

import (
	"math"
	"strconv"
	"strings"
	"sync"
)

// Column is a column of a measure: "msharp(m=4 rho=0.05)".
type Column struct {
	Measure string  // "msharp"
	Params  []Param // in the order of the name
	Role    Role
	Title   string // in words, for figures: "m-sharpness", "‖w‖"
}

// Param is a parameter in a column's name.
type Param struct {
	Key, Value string // the value as the name has it: "4", "n", "0.05", "inf"
}

// Role says how a column takes part where models are ranked. A Rival, and a Sharpness other than m-sharpness, is among study.Trials.Rivals,
// and so in the figures of them, where it varies within a seed.
type Role int

const (
	Detail    Role = iota // belongs to another column: a standard error, a count, a term of a sum; ranks nothing
	Sharpness             // claims to rank models by how they generalize, larger for worse
	Rival                 // any other number of a model, of either sign, that a sharpness has to beat
)

// Name returns the column's name in records: "gradnorm" without parameters, "msharp(m=4 rho=0.05)" with them.
func (c Column) Name() string {
	if len(c.Params) == 0 {
		return c.Measure
	}
	var b strings.Builder
	b.WriteString(c.Measure)
	sep := byte('(')
	for _, p := range c.Params {
		b.WriteByte(sep)
		b.WriteString(p.Key)
		b.WriteByte('=')
		b.WriteString(p.Value)
		sep = ' '
	}
	b.WriteByte(')')
	return b.String()
}

// Number returns a parameter as a number; "n", all examples, is +Inf. It is not ok where the name has no such parameter or its value is
// no number.
func (c Column) Number(key string) (v float64, ok bool) {
	for _, p := range c.Params {
		if p.Key != key {
			continue
		}
		if p.Value == "n" {
			return math.Inf(1), true
		}
		v, err := strconv.ParseFloat(p.Value, 64)
		return v, err == nil && !math.IsNaN(v)
	}
	return 0, false
}

// ParseColumn returns the column of that name, with the role and the title that its measure states. It is not ok where the name is not
// well formed, or no measure in Table, at its defaults, has a column of that Measure.
func ParseColumn(name string) (c Column, ok bool) {
	measure, params, has := strings.Cut(name, "(")
	if c, ok = stated(measure); !ok || !has {
		return c, ok
	}
	params, ok = strings.CutSuffix(params, ")")
	if !ok {
		return Column{}, false
	}
	for p := range strings.SplitSeq(params, " ") {
		key, value, _ := strings.Cut(p, "=")
		if key == "" || value == "" || strings.ContainsAny(key+value, "=()") {
			return Column{}, false
		}
		c.Params = append(c.Params, Param{key, value})
	}
	return c, true
}

// Names returns the names of a measure's columns.
func Names(m Measure) (names []string) {
	for _, c := range m.Columns() {
		names = append(names, c.Name())
	}
	return names
}

// known holds the columns of all measures in Table at their defaults, without their parameters, by Measure.
var known struct {
	sync.Mutex
	measures int // there were in Table
	columns  map[string]Column
}

// stated returns the column of that Measure, without parameters, as a measure in Table states it.
func stated(measure string) (c Column, ok bool) {
	known.Lock()
	defer known.Unlock()
	if n := Table.Len(); known.measures != n {
		known.measures, known.columns = n, map[string]Column{}
		for _, name := range Table.Names() {
			m, err := Table.New(name)
			if err != nil {
				panic(err) // a name of the table
			}
			for _, c := range m.Columns() {
				c.Params = nil
				known.columns[c.Measure] = c
			}
		}
	}
	c, ok = known.columns[measure]
	return c, ok
}
