package stats

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// orders returns all orders of 0, …, n−1.
func orders(n int) (out [][]int) {
	if n == 0 {
		return [][]int{nil}
	}
	for _, o := range orders(n - 1) {
		for at := range n {
			out = append(out, slices.Insert(slices.Clone(o), at, n-1))
		}
	}
	return out
}

// permutedByDefinition computes τ-b in every order.
func permutedByDefinition(x, y [][]float64) float64 {
	observed := TauB(slices.Concat(x...), slices.Concat(y...))
	if math.IsNaN(observed) {
		return math.NaN()
	}
	reach, all := 0., 0.
	for _, o := range orders(len(x)) {
		var xs []float64
		for _, b := range o {
			xs = append(xs, x[b]...)
		}
		if all++; TauB(xs, slices.Concat(y...)) >= observed-1e-12 {
			reach++
		}
	}
	return reach / all
}

// blocksOf draws as many points in each block, whose values often tie where levels are few.
func blocksOf(r *rand.Rand, blocks, points, levels int) [][]float64 {
	out := make([][]float64, blocks)
	for b := range out {
		for range points {
			out[b] = append(out[b], float64(r.IntN(levels)))
		}
	}
	return out
}

func TestPermuteTauIsItsDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(33, 1))
	undefined := 0
	for range 400 {
		n, points, levels := 2+r.IntN(4), 1+r.IntN(6), 1+r.IntN(9)
		x, y := blocksOf(r, n, points, levels), blocksOf(r, n, points, levels)
		got, want := PermuteTau(x, y), permutedByDefinition(x, y)
		if !same(got, want, 1e-12) {
			t.Fatalf("p = %v, want %v of %v and %v", got, want, x, y)
		}
		if math.IsNaN(want) {
			undefined++
		}
	}
	if undefined > 100 {
		t.Errorf("%d of 400 are undefined: little was compared", undefined)
	}
}

// Beyond ten blocks orders are drawn, of a fixed stream: p is near that of orders drawn otherwise.
func TestPermuteTauDrawn(t *testing.T) {
	r := rand.New(rand.NewPCG(33, 2))
	x, y := blocksOf(r, 11, 3, 50), blocksOf(r, 11, 3, 50)
	got := PermuteTau(x, y)
	observed := TauB(slices.Concat(x...), slices.Concat(y...))
	reach := 0.
	const draws = 20_000
	for range draws {
		turned := slices.Clone(x)
		r.Shuffle(len(turned), func(i, k int) { turned[i], turned[k] = turned[k], turned[i] })
		if TauB(slices.Concat(turned...), slices.Concat(y...)) >= observed-1e-12 {
			reach += 1. / draws
		}
	}
	if !(math.Abs(got-reach) <= .02) || got != PermuteTau(x, y) {
		t.Errorf("p = %v, drawn otherwise %v", got, reach)
	}
	if p := PermuteTau(x, x); p < 1./(mostPermuted+1) || p > 2./mostPermuted {
		t.Errorf("of a number with itself p = %v", p)
	}
}

func TestPermuteTauEdges(t *testing.T) {
	for name, of := range map[string][2][][]float64{
		"nothing": {}, "one block": {{{1, 2}}, {{1, 2}}}, "one value": {{{1}, {1}}, {{1}, {2}}}, "a NaN": {{{1}, {math.NaN()}}, {{1}, {2}}},
	} {
		if p := PermuteTau(of[0], of[1]); !math.IsNaN(p) {
			t.Errorf("%s: p = %v", name, p)
		}
	}
}
