package data

import (
	"math"
	"math/rand/v2"

	"msharp/models/rng"
)

// mislabel gives a share p of the training labels, and the same share of the validation labels, another class: symmetric label noise. The
// rules are frozen. For train, and then for val, the stream "noise" of the seed draws a permutation; its first round(p·n) examples get, in
// that order, a class that is uniform among the others.
func (s *Source) mislabel(set *Set, p float64, seed uint64) {
	r := rng.Stream(seed, "noise")
	mislabel(r, set.Train.Y, s.Classes, p)
	mislabel(r, set.Val.Y, s.Classes, p)
}

func mislabel(r *rand.Rand, y []int, classes int, p float64) {
	hit := int(math.Round(p * float64(len(y))))
	for _, i := range r.Perm(len(y))[:hit] {
		y[i] = (y[i] + 1 + r.IntN(classes-1)) % classes
	}
}
