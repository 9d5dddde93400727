// Package verdict judges claims about a study: a Claim gives a statistic with one value a seed, Judge tests it, a Verdict says in words and
// numbers what became of it, and the Finding is made of verdicts. It knows no paper: claims are stated by experiments.
//
//	vs := verdict.Judge(claims, study.Of(recs))
//	fmt.Println(verdict.Finding(claims, vs))
//
// Seeds are the sample, and its size is n.
package verdict

import (
	"fmt"
	"math"
	"slices"

	"msharp/harness/parallel"
	"msharp/harness/record"
	"msharp/harness/stats"
	"msharp/harness/study"
)

// Claim is a trend that was published, as a statistic of a study with one value a seed. Its experiment states it.
type Claim struct {
	ID        string
	Text      string  // what is claimed, in one sentence
	Unit      string  // of the statistic: "points of test error a step of m"
	Direction int     // +1 or -1: the sign that is claimed
	Smallest  float64 // the smallest effect of interest, > 0, in Unit
	Clause    string  // what the finding says of it, with %s for the estimate: "test error changes by %s points a step of m"; empty for nothing
	// Of is the statistic: one Part, or several of a claim that holds only where every part of it does, as "each of these curves falls". With
	// no parts, missing says what is lacking; with parts, it says in words which records they stand on or do without. Judge calls the Of of
	// several claims at the same time.
	Of func(t *study.Trials) (parts []Part, missing string)
}

// Single is the statistic of a claim of one part.
func Single(of func(t *study.Trials) (bySeed study.PerSeed, missing string)) func(t *study.Trials) ([]Part, string) {
	return func(t *study.Trials) ([]Part, string) {
		bySeed, missing := of(t)
		return []Part{{BySeed: bySeed}}, missing
	}
}

// Part is one of several statements that make a claim, all in the claim's unit and direction.
type Part struct {
	Name   string // in words: "m = 4 left of its best ρ"
	BySeed study.PerSeed
	// P is one-sided in the claimed direction. 0 stands for the sign flips of BySeed, whose values must then be independent
	// of each other; where their mean is not as claimed, p is no smaller than that of the sign flips.
	P float64
}

// The outcomes.
const (
	Reproduces       = "reproduces"         // Holm-adjusted p ≤ .05 in the claimed direction
	DoesNotReproduce = "does not reproduce" // the 95 % interval excludes the smallest effect of interest
	Undecided        = "undecided"
)

// Verdict is what became of a claim: one object of verdicts.json. Of a claim with parts, the numbers are those of the
// part that decided it, which Why names.
type Verdict struct {
	Claim    string        `json:"claim"`
	Text     string        `json:"text"`
	Verdict  string        `json:"verdict"`
	Why      string        `json:"why"` // in words, with the numbers: what decided it, or what is missing
	Unit     string        `json:"unit"`
	Estimate record.Number `json:"estimate"` // mean over seeds
	Low      record.Number `json:"low"`      // of its 95 % interval
	High     record.Number `json:"high"`
	N        int           `json:"n"` // seeds
	P        record.Number `json:"p"` // Holm-adjusted over the experiment's claims

	Part  string `json:"-"` // which part the numbers are of, in words; empty of a claim of one part without a name
	Parts int    `json:"-"` // there are
}

const (
	alpha     = .05
	leastSeed = 3 // seeds, for an interval
)

// Judge tests every claim on the records of one experiment.
//
// A claim reproduces where p ≤ .05. p is that of the sign flips of the per-seed values (stats.SignFlip, exact up to 20
// seeds), one-sided in the claimed direction, or the part's own; it is adjusted by Holm over the claims that have one. S
// seeds give no p below 2^−S: fewer than 5 never reach .05, and where k claims are at their least, it takes ⌈log₂ 20k⌉. The
// p of a claim with parts is the largest of theirs (an intersection-union test, Berger 1982), which needs no adjustment over
// parts.
//
// It does not reproduce where the 95 % t interval over seeds lies wholly short of the smallest effect of interest in
// the claimed direction; of a claim with k parts, where the 100 − 5/k % interval of one does. Both fail: undecided. A
// claim that reproduces by less than the smallest effect says so.
//
// A claim whose records are missing, or that has fewer than 3 seeds, is undecided, has no p, and is not counted among
// the claims.
//
// A run that diverged counts as an error of 1. Where leaving such runs out would change a verdict, its Why says so, with both estimates.
func Judge(claims []Claim, t *study.Trials) []Verdict {
	vs := settle(weighAll(claims, t))
	if t.Diverged() == 0 || t.Unfinished() != "" {
		return vs
	}
	for i, w := range settle(weighAll(claims, t.Where(func(r study.Trial) bool { return !r.Diverged }))) {
		if w.Verdict != vs[i].Verdict {
			vs[i].Why += vs[i].without(w, t.Diverged())
		}
	}
	return vs
}

// without says that a verdict would be w, were runs that diverged left out.
func (v Verdict) without(w Verdict, diverged int) string {
	runs, them := record.Plural(diverged, "diverged run"), "them"
	if diverged == 1 {
		them = "it"
	}
	if v.Estimate == w.Estimate && v.N == w.N {
		return fmt.Sprintf("; no value here is of a run that diverged, but without the %s of this study Holm would give: %s", runs, w.Verdict)
	}
	return fmt.Sprintf("; %s counts %s as an error of 1; without %s the estimate is %s, and the verdict: %s", v.estimate(), runs, them, w.estimate(), w.Verdict)
}

// weighAll returns what the trials say to each claim.
func weighAll(claims []Claim, t *study.Trials) []evidence {
	for _, c := range claims {
		if c.Direction != 1 && c.Direction != -1 || !(c.Smallest > 0) {
			panic("verdict: claim " + c.ID + " has no direction or no smallest effect")
		}
	}
	trouble := t.Trouble()
	return parallel.Map(len(claims), func(i int) evidence {
		if trouble != "" {
			return weigh(claims[i], nil, trouble)
		}
		parts, missing := claims[i].Of(t)
		return weigh(claims[i], parts, missing)
	})
}

// settle is what becomes of the claims of one experiment.
func settle(all []evidence) []Verdict {
	ps := make([]float64, len(all))
	tested := 0
	for i, e := range all {
		if ps[i] = e.p(); !math.IsNaN(ps[i]) {
			tested++
		}
	}
	out := make([]Verdict, len(all))
	for i, p := range stats.Holm(ps) {
		out[i] = all[i].verdict(p, tested)
	}
	return out
}

// evidence is what the records say to a claim.
type evidence struct {
	Claim
	parts   []part
	missing string
}

// part is the evidence of one part. Values oriented are times the claim's direction: positive as claimed.
type part struct {
	name  string
	all   stats.Interval // 95 %, in the claim's unit; without Low and High where there is no spread
	most  float64        // the oriented end of the interval that a claim of that many parts is excluded by; NaN for none
	agree int            // seeds with a value in the claimed direction
	lost  int            // seeds whose value is no number
	p     float64        // one-sided
	mean  float64        // the oriented mean
}

func weigh(c Claim, parts []Part, missing string) evidence {
	e := evidence{Claim: c, missing: missing}
	for _, p := range parts {
		e.parts = append(e.parts, c.weigh(p, len(parts)))
	}
	return e
}

func (c Claim) weigh(p Part, parts int) part {
	out := part{name: p.Name, most: math.NaN()}
	var xs, oriented []float64
	for _, seed := range p.BySeed.Seeds() {
		x := p.BySeed[seed]
		if math.IsNaN(x) || math.IsInf(x, 0) {
			out.lost++
			continue
		}
		if math.Abs(x) <= c.rounding() {
			x = 0
		}
		o := x * float64(c.Direction)
		if o > 0 {
			out.agree++
		}
		xs, oriented = append(xs, x), append(oriented, o)
	}
	out.all = stats.MeanT(xs, 1-alpha)
	out.mean = out.all.Mean * float64(c.Direction)
	if len(xs) < leastSeed || slices.Max(xs)-slices.Min(xs) <= c.rounding() {
		out.all.Low, out.all.High = math.NaN(), math.NaN()
	} else {
		out.most = stats.MeanT(oriented, 1-alpha/float64(parts)).High
	}
	switch {
	case math.IsNaN(p.P):
		out.p = 1 // what was to be tested is not there
	case p.P == 0 || out.mean <= 0:
		out.p = math.Max(p.P, stats.SignFlip(oriented).Greater)
	default:
		out.p = p.P
	}
	return out
}

// rounding is more than a value can be wrong by, and far less than matters: such values are 0, and such a spread is none.
func (c Claim) rounding() float64 { return 1e-9 * c.Smallest }

// fewest is the part with the fewest seeds; nil without parts.
func (e evidence) fewest() (f *part) {
	for i := range e.parts {
		if f == nil || e.parts[i].all.N < f.all.N {
			f = &e.parts[i]
		}
	}
	return f
}

// weakest is the part with the largest p, of several the one with the smallest mean.
func (e evidence) weakest() (w *part) {
	for i := range e.parts {
		if p := &e.parts[i]; w == nil || p.p > w.p || p.p == w.p && p.mean < w.mean {
			w = p
		}
	}
	return w
}

// excluded is the part whose interval lies farthest short of the smallest effect; nil where none does.
func (e evidence) excluded() (x *part) {
	for i := range e.parts {
		if p := &e.parts[i]; p.most < e.Smallest && (x == nil || p.most < x.most) {
			x = p
		}
	}
	return x
}

// p of the claim; NaN where it cannot be tested.
func (e evidence) p() float64 {
	if f := e.fewest(); f == nil || f.all.N < leastSeed {
		return math.NaN()
	}
	return e.weakest().p
}
