package sharpness

import (
	"math"
	"math/rand/v2"
	"strconv"

	"msharp/models/kind"
)

var _ = Table.Add("density", func() Measure { return &Density{Probes: densityProbes, Steps: densitySteps} })

const densityProbes, densitySteps = 5, 20

var (
	_ Coster        = (*Density)(nil)
	_ LayerFitter   = (*Density)(nil)
	_ Needer        = (*Density)(nil)
	_ kind.Absenter = Density{}
)

// Density is the spectral density of the Hessian of the mean training loss at the solution, by stochastic Lanczos quadrature (Ghorbani,
// Krishnan and Xiao 2019, arXiv:1901.10159). For a random direction v, Gauss's quadrature for the measure Σ_i ⟨v, u_i⟩² δ(λ −
// λ_i) over H's eigenpairs has the eigenvalues of the Lanczos matrix T as nodes, and the squared first coordinates of its eigenvectors as
// weights. The density is the mean over Probes directions, as one quadrature of Steps nodes with the same moments up to the power 2·Steps −
// 1:
//
//	(1/k) tr f(H) ≈ Σ_i density_weight(i) f(density_node(i))
//
// for a function f, with k the number of weights. The nodes ascend, in units of loss over weight squared; the weights are shares, and sum
// to 1. Where there are fewer nodes, because H has few distinct eigenvalues, those behind the last repeat it with weight 0. The first two
// moments stand apart: tr H/k and tr H²/k. It takes Probes · Steps products with H, each at the cost of 1 to 2.7 gradients over the
// training split.
//
// Of a layer it is the density of H's diagonal block of that layer's weights, k of them.
type Density struct {
	Probes int `yaml:"probes" in:"[1,10000]"` // random directions
	Steps  int `yaml:"steps" in:"[2,1000]"`   // products with H for each, and nodes; a single node would not have the second moment
	Layer  int `yaml:"layer" in:"[0,1000]"`   // of the diagonal block of this layer with weights, from 1, its biases among them; 0 is all of H
}

// Absent leaves layer out at its default.
func (d Density) Absent() []string { return absentLayer(d.Layer) }

// FitsLayers refuses a layer that there is not.
func (d *Density) FitsLayers(n int) error { return fitLayer(d.Layer, n) }

func (d *Density) Columns() (columns []Column) {
	at := func(key string, v int) (params []Param) {
		params = append([]Param{{key, strconv.Itoa(v)}}, atLayer(d.Layer)...)
		if d.Probes != densityProbes {
			params = append(params, Param{"probes", strconv.Itoa(d.Probes)})
		}
		if d.Steps != densitySteps {
			params = append(params, Param{"steps", strconv.Itoa(d.Steps)})
		}
		return params
	}
	for p := 1; p <= 2; p++ {
		columns = append(columns, Column{"density_moment", at("p", p), Detail, "mean of the p-th power of the Hessian's eigenvalues"})
	}
	for i := 1; i <= d.Steps; i++ {
		columns = append(columns,
			Column{"density_node", at("i", i), Detail, "node of the Hessian's spectral density"},
			Column{"density_weight", at("i", i), Detail, "weight of a node of the Hessian's spectral density"})
	}
	return columns
}

// Need is the iteration on the Hessian, and what condensed holds of the nodes of all probes.
func (d *Density) Need() Need {
	nodes := d.Probes * d.Steps
	return Need{Bytes: lanczosBytes(d.Steps) + blockBytes(d.Layer), Fixed: nodes * (8*(d.Steps+2) + 3*ritzBytes), SecondOrder: true}
}

func (d *Density) Cost(int, int) Cost { return Cost{Products: float64(d.Probes * d.Steps)} }

func (d *Density) Of(l Landscape, r *rand.Rand) (values []float64, err error) {
	b, err := blockOf(l, d.Layer)
	if err != nil {
		return nil, err
	}
	var all []ritz
	z := newLanczos(b.dim(), d.Steps)
	for range d.Probes {
		k, err := z.run(b.product, r)
		if err != nil {
			return nil, err
		}
		all = append(all, k.values()...)
	}
	nodes := condensed(all, d.Steps)
	values = make([]float64, 2)
	for _, n := range nodes {
		values[0] += float64(n.weight * n.value)
		values[1] += float64(n.weight * n.value * n.value)
	}
	for i := range d.Steps {
		if i < len(nodes) {
			values = append(values, nodes[i].value, nodes[i].weight)
		} else {
			values = append(values, nodes[len(nodes)-1].value, 0)
		}
	}
	return values, nil
}

// condensed returns Gauss's quadrature of at most so many nodes for the measure of the nodes in all, their weights scaled to sum to 1: the
// Lanczos iteration on the diagonal matrix of them. If a number is not finite, all are NaN.
func condensed(all []ritz, most int) []ritz {
	n, sum, size := len(all), 0., 0.
	for _, v := range all {
		sum += v.weight
		size = max(size, math.Abs(v.value))
	}
	if sum-sum != 0 || size-size != 0 {
		return notFinite(make([]ritz, most))
	}
	q := make([]float64, n)
	for i, v := range all {
		q[i] = math.Sqrt(v.weight / sum)
	}
	var k krylov
	basis := [][]float64{q}
	for {
		next := make([]float64, n)
		var alpha float64
		for i, v := range all {
			next[i] = v.value * q[i]
			alpha += float64(next[i] * q[i])
		}
		for range 2 {
			for _, b := range basis {
				var along float64
				for i, v := range b {
					along += float64(v * next[i])
				}
				for i, v := range b {
					next[i] -= float64(along * v)
				}
			}
		}
		var beta float64
		for _, v := range next {
			beta += float64(v * v)
		}
		beta = math.Sqrt(beta)
		k.alpha = append(k.alpha, alpha)
		if len(k.alpha) == min(most, n) || beta <= exhausted*size {
			return k.values()
		}
		k.beta = append(k.beta, beta)
		for i := range next {
			next[i] /= beta
		}
		q, basis = next, append(basis, next)
	}
}
