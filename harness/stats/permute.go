package stats

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

const (
	exactPermuted  = 10     // blocks up to which all orders are looked at
	mostPermuted   = 10_000 // orders of a fixed stream beyond
	leastPermuted  = 1000
	permutedPoints = 10_000_000 // about so many points are ranked in all
)

// PermuteTau is the permutation test of TauB over all points against "x and y are associated": how often τ-b would be as large as it is, were
// the blocks of x as likely to stand in any other order against those of y. Block b holds the points (x[b][i], y[b][i]), and all blocks have
// as many. It is exact over all orders, the observed one among them, up to 10 blocks. Beyond, orders of a fixed stream are drawn, 10,000 of up to 1000 points and
// fewer of more, at least 1000; the observed one is counted with them. It is NaN where τ-b is.
//
// The ties of x and of y are the same in every order, so that orders differ in the score alone, Σ sgn(Δx) sgn(Δy) over all pairs of points,
// which is a sum over pairs of blocks.
func PermuteTau(x, y [][]float64) float64 {
	n := len(x)
	if n < 2 || math.IsNaN(TauB(slices.Concat(x...), slices.Concat(y...))) {
		return math.NaN()
	}
	if n > exactPermuted {
		return permuteDrawn(x, y)
	}
	t := permuted{n: n, score: make([]int, n*n*n*n), order: make([]int, n), used: make([]bool, n)}
	for a := range n {
		for b := range n {
			for c := range n {
				for d := range n {
					if a < c && b != d {
						t.score[t.at(a, b, c, d)] = score(x[b], x[d], y[a], y[c])
					} else if a == c && b == d {
						t.score[t.at(a, b, c, d)] = score(x[b], x[b], y[a], y[a]) / 2
					}
				}
			}
		}
	}
	for i := range n {
		t.observed += t.add(i, i)
		t.order[i] = i
	}
	t.visit(0, 0)
	return float64(t.reach) / float64(t.all)
}

// permuteDrawn is PermuteTau over some orders of many blocks.
func permuteDrawn(x, y [][]float64) float64 {
	ys := slices.Concat(y...)
	observed, _ := count(slices.Concat(x...), ys)
	draws := min(mostPermuted, max(leastPermuted, permutedPoints/len(ys)))
	orders := slices.Clone(x)
	reach := 1
	r := rand.New(rand.NewPCG(23, uint64(len(x))))
	for range draws {
		r.Shuffle(len(orders), func(i, k int) { orders[i], orders[k] = orders[k], orders[i] })
		if drawn, _ := count(slices.Concat(orders...), ys); drawn.score >= observed.score {
			reach++
		}
	}
	return float64(reach) / float64(draws+1)
}

// permuted visits the orders of the blocks of x.
type permuted struct {
	n          int
	score      []int // [y's block][x's block there][another of y's][x's block there]
	order      []int // the block of x at each of y's
	used       []bool
	observed   int
	reach, all int
}

func (t *permuted) at(a, b, c, d int) int { return ((a*t.n+b)*t.n+c)*t.n + d }

// add is what the pairs of points of block i, and with those of the blocks before, add to the score where block b of x stands at i.
func (t *permuted) add(i, b int) int {
	sum := t.score[t.at(i, b, i, b)]
	for k := range i {
		sum += t.score[t.at(k, t.order[k], i, b)]
	}
	return sum
}

func (t *permuted) visit(i, sum int) {
	if i == t.n {
		if t.all++; sum >= t.observed {
			t.reach++
		}
		return
	}
	for b := range t.n {
		if t.used[b] {
			continue
		}
		t.used[b] = true
		more := t.add(i, b)
		t.order[i] = b
		t.visit(i+1, sum+more)
		t.used[b] = false
	}
}

// score is Σ sgn(Δx) sgn(Δy) over the pairs of a point of one block with one of another.
func score(x, otherX, y, otherY []float64) (sum int) {
	for i := range x {
		for k := range otherX {
			sum += cmp.Compare(x[i], otherX[k]) * cmp.Compare(y[i], otherY[k])
		}
	}
	return sum
}
