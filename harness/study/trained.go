package study

import (
	"fmt"
	"math"

	"msharp/harness/stats"
)

// TrainsBelow is the multiple of SGD's validation error below which a radius still trains. Above it lies the collapse, which is no arm of
// a U.
const TrainsBelow = 3

// validation is the mean validation error of runs over seeds; NaN where a run has none.
func (r Runs) validation() float64 {
	sum := 0.
	for _, p := range r.Points {
		sum += p.Val
	}
	return sum / float64(len(r.Points))
}

// Trained returns the largest ρ of m that still trains: whose mean validation error is below TrainsBelow times that at ρ = 0, whatever lies
// left of it. Each mean is over the seeds that have a run there, and a ρ where one of these lacks a validation error does not train.
// Without one, missing says why.
func (c Curves) Trained(m float64) (rho float64, missing string) {
	base := c.Base.validation()
	if math.IsNaN(base) {
		return 0, "needs runs at ρ = 0 with a validation error, which tell what still trains"
	}
	for _, r := range c.At[m] {
		if v := r.validation(); v < TrainsBelow*base-Rounding {
			rho = r.Rho
		}
	}
	if rho == 0 {
		return 0, fmt.Sprintf("m = %s trains at no ρ: its validation error is nowhere below %d times that at ρ = 0", GroupText(m), TrainsBelow)
	}
	return rho, ""
}

// SomeTrain returns the radii of Everywhere at which some m still trains: the mean over seeds of the smallest validation error over m is below
// TrainsBelow times that at ρ = 0. The mean is over the seeds that have a run at every m there, and a ρ where one of these lacks a validation
// error does not train. Which m a seed trains at has no part in it, so that how errors go with m can be asked there. Without a base, missing
// says so.
func (c Curves) SomeTrain() (rhos []float64, missing string) {
	base := c.Base.validation()
	if math.IsNaN(base) {
		return nil, "needs runs at ρ = 0 with a validation error, which tell what still trains"
	}
	for _, rho := range c.Everywhere() {
		line := c.Across(rho)
		var least mean
	seeds:
		for _, seed := range c.Seeds {
			of := math.Inf(1)
			for _, runs := range line {
				p, ok := runs.Of(seed)
				if !ok {
					continue seeds
				}
				of = min(of, p.Val) // NaN where one is
			}
			least.sum, least.n = least.sum+of, least.n+1
		}
		if least.sum/least.n < TrainsBelow*base-Rounding {
			rhos = append(rhos, rho)
		}
	}
	return rhos, ""
}

// Bottom returns the largest ρ of m that still trains, where the lowest mean validation error, of equal ones that at the least ρ, lies left
// of it. Where it does not, missing says so: of such a grid nobody can tell whether the curve is a U.
func (c Curves) Bottom(m float64) (end Radius, missing string) {
	trains, missing := c.Trained(m)
	if missing != "" {
		return end, missing
	}
	line := c.At[m]
	lowest, least := 0., math.Inf(1)
	for _, r := range line {
		if v := r.validation(); v < least-Rounding {
			lowest, least = r.Rho, v
		}
	}
	last := line[len(line)-1].Rho
	switch {
	case lowest == last:
		return end, fmt.Sprintf("the grid ends too early: at m = %s the validation error is lowest at the largest ρ tried, %s", GroupText(m), stats.Short(last))
	case lowest >= trains:
		return end, fmt.Sprintf("the grid is too coarse: at m = %s the validation error is lowest at ρ = %s, and the next radius no longer trains",
			GroupText(m), stats.Short(lowest))
	}
	end, _ = RadiusAt(line, trains)
	return end, ""
}
