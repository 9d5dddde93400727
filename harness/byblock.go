package harness

import (
	"msharp/harness/data"
	"msharp/harness/record"
)

// byBlock sums results on examples by block; nil of examples without blocks.
type byBlock []struct {
	examples, errors int
	loss             float64
}

func newBlocks(block []uint8) byBlock {
	if block == nil {
		return nil
	}
	return make(byBlock, data.Blocks)
}

// add adds the losses and the predicted classes of the examples from first on. block and y are those of all examples.
func (b byBlock) add(block []uint8, first int, losses []float64, predicted, y []int) {
	if b == nil {
		return
	}
	for k, loss := range losses {
		at := &b[block[first+k]]
		at.examples++
		at.loss += loss
		if predicted[k] != y[first+k] {
			at.errors++
		}
	}
}

// record returns the sums as a record has them.
func (b byBlock) record() (out record.Blocks) {
	for _, at := range b {
		out.Examples, out.Errors = append(out.Examples, at.examples), append(out.Errors, at.errors)
		out.Loss = append(out.Loss, record.Rounded(at.loss))
	}
	return out
}
