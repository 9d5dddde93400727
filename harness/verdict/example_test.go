package verdict_test

import (
	"fmt"

	"msharp/harness/record"
	"msharp/harness/study"
	"msharp/harness/verdict"
)

// records are eight seeds of SGD and of SAM at ρ = .05.
func records() (recs []record.Record) {
	for seed := 1.; seed <= 8; seed++ {
		for _, rho := range []float64{0, .05} {
			recs = append(recs, record.Record{
				ID: fmt.Sprint(seed, rho), Status: record.Done,
				Config: map[string]any{"seed": seed, "batch_size": 128., "optimizer": map[string]any{"rho": rho, "m": 128.}},
				Values: record.Values{Numbers: map[string]record.Number{"test_error": record.Number(.12 + seed/1000 - rho*(.2+seed/100))}},
			})
		}
	}
	return recs
}

// A claim is data: what is claimed, the smallest effect of interest, and a statistic with one value a seed.
func Example() {
	claims := []verdict.Claim{{
		ID: "sam-beats-sgd", Text: "SAM at ρ = .05 has a lower test error than SGD.",
		Unit: "points of test error", Direction: -1, Smallest: .5,
		Clause: "SAM changes the test error of SGD by %s points",
		Of: verdict.Single(func(t *study.Trials) (study.PerSeed, string) {
			sam, sgd := t.Ascent().All(study.TestError), t.Base().All(study.TestError)
			return sam.Minus(sgd.PerSeed).Scale(100), ""
		}),
	}}
	vs := verdict.Judge(claims, study.Of(records()))
	fmt.Println(vs[0].Verdict, "because", vs[0].Why)
	fmt.Println(verdict.Finding(claims, vs))
	// Output:
	// reproduces because 8 of 8 seeds as claimed, one-sided p = 8.86e−09; the interval is given these test images, for the records do not hold their errors by block
	// SAM changes the test error of SGD by −1.23 [−1.33, −1.12] points (sam-beats-sgd reproduces, n = 8). Of 1 claim, 1 reproduces.
}
