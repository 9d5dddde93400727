package harness

import (
	"msharp/models"
	"msharp/sharpness"
)

// filters returns the filters of a network: the weights into a unit of a dense layer, or into a channel of a convolution. Biases are in none.
func filters(arrays []models.Array) (all []sharpness.Filter) {
	at := 0
	for _, a := range arrays {
		if len(a.Shape) > 1 { // the last index is the unit, or the channel
			n := a.Shape[len(a.Shape)-1]
			for k := range n {
				all = append(all, sharpness.Filter{At: at + k, Step: n, Len: a.Size() / n})
			}
		}
		at += a.Size()
	}
	return all
}
