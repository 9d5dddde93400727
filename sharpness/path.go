package sharpness

import "math/rand/v2"

var _ = Table.Add("path", func() Measure { return &Path{} })

var (
	_ Coster = (*Path)(nil)
	_ Needer = (*Path)(nil)
)

// Path is the path norm of the solution (Neyshabur et al. 2015, arXiv:1503.00036; as path.norm in Jiang et al. 2019, arXiv:1912.02178),
//
//	√Σ_paths Π_{w on the path} w²
//
// over all paths from an input or a bias to a logit. It is unchanged where a layer is scaled by a and the next by 1/a, in a network without
// biases, or with these scaled as the function asks. It takes one forward pass of one example. The unit is that of weights to the number of layers.
type Path struct{}

func (*Path) Columns() []Column {
	return []Column{{Measure: "path", Role: Rival, Title: "path norm"}}
}

func (*Path) Need() Need { return Need{PathNorm: true} }

func (*Path) Cost(int, int) Cost { return Cost{} }

func (*Path) Of(l Landscape, _ *rand.Rand) ([]float64, error) {
	return []float64{l.PathNorm(l.W())}, nil
}
