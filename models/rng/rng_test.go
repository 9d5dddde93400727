package rng

import "testing"

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
