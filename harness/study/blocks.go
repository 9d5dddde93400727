package study

import (
	"msharp/harness/record"
)

// Blocks returns how many blocks the test images of the trials are cut into (record.Blocks), 0 where that is not known: where a trial that
// was measured lacks its results by block, or has another number of blocks.
func (t *Trials) Blocks() int {
	return Once(t, "blocks", func() (n int) {
		for _, r := range t.final {
			if r.Diverged {
				continue
			}
			of := len(r.Values.Blocks.Examples)
			if of == 0 || n > 0 && of != n {
				return 0
			}
			n = of
		}
		return n
	})
}

// WithoutBlock returns the trials as they were without block g of the test images: test errors and losses, and gaps, are those on all
// other images, losses of sums by block to seven digits (record.Blocks). Validation and training errors stay as they are. A trial without results by block, as one that diverged, stays as it is.
func (t *Trials) WithoutBlock(g int) *Trials {
	out := make([]Trial, len(t.final))
	for i, r := range t.final {
		out[i] = r.withoutBlock(g)
	}
	return part(out)
}

func (r Trial) withoutBlock(g int) Trial {
	b := r.Values.Blocks
	if g >= len(b.Examples) {
		return r
	}
	at := *r.reading
	at.row = append([]float64(nil), r.row...)
	set := func(name string, v float64) {
		if i, ok := r.layout.place[name]; ok {
			at.row[i] = v
		}
	}
	images := float64(sum(b.Examples) - b.Examples[g])
	set(TestErrorBestVal.Name, nan)
	if len(b.ErrorsAtBestVal) > 0 {
		set(TestErrorBestVal.Name, float64(sum(b.ErrorsAtBestVal)-b.ErrorsAtBestVal[g])/images)
	}
	testError, testLoss := float64(sum(b.Errors)-b.Errors[g])/images, float64(sum(b.Loss)-b.Loss[g])/images
	trainError, _ := r.Value(TrainError.Name)
	trainLoss, _ := r.Value(TrainLoss.Name)
	set(TestError.Name, testError)
	set("test_loss", testLoss)
	set("error_gap", testError-trainError)
	set(LossGap.Name, testLoss-trainLoss)
	return Trial{&at}
}

func sum[T int | record.Number](xs []T) (s T) {
	for _, x := range xs {
		s += x
	}
	return s
}
