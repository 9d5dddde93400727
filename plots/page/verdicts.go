package page

import (
	"fmt"
	"math"
	"strings"

	"msharp/harness/stats"
	"msharp/harness/verdict"
)

// pageVerdict is a row of the table of verdicts.
type pageVerdict struct {
	verdict.Verdict
	Symbol, Class string // of the outcome, for eyes that do not see its colour
	Value, Range  string // the estimate and its interval, to the digits that the interval leaves
	N, P          string
	Aside         string   // p otherwise, and the standard errors; empty without a p
	Bar           *pageBar // nil without an interval
}

// NameP is what stands before p outside of a table.
func (v pageVerdict) NameP() string { return nameP(v.P) }

// NameP is what stands before p outside of a table.
func (s pageSensitivity) NameP() string { return nameP(s.P) }

func nameP(p string) string {
	if strings.HasPrefix(p, "<") {
		return "p"
	}
	return "p ="
}

// pageSensitivity is a row of the table of sensitivity.
type pageSensitivity struct {
	Claim, Way, Part, Missing, Unit string
	Symbol, Class, Outcome          string
	Value, Range, N, P              string
}

// pageBar is an interval drawn from 0 to 100, with zero on it.
type pageBar struct{ Zero, Low, Width, Mean string }

// pageTally counts the verdicts of one outcome.
type pageTally struct {
	Symbol, Class, Text string
	N                   int
}

// mark is the symbol of an outcome and the class of its style.
func mark(outcome string) (symbol, class string) {
	switch outcome {
	case verdict.Reproduces:
		return "✓", "yes"
	case verdict.DoesNotReproduce:
		return "✗", "no"
	}
	return "?", "open"
}

// tally counts the verdicts by outcome, without the outcomes that none has.
func tally(vs []verdict.Verdict) (out []pageTally) {
	for _, o := range []string{verdict.Reproduces, verdict.DoesNotReproduce, verdict.Undecided} {
		t := pageTally{}
		for _, v := range vs {
			if v.Verdict == o {
				t.N++
			}
		}
		t.Symbol, t.Class = mark(o)
		t.Text = verdict.Outcome(o, t.N)
		if t.N > 0 {
			out = append(out, t)
		}
	}
	return out
}

// VerdictLines writes each verdict as a line of text, in columns.
func VerdictLines(vs []verdict.Verdict) (lines []string) {
	claims, outcomes := 0, 0
	for _, v := range vs {
		claims, outcomes = max(claims, len([]rune(v.Claim))), max(outcomes, len([]rune(v.Verdict)))
	}
	for _, v := range vs {
		p := newPageVerdict(v)
		line := fmt.Sprintf("%s %-*s  %-*s  ", p.Symbol, outcomes, v.Verdict, claims, v.Claim)
		if !finite(v.P) {
			line += v.Why
		} else {
			line += p.Value + " "
			if p.Range != "" {
				line += p.Range + " "
			}
			line += fmt.Sprintf("%s, n = %s, %s %s", v.Unit, p.N, p.NameP(), p.P)
		}
		lines = append(lines, line)
	}
	return lines
}

// aside is p of the claim alone, and given these test images, and the standard errors over seeds and test images.
func aside(v verdict.Verdict) string {
	if !finite(v.P) {
		return ""
	}
	s := "p alone " + pText(float64(v.Unadjusted))
	if finite(v.Given) {
		s += ", given these test images " + pText(float64(v.Given))
	}
	s += "; standard error over seeds √A = " + errorText(float64(v.SeedsSE))
	if v.Blocks == 0 {
		return s + ", over test images not known"
	}
	return s + ", over test images √T = " + errorText(float64(v.ImagesSE))
}

// errorText writes a standard error to two digits; what is 0 but for rounding is 0.
func errorText(v float64) string {
	if !(v > 1e-9) || !finite(v) {
		return stats.Decimals(v, 0)
	}
	return stats.Decimals(v, max(0, min(8, 1-int(math.Floor(math.Log10(v))))))
}

// sensitivity is the claims asked in other ways, a row each.
func sensitivity(vs []verdict.Verdict) (rows []pageSensitivity) {
	for _, v := range vs {
		for _, s := range v.Sensitivity {
			row := pageSensitivity{Claim: v.Claim, Way: s.Name, Missing: s.Missing, Unit: v.Unit, Part: s.Part, N: fmt.Sprint(s.N), P: pText(float64(s.Unadjusted)), Outcome: s.Outcome}
			row.Symbol, row.Class = mark(s.Outcome)
			row.Value, row.Range = verdict.Verdict{Estimate: s.Estimate, Low: s.Low, High: s.High}.Digits()
			rows = append(rows, row)
		}
	}
	return rows
}

func newPageVerdict(v verdict.Verdict) pageVerdict {
	p := pageVerdict{Verdict: v, N: fmt.Sprint(v.N), P: pText(float64(v.P)), Aside: aside(v)}
	p.Symbol, p.Class = mark(v.Verdict)
	if p.Value, p.Range = v.Digits(); p.Range == "" {
		return p
	}
	mean, low, high := float64(v.Estimate), float64(v.Low), float64(v.High)
	from, to := math.Min(low, 0), math.Max(high, 0)
	at := func(x float64) float64 { return 4 + 92*(x-from)/(to-from) }
	tenths := func(x float64) string { return fmt.Sprintf("%.1f", x) }
	p.Bar = &pageBar{Zero: tenths(at(0)), Low: tenths(at(low)), Width: tenths(at(high) - at(low)), Mean: tenths(at(mean))}
	return p
}

func finite[T ~float64](v T) bool { return !math.IsNaN(float64(v)) && !math.IsInf(float64(v), 0) }
