package data

import (
	"math"

	"msharp/models/rng"
)

// mislabel gives a share p of the training labels, and the same share of the validation labels, another class: symmetric label noise. The
// rules are frozen. For train, and then for val, the stream "noise" of the seed draws a permutation; its first round(p·n) examples get, in
// that order, a class that is uniform among the others.
func (s *Source) mislabel(set *Set, p float64, seed uint64) {
	r := rng.Stream(seed, "noise")
	for _, y := range [][]int{set.Train.Y, set.Val.Y} {
		hit := int(math.Round(p * float64(len(y))))
		for _, i := range r.Perm(len(y))[:hit] {
			y[i] = (y[i] + 1 + r.IntN(s.Classes-1)) % s.Classes
		}
	}
}
