package verdict

import (
	"math"
	"slices"

	"msharp/harness/parallel"
	"msharp/harness/stats"
	"msharp/harness/study"
)

// evidence is what the records say to a claim.
type evidence struct {
	Claim
	parts   []part
	missing string
	blocks  int // of test images; 0 for not known
}

// part is the evidence of one part.
type part struct {
	name  string
	est   study.Estimate // in the claim's unit
	all   stats.Interval // 95 %; without Low and High where there is no spread
	mean  float64        // the estimate times the claim's direction: positive as claimed
	most  float64        // the end of the interval, likewise, that a claim of that many parts is excluded by; NaN for none
	agree int            // seeds with a value in the claimed direction
	p     float64        // one-sided
	given float64        // p of the sign flips; NaN of a pooled statistic
	own   bool           // p is the part's own
	flips bool           // p is that of the sign flips, for there is no spread
}

// asked is a claim in one of the ways it is asked.
type asked struct {
	Claim
	of Reading
}

// statistics reads as many parts as there are of all test images; what a reading lacks is no number.
func (a asked) statistics(t *study.Trials, parts int) []study.Statistic {
	found, _ := a.of(t)
	out := make([]study.Statistic, parts)
	for i, p := range found[:min(parts, len(found))] {
		out[i] = a.cleared(p.Statistic)
	}
	return out
}

// weigh reads claims from trials. What the trials are without a block of test images serves all of them, one block at a time.
func weigh(all []asked, t *study.Trials) []evidence {
	type read struct {
		parts   []Part
		missing string
	}
	found := parallel.Map(len(all), func(i int) read {
		parts, missing := all[i].of(t)
		return read{parts, missing}
	})
	var whole []study.Statistic
	for i, a := range all {
		for _, p := range found[i].parts {
			whole = append(whole, a.cleared(p.Statistic))
		}
	}
	estimates := t.CrossedOf(whole, func(t *study.Trials) (out []study.Statistic) {
		for i, a := range all {
			out = append(out, a.statistics(t, len(found[i].parts))...)
		}
		return out
	})
	first := make([]int, len(all)) // of the estimates of each
	for i := 1; i < len(all); i++ {
		first[i] = first[i-1] + len(found[i-1].parts)
	}
	return parallel.Map(len(all), func(i int) evidence {
		e := evidence{Claim: all[i].Claim, missing: found[i].missing, blocks: t.Blocks()}
		for k, p := range found[i].parts {
			e.parts = append(e.parts, e.weigh(p, estimates[first[i]+k], len(found[i].parts)))
		}
		return e
	})
}

// rounding is more than a value can be wrong by, and far less than matters: such values are 0, and such a spread is none.
func (c Claim) rounding() float64 { return 1e-9 * c.Smallest }

// cleared is the statistic with what is 0 but for rounding at 0.
func (c Claim) cleared(s study.Statistic) study.Statistic {
	out := study.PerSeed{}
	for seed, x := range s.BySeed {
		if math.Abs(x) <= c.rounding() {
			x = 0
		}
		out[seed] = x
	}
	s.BySeed = out
	return s
}

func (c Claim) weigh(p Part, est study.Estimate, parts int) part {
	sign := float64(c.Direction)
	out := part{name: p.Name, est: est, all: est.Interval(1 - alpha), mean: sign * est.Value, most: math.NaN(), given: math.NaN()}
	oriented := est.BySeed.Scale(sign).Values()
	for _, o := range oriented {
		if o > 0 {
			out.agree++
		}
	}
	if len(oriented) > 0 {
		out.given = stats.SignFlip(oriented).Greater
	}
	spread := est.N >= leastSeed && est.Error() > c.rounding()
	if spread {
		out.most = est.Scale(sign).Interval(1 - alpha/float64(parts)).High
	} else {
		out.all.Low, out.all.High = math.NaN(), math.NaN()
	}
	switch {
	case p.P != nil:
		out.p, out.own = p.P(), true
	case spread:
		out.p = est.Scale(sign).Greater()
	case math.IsNaN(est.Error()) && est.N >= leastSeed:
		out.p = math.NaN() // without some test images there is no such number: its variance is not known
	default:
		out.p, out.flips = out.given, true
	}
	if math.IsNaN(out.p) {
		out.p = 1 // what was to be tested is not there
	}
	return out
}

// fewest is the part with the fewest seeds; nil without parts.
func (e evidence) fewest() (f *part) {
	for i := range e.parts {
		if f == nil || e.parts[i].est.N < f.est.N {
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
	if f := e.fewest(); f == nil || f.est.N < leastSeed {
		return math.NaN()
	}
	return e.weakest().p
}

// given is p by the sign flips of the values by seed: the largest of the parts; NaN where one has none.
func (e evidence) given() float64 {
	if math.IsNaN(e.p()) {
		return math.NaN()
	}
	ps := make([]float64, len(e.parts))
	for i, p := range e.parts {
		ps[i] = p.given
	}
	if slices.ContainsFunc(ps, math.IsNaN) {
		return math.NaN()
	}
	return slices.Max(ps)
}
