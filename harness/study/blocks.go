package study

import (
	"sync"

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
// other images, losses of sums by block to seven digits (record.Blocks). Validation and training errors stay as they are. A trial without
// results by block, as one that diverged, stays as it is. Settings are those of t. One block at a time is left out: a second one in place of
// the first.
func (t *Trials) WithoutBlock(g int) *Trials {
	out := make([]Trial, len(t.final))
	for i, r := range t.final {
		out[i] = Trial{r.reading, g + 1}
	}
	v := &Trials{final: out, whole: t, left: g, swept: t.swept, distinct: t.distinct, seeds: t.seeds}
	v.base = sync.OnceValue(func() *Trials { return t.Base().WithoutBlock(g) })
	v.ascent = sync.OnceValue(func() *Trials { return t.Ascent().WithoutBlock(g) })
	return v
}

// outside is a number on the test images outside of a block, where test images have a part in it: nil of a number of any other name.
func outside(name string) func(r Trial) float64 {
	switch name {
	case "test_error":
		return func(r Trial) float64 { return r.errorOutside() }
	case "test_loss":
		return func(r Trial) float64 { return r.lossOutside() }
	case "error_gap":
		return func(r Trial) float64 { return r.errorOutside() - r.all.trainError }
	case "loss_gap":
		return func(r Trial) float64 { return r.lossOutside() - r.all.trainLoss }
	case "test_error_at_best_val":
		return func(r Trial) float64 {
			of := r.Values.Blocks.ErrorsAtBestVal
			if len(of) == 0 {
				return nan
			}
			return float64(r.all.best-of[r.without-1]) / r.imagesOutside()
		}
	}
	return nil
}

// lacksBlock reports that a block is left out of the trial's test images.
func (r Trial) lacksBlock() bool {
	return r.without > 0 && !r.Diverged && r.without <= len(r.Values.Blocks.Examples)
}

func (r Trial) imagesOutside() float64 {
	return float64(r.all.examples - r.Values.Blocks.Examples[r.without-1])
}

func (r Trial) errorOutside() float64 {
	return float64(r.all.errors-r.Values.Blocks.Errors[r.without-1]) / r.imagesOutside()
}

func (r Trial) lossOutside() float64 {
	return (r.all.loss - float64(r.Values.Blocks.Loss[r.without-1])) / r.imagesOutside()
}

// sums are a trial's results on all blocks of its test images together, and the results on training images that gaps are to.
type sums struct {
	examples, errors, best int
	loss                   float64
	trainError, trainLoss  float64
}

func sumsOf(v record.Values) (s sums) {
	b := v.Blocks
	s = sums{examples: sum(b.Examples), errors: sum(b.Errors), best: sum(b.ErrorsAtBestVal), loss: float64(sum(b.Loss)), trainError: nan, trainLoss: nan}
	if x, ok := v.Numbers["train_error"]; ok {
		s.trainError = float64(x)
	}
	if x, ok := v.Numbers["train_loss"]; ok {
		s.trainLoss = float64(x)
	}
	return s
}

func sum[T int | record.Number](xs []T) (s T) {
	for _, x := range xs {
		s += x
	}
	return s
}
