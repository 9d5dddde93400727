package sharpness

import (
	"fmt"
	"math"
	"slices"
	"testing"
)

// waves is the landscape Σ_j sin(f_j w_j + j) + w_jw_{j+1}/2; it keeps the points that it is asked at.
type waves struct {
	bowls
	asked *[][]float64
}

func (l waves) of(w []float64) (loss float64, g []float64) {
	g = make([]float64, len(w))
	for j, v := range w {
		f := float64(3 + 2*j)
		loss += math.Sin(f*v + float64(j))
		g[j] += f * math.Cos(f*v+float64(j))
		if j+1 < len(w) {
			loss += v * w[j+1] / 2
			g[j] += w[j+1] / 2
			g[j+1] += v / 2
		}
	}
	return loss, g
}

func (l waves) Loss(w []float32) float64 { return l.Grad(make([]float32, len(w)), w) }

func (l waves) Grad(g, w []float32) float64 {
	*l.asked = append(*l.asked, wide(w))
	loss, d := l.of(wide(w))
	for i, v := range d {
		g[i] = float32(v)
	}
	return loss
}

// rounded is of at the float32s next to w.
func (l waves) rounded(w []float64) (loss float64, g []float64) {
	near := slices.Clone(w)
	for j, v := range w {
		near[j] = float64(float32(v))
	}
	return l.of(near)
}

// definition is algorithm 1 of Croce and Hein 2020 in the ball ‖x − w‖₂ ≤ ρ, with all points kept, and at a halving the point and the one before
// set to the best.
func definition(of func(w []float64) (float64, []float64), w []float64, rho float64, steps int) (points [][]float64, halvings int) {
	onto := func(x []float64) []float64 {
		norm, out := 0., slices.Clone(x)
		for j := range x {
			norm += (x[j] - w[j]) * (x[j] - w[j])
		}
		if norm = math.Sqrt(norm); norm > rho {
			for j := range x {
				out[j] = w[j] + (x[j]-w[j])*rho/norm
			}
		}
		return out
	}
	along := func(x []float64, step float64) []float64 {
		_, g := of(x)
		norm, out := 0., slices.Clone(x)
		for j, v := range g {
			g[j] = float64(float32(v))
			norm += g[j] * g[j]
		}
		for j, v := range g {
			out[j] += step * v / math.Sqrt(norm)
		}
		return onto(out)
	}
	f := func(x []float64) float64 { loss, _ := of(x); return loss }
	check, last := map[int]int{}, 0 // the checkpoint before, by checkpoint
	for _, percent := range []int{22, 41, 57, 70, 80, 87, 93, 99, 105} {
		at := percent * steps / 100
		if percent*steps%100 > 0 {
			at++
		}
		if at > last {
			check[at], last = last, at
		}
	}
	x, before, best, step := w, w, w, 2*rho
	points = [][]float64{w}
	rose := make([]bool, steps+1)
	stepAt, bestAt := map[int]float64{0: step}, map[int]float64{0: f(w)}
	for k := 1; k <= steps; k++ {
		z, next := along(x, step), make([]float64, len(w))
		for j := range next {
			next[j] = x[j] + .75*(z[j]-x[j]) + .25*(x[j]-before[j])
		}
		if k == 1 {
			next = z
		}
		next = onto(next)
		points = append(points, next)
		rose[k] = f(next) > f(x)
		if f(next) > f(best) {
			best = next
		}
		before, x = x, next
		since, at := check[k]
		if !at {
			continue
		}
		stepAt[k], bestAt[k] = step, f(best)
		count := 0
		for i := since + 1; i <= k; i++ {
			if rose[i] {
				count++
			}
		}
		if float64(count) < .75*float64(k-since) || stepAt[since] == step && bestAt[since] == f(best) {
			step /= 2
			x, before = best, best
			halvings++
		}
	}
	return points, halvings
}

// Point by point, the ascent is the definition, through several halvings.
func TestAPGDIsTheDefinition(t *testing.T) {
	for _, rho := range []float64{.3, 2} {
		for _, steps := range []int{1, 2, 7, 20, 50} {
			l := waves{bowls{w: []float32{.25, -.5, .125, 1}}, new([][]float64)}
			got := newAPGD(4).climb(l, rho, 2, steps, nil, nil)
			points, halvings := definition(l.rounded, wide(l.w), rho, steps)
			if len(*l.asked) != steps+1 || len(points) != steps+1 || steps == 50 && halvings < 3 {
				t.Fatalf("ρ = %v, %d steps: %d points, %d halvings", rho, steps, len(*l.asked), halvings)
			}
			most := math.Inf(-1)
			for k, want := range points {
				loss, _ := l.of(want)
				most = max(most, loss)
				for j, v := range want {
					within(t, fmt.Sprintf("ρ = %v, %d steps: point %d", rho, steps, k), (*l.asked)[k][j], v, 1e-4)
				}
			}
			clean, _ := l.of(points[0])
			within(t, fmt.Sprintf("ρ = %v, %d steps: the rise", rho, steps), got, most-clean, 1e-4)
		}
	}
}
