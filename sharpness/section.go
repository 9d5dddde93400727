package sharpness

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"msharp/models/rng"
)

// Section is a line or a plane in the space of weights: the points w(x) = Origin + Σ_k x_k Axes[k].
type Section struct {
	Origin []float32
	Axes   [][]float64 // one or two, each as long as Origin
}

// Point writes w(x) into w, rounded once from float64. Coordinates that x leaves out are 0.
func (s Section) Point(w []float32, x ...float64) {
	for i, o := range s.Origin {
		at := float64(o)
		for k, c := range x {
			at += float64(c * s.Axes[k][i])
		}
		w[i] = float32(at)
	}
}

// Filter is a run of weights that are scaled together, such as those into one unit or one channel: w[At], w[At+Step], …, Len of them.
type Filter struct{ At, Step, Len int }

// FilterNormalized draws a random direction d at the solution w whose filters have the norms of w's: d_f = ‖w_f‖ g_f/‖g_f‖, g Gaussian (Li et
// al. 2018, arXiv:1712.09913, section 4). Weights in no filter, and filters of norm 0, are left unperturbed: d is 0 there. Norms are in
// float64. r gives a number for each weight of a filter, zero or not.
func FilterNormalized(w []float32, filters []Filter, r *rand.Rand) []float64 {
	d := make([]float64, len(w))
	for _, f := range filters {
		var of, drawn float64
		for k := range f.Len {
			i := f.At + k*f.Step
			d[i] = rng.Normal(r)
			of += float64(float64(w[i]) * float64(w[i]))
			drawn += float64(d[i] * d[i])
		}
		scale := math.Sqrt(of) / math.Sqrt(drawn)
		if of == 0 || drawn == 0 {
			scale = 0
		}
		for k := range f.Len {
			d[f.At+k*f.Step] *= scale
		}
	}
	return d
}

// Line is the section through two solutions: a at 0, b at 1.
func Line(a, b []float32) (Section, error) {
	s := Section{a, [][]float64{difference(b, a)}}
	if Length(s.Axes[0]) == 0 {
		return s, errors.New("two equal solutions make no line")
	}
	return s, nil
}

// flat is how small the third solution's distance to the line through the others is nothing but the rounding of float32s, in units of the sum
// of their norms.
const flat = 0x1p-22

// Plane is the section through three solutions: a at the origin, b on the first axis, c above it. The axes are orthonormal, so that
// distances in the plane are those of the weights; at has the coordinates of the three.
func Plane(a, b, c []float32) (s Section, at [3][2]float64, err error) {
	u, v := difference(b, a), difference(c, a)
	toB, toC := Length(u), Length(v)
	if toB == 0 || toC == 0 || Length(difference(c, b)) == 0 {
		return s, at, errors.New("two of three solutions are equal, and make no plane")
	}
	scale(u, toB)
	var along float64
	for range 2 { // what rounding leaves the first time is gone after the second
		more := dot(v, u)
		for i, x := range u {
			v[i] -= float64(more * x)
		}
		along += more
	}
	above := Length(v)
	if !(above > flat*(norm2(a)+norm2(b)+norm2(c))) {
		return s, at, fmt.Errorf("three solutions on one line make no plane: the third is %.3g away from the line through the others", above)
	}
	scale(v, above)
	return Section{a, [][]float64{u, v}}, [3][2]float64{{0, 0}, {toB, 0}, {along, above}}, nil
}

// difference is a − b.
func difference(a, b []float32) []float64 {
	d := make([]float64, len(a))
	for i, x := range a {
		d[i] = float64(x) - float64(b[i])
	}
	return d
}

// scale divides x by a.
func scale(x []float64, a float64) {
	for i := range x {
		x[i] /= a
	}
}

func dot(x, y []float64) (sum float64) {
	for i, v := range x {
		sum += float64(v * y[i])
	}
	return sum
}

// Cosine is that of the angle between two directions; NaN if one is 0.
func Cosine(x, y []float64) float64 { return dot(x, y) / (Length(x) * Length(y)) }

// Length is the Euclidean norm of x.
func Length(x []float64) float64 { return math.Sqrt(dot(x, x)) }
