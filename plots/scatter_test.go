package plots

import "testing"

// An axis holds dots that are not compared as long as they are near.
func TestBounds(t *testing.T) {
	low, high := bounds([]float64{0, 10}, []float64{-1, 11.5, 90})
	if low > -1 || high < 11.5 || high > 13 {
		t.Error(low, high)
	}
}
