package plots

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat"

	"msharp/harness/parallel"
	"msharp/harness/record"
	"msharp/harness/stats"
	"msharp/harness/study"
)

// closeness is how close the curves of all m come to each other when ρ is divided by a power of m.
type closeness struct {
	seeds  []uint64 // that have every point
	all    int      // seeds there are
	curves []seedCurve
	points int           // of the curves
	parts  [][]seedCurve // the curves without a block of seeds, for every block: see without
	tests  [][]seedCurve // the curves without a block of test images, for every block
}

// seedCurve is one m: what each seed has, in percent, at the ascending log₁₀ ρ up to where the mean leaves the axis.
type seedCurve struct {
	m     float64
	x     []float64
	seeds []study.PerSeed
	mean  []float64 // over the seeds that count
}

// mostBlocks is how many blocks of seeds a jackknife leaves out in turn at most. Up to so many seeds, each is a block.
const mostBlocks = 40

// collapseOf takes the points of the curves up to their first mean above high.
func collapseOf(t *study.Trials, y study.Field, curves []line, high float64) closeness {
	c := closenessOf(t, y, curves, high)
	for i := range c.blocks() {
		c.parts = append(c.parts, c.without(i))
	}
	c.tests = parallel.Map(t.Blocks(), func(g int) []seedCurve { return closenessOf(t.WithoutBlock(g), y, curves, high).without(-1) })
	return c
}

// closenessOf is collapseOf without what a jackknife leaves out in turn.
func closenessOf(t *study.Trials, y study.Field, curves []line, high float64) closeness {
	found := map[[2]float64]study.Cell{}
	for _, c := range t.Ascent().Cells(study.M, study.Rho, y) {
		found[[2]float64{c.Series, c.X}] = c
	}
	c := closeness{all: len(t.Ascent().Seeds())}
	complete := map[uint64]int{} // points a seed has
	for _, of := range curves {
		s := seedCurve{m: of.value}
		for _, p := range of.pts {
			if !(p.est.Mean <= high) {
				break
			}
			cell := found[[2]float64{of.value, p.x}]
			s.x, s.seeds = append(s.x, math.Log10(p.x)), append(s.seeds, cell.PerSeed)
			for seed := range cell.PerSeed {
				complete[seed]++
			}
			c.points++
		}
		c.curves = append(c.curves, s)
	}
	for _, seed := range slices.Sorted(maps.Keys(complete)) {
		if complete[seed] == c.points {
			c.seeds = append(c.seeds, seed)
		}
	}
	return c
}

// blocks is how many of seeds there are.
func (c closeness) blocks() int { return min(len(c.seeds), mostBlocks) }

// without returns the curves as means over the seeds but those of block i; i < 0 leaves none out.
func (c closeness) without(i int) []seedCurve {
	out := slices.Clone(c.curves)
	for k := range out {
		out[k].mean = make([]float64, len(out[k].x))
		for p, seeds := range out[k].seeds {
			var vs []float64
			for j, seed := range c.seeds {
				if i < 0 || j*c.blocks()/len(c.seeds) != i {
					vs = append(vs, 100*seeds[seed])
				}
			}
			out[k].mean[p] = stat.Mean(vs, nil)
		}
	}
	return out
}

// jackknife is a statistic of the curves, with a jackknife interval over the blocks of seeds and those of test images; N = 0 where it is not
// defined.
func (c closeness) jackknife(of func(curves []seedCurve) float64) stats.Interval {
	whole := nan
	if len(c.seeds) > 0 {
		whole = of(c.without(-1))
	}
	if math.IsNaN(whole) {
		return stats.Interval{Mean: nan, Low: nan, High: nan}
	}
	parts := parallel.Map(len(c.parts), func(i int) float64 { return of(c.parts[i]) })
	tests := parallel.Map(len(c.tests), func(i int) float64 { return of(c.tests[i]) })
	return stats.CrossedOf(whole, len(parts), stats.JackknifeVariance(parts), tests).Interval(study.Level)
}

// relative is the spread of the curves at ρ/m^exponent over that of the same pairs at ρ; N = 0 where neighbouring m have no stretch in
// common.
func (c closeness) relative(exponent float64) stats.Interval {
	return c.jackknife(func(curves []seedCurve) float64 { return relative(curves, exponent) })
}

// relative is NaN where neighbouring curves do not overlap, or none differs from another against ρ.
func relative(curves []seedCurve, exponent float64) float64 {
	var here, there float64
	for i, a := range curves {
		for k, b := range curves[i+1:] {
			square, length := between(a, b, exponent)
			if length == 0 && k == 0 {
				return nan
			}
			plain, _ := between(a, b, 0)
			here, there = here+square*length, there+plain*length
		}
	}
	if there == 0 {
		return nan
	}
	return math.Sqrt(here / there)
}

// apartAtRho is the root mean square difference of the curves against ρ, in percentage points.
func (c closeness) apartAtRho() float64 {
	var sum, all float64
	curves := c.without(-1)
	for i, a := range curves {
		for _, b := range curves[i+1:] {
			square, length := between(a, b, 0)
			sum, all = sum+square*length, all+length
		}
	}
	return math.Sqrt(sum / all)
}

// Of the exponents that are tried.
const (
	leastExponent, mostExponent = -.5, 1.5
	exponentStep                = .01
)

// best is the exponent of least relative spread; N = 0 where there is none inside the range tried.
func (c closeness) best() stats.Interval { return c.jackknife(closest) }

// closest is NaN where the least spread lies at an end of the exponents that can be tried.
func closest(curves []seedCurve) float64 {
	at := func(i int) float64 { return leastExponent + exponentStep*float64(i) }
	var spreads []float64
	for i := range int(math.Round((mostExponent-leastExponent)/exponentStep)) + 1 {
		spreads = append(spreads, relative(curves, at(i)))
	}
	least := -1
	for i, s := range spreads {
		if !math.IsNaN(s) && (least < 0 || s < spreads[least]) {
			least = i
		}
	}
	if least <= 0 || least == len(spreads)-1 || math.IsNaN(spreads[least-1]+spreads[least+1]) {
		return nan
	}
	// The bottom of the parabola through the least one and its neighbours.
	a, b, c := spreads[least-1], spreads[least], spreads[least+1]
	if bend := a - 2*b + c; bend > 0 {
		return at(least) + exponentStep*(a-c)/(2*bend)
	}
	return at(least)
}

// text says in numbers how close the curves come on each abscissa.
func (c closeness) text(best stats.Interval, panels []abscissa) string {
	switch {
	case len(c.seeds) == 0:
		return "No spread: no seed has every point of the curves on the axis."
	case math.IsNaN(c.apartAtRho()):
		return "No spread: no two curves have a stretch in common on the axis."
	case c.apartAtRho() == 0:
		return "No spread: the curves of all m are one."
	}
	var parts []string
	for _, p := range panels {
		switch {
		case p.exponent == 0:
		case p.spread.N == 0:
			parts = append(parts, fmt.Sprintf("at %s neighbouring curves have no stretch in common", p.name))
		case best.N > 0 && p.exponent == best.Mean:
			parts = append(parts, fmt.Sprintf("least at ρ/mᵅ, α = %s: %s", best.PlusMinus(2), p.spread.PlusMinus(2)))
		default:
			parts = append(parts, fmt.Sprintf("%s at %s", p.spread.PlusMinus(2), p.name))
		}
	}
	s := fmt.Sprintf("Against ρ the curves are %s points apart (root mean square). Relative to that: %s",
		stats.Decimals(c.apartAtRho(), 2), strings.Join(parts, ", "))
	if len(c.seeds) < 2 {
		return s + " (one seed, n = 1: no interval)."
	}
	over := "seeds"
	if c.blocks() < len(c.seeds) {
		over = fmt.Sprintf("%d blocks of seeds", c.blocks())
	}
	if len(c.tests) > 0 {
		over += " and test images"
	}
	return s + fmt.Sprintf(" (± 95 %%, jackknife over %s, n = %d).", over, len(c.seeds))
}

// defined reports whether there is a spread to compare with.
func (c closeness) defined() bool { return len(c.seeds) > 0 && c.apartAtRho() > 0 }

// sample is behind the numbers.
func (c closeness) sample() string {
	s := fmt.Sprintf("Behind the spread: %s on the axis", record.Plural(c.points, "point"))
	if len(c.seeds) < c.all {
		s += fmt.Sprintf(", of the %d of %d seeds that have all of them", len(c.seeds), c.all)
	}
	return s + "."
}

// stretch is the least step of an integral over the abscissa, in decades.
const stretch = .02

// between is the mean square difference of two curves over their common stretch at ρ/m^exponent, and its length in decades.
func between(a, b seedCurve, exponent float64) (square, length float64) {
	if len(a.x) == 0 || len(b.x) == 0 {
		return 0, 0
	}
	atA, atB := exponent*math.Log10(a.m), exponent*math.Log10(b.m)
	low := math.Max(a.x[0]-atA, b.x[0]-atB)
	high := math.Min(a.x[len(a.x)-1]-atA, b.x[len(b.x)-1]-atB)
	if high <= low {
		return 0, 0
	}
	n := math.Ceil((high - low) / stretch)
	for i := range int(n) {
		x := low + (high-low)*(float64(i)+.5)/n
		d := a.value(x+atA) - b.value(x+atB)
		square += d * d / n
	}
	return square, high - low
}

// value is linear between the points.
func (s seedCurve) value(x float64) float64 {
	i, ok := slices.BinarySearch(s.x, x)
	switch {
	case ok:
		return s.mean[i]
	case i == 0:
		return s.mean[0]
	case i == len(s.x):
		return s.mean[i-1]
	}
	t := (x - s.x[i-1]) / (s.x[i] - s.x[i-1])
	return s.mean[i-1] + t*(s.mean[i]-s.mean[i-1])
}

// abscissa is one panel: ρ over a power of m.
type abscissa struct {
	exponent float64
	name     string
	spread   stats.Interval // relative to that against ρ; N = 0 where it is not defined
}
