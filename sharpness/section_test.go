package sharpness

import (
	"math"
	"slices"
	"testing"

	"msharp/models/rng"
)

// valley is a quadratic landscape at a solution that is not 0: L = ½(w − w*)ᵀH(w − w*).
type valley struct {
	quadratic
	at []float32
}

func (v valley) W() []float32 { return v.at }

func (v valley) Loss(w []float32) (loss float64) {
	for i := range w {
		for j := range w {
			loss += (float64(w[i]) - float64(v.at[i])) * v.H.At(i, j) * (float64(w[j]) - float64(v.at[j])) / 2
		}
	}
	return loss
}

// Along an eigenvector a quadratic loss is the parabola of its eigenvalue, and over two of them the sum of both.
func TestSectionsOfAQuadratic(t *testing.T) {
	v := valley{golden(), []float32{.5, -1, 2, .25}}
	pairs, err := TopEigenpairs(v, 2, 20, rng.Stream(1, "eigenvectors"))
	if err != nil {
		t.Fatal(err)
	}
	within(t, "λ₁", pairs[0].Value, 10, 5e-6)
	within(t, "λ₂", pairs[1].Value, 3, 5e-6)
	s, w := Section{v.at, [][]float64{pairs[0].Vector, pairs[1].Vector}}, make([]float32, 4)
	for _, at := range [][2]float64{{0, 0}, {.5, 0}, {-1, 0}, {0, 2}, {1, -1}, {-3, .5}} {
		s.Point(w, at[0], at[1])
		within(t, "the loss", v.Loss(w), 5*at[0]*at[0]+1.5*at[1]*at[1], 1e-5*(1+at[0]*at[0]+at[1]*at[1]))
	}
	line, err := Line(v.at, []float32{1.5, -1, 2, .25}) // along the first coordinate, whose curvature is H₁₁
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []float64{-1, 0, .5, 1, 2} {
		line.Point(w, x)
		within(t, "the loss on the line", v.Loss(w), 3.525*x*x/2, 1e-6)
	}
}

// The eigenvectors are those of H, orthonormal, and their values are those of the measure.
func TestTopEigenpairs(t *testing.T) {
	values := make([]float64, 40)
	for i := range values {
		values[i] = math.Pow(.7, float64(i)) * 8
	}
	values[39] = -5
	for name, q := range map[string]quadratic{"golden": golden(), "spectrum": spectrum(rng.Stream(3, "spectrum"), values)} {
		h := &Hessian{K: 3, Steps: 25}
		pairs, err := TopEigenpairs(q, 3, h.Steps, rng.Stream(5, "pairs"))
		if err != nil {
			t.Fatal(name, err)
		}
		measured, err := h.Of(q, rng.Stream(5, "pairs"))
		if err != nil {
			t.Fatal(name, err)
		}
		if got, want := []float64{pairs[0].Value, pairs[0].Residual, pairs[1].Value, pairs[1].Residual, pairs[2].Value, pairs[2].Residual},
			[]float64{measured[0], measured[1], measured[4], measured[5], measured[6], measured[7]}; !slices.Equal(got, want) {
			t.Errorf("%s: %v, the measure has %v", name, got, want)
		}
		for i, p := range pairs {
			hv := make([]float64, len(p.Vector))
			for a := range hv {
				for b, x := range p.Vector {
					hv[a] += q.H.At(a, b) * x
				}
				hv[a] -= p.Value * p.Vector[a]
			}
			within(t, name+": ‖Hv − λv‖", Length(hv), p.Residual, 2e-5)
			within(t, name+": ‖Hv − λv‖", Length(hv), 0, 1e-3)
			within(t, name+": ‖v‖", Length(p.Vector), 1, 1e-12)
			if slices.Max(p.Vector) < -slices.Min(p.Vector) {
				t.Errorf("%s: the largest coordinate is negative: %v", name, p.Vector)
			}
			for _, o := range pairs[:i] {
				within(t, name+": their cosine", Cosine(p.Vector, o.Vector), 0, 1e-5)
			}
		}
	}
	if _, err := TopEigenpairs(golden(), 5, 20, rng.Stream(1, "")); err == nil {
		t.Error("4 weights have 5 eigenvectors")
	}
	if _, err := TopEigenpairs(lost{example()}, 1, 20, rng.Stream(1, "")); err == nil {
		t.Error("a Hessian of NaN has eigenvectors")
	}
}

// Each filter of the direction has the norm of the weights'; what lies in none, or in one of zeros, stays.
func TestFilterNormalized(t *testing.T) {
	w := []float32{3, 0, 1, 4, 0, 1, 9, 9, 1e-20} // filters by columns of 2 × 3: (3, 4), (0, 0), (1, 1); two biases; a tiny one
	filters := []Filter{{0, 3, 2}, {1, 3, 2}, {2, 3, 2}, {8, 1, 1}}
	d := FilterNormalized(w, filters, rng.Stream(1, "direction"))
	for i, want := range []float64{5, 0, math.Sqrt2} {
		within(t, "a filter's norm", math.Hypot(d[i], d[i+3]), want, 1e-12)
	}
	within(t, "a tiny filter's norm", math.Abs(d[8])/float64(w[8]), 1, 1e-12)
	if d[6] != 0 || d[7] != 0 {
		t.Errorf("weights without a filter are moved: %v", d)
	}
	if d[0]*d[5] == d[2]*d[3] || slices.Equal(d, FilterNormalized(w, filters, rng.Stream(2, "direction"))) {
		t.Errorf("%v is not random", d)
	}
	r := rng.Stream(1, "direction")
	if a, b := rng.Normal(r), rng.Normal(r); math.Abs(d[0]/d[3]-a/b) > 1e-9 {
		t.Errorf("%v is not in the direction of the numbers drawn, %v", d, []float64{a, b})
	}
}

func TestPlane(t *testing.T) {
	r := rng.Stream(7, "solutions")
	solutions := make([][]float32, 3)
	for k := range solutions {
		solutions[k] = make([]float32, 1000)
		normals(solutions[k], r)
		if k > 0 {
			for i, x := range solutions[0] { // close together
				solutions[k][i] = x + solutions[k][i]/100
			}
		}
	}
	a, b, c := solutions[0], solutions[1], solutions[2]
	s, at, err := Plane(a, b, c)
	if err != nil {
		t.Fatal(err)
	}
	within(t, "the first axis' norm", Length(s.Axes[0]), 1, 1e-14)
	within(t, "the second axis' norm", Length(s.Axes[1]), 1, 1e-14)
	within(t, "the axes' product", dot(s.Axes[0], s.Axes[1]), 0, 1e-14)
	w := make([]float32, len(a))
	for k, want := range solutions {
		s.Point(w, at[k][0], at[k][1])
		for i := range w {
			if math.Abs(float64(w[i])-float64(want[i])) > 1e-7*(1+math.Abs(float64(want[i]))) {
				t.Fatalf("solution %d: weight %d is %v, want %v", k, i, w[i], want[i])
			}
		}
	}
	within(t, "a distance in the plane", math.Hypot(at[2][0]-at[1][0], at[2][1]-at[1][1]), Length(difference(c, b)), 1e-12)

	for name, of := range map[string][3][]float32{"a, a, b": {a, a, b}, "a, b, a": {a, b, a}, "a, b, b": {a, b, b}} {
		if _, _, err := Plane(of[0], of[1], of[2]); err == nil {
			t.Errorf("%s makes a plane", name)
		}
	}
	between, _ := Line(a, b)
	between.Point(w, .3)
	if _, _, err := Plane(a, b, w); err == nil {
		t.Error("three solutions on a line make a plane")
	}
	if _, err := Line(a, a); err == nil {
		t.Error("one solution makes a line")
	}
}
