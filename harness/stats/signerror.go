package stats

import (
	"cmp"
	"math"
	"slices"
)

// Environment is two values A < B of one hyperparameter, and how often a measure is wrong about which of them has the larger gap.
type Environment struct {
	Hyper     int // its index
	A, B      float64
	Pairs     int     // of models that differ in nothing else
	Effective float64 // sample size, (Σw)²/Σw²; Pairs without weights
	Error     float64 // Σ w (1 − sgn Δμ sgn Δgap)/2 / Σ w: 0 ranks every pair right, 1 every pair wrong
}

// SignErrors is the sign error over environments. A robust measure has a small one in all of them.
type SignErrors struct {
	Mean, P90, Max float64 // over Environments, P90 the 90th percentile; NaN without any
	Environments   []Environment
	Dropped        int // environments whose effective sample size is too small
}

// LeastEffective is the effective sample size that Dziugaite et al. require of an environment.
const LeastEffective = 12

// SignError is the sign error of mu about gap (Dziugaite et al. 2020, arXiv:2010.11924). An environment is a hyperparameter and an unordered
// pair of its values; its pairs of models agree in all other hyperparameters. weight gives a pair's weight from
// |Δgap|, as Hoeffding does; nil is 1 for every pair. Environments whose effective sample size is below least are dropped. All are NaN if mu
// or gap is constant or holds a NaN. SignError panics if the lengths differ.
func (g *Grid) SignError(mu, gap []float64, weight func(dgap float64) float64, least float64) SignErrors {
	var out SignErrors
	if g.check(mu, gap) {
		for i := range g.level {
			for _, e := range g.environments(i, mu, gap, weight) {
				if e.Effective >= least && e.Effective > 0 {
					out.Environments = append(out.Environments, e)
				} else {
					out.Dropped++
				}
			}
		}
	}
	var all mean
	var errors []float64
	for _, e := range out.Environments {
		all.add(e.Error)
		errors = append(errors, e.Error)
	}
	out.Mean, out.P90, out.Max = all.value(), quantile(errors, .9), quantile(errors, 1)
	return out
}

// environments returns those of hyperparameter i, sorted by A, then by B.
func (g *Grid) environments(i int, mu, gap []float64, weight func(float64) float64) (out []Environment) {
	type sums struct{ pairs, w, w2, wrong float64 }
	found := map[[2]int]*sums{}
	for _, line := range g.lines(i) {
		for x, a := range line {
			for _, b := range line[:x] {
				u, v := g.level[i][a], g.level[i][b]
				if u == v {
					continue
				}
				s := found[[2]int{min(u, v), max(u, v)}]
				if s == nil {
					s = &sums{}
					found[[2]int{min(u, v), max(u, v)}] = s
				}
				w := 1.
				if weight != nil {
					w = weight(math.Abs(gap[a] - gap[b]))
				}
				s.pairs++
				s.w += w
				s.w2 += w * w
				s.wrong += w * (1 - sign(mu[a], mu[b])*sign(gap[a], gap[b])) / 2
			}
		}
	}
	for uv, s := range found {
		e := Environment{Hyper: i, A: g.values[i][uv[0]], B: g.values[i][uv[1]], Pairs: int(s.pairs), Error: s.wrong / s.w}
		if s.w > 0 {
			e.Effective = s.w * s.w / s.w2
		}
		out = append(out, e)
	}
	slices.SortFunc(out, func(a, b Environment) int { return cmp.Or(cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B)) })
	return out
}

// Hoeffding returns the weight of a pair of models whose gaps differ by dgap, a fraction; each gap is an error over n test examples. The
// weight is how sure Hoeffding's inequality is, beyond one half, that the two differ at all:
//
//	w = ( max(0, 1 − 2 exp(−2n (|dgap|/2)²))² − ½ )₊
//
// (Dziugaite et al. 2020). It is 0 up to √[(2/n) ln(2/(1−√½))]: 3.3 points at n = 3452.
func Hoeffding(n int) func(dgap float64) float64 {
	return func(dgap float64) float64 {
		sure := math.Max(0, 1-2*math.Exp(-2*float64(n)*dgap*dgap/4))
		return math.Max(0, sure*sure-.5)
	}
}
