package verdict

import (
	"fmt"
	"math"
	"strings"

	"msharp/harness/record"
)

// verdict is what becomes of the claim at a p adjusted over that many claims.
func (e evidence) verdict(p float64, claims int) Verdict {
	v := Verdict{Claim: e.ID, Text: e.Text, Unit: e.Unit, Direction: e.Direction, Smallest: record.Number(e.Smallest), Verdict: Undecided}
	decides, why := e.decide(&v, p, claims)
	none := part{}
	none.all.Mean, none.all.Low, none.all.High = math.NaN(), math.NaN(), math.NaN()
	none.est.Seeds, none.est.Images = math.NaN(), math.NaN()
	if decides == nil {
		decides = &none
	}
	v.Estimate, v.Low, v.High = record.Number(decides.all.Mean), record.Number(decides.all.Low), record.Number(decides.all.High)
	v.N, v.P, v.Unadjusted, v.Given = decides.est.N, record.Number(p), record.Number(e.p()), record.Number(e.given())
	v.Blocks, v.SeedsSE, v.ImagesSE = e.blocks, record.Number(math.Sqrt(decides.est.Seeds)), record.Number(math.Sqrt(decides.est.Images))
	v.Part, v.Parts = decides.name, len(e.parts)
	if decides.name != "" {
		why = decides.name + ": " + why
		if len(e.parts) > 1 && v.Verdict != DoesNotReproduce {
			why = fmt.Sprintf("of %d parts the one with the largest p, ", len(e.parts)) + why
		}
		if v.Verdict != Reproduces && !math.IsNaN(p) {
			why += e.others(decides)
		}
	}
	if decides.est.Lost > 0 {
		why += fmt.Sprintf("; without %s whose value is no number", record.Plural(decides.est.Lost, "seed"))
	}
	if e.blocks == 0 && !math.IsNaN(decides.all.Low) {
		why += "; the interval is given these test images, for the records do not hold their errors by block"
	}
	if e.missing != "" && why != e.missing {
		why += "; " + e.missing
	}
	v.Why = why
	return v
}

// decide sets the outcome, and returns the part that decided it and why.
func (e evidence) decide(v *Verdict, p float64, claims int) (decides *part, why string) {
	few := e.fewest()
	switch {
	case (few == nil || few.est.N == 0) && e.missing != "":
		return nil, e.missing
	case few == nil || few.est.N == 0 && few.est.Lost == 0:
		return nil, "no seed has a value"
	case few.est.N < leastSeed:
		return few, FewSeeds(few.est.N)
	}
	weak := e.weakest()
	if p <= alpha {
		v.Verdict = Reproduces
		why = weak.text(p, claims)
		if weak.mean < e.Smallest {
			why += ", though by less than the smallest effect of interest, " + e.smallest()
		}
		return weak, why
	}
	if x := e.excluded(); x != nil {
		v.Verdict = DoesNotReproduce
		level := 100 * (1 - alpha/float64(len(e.parts)))
		why = fmt.Sprintf("the %s %% interval excludes the smallest effect of interest, %s: it ends at %s",
			Num(level), e.smallest(), Num(float64(e.Direction)*x.most))
		return x, why
	}
	why = weak.text(p, claims)
	switch {
	case math.IsNaN(weak.est.Error()):
		why += "; no interval, for without some of the seeds or test images there is no such number"
	case math.IsNaN(weak.most):
		why += "; no interval, the value is the same in every seed"
	case weak.mean-(weak.most-weak.mean) > e.Smallest:
		why += "; the interval lies beyond the smallest effect of interest, " + e.smallest()
	default:
		why += "; the interval does not exclude the smallest effect of interest, " + e.smallest()
	}
	return weak, why
}

// others names those of the other parts that have p > .05 before Holm, three of them.
func (e evidence) others(decides *part) string {
	var names []string
	for i := range e.parts {
		if p := &e.parts[i]; p != decides && p.p > alpha {
			names = append(names, p.name)
		}
	}
	switch n := len(names); {
	case len(e.parts) < 2:
		return ""
	case n == 0:
		return "; in all others p ≤ " + Num(alpha)
	case n > 3:
		names = append(names[:3:3], "…")
		fallthrough
	default:
		return fmt.Sprintf("; p > %s in %d of the others too: %s", Num(alpha), n, strings.Join(names, " / "))
	}
}

// text is p of the part, and what it became.
func (p part) text(adjusted float64, claims int) string {
	t := fmt.Sprintf("%d of %d seeds as claimed, one-sided p = %s", p.agree, p.est.N, Num(p.p))
	switch {
	case p.own:
		t = fmt.Sprintf("%d seeds, one-sided permutation p = %s", p.est.N, Num(p.p))
	case p.flips:
		t = fmt.Sprintf("%d of %d seeds as claimed, one-sided sign-flip p = %s", p.agree, p.est.N, Num(p.p))
	}
	if claims > 1 {
		t += fmt.Sprintf(", %s after Holm over %d claims", Num(adjusted), claims)
	}
	return t
}

// smallest effect of interest, with its sign.
func (c Claim) smallest() string { return Num(float64(c.Direction) * c.Smallest) }

// Num is a number in words: three significant digits, a minus sign.
func Num(v float64) string { return strings.Replace(fmt.Sprintf("%.3g", v), "-", "−", 1) }

// FewSeeds says that a claim has too few seeds.
func FewSeeds(n int) string { return fmt.Sprintf("needs ≥ %d seeds, has %d", leastSeed, n) }
