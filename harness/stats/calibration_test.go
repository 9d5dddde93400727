package stats

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"
)

// each calls f for i below n, on every processor.
func each(n int, f func(i int)) {
	var wg sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		wg.Go(func() {
			for i := w; i < n; i += workers {
				f(i)
			}
		})
	}
	wg.Wait()
}

// cube is a full grid of the given numbers of values.
func cube(levels ...int) [][]float64 {
	rows := [][]float64{nil}
	for _, n := range levels {
		var longer [][]float64
		for _, row := range rows {
			for v := range n {
				longer = append(longer, append(row[:len(row):len(row)], float64(v)))
			}
		}
		rows = longer
	}
	return rows
}

// Intervals over seeds cover the expectation of their statistic as often as their level says.
func TestCoverage(t *testing.T) {
	if testing.Short() {
		t.Skip("left out of -short: it simulates thousands of sweeps")
	}
	const sweeps, models = 1000, 24
	grid := cube(3, 8)
	for _, seeds := range []int{5, 10} {
		type intervals struct{ within, pooled, psi Interval }
		all := make([]intervals, sweeps)
		each(sweeps, func(i int) {
			r := rand.New(rand.NewPCG(uint64(seeds), uint64(i)))
			mu, gap := make([][]float64, seeds), make([][]float64, seeds)
			taus := make([]float64, seeds)
			for s := range seeds {
				of, a, b := .4+.3*r.NormFloat64(), r.NormFloat64(), r.NormFloat64() // how well this seed's are ranked; where they lie
				for range models {
					x := r.NormFloat64()
					mu[s] = append(mu[s], x+a)
					gap[s] = append(gap[s], of*x+r.NormFloat64()+.7*b)
				}
				taus[s] = TauB(mu[s], gap[s])
			}
			pooled := Jackknife(seeds, .95, func(without int) float64 {
				var x, y []float64
				for s := range seeds {
					if s != without {
						x, y = append(x, mu[s]...), append(y, gap[s]...)
					}
				}
				return TauB(x, y)
			})
			psi := Jackknife(seeds, .95, func(without int) float64 {
				var hyper [][]float64 // the place in a grid of 3·8, and the seed
				var x, y []float64
				for s := range seeds {
					if s == without {
						continue
					}
					for k, row := range grid {
						hyper, x, y = append(hyper, append(row[:2:2], float64(s))), append(x, mu[s][k]), append(y, gap[s][k])
					}
				}
				_, psi := NewGrid(hyper).Granulated(x, y)
				return psi
			})
			all[i] = intervals{MeanT(taus, .95), pooled, psi}
		})
		for name, of := range map[string]func(intervals) Interval{
			"mean τ within seed": func(v intervals) Interval { return v.within },
			"pooled τ":           func(v intervals) Interval { return v.pooled },
			"pooled Ψ":           func(v intervals) Interval { return v.psi },
		} {
			var expectation mean
			for _, v := range all {
				expectation.add(of(v).Mean)
			}
			covered := 0.
			for _, v := range all {
				if i := of(v); i.Low <= expectation.value() && expectation.value() <= i.High {
					covered += 1. / sweeps
				}
			}
			text := fmt.Sprintf("%s, %d seeds: expectation %.3f, covered in %.1f %%", name, seeds, expectation.value(), 100*covered)
			t.Log(text)
			if !(covered >= .91) || seeds == 10 && !(covered >= .93 && covered <= .97) {
				t.Error(text)
			}
		}
	}
}
