package sharpness

import (
	"math"
	"math/rand/v2"
	"slices"
)

var _ = Table.Add("margin", func() Measure { return &Margin{Q: []float64{marginQ}} })

const marginQ = 0.1

var (
	_ Coster = (*Margin)(nil)
	_ Joiner = (*Margin)(nil)
	_ Needer = (*Margin)(nil)
)

// Margin is the margin of the training split at every share of Q, in units of logits. It is the q-quantile over examples of
//
//	z_y − max_{k ≠ y} z_k
//
// with z an example's logits and y its label: the ⌈qn⌉-th smallest of n. At q = .1 it is γ of Jiang et al. 2019, arXiv:1912.02178. It is below 0
// where that share is predicted wrong. A large margin is held to generalize well. It takes a forward pass over the training split.
type Margin struct {
	Q []float64 `yaml:"q" in:"(0,1]" most:"1000"` // shares of examples below
}

func (m *Margin) Columns() (columns []Column) {
	for _, q := range m.Q {
		var at []Param
		if q != marginQ {
			at = []Param{{"q", number(q)}}
		}
		columns = append(columns, Column{"margin", at, Rival, "margin"})
	}
	return columns
}

// Join returns the margins at the shares of both.
func (m *Margin) Join(other Measure) []Measure {
	return []Measure{&Margin{merged(m.Q, other.(*Margin).Q)}}
}

func (*Margin) Need() Need { return Need{Responses: true} }

func (*Margin) Cost(int, int) Cost { return Cost{Forward: 1} }

func (m *Margin) Of(l Landscape, _ *rand.Rand) (values []float64, err error) {
	var margins []float64
	bad := false
	l.Responses(l.W(), func(logits, _ []float32, label int) {
		most := math.Inf(-1)
		for k, z := range logits {
			bad = bad || z != z
			if k != label {
				most = max(most, float64(z))
			}
		}
		margins = append(margins, float64(logits[label])-most)
	})
	slices.Sort(margins)
	for _, q := range m.Q {
		v := math.NaN()
		if n := len(margins); !bad && n > 0 {
			v = margins[max(0, int(math.Ceil(float64(q*float64(n))))-1)]
		}
		values = append(values, v)
	}
	return values, nil
}
