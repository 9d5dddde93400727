package models

import "fmt"

// second is what a layer says of its second derivatives: one of these, or none.
type second struct {
	bilinear    Bilinear
	elementwise Elementwise
	piecewise   Piecewise
}

func secondOf(l Layer) (s second) {
	s.bilinear, _ = l.(Bilinear)
	if _, weighted := l.(Weighted); !weighted { // of the others no derivative by weights is known
		s.elementwise, _ = l.(Elementwise)
		s.piecewise, _ = l.(Piecewise)
	}
	return s
}

func (s second) known() bool { return s.bilinear != nil || s.elementwise != nil || s.piecewise != nil }

// SecondOrder returns nil if a Problem of n has HessVec and GaussNewtonVec. If not, the error names the layer that says nothing of its
// second derivatives. Layers before the first with weights need not.
func (n *Net) SecondOrder() error {
	for l := n.first; l < len(n.stages); l++ {
		if s := n.stages[l]; s.known() {
			continue
		} else if s.weighted != nil {
			return fmt.Errorf("layer %d, %T, has no second derivatives: a layer with weights needs the methods of models.Bilinear", l+1, s.Layer)
		} else {
			return fmt.Errorf("layer %d, %T, has no second derivatives: it needs the methods of models.Elementwise or models.Piecewise", l+1, s.Layer)
		}
	}
	return nil
}
