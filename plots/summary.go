package plots

import (
	"fmt"

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
	test, val := Value("test_error"), Value("val_error")
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
			for _, cell := range cells(there, M, Rho, test) {
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

// pageBest is the table of the best ρ of every m, apart for every other setting that was swept.
type pageBest struct {
	Keys []string // of the other settings
	Rows []pageBestRow
	Note string
}

type pageBestRow struct {
	Others                                               []string // the values of Keys
	M, Rho, Error, Diff, P, N, ValRho, ValError, ValDiff string
}

// mostBest is the longest table of the best ρ a page shows; where it would be longer, the other settings are averaged.
const mostBest = 60

func newPageBest(t *Trials) (b pageBest) {
	rs := t.runs
	b.Note = "Percent; differences in percentage points to ρ = 0, paired by seed. ± is the 95 % t interval over n seeds. " +
		"A ρ at which a run diverged or a seed is missing is chosen only where no other is left. " +
		"The bottom of the curve is chosen on the test error it reports, so it is optimistic; the choice by validation error is not."
	keys, _ := alsoSwept(rs)
	for _, g := range apartBy(keys, rs) {
		for _, of := range best(g.runs) {
			b.Rows = append(b.Rows, newPageBestRow(of, g.values))
		}
		if len(b.Rows) > mostBest {
			break
		}
	}
	if len(b.Rows) <= mostBest {
		b.Keys = keys
		b.Note += twiceText(rs)
		return b
	}
	b.Rows = nil
	for _, of := range best(rs) {
		b.Rows = append(b.Rows, newPageBestRow(of, nil))
	}
	b.Note += alsoSweptText(rs, "averaged within each seed")
	return b
}

func newPageBestRow(b bestRow, others []string) pageBestRow {
	row := pageBestRow{Others: others, M: mText(b.m), Rho: short(b.test.rho), Error: plusMinus(b.test.error, 2), Diff: signed(b.test.diff, 2),
		P: pText(b.test.diff.P), N: fmt.Sprint(b.test.error.N), ValRho: "–", ValError: "–", ValDiff: "–"}
	if b.val.ok {
		row.ValRho, row.ValError, row.ValDiff = short(b.val.rho), plusMinus(b.val.error, 2), signed(b.val.diff, 2)
	}
	return row
}
