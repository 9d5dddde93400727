// Package plots draws records: figures as values, each a PNG, an SVG and the CSV of exactly the points it shows, and
// the report page around them. Records are its only input, and their order never matters.
//
//	figs := plots.MSweep()
//	trials := plots.Read(recs)
//	drawings, err := plots.DrawAll(figs, trials)
//	err = plots.Write(dir, drawings)                // dir/figures/X.png, X.svg, X.csv
//	err = plots.Report(w, trials, manifest, verdicts, drawings...)
package plots

import (
	"fmt"
	"math"

	"msharp/harness/record"
)

// Field is a number of a record, and its name; fields of one name are equal. Of is not ok where the record lacks it. A null
// value is NaN and ok. The zero value stands for a default.
type Field struct {
	Name string
	Of   func(record.Record) (v float64, ok bool)

	of func(run) (v float64, ok bool) // the same of what a run has read already; nil for Of
}

// Value is the Field of a metric or measure by column name: Value("test_error").
func Value(name string) Field {
	return Field{
		Name: name,
		Of:   func(r record.Record) (float64, bool) { return r.Value(name) },
		of:   numberOf(name),
	}
}

var (
	// Rho is the radius of the optimizer's ascent; 0 where the optimizer has none.
	Rho = Field{"rho", radius, func(r run) (float64, bool) { return r.rho, !math.IsNaN(r.rho) }}
	// M is the number of examples per ascent group of the optimizer, the batch size for "the whole batch". Not ok at ρ = 0,
	// where there is no ascent and the trial serves every m.
	M = Field{"m", groupSize, func(r run) (float64, bool) { return r.m, r.m != 0 }}
)

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
