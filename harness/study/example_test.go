package study_test

import (
	"fmt"

	"msharp/harness/record"
	"msharp/harness/study"
)

// The records of a folder are read by record.Load; these are two seeds of SAM at two m, and of SGD.
func records() (recs []record.Record) {
	for seed := 1.; seed <= 2; seed++ {
		add := func(m, rho, error float64) {
			recs = append(recs, record.Record{
				ID: fmt.Sprint(seed, m, rho), Status: record.Done,
				Config: map[string]any{"seed": seed, "batch_size": 128., "optimizer": map[string]any{"rho": rho, "m": m}},
				Values: record.Values{Numbers: map[string]record.Number{"test_error": record.Number(error + seed/100)}},
			})
		}
		add(0, 0, .12)
		add(1, .05, .10)
		add(128, .05, .11)
	}
	return recs
}

// The test error at each m, and its difference to ρ = 0, paired by seed.
func Example() {
	t := study.Of(records())
	base := t.Base().All(study.TestError)
	for _, c := range t.Cells(study.M, study.Rho, study.TestError) {
		d := c.Minus(base.PerSeed).Mean()
		fmt.Printf("m = %v, ρ = %v: %.1f %%, %.1f points from ρ = 0, n = %d\n", c.Series, c.X, 100*c.Mean().Mean, 100*d.Mean, d.N)
	}
	// Output:
	// m = 1, ρ = 0.05: 11.5 %, -2.0 points from ρ = 0, n = 2
	// m = 128, ρ = 0.05: 12.5 %, -1.0 points from ρ = 0, n = 2
}
