package plots

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"msharp/harness/record"
)

// Field is a number of a record, and its name; fields of one name are equal. Of is not ok where the record lacks it. A null
// value is NaN and ok. The zero value stands for a default.
type Field struct {
	Name    string // as a CSV has it: "test_error"
	Label   string // as a figure has it: "test error"; empty is the name
	Percent bool   // a fraction, drawn as a percentage
	Of      func(record.Record) (v float64, ok bool)

	of  func(run) (v float64, ok bool) // the same of what a run has read already; nil for Of
	key string                         // of the configuration, where the field is one
}

// Value is the Field of a metric or measure by column name: Value("test_error"). Errors are drawn as percentages.
func Value(name string) Field {
	return Field{
		Name:    name,
		Label:   strings.ReplaceAll(name, "_", " "),
		Percent: strings.Contains(name, "error"),
		Of:      func(r record.Record) (float64, bool) { return r.Value(name) },
		of:      numberOf(name),
	}
}

// Key is the Field of a number of the configuration by dotted key: Key("optimizer.base.weight_decay"). Figures take a key of words or
// lists too, and number its values in order of their texts.
func Key(key string) Field {
	name := key[strings.LastIndex(key, ".")+1:]
	return Field{
		Name:  name,
		Label: strings.ReplaceAll(name, "_", " "),
		Of:    func(r record.Record) (float64, bool) { v, _ := r.Setting(key); return record.Float(v) },
		of:    func(r run) (float64, bool) { return record.Float(r.at(key)) },
		key:   key,
	}
}

var (
	// Rho is the radius of the optimizer's ascent; 0 where the optimizer has none.
	Rho = Field{Name: "rho", Label: "ρ", Of: radius, of: func(r run) (float64, bool) { return r.rho, !math.IsNaN(r.rho) }, key: "optimizer.rho"}
	// M is the number of examples per ascent group of the optimizer, the batch size for "the whole batch". Not ok at ρ = 0,
	// where there is no ascent and the trial serves every m.
	M = Field{Name: "m", Of: groupSize, of: func(r run) (float64, bool) { return r.m, r.m != 0 }, key: "optimizer.m"}
	// Noise is the share of noisy train and validation labels; 0 for a trial that knows of none.
	Noise = Field{
		Name: "label_noise", Label: "noisy labels", Percent: true,
		Of: func(r record.Record) (float64, bool) {
			v, _ := r.Setting(noiseKey)
			x, _ := record.Float(v)
			return x, true
		},
		of: func(r run) (float64, bool) { return noiseOf(r), true }, key: noiseKey,
	}
)

// is says that two fields are one.
func (f Field) is(g Field) bool { return f.Name == g.Name && f.key == g.key }

// label is the field in words.
func (f Field) label() string { return orText(f.Label, f.Name) }

// axisLabel is label with the unit.
func (f Field) axisLabel() string {
	if f.Percent {
		return f.label() + " (%)"
	}
	return f.label()
}

// column is the field in a CSV.
func (f Field) column() string {
	if f.Percent {
		return f.Name + "_percent"
	}
	return f.Name
}

// scale is from the value to what is drawn.
func (f Field) scale() float64 {
	if f.Percent {
		return 100
	}
	return 1
}

// unit is after a number that is drawn.
func (f Field) unit() string {
	if f.Percent {
		return " %"
	}
	return ""
}

// scaled is a Field as figures draw it over the runs: in its unit, and a number each for values that are none, which have texts.
type scaled struct {
	Field
	texts []string
}

func (f Field) over(rs []run) scaled {
	s := scaled{Field: f}
	if f.key == "" || f.is(Rho) || f.is(M) {
		return s
	}
	texts := map[string]bool{}
	numbers := true
	for _, r := range oneOfEach(rs) {
		if v, has := r.config[f.key]; has {
			_, number := record.Float(v)
			numbers = numbers && number
			texts[record.Text(v)] = true
		}
	}
	if numbers {
		return s
	}
	for text := range texts {
		s.texts = append(s.texts, text)
	}
	slices.SortFunc(s.texts, byNumber)
	s.of = func(r run) (float64, bool) {
		v, has := r.config[f.key]
		return float64(slices.Index(s.texts, record.Text(v))), has
	}
	s.Percent = false
	return s
}

// text is a value of the field.
func (s scaled) text(v float64) string {
	if s.texts != nil {
		return s.texts[int(v)]
	}
	return mText(s.scale() * v)
}

// name is what has the value, as a title or a legend says it: "m = 4", "lr .1", "20 % noisy labels".
func (s scaled) name(v float64) string {
	switch {
	case s.is(M) && v == 0:
		return "ρ = 0"
	case s.is(M), s.is(Rho):
		return s.label() + " = " + s.text(v)
	case s.Percent:
		return s.text(v) + " % " + s.label()
	}
	return s.label() + " " + s.text(v)
}

// cell is text for a CSV.
func (s scaled) cell(v float64) string {
	if s.texts != nil {
		return s.texts[int(v)]
	}
	return cellText(s.scale() * v)
}

func radius(r record.Record) (float64, bool) {
	v, ok := r.Setting("optimizer.rho")
	if !ok {
		return 0, true
	}
	return record.Float(v)
}

func groupSize(r record.Record) (float64, bool) {
	if rho, ok := radius(r); !ok || rho == 0 {
		return math.NaN(), false
	}
	v, _ := r.Setting("optimizer.m")
	if m, ok := record.Float(v); ok && m != 0 {
		return m, true
	}
	v, _ = r.Setting("batch_size")
	return record.Float(v)
}

// constant is the same number of every record.
func constant(v float64) Field {
	return Field{
		Name: fmt.Sprint(v),
		Of:   func(record.Record) (float64, bool) { return v, true },
		of:   func(run) (float64, bool) { return v, true },
	}
}

// minus turns a Field round.
func minus(x Field) Field {
	return Field{
		Name: "-" + x.Name,
		Of:   func(r record.Record) (float64, bool) { v, ok := x.Of(r); return -v, ok },
		of:   func(r run) (float64, bool) { v, ok := x.at(r); return -v, ok },
	}
}

// or is f, or its default.
func (f Field) or(fallback Field) Field {
	if f.Of == nil {
		return fallback
	}
	return f
}

// at is Of of a run.
func (f Field) at(r run) (float64, bool) {
	if f.of != nil {
		return f.of(r)
	}
	return f.Of(*r.Record)
}

// finite returns the value of f where r has a finite one.
func (f Field) finite(r run) (float64, bool) {
	v, ok := f.at(r)
	return v, ok && !math.IsNaN(v) && !math.IsInf(v, 0)
}

// shareOf is what a value of a field is called.
func shareOf(f Field) string {
	if f.Percent {
		return "share of"
	}
	return "value of"
}
