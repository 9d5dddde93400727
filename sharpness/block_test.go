package sharpness

import (
	"slices"
	"testing"
)

// Of a network of one layer, that layer's block is all of the Hessian, to the bit. Names and streams of all weights say nothing of layers.
func TestBlockOfTheOnlyLayer(t *testing.T) {
	for _, c := range []struct{ all, layer Measure }{
		{&Hessian{K: 2, Steps: 4}, &Hessian{K: 2, Steps: 4, Layer: 1}},
		{&Trace{Estimator: "xtrace", Products: 4}, &Trace{Estimator: "xtrace", Products: 4, Layer: 1}},
		{&Trace{Estimator: "hutchinson", Products: 3}, &Trace{Estimator: "hutchinson", Products: 3, Layer: 1}},
		{&Density{Probes: 2, Steps: 3}, &Density{Probes: 2, Steps: 3, Layer: 1}},
	} {
		if all, layer := of(t, c.all, more()), of(t, c.layer, more()); !slices.Equal(all, layer) {
			t.Errorf("%T of all weights is %v, of the only layer %v", c.all, all, layer)
		}
		for i, col := range c.layer.Columns() {
			without := slices.DeleteFunc(slices.Clone(col.Params), func(p Param) bool { return p.Key == "layer" })
			if all := c.all.Columns()[i]; len(without)+1 != len(col.Params) || !slices.Equal(all.Params, without) || all.Measure != col.Measure {
				t.Errorf("the column %s of a layer is %s of all weights", col.Name(), all.Name())
			}
		}
	}
}
