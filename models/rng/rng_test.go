package rng

import (
	"math"
	"math/rand/v2"
	"testing"
)

// The streams decide splits, initial weights and batch order, so their first draws are frozen.
func TestStreamsAreFrozen(t *testing.T) {
	for _, c := range []struct {
		seed    uint64
		purpose string
		want    uint64
	}{
		{1, "split", 9614665930907134163},
		{1, "init", 12426426206838105735},
		{7, "batches/3", 12268198712480828043},
	} {
		if got := Stream(c.seed, c.purpose).Uint64(); got != c.want {
			t.Errorf("Stream(%d, %q) starts with %d, want %d", c.seed, c.purpose, got, c.want)
		}
	}
}

// Normal draws the standard library's number from the same stream, but for the few whose taking hangs on a last bit.
func TestNormalIsTheStandardLibrarys(t *testing.T) {
	const draws = 2_000_000
	tails, others := 0, 0
	for i := range uint64(draws) {
		got, want := Normal(rand.New(rand.NewPCG(i, 1))), rand.New(rand.NewPCG(i, 1)).NormFloat64()
		if !(math.Abs(got-want) <= 1e-15*math.Abs(want)) {
			others++
		}
		if math.Abs(got) > tail {
			tails++
		}
	}
	if others > 1 || tails < draws/2000 {
		t.Errorf("of %d draws %d are not the standard library's, and %d from the tail", draws, others, tails)
	}
}

// Initial weights hang on the bits, so a sum of the first draws is frozen.
func TestNormalIsFrozen(t *testing.T) {
	r, sum := Stream(1, "normal"), uint64(0)
	for range 100_000 {
		sum = sum*0x9e3779b97f4a7c15 + math.Float64bits(Normal(r))
	}
	if want := uint64(0x757dd4a14d8e1798); sum != want {
		t.Errorf("the bits sum to %#x, want %#x", sum, want)
	}
}
