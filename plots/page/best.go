package page

import (
	"fmt"
	"math"

	"msharp/harness/record"
	"msharp/harness/stats"
	"msharp/harness/study"
)

// bestRow is the best ρ of one m.
type bestRow struct {
	m    float64
	test choice // ρ of lowest mean test error: the bottom of the curve, optimistic by the choice itself
	val  choice // ρ of lowest mean validation error: an honest choice; ok is false without validation errors
}

// choice is a ρ and the test error there, in percent; the difference is in percentage points.
type choice struct {
	ok    bool
	rho   float64
	error stats.Interval
	diff  stats.Difference // to ρ = 0, paired by seed
}

// best returns a row for every m that has a test error.
func best(t *study.Trials) (rows []bestRow) {
	base := t.Partners().Base().All(study.TestError).PerSeed
	for _, m := range t.Ms() {
		of := t.Where(func(r study.Trial) bool { return r.M == m })
		choose := func(by study.Field) (c choice) {
			c.rho, c.ok = of.LowestRho(by)
			there := of.Where(func(r study.Trial) bool { return r.Rho == c.rho }).All(study.TestError).Scale(100)
			c.error = there.Mean()
			c.diff = stats.TestZero(there.Minus(base.Scale(100)).Values(), study.Level)
			c.ok = c.ok && c.error.N > 0
			return c
		}
		if row := (bestRow{m, choose(study.TestError), choose(study.ValError)}); row.test.ok {
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

func newPageBest(t *study.Trials) (b pageBest) {
	b.Note = "Percent; differences in percentage points to ρ = 0, paired by seed. ± is the 95 % t interval over n seeds. " +
		"A run that diverged counts as an error of 100 %. ρ is chosen among those that most seeds have. " +
		"The bottom of the curve is chosen on the test error it reports, so it is optimistic; the choice by validation error is not."
	for _, s := range t.Settings() {
		texts := make([]string, len(s.Values))
		for i, v := range s.Values {
			texts[i] = record.Text(v)
		}
		for _, of := range best(s.Trials) {
			b.Rows = append(b.Rows, newPageBestRow(of, texts))
		}
		if len(b.Rows) > mostBest {
			break
		}
	}
	if len(b.Rows) <= mostBest {
		b.Keys = t.Ascent().Swept()
		b.Note += t.TwiceText()
		return b
	}
	b.Rows = nil
	for _, of := range best(t) {
		b.Rows = append(b.Rows, newPageBestRow(of, nil))
	}
	b.Note += t.Ascent().SweptText("averaged within each seed")
	return b
}

func newPageBestRow(b bestRow, others []string) pageBestRow {
	row := pageBestRow{Others: others, M: study.GroupText(b.m), Rho: stats.Short(b.test.rho), Error: b.test.error.PlusMinus(2), Diff: signed(b.test.diff),
		P: pText(b.test.diff.P), N: fmt.Sprint(b.test.error.N), ValRho: "–", ValError: "–", ValDiff: "–"}
	if b.val.ok {
		row.ValRho, row.ValError, row.ValDiff = stats.Short(b.val.rho), b.val.error.PlusMinus(2), signed(b.val.diff)
	}
	return row
}

// signed is a difference with its sign; "–" where there is none.
func signed(d stats.Difference) string {
	if d.N == 0 {
		return "–"
	}
	return d.SignedPlusMinus(2)
}

// pText writes a p value.
func pText(p float64) string {
	switch {
	case math.IsNaN(p):
		return "–"
	case p < .001:
		return "< .001"
	}
	return stats.Decimals(p, 3)
}
