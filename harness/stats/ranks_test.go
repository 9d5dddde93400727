package stats

import (
	"math"
	"slices"
	"testing"
)

func TestRanks(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	if got := ranks([]float64{5, 1, 5, inf, -inf, 5}); !slices.Equal(got, []float64{4, 2, 4, 6, 1, 4}) {
		t.Error(got)
	}
	if got := ranks([]float64{1, nan}); !math.IsNaN(got[0]) || !math.IsNaN(got[1]) {
		t.Error(got)
	}
	if got := ranks(nil); len(got) != 0 {
		t.Error(got)
	}
}
