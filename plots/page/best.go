package page

import (
	"fmt"
	"math"

	"msharp/harness/record"
	"msharp/harness/stats"
	"msharp/harness/study"
)

// bestRow is the best ρ of one m: that of lowest mean validation error, and the test error there.
type bestRow struct {
	m     float64
	ok    bool // there are a validation and a test error
	rho   float64
	error stats.Interval // percent
	diff  stats.Interval // to ρ = 0, paired by seed, in percentage points
	p     float64        // two-sided, that the difference is zero
}

// best returns a row for every m.
func best(t *study.Trials) (rows []bestRow) {
	for _, m := range t.Ms() {
		of := t.Where(func(r study.Trial) bool { return r.M == m })
		row := bestRow{m: m}
		row.rho, row.ok = of.LowestRho(study.ValError)
		rows = append(rows, row)
	}
	values := t.Crossed(func(t *study.Trials) (out []study.Statistic) {
		base := t.Partners().Base().All(study.TestError).PerSeed
		for _, row := range rows {
			there := t.Where(func(r study.Trial) bool { return row.ok && r.M == row.m && r.Rho == row.rho }).All(study.TestError).PerSeed
			out = append(out, study.Statistic{BySeed: there}, study.Statistic{BySeed: there.Minus(base)})
		}
		return out
	})
	for i := range rows {
		at, less := values[2*i], values[2*i+1]
		rows[i].ok = at.N > 0
		rows[i].error, rows[i].diff = at.Interval(study.Level).Scale(100), less.Interval(study.Level).Scale(100)
		rows[i].p = 2 * math.Min(less.Greater(), less.Scale(-1).Greater())
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
	Others                    []string // the values of Keys
	M, Rho, Error, Diff, P, N string
}

// mostBest is the longest table of the best ρ a page shows; where it would be longer, the other settings are averaged.
const mostBest = 60

func newPageBest(t *study.Trials) (b pageBest) {
	b.Note = "The ρ of lowest mean validation error over seeds, among those that most seeds have, and the test error there, in percent; differences in " +
		"percentage points to ρ = 0, paired by seed. ± is the " + t.IntervalText(study.TestError) + ". A run that diverged counts as an error of 100 %."
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
	if !b.ok {
		return pageBestRow{Others: others, M: study.GroupText(b.m), Rho: "–", Error: "–", Diff: "–", P: "–", N: "0"}
	}
	return pageBestRow{Others: others, M: study.GroupText(b.m), Rho: stats.Short(b.rho), Error: b.error.PlusMinus(2), Diff: signed(b.diff),
		P: pText(b.p), N: fmt.Sprint(b.error.N)}
}

// signed is a difference with its sign; "–" where there is none.
func signed(d stats.Interval) string {
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
