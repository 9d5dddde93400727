package sharpness

import (
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"msharp/models/rng"
)

// wandering is a path of n points in so many dimensions, from a random walk whose steps shrink along the coordinates.
func wandering(n, dim int) [][]float32 {
	r := rng.Stream(11, "path")
	path := make([][]float32, n)
	for t := range path {
		path[t] = make([]float32, dim)
		for j := range path[t] {
			if t > 0 {
				path[t][j] = path[t-1][j]
			}
			path[t][j] += float32(rng.Normal(r) * math.Pow(.9, float64(j%50)))
		}
	}
	return path
}

// The components and the shares are those of a singular value decomposition of the centred path, in several blocks of coordinates.
func TestTrajectoryIsThatOfASVD(t *testing.T) {
	for _, size := range [][2]int{{3, 7}, {12, 300}, {40, 2*pathBlock + 77}} {
		n, dim := size[0], size[1]
		path := wandering(n, dim)
		p, err := TrajectoryOf(path)
		if err != nil {
			t.Fatal(err)
		}
		x := mat.NewDense(n, dim, nil)
		for j := range dim {
			var mean float64
			for i := range n {
				mean += float64(path[i][j]) / float64(n)
			}
			for i := range n {
				x.Set(i, j, float64(path[i][j])-mean)
			}
		}
		var svd mat.SVD
		if !svd.Factorize(x, mat.SVDThin) {
			t.Fatal("no decomposition")
		}
		var v mat.Dense
		svd.VTo(&v)
		values := svd.Values(nil)
		var all float64
		for _, s := range values {
			all += s * s
		}
		for k := range 2 {
			within(t, "the share", p.Share[k], values[k]*values[k]/all, 1e-12)
			component := make([]float64, dim)
			mat.Col(component, k, &v)
			normalize(component)
			for j, want := range component {
				within(t, "the component", p.Axes[k][j], want, 1e-9)
			}
			within(t, "the norm", Length(p.Axes[k]), 1, 1e-14)
		}
		within(t, "the cosine", Cosine(p.Axes[0], p.Axes[1]), 0, 1e-14)
		if sum := p.Share[0] + p.Share[1]; !(p.Share[0] >= p.Share[1] && p.Share[1] > 0 && sum <= 1+1e-12) {
			t.Errorf("the shares are %v", p.Share)
		}
		for i, w := range path {
			d := difference(w, path[n-1])
			within(t, "x", p.At[i][0], dot(d, p.Axes[0]), 1e-9)
			within(t, "y", p.At[i][1], dot(d, p.Axes[1]), 1e-9)
			within(t, "the square of the distance", p.Distance[i]*p.Distance[i]+p.At[i][0]*p.At[i][0]+p.At[i][1]*p.At[i][1], dot(d, d), 1e-9*(1+dot(d, d)))
		}
		if p.At[n-1] != [2]float64{} || p.Distance[n-1] != 0 || &p.Origin[0] != &path[n-1][0] {
			t.Errorf("the last point is at %v, %v away", p.At[n-1], p.Distance[n-1])
		}
	}
}

// An ellipse in a plane has its axes as components, no distance from the plane, and all of its variance in it.
func TestTrajectoryInAPlane(t *testing.T) {
	const n, dim = 36, 500
	var path [][]float32
	for i := range n {
		w := make([]float32, dim)
		for j := range w {
			w[j] = float32(j%3) - 1
		}
		angle := 2 * math.Pi * float64(i) / n
		w[7] += float32(-8 * math.Cos(angle))
		w[400] += float32(3 * math.Sin(angle))
		path = append(path, w)
	}
	p, err := TrajectoryOf(path)
	if err != nil {
		t.Fatal(err)
	}
	within(t, "the first share", p.Share[0], 64./73, 1e-6)
	within(t, "both shares", p.Share[0]+p.Share[1], 1, 1e-12)
	within(t, "the first axis", p.Axes[0][7], 1, 1e-6)
	within(t, "the second axis", p.Axes[1][400], 1, 1e-6)
	w := make([]float32, dim)
	for i := range path {
		within(t, "the distance", p.Distance[i], 0, 2e-6)
		p.Point(w, p.At[i][:]...)
		for j := range w {
			within(t, "the point", float64(w[j]), float64(path[i][j]), 2e-6)
		}
	}
}

// Paths without a plane end in words.
func TestPathsWithoutAPlane(t *testing.T) {
	line := make([][]float32, 5)
	for i := range line {
		line[i] = []float32{1, float32(2 * i), -float32(i)}
	}
	broken := wandering(5, 9)
	broken[2][4] = float32(math.NaN())
	for says, path := range map[string][][]float32{
		"a path of 2 points has no plane; expected at least 3": wandering(2, 9), "the path is on one line": line,
		"the path is not finite": broken, "no plane": {{1, 2}, {1, 2}, {1, 2}},
	} {
		if _, err := TrajectoryOf(path); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("error %v, want %q", err, says)
		}
	}
}
