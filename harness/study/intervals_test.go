package study_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"msharp/harness/record"
	"msharp/harness/stats"
	"msharp/harness/study"
)

// blocked are three seeds of one setting, with wrong[seed][block] of ten images a block.
func blocked(wrong [][]int) (recs []record.Record) {
	for i, errors := range wrong {
		b := record.Blocks{Errors: errors}
		sum := 0
		for _, k := range errors {
			sum += k
			b.Examples, b.Loss = append(b.Examples, 10), append(b.Loss, record.Number(k))
		}
		share := record.Number(float64(sum) / float64(10*len(errors)))
		recs = append(recs, record.Record{
			ID: fmt.Sprint(i), Status: record.Done, Config: map[string]any{"seed": float64(i + 1)},
			Values: record.Values{Numbers: map[string]record.Number{"test_error": share, "val_error": share, "train_loss": .5}, Blocks: b},
		})
	}
	return recs
}

// The variance of a mean test error is s²/S over seeds plus that of the means of blocks; what test images have no part in has the first alone.
func TestIntervals(t *testing.T) {
	wrong := [][]int{{1, 2, 4, 0}, {2, 3, 3, 1}, {4, 3, 5, 2}}
	recs := blocked(wrong)
	of := study.Of(recs)
	got := of.Intervals(func(t *study.Trials) []study.PerSeed {
		return []study.PerSeed{t.All(study.TestError).PerSeed, t.All(study.ValError).PerSeed, {}}
	})
	var errors []float64
	blocks := make([]float64, 4)
	for _, w := range wrong {
		sum := 0.
		for g, k := range w {
			sum += float64(k) / 40
			blocks[g] += float64(k) / 30
		}
		errors = append(errors, sum)
	}
	variance := func(xs []float64) float64 { // of their mean
		mean, ss, n := 0., 0., float64(len(xs))
		for _, x := range xs {
			mean += x / n
		}
		for _, x := range xs {
			ss += (x - mean) * (x - mean)
		}
		return ss / (n * (n - 1))
	}
	a, b := variance(errors), variance(blocks)
	want := stats.Crossed{Value: (errors[0] + errors[1] + errors[2]) / 3, N: 3, Seeds: a, Images: b, Nu: (a + b) * (a + b) / (a*a/2 + b*b/3)}.Interval(.95)
	near := func(a, b stats.Interval) bool {
		return math.Abs(a.Mean-b.Mean) < 1e-12 && math.Abs(a.Low-b.Low) < 1e-12 && math.Abs(a.High-b.High) < 1e-12 && a.N == b.N
	}
	if seeds := stats.MeanT(errors, .95); !near(got[0], want) || !near(got[1], seeds) || near(want, seeds) {
		t.Errorf("%+v, want %+v over seeds and images, %+v over seeds", got, want, seeds)
	}
	if none := got[2]; none.N != 0 || !math.IsNaN(none.Mean) || !math.IsNaN(none.Low) {
		t.Errorf("of no values %+v", none)
	}
	lacks := slices.Clone(recs)
	lacks[1].Values.Blocks = record.Blocks{}
	for _, c := range []struct {
		of   *study.Trials
		y    study.Field
		want string
	}{
		{of, study.TestError, "95 % interval over seeds and test images"}, {of, study.ErrorGap, "95 % interval over seeds and test images"},
		{of, study.ValError, "95 % t interval over seeds"}, {of, study.TrainLoss, "95 % t interval over seeds"},
		{study.Of(lacks), study.LossGap, "95 % t interval over seeds, given these test images"},
	} {
		if got := c.of.IntervalText(c.y); got != c.want {
			t.Errorf("%s: %q, want %q", c.y.Name, got, c.want)
		}
	}
}
