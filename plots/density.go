package plots

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"msharp/harness/stats"
	"msharp/harness/study"
)

// Density draws the spectral density of the Hessian at the end of training, at ρ = 0 and for each m at one ρ: the mean over seeds of the quadrature that
// the measure density recorded, each node a Gaussian, of which the width is one for the whole figure. What was swept beside is averaged.
type Density struct {
	File string  // empty is "density"
	Rho  float64 // 0 is study.SmallRho where it was swept, else the largest
}

func (f Density) Name() string { return cmp.Or(f.File, "density") }

// How a density is smoothed: as in Papyan 2019, arXiv:1901.08244, section A.1, with the parameters of curvlinops.
const (
	densityKappa  = 3.   // of the width of a Gaussian, 2/((M−1)√(8 ln κ)) of half the range, with M nodes
	densityMargin = .05  // beside the nodes, of their range; three standard deviations where these are more
	densityPoints = 1024 // at which it is taken
	densityFloor  = 1e-7 // drawn, of the largest
)

// densityLine is the runs of a line.
type densityLine struct {
	name  string
	look  Look
	m     float64
	seeds []uint64 // of each run
	runs  []study.Quadrature
}

func (f Density) lines(t *study.Trials) (lines []densityLine, rho float64, lacking int) {
	quadrature := t.Quadratures()
	rhos := t.Rhos()
	rho = f.Rho
	if rho == 0 && len(rhos) > 0 {
		if rho = rhos[len(rhos)-1]; slices.Contains(rhos, study.SmallRho) {
			rho = study.SmallRho
		}
	}
	add := func(name string, m float64, trials *study.Trials) {
		l := densityLine{name: name, look: LookOfM(m).lineOnly(), m: m}
		for _, r := range trials.Final() {
			n, ok := quadrature(r)
			if !ok {
				lacking++
				continue
			}
			l.seeds, l.runs = append(l.seeds, r.Seed), append(l.runs, n)
		}
		if len(l.runs) > 0 {
			lines = append(lines, l)
		}
	}
	add("ρ = 0", 0, t.Partners().Base())
	for _, m := range t.Ms() {
		add("m = "+study.GroupText(m), m, t.Where(func(r study.Trial) bool { return r.M == m && r.Rho == rho }))
	}
	return lines, rho, lacking
}

// kernels is where a density is taken, and the width of the Gaussians.
type kernels struct {
	at    []float64
	width float64
}

// kernelsOf covers all nodes.
func kernelsOf(lines []densityLine) (k kernels) {
	low, high, most := math.Inf(1), math.Inf(-1), 0
	for _, l := range lines {
		for _, n := range l.runs {
			low, high = spread(low, high, n.Nodes...)
			most = max(most, len(n.Nodes))
		}
	}
	low, high = padded(low, high, 0, 1e-12)
	k.width = (high - low) / (float64(most-1) * math.Sqrt(8*math.Log(densityKappa)))
	low, high = padded(low, high, densityMargin, 3*k.width)
	for i := range densityPoints {
		k.at = append(k.at, low+(high-low)*float64(i)/(densityPoints-1))
	}
	return k
}

// of is the density of a quadrature.
func (k kernels) of(n study.Quadrature) []float64 {
	out := make([]float64, len(k.at))
	for j, at := range n.Nodes {
		for i, x := range k.at {
			z := (x - at) / k.width
			out[i] += n.Weights[j] * math.Exp(-z*z/2) / (k.width * math.Sqrt(2*math.Pi))
		}
	}
	return out
}

// mean is the density of the line's runs, mean over seeds with its interval.
func (k kernels) mean(l densityLine) []stats.Interval {
	sums := make([]study.Means, len(k.at))
	for i, n := range l.runs {
		for j, v := range k.of(n) {
			sums[j].Add(l.seeds[i], v)
		}
	}
	out := make([]stats.Interval, len(sums))
	for j := range sums {
		out[j] = sums[j].PerSeed().Mean()
	}
	return out
}

func (f Density) Draw(t *study.Trials) (Drawing, error) {
	s := Sheet{Name: f.Name(), Wide: true, Title: "Spectral density of the Hessian at the end of training"}
	if s.Skipped = t.Unfinished(); s.Skipped != "" {
		return s.Draw(), nil
	}
	lines, rho, lacking := f.lines(t)
	if len(lines) == 0 {
		s.Skipped = "no finished trial has the measure density"
		return s.Draw(), nil
	}
	s.Header = []string{"m", "eigenvalue", "density", "low", "high", "seeds"}
	k := kernelsOf(lines)
	most := 0.
	var curves []Curve
	for _, l := range lines {
		c := Curve{Name: l.name, Look: l.look, Band: true, past: "to 0"}
		for j, y := range k.mean(l) {
			most = max(most, y.Mean)
			s.Seeds.Add(y.N)
			if j%4 == 0 {
				s.Rows = append(s.Rows, append([]string{study.GroupText(l.m), cellText(k.at[j])}, intervalCells(y)...))
			}
			c.X, c.Y = append(c.X, k.at[j]), append(c.Y, y)
		}
		curves = append(curves, c)
	}
	floor := most * densityFloor
	for _, c := range curves {
		for j, y := range c.Y {
			c.Y[j] = stats.Interval{Mean: math.Log10(max(y.Mean, floor/10)), Low: math.Log10(max(y.Low, floor)), High: math.Log10(max(y.High, floor)), N: y.N}
		}
	}
	pan := Panel{
		X: LinearAxis("eigenvalue of the Hessian (loss over weight squared)", k.at[0], k.at[len(k.at)-1], 8),
		Y: LogAxis("density (log scale)", math.Log10(floor), math.Log10(most)+.3, 130),
	}
	for _, c := range curves {
		pan.Add(c)
	}
	s.Add(pan)
	s.Interval = "bands: " + study.OverSeeds
	s.Caption = "The spectral density of the Hessian of the training loss, by stochastic Lanczos quadrature."
	if rho > 0 {
		s.Notes = []string{"SAM at ρ = " + stats.Short(rho) + "."}
	}
	s.More = fmt.Sprintf("Each node is a Gaussian of standard deviation %s, so that no feature narrower than that is real. Where a band ends at the axis, "+
		"its interval goes on to 0 or below.", stats.Decimals(k.width, max(0, 1-int(math.Floor(math.Log10(k.width))))))
	if lacking > 0 {
		s.More += fmt.Sprintf(" %d of the runs diverged or lack the measure.", lacking)
	}
	s.End = t.SweptBesideText("averaged within each seed")
	return s.Draw(), nil
}
