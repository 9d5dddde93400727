package harness

import (
	"math"
	"testing"

	"msharp/harness/data"
)

// The results by block are those of the examples of the block, and together those of the test split. A block is the same examples of the
// file whatever the seed and the split.
func TestBlocks(t *testing.T) {
	words := []string{"epochs=2", "optimizer.rho=0.05", "optimizer.m=4", "seed=1"}
	trial := plan(t, small, words...).Trials[0]
	rec, err := Train(trial, nil)
	if err != nil {
		t.Fatal(err)
	}
	b := rec.Values.Blocks
	examples, errors, loss := 0, 0, 0.
	for i := range b.Examples {
		examples, errors, loss = examples+b.Examples[i], errors+b.Errors[i], loss+float64(b.Loss[i])
	}
	wantError, _ := rec.Value("test_error")
	wantLoss, _ := rec.Value("test_loss")
	if n := float64(examples); len(b.Examples) != data.Blocks || float64(errors)/n != wantError || !(math.Abs(loss/n-wantLoss) <= 1e-6*wantLoss) {
		t.Errorf("%d blocks, error %v, loss %v of %d examples, want %v and %v", len(b.Examples), float64(errors)/n, loss/n, examples, wantError, wantLoss)
	}

	run, err := trainingOf(trial, nil)
	if err != nil {
		t.Fatal(err)
	}
	all := run.test.score(run.w)
	test := run.test.batch
	for block := range data.Blocks {
		n, wrong, sum := 0, 0, 0.
		for i, of := range run.test.block {
			if int(of) != block {
				continue
			}
			run.test.problem.Reset(test.Slice(i, i+1))
			losses, p := run.test.problem.Eval(run.w)
			n, sum = n+1, sum+losses[0]
			if p[0] != test.Y[i] {
				wrong++
			}
		}
		if got := all.blocks; got.Examples[block] != n || got.Errors[block] != wrong || !(math.Abs(float64(got.Loss[block])-sum) <= 1e-5*sum) {
			t.Errorf("block %d: %d of %d wrong, loss %v; one by one %d of %d, %v", block, got.Errors[block], got.Examples[block], got.Loss[block], wrong, n, sum)
		}
	}
}
