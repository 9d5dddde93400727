package data

import (
	"fmt"
	"slices"
	"strconv"

	"msharp/models/kind"
	"msharp/models/rng"
)

// CheckSeed returns the error that drawing a split, which Check accepts, would give for the seed alone, without drawing it.
func (s *Source) CheckSeed(split Split, seed uint64) error {
	if split.Pool != Disjoint {
		return nil
	}
	size, n := split.Train+split.Val, s.Pool.Len()
	if last := n / size; seed < 1 || seed > uint64(last) {
		return &kind.Error{Key: "seed", Value: strconv.FormatUint(seed, 10), Problem: "no part of a disjoint pool",
			Expected: fmt.Sprintf("1 to %d: %d examples make %d parts of data.train + data.val = %d", last, n, last, size)}
	}
	return nil
}

// checkPool returns what is wrong with the pool of a split: a Disjoint one needs test examples that are nobody's part.
func (s *Source) checkPool(split Split) error {
	if split.Pool == Disjoint && (s.Test == nil || s.LeftoverIsTest) {
		problem := "the data set has no test file of its own, and what one seed leaves is part of another"
		if s.LeftoverIsTest {
			problem = "what one seed leaves is test, and part of another"
		}
		return &kind.Error{Key: "pool", Value: split.Pool, Problem: problem, Expected: Shared + ", or a data set with a test file, such as the full MNIST"}
	}
	return nil
}

// part returns the examples of part k of a Disjoint pool, class by class. The rules are frozen, because every result depends on them:
//
//  1. Class by class, in ascending order, the pool's examples of the class are shuffled. All random draws come from the stream "disjoint pool" of
//     seed 0.
//  2. Every part takes its quota of each class (partQuotas) from what the parts before it have left.
func (s *Source) part(split Split, k int) []int {
	r := rng.Stream(0, "disjoint pool")
	classes := s.shuffledClasses(r, upTo(0, s.Pool.Len()))
	sizes, from := make([]int, len(classes)), make([]int, len(classes))
	for c := range classes {
		sizes[c] = len(classes[c])
	}
	size := split.Train + split.Val
	for before := range k {
		for c, q := range partQuotas(sizes, size, before) {
			from[c] += q
		}
	}
	var taken []int
	for c, q := range partQuotas(sizes, size, k) {
		taken = append(taken, classes[c][from[c]:from[c]+q]...)
	}
	return slices.Clip(taken)
}

// partQuotas divides the examples of part k, size in all, among classes of the given sizes. A class's share of size, rounded down or up, is
// its quota in every part, and all parts together ask of no class more than it has.
//
// What rounding down leaves of the shares lies end to end on a line, each class an interval of less than one. Part k of K takes one more of
// the classes at a whole number plus (k + ½)/K. As many points as there are parts, evenly apart, fall into an interval of length f as often
// as f·K, rounded down or up.
func partQuotas(sizes []int, size, k int) []int {
	total := 0
	for _, n := range sizes {
		total += n
	}
	parts := total / size
	point := func(sum int) int { // how many points lie before sum/total
		return ceil(2*parts*sum-(2*k+1)*total, 2*parts*total)
	}
	quota, sum := make([]int, len(sizes)), 0
	for c, n := range sizes {
		left := size * n % total
		quota[c] = size*n/total + point(sum+left) - point(sum)
		sum += left
	}
	return quota
}

// ceil is a/b, rounded up; b > 0.
func ceil(a, b int) int {
	q := a / b
	if a%b > 0 {
		q++
	}
	return q
}
