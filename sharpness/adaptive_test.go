package sharpness

import (
	"fmt"
	"math"
	"slices"
	"testing"
)

// The definition, group by group, in both balls, with and without biases; of several steps it is not below what one finds.
func TestAdaptiveIsTheDefinition(t *testing.T) {
	b := more()
	const rho, eta = .3, .125
	for _, m := range []int{1, 2, 8} {
		for _, biases := range []bool{true, false} {
			for _, p := range []float64{2, math.Inf(1)} {
				var rises []float64
				for group := range slices.Chunk(b.x, m) {
					clean, g := b.of(group, wide(b.w))
					norm, up, scale := 0., wide(b.w), make([]float64, len(g))
					for j := range g {
						scale[j] = math.Abs(up[j]) + eta
						if j >= len(g)-2 && !biases {
							scale[j] = 1
						}
						norm += scale[j] * scale[j] * g[j] * g[j]
					}
					for j, v := range g {
						switch {
						case p == 2:
							up[j] += rho * scale[j] * scale[j] * v / math.Sqrt(norm)
						case v != 0:
							up[j] += rho * scale[j] * math.Copysign(1, v)
						}
					}
					perturbed, _ := b.of(group, up)
					rises = append(rises, perturbed-clean)
				}
				mean, se := Mean(rises)
				s := &Adaptive{M: []int{m}, Rho: []float64{rho}, Eta: eta, Biases: biases, Steps: 1, P: p}
				got := of(t, s, b)
				what := fmt.Sprintf("m = %d, biases %v, p = %v: ", m, biases, p)
				within(t, what+"groups without gradient", got[0], 0, 0)
				within(t, what+"the rise", got[1], mean, 1e-5)
				if m < 8 {
					within(t, what+"its standard error", got[2], se, 1e-5)
				}
				s.Steps = 5
				if several := of(t, s, b)[1]; !(several >= got[1]*(1-1e-6)) {
					t.Errorf("%s%v in 5 steps, %v in one", what, several, got[1])
				}
			}
		}
	}
}

// Where all weights are zero, and η is, nothing moves; a group without gradient counts.
func TestAdaptiveWithoutAscent(t *testing.T) {
	s := &Adaptive{M: []int{0}, Rho: []float64{1}, Steps: 1, P: 2, Biases: true}
	if got := of(t, s, at([]float64{1, 2}, 0, 0)); !slices.Equal(got[:2], []float64{1, 0}) {
		t.Errorf("zero weights: %v", got)
	}
	b := bowls{h: []float64{1, 1}, x: [][]float64{{0, 0}, {1, 1}}, w: []float32{1, 1}} // at the second example's minimum
	s.M = []int{1}
	if got := of(t, s, b); got[0] != 1 || !(got[1] > 0) {
		t.Errorf("one group without gradient: %v", got)
	}
}
