package models

import (
	"math"
	"math/rand/v2"

	"msharp/models/kernel"
	"msharp/models/rng"
)

var (
	_ LowRank    = Dense{}
	_ Bilinear   = Dense{}
	_ Scratching = Dense{}
)

// Dense is y = xW + b, with any input shape read as one vector. Its weights are W, in × Units row-major, then b: a forward product
// then needs no transpose, and the wide first layer has no backward one.
type Dense struct {
	Units int
	Gain  float64 // initial weights are normal with deviation Gain/√in (He et al. 2015: √2 before a ReLU); biases are 0
}

func (d Dense) Out(Shape) (Shape, error) { return Shape{d.Units, 1, 1}, nil }

func (d Dense) NumParams(in Shape) int { return d.Units * (in.Size() + 1) }

func (d Dense) Init(w []float32, in Shape, r *rand.Rand) {
	W, _ := d.split(w, in)
	initNormal(W, d.Gain, r)
}

// initNormal draws W, in × out, unit by unit, with deviation gain/√in.
func initNormal(W kernel.Mat, gain float64, r *rand.Rand) {
	deviation := gain / math.Sqrt(float64(W.Rows))
	for u := range W.Cols {
		for i := range W.Rows {
			W.Row(i)[u] = float32(deviation * rng.Normal(r))
		}
	}
}

// split views w as W, in × Units, and b.
func (d Dense) split(w []float32, in Shape) (W kernel.Mat, b []float32) {
	n := in.Size() * d.Units
	return kernel.View(in.Size(), d.Units, w[:n]), w[n:]
}

func (d Dense) Biases(in Shape) (lo, hi int) { return in.Size() * d.Units, d.NumParams(in) }

func (d Dense) Forward(p Pass) {
	W, b := d.split(p.W, p.In)
	p.Scratch.MulPlusRow(p.Y, p.X.Strided(), W, b)
}

func (d Dense) BackwardData(dx kernel.Mat, p Pass) {
	W, _ := d.split(p.W, p.In)
	p.Scratch.MulTransposed(dx, p.DY, W)
}

func (d Dense) BackwardWeights(g []float32, p Pass, acc bool) {
	dW, db := d.split(g, p.In)
	p.Scratch.MulTN(dW, p.X, p.DY, acc)
	kernel.ColSums(db, p.DY, acc)
}

// Factored compares multiplications. Forming a group's gradient costs m·in·out, and its weights another pass over in·out numbers. A
// correction costs m²(in + out) forward and as much backward, and m²(in + out) for the norm, at the slower pace of dot products: as
// measured, the costs are equal at m = in·out/2(in + out). A first layer has no backward correction, repeats nothing forward, and needs
// only half of a symmetric Gram matrix: m²(in/2 + 1.5·out) in all, so the costs are equal at m = 4·in·out/(in + 3·out).
func (d Dense) Factored(in Shape, m int, first bool) bool {
	n, u := in.Size(), d.Units
	if first {
		return m*(n+3*u) <= 4*n*u
	}
	return 2*m*(n+u) <= n*u
}

// Rise is (X_kA_kᵀ + 1) D_k with A the inputs and D the outputs' gradients in the pass of, the 1 being the bias: ∇_k = A_kᵀD_k. In one
// pass, its product with D_k is ‖∇_k‖² (Goodfellow 2015 for one example).
func (d Dense) Rise(rise kernel.Mat, p, of Pass, m int) {
	if m == 1 {
		for i := range p.X.Rows {
			kernel.ScaleTo(rise.Row(i), kernel.Dot(p.X.Row(i), of.X.Row(i))+1, of.DY.Row(i))
		}
		return
	}
	s := p.Scratch
	defer s.Release(s.Mark())
	gram := s.Mat(m, m)
	for i := 0; i < p.X.Rows; i += m {
		j := i + m
		if x := p.X.Slice(i, j); &p.X.Data[0] == &of.X.Data[0] {
			kernel.Gram(gram, x)
		} else {
			kernel.MulNT(gram, x, of.X.Slice(i, j), false)
		}
		for n := range gram.Data {
			gram.Data[n]++
		}
		s.MulNN(rise.Slice(i, j), gram, of.DY.Slice(i, j), false)
	}
}

// BackwardRise adds (D'_kE_kᵀ) A_k with E_k = scale[k] D_k. E is formed: its product with D' is of the size of ρ though the scale may be
// far beyond float32 and the gradients far below.
func (d Dense) BackwardRise(dx kernel.Mat, p, of Pass, scale []float64) {
	s := p.Scratch
	defer s.Release(s.Mark())
	m := dx.Rows / len(scale)
	e, cross := s.Mat(m, of.DY.Cols), s.Mat(m, m)
	for k, c := range scale {
		i, j := k*m, (k+1)*m
		for n := range m {
			kernel.ScaleTo(e.Row(n), c, of.DY.Row(i+n))
		}
		if m == 1 {
			kernel.Axpy(dx.Row(k), kernel.Dot(p.DY.Row(k), e.Data), of.X.Row(k))
			continue
		}
		kernel.MulNT(cross, p.DY.Slice(i, j), e, false)
		s.MulNN(dx.Slice(i, j), cross, of.X.Slice(i, j), true)
	}
}

// Scratch is what a product lays its right operand out in, beside which there may be a Gram matrix and E.
func (d Dense) Scratch(in Shape, m int, first bool) float64 {
	n, u, g := in.Size(), d.Units, float64(m)
	gram := float64(g * g)
	own := max(kernel.Room(n, u), kernel.Room(math.MaxInt, u)) // W, or the outputs' gradients of any number of examples
	if first {
		return max(own, gram+kernel.Room(m, u))
	}
	return max(own, kernel.RoomTransposed(u, n), gram+kernel.Room(m, u), float64(g*(float64(u)+g))+kernel.Room(m, n))
}
