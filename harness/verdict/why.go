package verdict

import (
	"fmt"
	"math"
	"strings"

	"msharp/harness/record"
)

// verdict is what becomes of the claim at a p adjusted over that many claims.
func (e evidence) verdict(p float64, claims int) Verdict {
	v := Verdict{Claim: e.ID, Text: e.Text, Unit: e.Unit, Verdict: Undecided}
	decides, why := e.decide(&v, p, claims)
	none := part{}
	none.all.Mean, none.all.Low, none.all.High = math.NaN(), math.NaN(), math.NaN()
	if decides == nil {
		decides = &none
	}
	v.Estimate, v.Low, v.High = record.Number(decides.all.Mean), record.Number(decides.all.Low), record.Number(decides.all.High)
	v.N, v.P = decides.all.N, record.Number(p)
	v.Part, v.Parts = decides.name, len(e.parts)
	if decides.name != "" {
		why = decides.name + ": " + why
		if len(e.parts) > 1 && v.Verdict != DoesNotReproduce {
			why = fmt.Sprintf("the weakest of %d parts, ", len(e.parts)) + why
		}
		if v.Verdict != Reproduces && !math.IsNaN(p) {
			why += e.others(decides)
		}
	}
	if decides.lost > 0 {
		why += fmt.Sprintf("; without %s whose value is no number", record.Plural(decides.lost, "seed"))
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
	case (few == nil || few.all.N == 0) && e.missing != "":
		return nil, e.missing
	case few == nil || few.all.N == 0 && few.lost == 0:
		return nil, "no seed has a value"
	case few.all.N < leastSeed:
		return few, FewSeeds(few.all.N)
	}
	weak := e.weakest()
	if p <= alpha {
		v.Verdict = Reproduces
		why = fmt.Sprintf("%d of %d seeds as claimed, %s", weak.agree, weak.all.N, weak.pText(p, claims))
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
	why = fmt.Sprintf("%d of %d seeds as claimed, %s", weak.agree, weak.all.N, weak.pText(p, claims))
	least := math.Ldexp(1, -weak.all.N)
	switch {
	case least*float64(claims) > alpha:
		needs := int(math.Ceil(math.Log2(float64(claims) / alpha)))
		ask := ""
		if claims > 1 {
			ask = fmt.Sprintf(", and Holm over %d claims asks for %s", claims, Num(alpha/float64(claims)))
		}
		why += fmt.Sprintf("; %d seeds give no p below %s%s: needs ≥ %d seeds, has %d", weak.all.N, Num(least), ask, needs, weak.all.N)
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

func (p part) pText(adjusted float64, claims int) string {
	t := "one-sided sign-flip p = " + Num(p.p)
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
