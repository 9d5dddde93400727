package sharpness

import (
	"math"
	"math/rand/v2"
	"strconv"
)

var _ = Table.Add("flatness", func() Measure { return &Flatness{Drop: flatnessDrop, Draws: flatnessDraws} })

const flatnessDrop, flatnessDraws = 0.1, 10

var (
	_ Coster = (*Flatness)(nil)
	_ Needer = (*Flatness)(nil)
)

// Flatness is 1/σ², with σ the largest standard deviation of normal noise on the weights that lowers the accuracy on the training split by no
// more than Drop on average,
//
//	E_z err(w + σz) − err(w) ≤ Drop,   z_i ~ N(0, 1)
//
// or, relative to the weights, of σ|w_i|z_i: the flatness term of PAC-Bayes bounds in Jiang et al. 2019, arXiv:1912.02178, where Drop is .1. It is in
// units of 1 over weight squared, or without unit where relative. The mean is over Draws vectors z, the same at every σ. σ is bracketed by a factor
// of 2 and then halved 8 times, to about a part in 500: about 13·Draws forward passes over the training split, and one. Where no σ up to 655 lowers the
// accuracy so far, because hardly any example is predicted right, it is 0.
type Flatness struct {
	Drop     float64 `yaml:"drop" in:"(0,1)"`        // how much of the accuracy may be lost
	Draws    int     `yaml:"draws" in:"[1,1000000]"` // how many vectors z of noise
	Relative bool    `yaml:"relative"`               // whether σ is in units of |w_i|
}

func (s *Flatness) Columns() []Column {
	var at []Param
	if s.Drop != flatnessDrop {
		at = append(at, Param{"drop", number(s.Drop)})
	}
	if s.Draws != flatnessDraws {
		at = append(at, Param{"draws", strconv.Itoa(s.Draws)})
	}
	if s.Relative {
		at = append(at, Param{"relative", "true"})
	}
	return []Column{{"flatness", at, Sharpness, "PAC-Bayes flatness 1/σ²"}}
}

// Need is z and w + σz.
func (*Flatness) Need() Need { return Need{Bytes: 2 * 4} }

func (s *Flatness) Cost(int, int) Cost { return Cost{Forward: 1 + float64(13*s.Draws), About: true} }

func (s *Flatness) Of(l Landscape, r *rand.Rand) ([]float64, error) {
	w := l.W()
	clean := l.Error(w)
	if clean != clean {
		return []float64{math.NaN()}, nil
	}
	z, up := make([]float32, len(w)), make([]float32, len(w))
	seeds := make([][2]uint64, s.Draws)
	for i := range seeds {
		seeds[i] = [2]uint64{r.Uint64(), r.Uint64()}
	}
	stands := func(sigma float64) bool {
		var rise float64
		for _, d := range seeds {
			normals(z, rand.New(rand.NewPCG(d[0], d[1])))
			perturb(up, w, z, sigma, s.Relative)
			e := l.Error(up)
			if e != e { // a loss that overflows
				e = 1
			}
			rise += e - clean
		}
		return rise <= float64(s.Drop*float64(len(seeds)))
	}
	const first, doublings, halvings = 0.01, 16, 40
	lo, hi := first, first
	for n := 0; stands(hi); n++ {
		if n == doublings {
			return []float64{0}, nil
		}
		lo, hi = hi, 2*hi
	}
	for n := 0; lo == hi; n++ {
		if n == halvings {
			return []float64{math.NaN()}, nil
		}
		if lo /= 2; !stands(lo) {
			hi = lo
		}
	}
	for range 8 {
		if mid := lo + float64((hi-lo)/2); stands(mid) {
			lo = mid
		} else {
			hi = mid
		}
	}
	return []float64{1 / float64(lo*lo)}, nil
}
