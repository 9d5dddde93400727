package harness

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"msharp/models"
	"msharp/models/rng"
	"msharp/sharpness"
)

// A part is the landscape of its examples alone, whatever is asked of the whole in between.
func TestPartsOfALandscape(t *testing.T) {
	l := land(t, 700, mlp, models.Shape{C: 6, H: 1, W: 1})
	g, want := make([]float32, len(l.w)), make([]float32, len(l.w))
	for _, c := range [][2]int{{0, 700}, {0, 1}, {699, 700}, {100, 600}, {256, 512}} {
		lo, hi := c[0], c[1]
		alone := &landscape{split: newSplit(l.net, l.batch.Slice(lo, hi)), w: l.w}
		part := l.Part(lo, hi)
		l.Loss(l.w)
		if loss := part.Grad(g, l.w); loss != alone.Grad(want, l.w) || part.Loss(l.w) != alone.Loss(l.w) || !slices.Equal(g, want) {
			t.Errorf("[%d, %d): loss %v, want %v; gradients %v, %v", lo, hi, loss, alone.Loss(l.w), g[:3], want[:3])
		}
		if part.Error(l.w) != alone.Error(l.w) || part.Examples() != hi-lo {
			t.Errorf("[%d, %d): error %v of %d, want %v", lo, hi, part.Error(l.w), part.Examples(), alone.Error(l.w))
		}
	}
}

// Arrays are the matrices and biases of the layers, all weights in order.
func TestArraysOfALandscape(t *testing.T) {
	l := land(t, 3, &models.CNN{Blocks: []models.Block{{Channels: 3, Kernel: 3, Stride: 1, Pad: 1, Pool: 2}}, Hidden: []int{5}, Activation: "relu"}, models.Shape{C: 2, H: 6, W: 6})
	want := []sharpness.Array{{Rows: 18, Cols: 3, Layer: 1}, {Rows: 1, Cols: 3, Bias: true, Layer: 1}, {Rows: 27, Cols: 5, Layer: 2}, {Rows: 1, Cols: 5, Bias: true, Layer: 2},
		{Rows: 5, Cols: 3, Layer: 3}, {Rows: 1, Cols: 3, Bias: true, Layer: 3}}
	size := 0
	for _, a := range l.Arrays() {
		size += a.Size()
	}
	if got := l.Arrays(); !slices.Equal(got, want) || size != len(l.w) {
		t.Errorf("%+v of %d weights, want %+v", got, size, want)
	}
}

// Where a layer is scaled by a and the next by 1/a, which leaves a ReLU network's function as it is, adaptive sharpness stays at η = 0; plain
// sharpness does not, nor does adaptive with η.
func TestAdaptiveSharpnessIsScaleInvariant(t *testing.T) {
	l := fitted(t, 96, 12, "relu", .3)
	const a = 8
	scaledNet := *l
	scaledNet.w = slices.Clone(l.w)
	layer := (inputs + 1) * 12
	for i := range layer {
		scaledNet.w[i] *= a
	}
	for i := layer; i < layer+12*outputs; i++ {
		scaledNet.w[i] /= a
	}
	near := func(a, b float64) bool { return math.Abs(a-b) <= 1e-4*math.Abs(b) }
	if loss, want := scaledNet.Loss(scaledNet.w), l.Loss(l.w); !near(loss, want) {
		t.Fatalf("scaled, the loss is %v, not %v", loss, want)
	}
	for _, m := range []int{0, 1, 8} {
		for _, p := range []float64{2, math.Inf(1)} {
			adaptive := func(eta float64, steps int) sharpness.Measure {
				return &sharpness.Adaptive{M: []int{m}, Rho: []float64{.1}, Eta: eta, Biases: true, Steps: steps, P: p}
			}
			plain := &sharpness.MSharpness{M: []int{m}, Rho: []float64{.1}, Steps: 1, P: p}
			for _, c := range []struct {
				name  string
				m     sharpness.Measure
				stays bool
			}{{"adaptive", adaptive(0, 1), true}, {"adaptive, 3 steps", adaptive(0, 3), true}, {"adaptive, η = .1", adaptive(.1, 1), false}, {"plain", plain, false}} {
				was, is := valueOf(t, c.m, l), valueOf(t, c.m, &scaledNet)
				if near(is, was) != c.stays || !(was > 0) {
					t.Errorf("m = %d, p = %v, %s: %v, scaled %v", m, p, c.name, was, is)
				}
			}
		}
	}
}

// valueOf returns a measure's second column.
func valueOf(t *testing.T, m sharpness.Measure, l sharpness.Landscape) float64 {
	t.Helper()
	v, err := m.Of(l, rng.Stream(1, "points"))
	if err != nil {
		t.Fatal(err)
	}
	return v[1]
}

// On networks the worst case is at least what one step and what projected ascent of as many steps find, but for a part in a hundred.
func TestWorstOfNetworks(t *testing.T) {
	for _, c := range []struct {
		spec models.Spec
		in   models.Shape
	}{{mlp, models.Shape{C: 6, H: 1, W: 1}}, {cnn, models.Shape{C: 2, H: 6, W: 6}}} {
		l := land(t, 64, c.spec, c.in)
		for _, m := range []int{1, 16, 0} {
			for _, p := range []float64{2, math.Inf(1)} {
				at := fmt.Sprintf("%T, m = %d, p = %v", c.spec, m, p)
				v, err := (&sharpness.Worst{M: []int{m}, Rho: []float64{.2}, Steps: 20, P: p}).Of(l, rng.Stream(1, "worst"))
				if err != nil {
					t.Fatal(err)
				}
				one := valueOf(t, &sharpness.MSharpness{M: []int{m}, Rho: []float64{.2}, Steps: 1, P: p}, l)
				many := valueOf(t, &sharpness.MSharpness{M: []int{m}, Rho: []float64{.2}, Steps: 20, P: p}, l)
				t.Logf("%s: %.5g, one step %.5g, 20 steps %.5g", at, v[0], one, many)
				if !(v[0] >= one*(1-1e-5)) || !(v[0] >= .99*many) {
					t.Errorf("%s: %v, of one step %v, of 20 %v", at, v[0], one, many)
				}
			}
		}
	}
}

// On a network the critical sharpness is close to gᵀHg/‖g‖² where the step is short, and the loss at the critical step is what it was.
func TestCriticalOfANetwork(t *testing.T) {
	l := fitted(t, 96, 12, "tanh", .3)
	v, err := (&sharpness.Critical{}).Of(l, nil)
	if err != nil {
		t.Fatal(err)
	}
	g, up := make([]float32, len(l.w)), make([]float32, len(l.w))
	clean := l.Grad(g, l.w)
	for _, c := range []struct {
		share float64
		rises bool
	}{{.99, false}, {1.01, true}} {
		for i := range up {
			up[i] = float32(float64(l.w[i]) - c.share*v[1]*float64(g[i]))
		}
		if loss := l.Loss(up); (loss > clean) != c.rises {
			t.Errorf("at %v of the critical step %v the loss is %v, it was %v", c.share, v[1], loss, clean)
		}
	}
}

// Responses reach over all chunks, in order: their losses are the split's, and its errors are where a margin is below 0.
func TestResponsesOfALandscape(t *testing.T) {
	for _, c := range []struct {
		spec     models.Spec
		in       models.Shape
		features int
	}{{mlp, models.Shape{C: 6, H: 1, W: 1}, 9}, {cnn, models.Shape{C: 2, H: 6, W: 6}, 27}, {&models.MLP{}, models.Shape{C: 6, H: 1, W: 1}, 6}} {
		l := land(t, 600, c.spec, c.in)
		var loss, below float64
		n, active := 0, 0
		l.Responses(l.w, func(logits, features []float32, label int) {
			var sum float64
			most := math.Inf(-1)
			for k, z := range logits {
				sum += math.Exp(float64(z))
				if k != label {
					most = max(most, float64(z))
				}
			}
			loss += (math.Log(sum) - float64(logits[label])) / 600
			if float64(logits[label]) < most {
				below += 1. / 600
			}
			if label != l.batch.Y[n] || len(features) != c.features {
				t.Errorf("%T: example %d has label %d and %d features", c.spec, n, label, len(features))
			}
			for _, v := range features {
				if v > 0 {
					active++
				}
			}
			n++
		})
		if n != 600 || !(math.Abs(loss-l.Loss(l.w)) <= 1e-5*loss) || !(math.Abs(below-l.Error(l.w)) <= 1e-9) {
			t.Errorf("%T: %d responses, loss %v, error %v; want %v, %v", c.spec, n, loss, below, l.Loss(l.w), l.Error(l.w))
		}
		v, err := (&sharpness.Features{}).Of(l, nil)
		if err != nil || !(v[0] >= 1 && v[0] <= float64(c.features)) || math.Abs(v[1]-float64(active)/float64(600*c.features)) > 1e-12 {
			t.Errorf("%T: rank and share of active units %v, %v", c.spec, v, err)
		}
		for q, share := range map[float64]float64{1: 0, .01: 0} {
			v, err := (&sharpness.Margin{Q: []float64{q}}).Of(l, nil)
			if err != nil || q == 1 && !(v[0] > share) || q < 1 && !(v[0] < share) {
				t.Errorf("%T: the margin at %v is %v, %v", c.spec, q, v, err)
			}
		}
	}
}
