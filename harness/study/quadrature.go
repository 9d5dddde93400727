package study

import (
	"math"
	"slices"
	"strconv"

	"msharp/sharpness"
)

// Quadrature is a spectral density as the measure density records it: eigenvalues, ascending, and the share of each.
type Quadrature struct{ Nodes, Weights []float64 }

// Quadratures reads the trials' spectral densities, of the fewest parameters where the records have several. A trial that lacks a node or a
// weight, or has one that is not finite, has none.
func (t *Trials) Quadratures() func(r Trial) (q Quadrature, ok bool) {
	nodes, weights := t.quadratureFields()
	return func(r Trial) (q Quadrature, ok bool) {
		for i := range nodes {
			at, has := nodes[i].Of(r)
			weight, too := weights[i].Of(r)
			if !has || !too {
				return Quadrature{}, false
			}
			q.Nodes, q.Weights = append(q.Nodes, at), append(q.Weights, weight)
		}
		return q, len(q.Nodes) > 1
	}
}

// quadratureFields are the nodes and weights, in their order.
func (t *Trials) quadratureFields() (nodes, weights []Field) {
	type place struct {
		i int
		sharpness.Column
	}
	var found []place
	least := math.MaxInt // parameters
	for _, c := range t.columns() {
		if c.Measure != "density_node" || len(c.Params) == 0 || c.Params[0].Key != "i" {
			continue
		}
		if i, err := strconv.Atoi(c.Params[0].Value); err == nil {
			found, least = append(found, place{i, c}), min(least, len(c.Params))
		}
	}
	found = slices.DeleteFunc(found, func(p place) bool { return len(p.Params) > least })
	slices.SortStableFunc(found, func(a, b place) int { return a.i - b.i })
	for k, p := range found {
		if p.i != k+1 {
			break // of another number of steps
		}
		nodes = append(nodes, Value(p.Name()))
		p.Measure = "density_weight"
		weights = append(weights, Value(p.Name()))
	}
	return nodes, weights
}
