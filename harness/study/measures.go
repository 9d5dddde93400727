package study

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"msharp/sharpness"
)

// Measured is a column of a sharpness that depends on m and ρ and on nothing else: "msharp(m=4 rho=0.05)". A name with more parameters,
// such as "msharp(m=4 rho=0.05 steps=5)", is of another measure, which is not mixed with the plain one.
type Measured struct {
	Field
	M   float64 // +Inf for n, all training examples
	Rho float64
}

// MSharpness returns the columns of m-sharpness that the trials have, by ρ and then m. Where all examples are asked for both as m = n and
// by their number, which every trial shares, n stands for both.
func (t *Trials) MSharpness() []Measured {
	if t.whole != nil {
		return t.whole.MSharpness()
	}
	return Once(t, "msharpness", func() (ms []Measured) {
		sizes := t.Distinct(Key("data.train"))
		for _, c := range t.columns() {
			m, hasM := c.Number("m")
			rho, hasRho := c.Number("rho")
			if c.Role == sharpness.Sharpness && c.Measure == "msharp" && len(c.Params) == 2 && hasM && hasRho {
				ms = append(ms, Measured{valueOf(c), m, rho})
			}
		}
		slices.SortFunc(ms, func(a, b Measured) int {
			return cmp.Or(cmp.Compare(a.Rho, b.Rho), cmp.Compare(a.M, b.M), cmp.Compare(a.Name, b.Name))
		})
		if len(sizes) != 1 {
			return ms
		}
		all := func(rho float64) bool {
			return slices.ContainsFunc(ms, func(m Measured) bool { return m.Rho == rho && math.IsInf(m.M, 1) })
		}
		return slices.DeleteFunc(slices.Clone(ms), func(m Measured) bool { return m.M == sizes[0] && all(m.Rho) })
	})
}

// ShownRho is the measured ρ that claims and figures take where one is to stand for all: .05 where it was measured, else the middle one,
// of an even number the upper. 0 without any.
func ShownRho(ms []Measured) float64 {
	var rhos []float64
	for _, m := range ms {
		rhos = append(rhos, m.Rho)
	}
	if rhos = ascending(rhos); len(rhos) == 0 {
		return 0
	}
	if slices.Contains(rhos, SmallRho) {
		return SmallRho
	}
	return rhos[len(rhos)/2]
}

// SmallRho is the radius that "small ρ" ends with, the default of SAM and of every measure.
const SmallRho = .05

// MeasuredAt are the columns measured at ρ.
func MeasuredAt(ms []Measured, rho float64) (at []Measured) {
	return slices.DeleteFunc(slices.Clone(ms), func(m Measured) bool { return m.Rho != rho })
}

// Fields are the columns as fields.
func Fields(ms []Measured) (xs []Field) {
	for _, m := range ms {
		xs = append(xs, m.Field)
	}
	return xs
}

// columns are the columns of measures that the trials have, by name.
func (t *Trials) columns() (cs []sharpness.Column) {
	for _, name := range ValueNames(t.final) {
		if c, ok := sharpness.ParseColumn(name); ok {
			cs = append(cs, c)
		}
	}
	return cs
}

// valueOf is a measure's column as a field.
func valueOf(c sharpness.Column) Field {
	f := Value(c.Name())
	f.Label = c.Title
	return f
}

// ColumnTitle is a measure's column in words, with its parameters: "λ₁ of the Hessian, layer = 1". A name that no measure has is its own title.
func ColumnTitle(name string) string {
	c, ok := sharpness.ParseColumn(name)
	if !ok {
		return name
	}
	title := c.Title
	for _, p := range c.Params {
		title += ", " + parameter(p)
	}
	return title
}

// Rival is a number that a sharpness has to beat where models are ranked.
type Rival struct {
	Field         // Label is how a figure shows it: "train loss"
	Column string // as a CSV names it: "train_loss"
	Sharp  bool   // it is a sharpness too, and claims a sign
}

// Rivals are the numbers that are set beside m-sharpness, where they vary within a seed: ρ, the train loss, every other measure with a part
// in rankings (sharpness.Column.Role), and the swept hyperparameters. Of columns that differ in ρ alone it is the one at .05 or, without it, at
// the least ρ. Claims name the columns they speak of themselves.
func (t *Trials) Rivals() []Rival {
	return Once(t, "rivals", func() (out []Rival) {
		add := func(f Field, column string, sharp bool) {
			if t.varies(f) {
				out = append(out, Rival{f, column, sharp})
			}
		}
		rho := Rho
		rho.Label = "ρ alone"
		add(rho, "rho", false)
		add(TrainLoss, "train_loss", false)
		cs := oneRadius(t.columns())
		for _, c := range cs {
			f := valueOf(c)
			if same := func(o sharpness.Column) bool { return o.Title == c.Title && o.Name() != c.Name() }; slices.ContainsFunc(cs, same) {
				f.Label += parameters(c)
			}
			add(f, c.Name(), c.Role == sharpness.Sharpness)
		}
		for _, h := range t.Hyperparameters() {
			add(h.Field, h.Column, false)
		}
		return out
	})
}

// parameters are those of a column but ρ, after its title: ", m = 4, relative".
func parameters(c sharpness.Column) (text string) {
	for _, p := range c.Params {
		if p.Key != "rho" {
			text += ", " + parameter(p)
		}
	}
	return text
}

// parameter is one in words: "m = 4", "relative".
func parameter(p sharpness.Param) string {
	key := p.Key
	if key == "rho" {
		key = "ρ"
	}
	if p.Value == "true" {
		return key
	}
	return key + " = " + p.Value
}

// oneRadius are the columns that take part in rankings, but m-sharpness. Of those that differ in ρ alone it is the one at .05 or, without
// it, at the least ρ.
func oneRadius(cs []sharpness.Column) (out []sharpness.Column) {
	at := map[string]int{} // in out, by name without ρ
	rank := func(c sharpness.Column) float64 {
		rho, _ := c.Number("rho")
		if rho == SmallRho {
			return 0
		}
		return rho
	}
	for _, c := range cs {
		if c.Role == sharpness.Detail || c.Measure == "msharp" {
			continue
		}
		bare := c
		bare.Params = slices.DeleteFunc(slices.Clone(c.Params), func(p sharpness.Param) bool { return p.Key == "rho" })
		i, seen := at[bare.Name()]
		switch {
		case !seen:
			at[bare.Name()] = len(out)
			out = append(out, c)
		case rank(c) < rank(out[i]):
			out[i] = c
		}
	}
	return out
}

// varies says that two finished runs of one seed differ in x. A diverged run has no say.
func (t *Trials) varies(x Field) bool {
	first := map[uint64]float64{}
	for _, r := range t.final {
		v, ok := x.Of(r)
		if !ok || r.Diverged {
			continue
		}
		if w, seen := first[r.Seed]; seen && v != w {
			return true
		} else if !seen {
			first[r.Seed] = v
		}
	}
	return false
}

// Hyperparameters are the swept keys beside ρ, m and the seed that are numbers; a list of layers gives a width and a depth.
func (t *Trials) Hyperparameters() []Rival {
	return Once(t, "hyperparameters", func() (out []Rival) {
		for _, key := range t.SweptBeside() {
			if t.besideAxes().numeric(key) {
				out = append(out, Rival{Field: Key(key), Column: key})
				continue
			}
			out = append(out, Rival{Field: listField(key, "width", func(l []float64) float64 { return l[0] }), Column: key + ".width"},
				Rival{Field: listField(key, "depth", func(l []float64) float64 { return float64(len(l)) }), Column: key + ".depth"})
		}
		return slices.DeleteFunc(out, func(h Rival) bool { return !t.varies(h.Field) })
	})
}

// numeric reports whether all values of a swept key are numbers.
func (t *Trials) numeric(key string) bool {
	return !slices.ContainsFunc(t.TextsOf(key), func(text string) bool { _, err := strconv.ParseFloat(text, 64); return err != nil })
}

// Grid are the hyperparameters that tell the models of a seed apart: every swept key, ρ and m. What is no number, and a list that width and
// depth do not tell from others, is numbered in the order of its text.
func (t *Trials) Grid() (out []Rival) {
	numbers := t.Hyperparameters()
	for _, key := range t.SweptBeside() {
		of := slices.DeleteFunc(slices.Clone(numbers), func(h Rival) bool {
			return h.Column != key && h.Column != key+".width" && h.Column != key+".depth"
		})
		texts := t.besideAxes().TextsOf(key)
		seen := map[[2]float64]bool{}
		for _, r := range t.final {
			var at [2]float64
			for i, h := range of {
				at[i], _ = h.Of(r)
			}
			seen[at] = true
		}
		if len(seen) < len(texts) {
			of = []Rival{{Field: placeField(key, texts), Column: key}}
		}
		out = append(out, of...)
	}
	for _, axis := range []Rival{{Field: Rho, Column: "rho"}, {Field: M, Column: "m"}} {
		if t.varies(axis.Field) {
			out = append(out, axis)
		}
	}
	return out
}

// IsDetail reports whether a column of records belongs to another: it is a standard error, a residual, or a count.
func IsDetail(column string) bool {
	c, ok := sharpness.ParseColumn(column)
	return ok && c.Role == sharpness.Detail
}
