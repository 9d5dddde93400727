package sharpness

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"

	"msharp/models/rng"
)

// layered is a network of layers and its weights.
type layered struct {
	bowls
	arrays []Array
	init   []float32
}

func (l layered) Arrays() []Array { return l.arrays }
func (l layered) Init() []float32 { return l.init }

// Norms are those of the dense singular value decomposition, of tall, wide and long arrays, and of a convolution; biases are in none.
func TestLayersMatchTheSVD(t *testing.T) {
	l := layered{arrays: []Array{
		{Rows: 18, Cols: 8}, {Rows: 1, Cols: 8, Bias: true}, {Rows: 300, Cols: 200}, {Rows: 1, Cols: 200, Bias: true},
		{Rows: 20, Cols: 130}, {Rows: 1, Cols: 130, Bias: true}, {Rows: 130, Cols: 1}, {Rows: 1, Cols: 1, Bias: true},
	}}
	r := rng.Stream(1, "layers")
	want := make([]float64, 6)
	for k, a := range l.arrays {
		cols := a.Cols
		w, d := mat.NewDense(a.Size()/cols, cols, nil), mat.NewDense(a.Size()/cols, cols, nil)
		for i := range a.Size() {
			v, from := float32(r.NormFloat64()*float64(k+1)/10), float32(r.NormFloat64()/10)
			l.w, l.init = append(l.w, v), append(l.init, from)
			w.Set(i/cols, i%cols, float64(v))
			d.Set(i/cols, i%cols, float64(v)-float64(from))
		}
		if a.Bias {
			continue
		}
		f, s := math.Pow(mat.Norm(w, 2), 2), squaredTwo(t, w)
		for i, v := range []float64{f, math.Log(f), s, math.Log(s), f / s, squaredTwo(t, d)} {
			want[i] += v
		}
	}
	got := of(t, &Layers{}, l)
	for i, v := range want {
		within(t, Names(&Layers{})[i], got[i], v, 1e-3*math.Abs(v))
	}
}

func squaredTwo(t *testing.T, m *mat.Dense) float64 {
	t.Helper()
	var svd mat.SVD
	if !svd.Factorize(m, mat.SVDNone) {
		t.Fatal("no singular values")
	}
	return math.Pow(svd.Values(nil)[0], 2)
}

// A layer of zeros has norms of 0; what divides by them is NaN.
func TestLayersOfZeros(t *testing.T) {
	l := layered{arrays: []Array{{Rows: 2, Cols: 2}, {Rows: 2, Cols: 1}}}
	l.w, l.init = []float32{3, 0, 0, 4, 0, 0}, make([]float32, 6)
	got := of(t, &Layers{}, l)
	for i, want := range []float64{25, math.NaN(), 16, math.NaN(), math.NaN(), 16} {
		if v := got[i]; math.IsNaN(v) != math.IsNaN(want) || math.Abs(v-want) > 1e-5 {
			t.Errorf("%s is %v, want %v", Names(&Layers{})[i], v, want)
		}
	}
}

// linear is a landscape whose error is the distance of the first weight from its own, at most 1.
type linear struct{ bowls }

func (l linear) Error(w []float32) float64 { return min(1, math.Abs(float64(w[0])-float64(l.w[0]))) }

// The mean of min(1, σ|z|) over known draws is the drop.
func TestFlatnessByHand(t *testing.T) {
	for _, c := range []struct {
		drop     float64
		relative bool
	}{{.1, false}, {.02, false}, {.1, true}} {
		const draws = 7
		l := linear{at([]float64{1, 1}, 4, 1)}
		r, mean := rng.Stream(1, "measure"), 0.
		for range draws {
			a, b := r.Uint64(), r.Uint64()
			z := make([]float32, 2)
			normals(z, rand.New(rand.NewPCG(a, b)))
			mean += math.Abs(float64(z[0])) / draws
		}
		want := math.Pow(mean/c.drop, 2)
		if c.relative {
			want *= 16
		}
		got := of(t, &Flatness{Drop: c.drop, Draws: draws, Relative: c.relative}, l)[0]
		within(t, fmt.Sprintf("1/σ² of %+v", c), got, want, .01*want)
	}
	if v := of(t, &Flatness{Drop: .1, Draws: 3}, wrong{at([]float64{1}, 1)}); v[0] != 0 {
		t.Errorf("where the error never rises: %v", v)
	}
	if v := of(t, &Flatness{Drop: .1, Draws: 3}, brittle{at([]float64{1}, 1)}); !math.IsNaN(v[0]) {
		t.Errorf("where it always does: %v", v)
	}
}

// wrong predicts nothing right anywhere.
type wrong struct{ bowls }

func (wrong) Error([]float32) float64 { return .95 }

// brittle predicts all right once, and nothing after that.
type brittle struct{ bowls }

func (b brittle) Error(w []float32) float64 {
	if &w[0] == &b.w[0] {
		return 0
	}
	return 1
}
