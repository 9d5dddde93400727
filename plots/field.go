// Package plots draws records: figures as values, each a PNG, an SVG and the CSV of exactly the points it shows, and
// the report page around them. Records are its only input, and their order never matters.
//
//	figs := plots.MSweep()
//	drawings, err := plots.DrawAll(figs, recs)
//	err = plots.Write(dir, drawings)                // dir/figures/X.png, X.svg, X.csv
//	err = plots.Report(w, recs, manifest, verdicts, drawings...)
package plots

import (
	"math"

	"msharp/harness/record"
)

// Field reads one number of a record; ok is false where the record lacks it. A null value is NaN and ok.
type Field func(record.Record) (v float64, ok bool)

// Value is the Field of a metric or measure by column name: Value("test_error").
func Value(name string) Field {
	return func(r record.Record) (float64, bool) { return r.Value(name) }
}

// Rho is the radius of the optimizer's ascent; 0 where the optimizer has none.
func Rho(r record.Record) (float64, bool) {
	v, ok := r.Setting("optimizer.rho")
	if !ok {
		return 0, true
	}
	return record.Float(v)
}

// M is the number of examples per ascent group of the optimizer, the batch size for "the whole batch". Not ok at ρ = 0,
// where there is no ascent and the trial serves every m.
func M(r record.Record) (float64, bool) {
	if rho, ok := Rho(r); !ok || rho == 0 {
		return math.NaN(), false
	}
	config := r.Dotted()
	m, ok := record.Float(config["optimizer.m"])
	if ok && m != 0 {
		return m, true
	}
	return record.Float(config["batch_size"])
}

// or is f, or its default.
func (f Field) or(fallback Field) Field {
	if f == nil {
		return fallback
	}
	return f
}

// finite returns the value of f where r has a finite one.
func (f Field) finite(r record.Record) (float64, bool) {
	v, ok := f(r)
	return v, ok && !math.IsNaN(v) && !math.IsInf(v, 0)
}
