// Package rng gives every purpose its own random stream of a trial's seed, so that drawing more for one purpose
// changes no other draw.
package rng

import (
	"hash/fnv"
	"math/rand/v2"
)

// Stream returns the random stream of seed for a named purpose: "split", "init", "batches/3", "measure/x".
// Equal arguments give equal streams on every platform.
func Stream(seed uint64, purpose string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(purpose))
	return rand.New(rand.NewPCG(seed, h.Sum64()))
}
