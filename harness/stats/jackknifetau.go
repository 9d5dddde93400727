package stats

import (
	"math"
	"slices"
)

// JackknifeTauB is the Jackknife of TauB over blocks; block b holds the pairs (x[b][i], y[b][i]). It equals
//
//	Jackknife(len(x), level, func(b int) float64 { return TauB(x and y without block b, one after another) })
//
// to the bit, in O(n log n) for n pairs in any number of blocks. Without a block, the counts of τ-b lose what the block's points have with
// all points; what the points have among themselves is thus taken away twice, and added back once. A NaN makes the interval NaN.
// JackknifeTauB panics if lengths differ.
func JackknifeTauB(x, y [][]float64, level float64) Interval {
	xs, ys := slices.Concat(x...), slices.Concat(y...)
	all, _ := count(xs, ys)
	of := pointCounts(xs, ys)
	start := make([]int, len(x)+1)
	for b, block := range x {
		start[b+1] = start[b] + len(block)
	}
	return Jackknife(len(x), level, func(b int) float64 {
		switch {
		case of == nil:
			return math.NaN()
		case b < 0:
			return all.tauB()
		}
		left := all
		for _, point := range of[start[b]:start[b+1]] {
			left = left.less(point)
		}
		among, _ := count(x[b], y[b])
		return left.plus(among).tauB()
	})
}

// pointCounts returns, for every point, the counts of its pairs with all others; nil if there is a NaN.
func pointCounts(x, y []float64) []pairs {
	rankX, sizesX := denseRanks(x)
	rankY, sizesY := denseRanks(y)
	if rankX == nil || rankY == nil {
		return nil
	}
	out := make([]pairs, len(x))
	for i := range out {
		out[i].all = float64(len(x) - 1)
		out[i].tiedX, out[i].tiedY = float64(sizesX[rankX[i]]-1), float64(sizesY[rankY[i]]-1)
	}
	byX, next := make([]int, len(x)), make([]int, len(sizesX))
	for r := range len(next) - 1 {
		next[r+1] = next[r] + sizesX[r]
	}
	for i, r := range rankX {
		byX[next[r]] = i
		next[r]++
	}
	// Once upwards, against the points of smaller x, and once downwards, against those of larger x.
	for _, sign := range []float64{1, -1} {
		seen := make(prefixSums, len(sizesY))
		total := 0
		for low := 0; low < len(byX); {
			high := low + sizesX[rankX[byX[low]]]
			for _, i := range byX[low:high] {
				below := seen.below(rankY[i])
				above := total - seen.below(rankY[i]+1)
				out[i].score += sign * float64(below-above)
			}
			for _, i := range byX[low:high] {
				seen.add(rankY[i])
			}
			total, low = total+high-low, high
		}
		slices.Reverse(byX)
	}
	return out
}

// denseRanks numbers the distinct values of xs in ascending order, and counts each; nil if there is a NaN.
func denseRanks(xs []float64) (rank, sizes []int) {
	if anyNaN(xs) {
		return nil, nil
	}
	values := slices.Clone(xs)
	slices.Sort(values)
	values = slices.Compact(values)
	rank, sizes = make([]int, len(xs)), make([]int, len(values))
	for i, x := range xs {
		rank[i], _ = slices.BinarySearch(values, x)
		sizes[rank[i]]++
	}
	return rank, sizes
}

// prefixSums counts at places 0, 1, … and sums counts below a place, both in O(log n) (Fenwick 1994).
type prefixSums []int

func (s prefixSums) add(place int) {
	for i := place; i < len(s); i |= i + 1 {
		s[i]++
	}
}

// below returns the count at all places below this one.
func (s prefixSums) below(place int) (sum int) {
	for i := place - 1; i >= 0; i = i&(i+1) - 1 {
		sum += s[i]
	}
	return sum
}
