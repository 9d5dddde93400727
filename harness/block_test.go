package harness

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"msharp/models/rng"
	"msharp/sharpness"
)

// Of a layer, eigenvalues, traces and moments of the density are those of the dense Hessian's diagonal block. The traces sum to that of H, and
// no eigenvalue lies outside those of H.
func TestCurvatureOfLayers(t *testing.T) {
	const hidden = 12
	l := fitted(t, 300, hidden, "tanh", .1)
	H := hessian(l, hidden, false)
	all := eigenvalues(t, H)
	first := (inputs + 1) * hidden
	var sum float64
	for layer, span := range [][2]int{1: {0, first}, 2: {first, len(l.w)}} {
		if layer == 0 {
			continue
		}
		lo, hi := span[0], span[1]
		b := mat.NewSymDense(hi-lo, nil)
		b.CopySym(H.SliceSym(lo, hi))
		values, dim := eigenvalues(t, b), float64(hi-lo)
		near := func(what string, got, want float64) {
			t.Helper()
			if !(math.Abs(got-want) <= 1e-3*math.Abs(want)) {
				t.Errorf("layer %d: %s is %v, want %v", layer, what, got, want)
			}
		}
		of := func(m sharpness.Measure) []float64 {
			v, err := m.Of(l, rng.Stream(1, "layers"))
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		v := of(&sharpness.Hessian{K: 3, Steps: 60, Layer: layer})
		near("λ1", v[0], values[0])
		near("λ2", v[4], values[1])
		near("λ3", v[6], values[2])
		if small := values[len(values)-1]; !(math.Abs(v[2]-small) <= 1e-3*values[0]) {
			t.Errorf("layer %d: the smallest eigenvalue is %v, want %v", layer, v[2], small)
		}
		if !(v[0] <= all[0]*(1+1e-5)) || !(v[2] >= all[len(all)-1]-1e-5*all[0]) {
			t.Errorf("layer %d: eigenvalues %v and %v, of all weights %v and %v", layer, v[0], v[2], all[0], all[len(all)-1])
		}
		trace := mat.Trace(b)
		got := of(&sharpness.Trace{Estimator: "xtrace", Products: 1000, Layer: layer})
		near("the trace by the diagonal", got[0], trace)
		sum += got[0]
		for _, m := range []sharpness.Measure{
			&sharpness.Trace{Estimator: "xtrace", Products: 30, Layer: layer}, &sharpness.Trace{Estimator: "hutchinson", Products: 1000, Layer: layer},
		} {
			if v := of(m); !(math.Abs(v[0]-trace) <= 4*v[1]+1e-4*trace) || !(v[1] <= .2*trace) {
				t.Errorf("layer %d: the trace is %v ± %v, want %v", layer, v[0], v[1], trace)
			}
		}
		var square mat.Dense
		square.Mul(b, b)
		v = of(&sharpness.Density{Probes: 200, Steps: 10, Layer: layer})
		if !(math.Abs(v[0]-trace/dim) <= .2*trace/dim) || !(math.Abs(v[1]-mat.Trace(&square)/dim) <= .3*mat.Trace(&square)/dim) {
			t.Errorf("layer %d: moments %v and %v, want %v and %v", layer, v[0], v[1], trace/dim, mat.Trace(&square)/dim)
		}
	}
	if want := mat.Trace(H); !(math.Abs(sum-want) <= 1e-3*want) {
		t.Errorf("the traces of the layers sum to %v, want %v", sum, want)
	}
	const no = "layer = 3: no such layer; expected at most 2, the layers with weights of this network, or 0 for all weights"
	for _, m := range []sharpness.Measure{
		&sharpness.Hessian{K: 1, Steps: 2, Layer: 3}, &sharpness.Trace{Products: 4, Layer: 3}, &sharpness.Density{Probes: 1, Steps: 2, Layer: 3},
	} {
		if _, err := m.Of(l, rng.Stream(1, "layers")); err == nil || err.Error() != no {
			t.Errorf("of a layer that there is not, %T says %v", m, err)
		}
	}
}
