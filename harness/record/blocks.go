package record

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
)

// Blocks are a trial's results on the test examples by block. The blocks cut the test images of a data set the same way for every trial,
// so that a statistic can be had without each block in turn. All slices have one element a block; a trial whose results are not known by
// block has none.
type Blocks struct {
	Examples        []int    `json:"examples"`
	Errors          []int    `json:"errors"`                       // examples predicted wrong
	Loss            []Number `json:"loss"`                         // summed cross-entropy in nats, to seven digits
	ErrorsAtBestVal []int    `json:"errors_at_best_val,omitempty"` // at the epoch of best validation; nil unless asked for
}

// blocks is where Values holds them.
const blocks = "test_blocks"

// Rounded is x to the seven digits of a block's loss: of a mean over all blocks it is right to 1e-6.
func Rounded(x float64) Number {
	v, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 7, 64), 64)
	return Number(v)
}

// check returns why b cannot be the blocks of a trial, or nil.
func (b Blocks) check() error {
	n := len(b.Examples)
	for _, of := range []struct {
		name string
		n    int
	}{{"errors", len(b.Errors)}, {"loss", len(b.Loss)}, {"errors_at_best_val", len(b.ErrorsAtBestVal)}} {
		if of.n != n && (of.name != "errors_at_best_val" || of.n != 0) {
			return fmt.Errorf("%s has %d values; expected %d, as many as examples", of.name, of.n, n)
		}
	}
	return nil
}

func (b *Blocks) UnmarshalJSON(text []byte) error {
	type bare Blocks
	if err := json.Unmarshal(text, (*bare)(b)); err != nil {
		return err
	}
	return b.check()
}

// equal reports whether two records of a trial can both be right. One may lack all blocks, or the errors at best validation.
func (b Blocks) equal(c Blocks) bool {
	return b.Examples == nil || c.Examples == nil || slices.Equal(b.Examples, c.Examples) && slices.Equal(b.Errors, c.Errors) &&
		slices.EqualFunc(b.Loss, c.Loss, same) &&
		(b.ErrorsAtBestVal == nil || c.ErrorsAtBestVal == nil || slices.Equal(b.ErrorsAtBestVal, c.ErrorsAtBestVal))
}

// blocks steps over what Blocks is written as.
func (d *decoder) blocks() (b Blocks) {
	d.want(`{"examples":`)
	b.Examples = d.integers()
	d.want(`,"errors":`)
	b.Errors = d.integers()
	d.want(`,"loss":[`)
	for more := true; more; more = d.more("]") {
		b.Loss = append(b.Loss, d.floatUnless(d.without&WithoutNumbers != 0))
	}
	if d.next(`,"errors_at_best_val":`) {
		b.ErrorsAtBestVal = d.integers()
	}
	d.want("}")
	if b.check() != nil {
		d.stop()
	}
	if d.without&WithoutNumbers != 0 {
		return Blocks{}
	}
	return b
}

// integers steps over a list of integers that is not empty.
func (d *decoder) integers() []int {
	d.counts = d.counts[:0]
	d.want("[")
	for more := true; more; more = d.more("]") {
		d.counts = append(d.counts, d.integer())
	}
	return slices.Clone(d.counts)
}
