package sharpness

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// Trajectory is a path of weights on the plane of its first two principal components.
type Trajectory struct {
	Section               // its origin is the last point of the path, its axes are orthonormal: the components, the first of largest share
	Share    [2]float64   // of the variance of the path, that each axis holds
	At       [][2]float64 // the points of the path, projected onto the plane; the last is at (0, 0)
	Distance []float64    // of each point from the plane, in units of the weights
}

// pathBlock is how many coordinates of a path are in float64 at a time.
const pathBlock = 1024

// TrajectoryBytes is about the memory that TrajectoryOf takes beside a path of so many points and its axes.
func TrajectoryBytes(points int) float64 {
	n := float64(points)
	return float64(8*n*pathBlock) + float64(40*n*n)
}

// TrajectoryOf returns the plane of the first two principal components of a path of weights, which passes through its last point (Li et al.
// 2018, arXiv:1712.09913, section 7). The components are those of the matrix with a row w_t − w_T for each point, the last with its row of 0
// among them, so that variances are of the whole path around its mean. They are taken from the Gram matrix of the rows, in float64, and the
// first of the largest coordinates of each is positive. The error says that the path has fewer than three points, is not finite, or is a line.
func TrajectoryOf(path [][]float32) (p Trajectory, err error) {
	n := len(path)
	if n < 3 {
		return p, fmt.Errorf("a path of %d points has no plane; expected at least 3", n)
	}
	last := path[n-1]
	gram := centredGram(path)
	var all float64
	for i := range n {
		all += gram.At(i, i)
	}
	var e mat.EigenSym
	if all-all != 0 || !e.Factorize(gram, true) {
		return p, errors.New("the path is not finite")
	}
	var size float64
	for _, w := range path {
		size += norm2(w)
	}
	var vectors mat.Dense
	e.VectorsTo(&vectors)
	values := e.Values(nil)
	p.Section = Section{last, make([][]float64, 2)}
	for k := range p.Axes {
		value := values[n-1-k]
		if !(value > 0 && math.Sqrt(value) > flat*size) {
			return p, errors.New("the path is on one line, and has no plane")
		}
		axis := make([]float64, len(last))
		for i, w := range path {
			weight := vectors.At(i, n-1-k)
			for j, o := range last {
				axis[j] += float64(weight * (float64(w[j]) - float64(o)))
			}
		}
		if normalize(axis); k == 1 { // and orthogonal but for rounding
			along := dot(axis, p.Axes[0])
			for j, x := range p.Axes[0] {
				axis[j] -= float64(along * x)
			}
			normalize(axis)
		}
		p.Axes[k], p.Share[k] = axis, value/all
	}
	for _, w := range path {
		at, distance := p.project(w)
		p.At, p.Distance = append(p.At, at), append(p.Distance, distance)
	}
	return p, nil
}

// centredGram is the Gram matrix of the points of a path, less their mean. It is summed over differences to the last point, which are small.
func centredGram(path [][]float32) *mat.SymDense {
	n, last := len(path), path[len(path)-1]
	gram := mat.NewSymDense(n, nil)
	for from := 0; from < len(last); from += pathBlock {
		to := min(from+pathBlock, len(last))
		rows := mat.NewDense(n, to-from, nil)
		for i, w := range path {
			copy(rows.RawRowView(i), difference(w[from:to], last[from:to]))
		}
		gram.SymRankK(gram, 1, rows)
	}
	means, mean := make([]float64, n), 0.
	for i := range n {
		for j := range n {
			means[i] += gram.At(i, j) / float64(n)
		}
		mean += means[i] / float64(n)
	}
	for i := range n {
		for j := i; j < n; j++ {
			gram.SetSym(i, j, gram.At(i, j)-means[i]-means[j]+mean)
		}
	}
	return gram
}

// project returns the coordinates of the point of the plane that is next to w, and its distance. The axes must be orthonormal.
func (s Section) project(w []float32) (at [2]float64, distance float64) {
	from := difference(w, s.Origin)
	for k, axis := range s.Axes {
		at[k] = dot(from, axis)
		for j, x := range axis {
			from[j] -= float64(at[k] * x)
		}
	}
	return at, Length(from)
}
