package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

// MaxT equals the enumeration of all patterns with t statistics by their definition, on random numbers and on small whole numbers, whose sums
// tie.
func TestMaxTIsItsDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 7))
	for trial := range 300 {
		columns := make([][]float64, 1+r.IntN(4))
		n := 2 + r.IntN(7)
		for k := range columns {
			for range n {
				x := r.NormFloat64() + .5
				if trial%3 > 0 {
					x = math.Round(x * float64(trial%3-1)) // of every third trial all zeros
				}
				columns[k] = append(columns[k], x)
			}
			if k > 0 && trial%7 == 0 {
				clear(columns[k])
			}
		}
		largest := func(pattern int) float64 {
			most := math.Inf(-1)
			for _, c := range columns {
				flipped := make([]float64, n)
				for i, x := range c {
					if flipped[i] = x; pattern>>i&1 == 1 {
						flipped[i] = -x
					}
				}
				most = math.Max(most, math.Atan(TestZero(flipped, .95).T)) // which is finite
			}
			return most
		}
		reach := 0.
		for pattern := range 1 << n {
			if largest(pattern) >= largest(0)-1e-9*math.Abs(largest(0)) {
				reach++
			}
		}
		if got, want := MaxT(columns), reach/float64(int(1)<<n); got != want {
			t.Fatalf("trial %d: %v, want %v of %v", trial, got, want, columns)
		}
		if got, want := MaxT(columns[:1]), SignFlip(columns[0]).Greater; got != want {
			t.Fatalf("trial %d: one column %v, sign flips %v", trial, got, want)
		}
	}
}

// Among five related columns without an effect, the test finds one in 5 % of samples, with all patterns of signs and with drawn ones.
func TestMaxTOfNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("left out of -short: it simulates thousands of samples")
	}
	for _, c := range []struct {
		rows, samples int
		low, high     float64
	}{{9, 2000, .035, .06}, {25, 1000, .033, .067}} {
		found := make([]bool, c.samples)
		each(c.samples, func(i int) {
			r := rand.New(rand.NewPCG(8, uint64(i)))
			columns := make([][]float64, 5)
			for range c.rows {
				shared := r.NormFloat64()
				for k := range columns {
					columns[k] = append(columns[k], shared+r.NormFloat64()*float64(1+k))
				}
			}
			found[i] = MaxT(columns) <= .05
		})
		rate := 0.
		for _, f := range found {
			if f {
				rate += 1 / float64(c.samples)
			}
		}
		t.Logf("%d rows: found in %.1f %%", c.rows, 100*rate)
		if !(rate >= c.low && rate <= c.high) {
			t.Errorf("%d rows: found in %.1f %%", c.rows, 100*rate)
		}
	}
}

// The number of drawn patterns depends on rows and columns, and their p is about that of all patterns.
func TestMaxTDrawn(t *testing.T) {
	for _, c := range []struct{ n, columns, want int }{
		{21, 1, 100_000}, {2684, 1, 100_000}, {2685, 1, 99_975}, {2440, 7, 15_716}, {100, 10_000, 10_000},
	} {
		if got := draws(c.n, c.columns); got != c.want {
			t.Errorf("%d rows of %d columns: %d patterns, want %d", c.n, c.columns, got, c.want)
		}
	}
	r := rand.New(rand.NewPCG(14, 15))
	columns := make([][]float64, 3)
	for k := range columns {
		for range exactFlips {
			columns[k] = append(columns[k], r.NormFloat64()+.2)
		}
	}
	want := MaxT(columns)
	for k := range columns {
		columns[k] = append(columns[k], make([]float64, 100)...) // which change no sum
	}
	if got := MaxT(columns); !(math.Abs(got-want) <= 4*math.Sqrt(want/flipDraws)) || got == want {
		t.Errorf("drawn %v, exact %v", got, want)
	}
}

func TestMaxTEdges(t *testing.T) {
	for _, columns := range [][][]float64{nil, {nil}, {{1, 2}, {1, math.NaN()}}, {{1, math.Inf(1)}}} {
		if got := MaxT(columns); !math.IsNaN(got) {
			t.Errorf("%v: %v", columns, got)
		}
	}
	if got := MaxT([][]float64{{0, 0, 0}, {-1, -2, -3}}); got != 1 {
		t.Errorf("no column is positive: %v", got)
	}
	long := fill(make([]float64, 30), 1)
	if got := MaxT([][]float64{long}); got != 1/float64(flipDraws+1) {
		t.Errorf("30 rows: %v", got)
	}
}
