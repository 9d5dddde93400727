package plots

import (
	"fmt"
	"math"

	"msharp/harness/record"
	"msharp/harness/stats"
)

// bestRow is the best ρ of one m.
type bestRow struct {
	m    float64
	test choice // ρ of lowest mean test error: the bottom of the curve, optimistic by the choice itself
	val  choice // ρ of lowest mean validation error: an honest choice; ok is false without validation errors
}

// choice is a ρ and what the test error is there. Percent and percentage points.
type choice struct {
	ok    bool
	rho   float64
	error stats.Interval
	diff  stats.Difference // to ρ = 0, paired by seed
}

// best returns a row for every m that has a finished run.
func best(rs []run) (rows []bestRow) {
	base, ascent := split(rs)
	others, _ := alsoSwept(rs)
	test, val := Field(Value("test_error")), Field(Value("val_error"))
	for _, m := range distinct(ascent, mOf) {
		var of []run
		for _, r := range ascent {
			if r.m == m {
				of = append(of, r)
			}
		}
		choose := func(by Field) (c choice) {
			c.rho, c.ok = bestRho(of, by)
			var there []run
			for _, r := range of {
				if r.rho == c.rho {
					there = append(there, r)
				}
			}
			for _, cell := range cells(there, Field(M), Field(Rho), test) {
				c.error = cell.mean().Scale(100)
			}
			diffs := toBase(there, base, others, test)
			for seed, v := range diffs {
				diffs[seed] = 100 * v
			}
			c.diff = stats.TestZero(bySeed(diffs), level)
			c.ok = c.ok && c.error.N > 0
			return c
		}
		if row := (bestRow{m, choose(test), choose(val)}); row.test.ok {
			rows = append(rows, row)
		}
	}
	return rows
}

// signed writes a difference with its sign: +.12 ± .05.
func signed(d stats.Difference, places int) string {
	if d.N == 0 {
		return "–"
	}
	s := plusMinus(d.Interval, places)
	if d.Mean > 0 {
		s = "+" + s
	}
	return s
}

// pText writes a p value.
func pText(p float64) string {
	switch {
	case math.IsNaN(p):
		return "–"
	case p < .001:
		return "< .001"
	}
	return decimals(p, 3)
}

// statuses counts trials by status, in the order done, diverged, failed.
func statuses(recs []record.Record) (out [][2]string) {
	for _, s := range []record.Status{record.Done, record.Diverged, record.Failed} {
		n := 0
		for _, r := range recs {
			if r.Status == s {
				n++
			}
		}
		out = append(out, [2]string{string(s), fmt.Sprint(n)})
	}
	return out
}
