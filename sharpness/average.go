package sharpness

import (
	"math"
	"math/rand/v2"
	"strconv"
)

var _ = Table.Add("average", func() Measure { return &Average{Sigma: []float64{0.01}, Draw: "gaussian", Pairs: averagePairs} })

const averagePairs = 20

var (
	_ Coster = (*Average)(nil)
	_ Joiner = (*Average)(nil)
	_ Needer = (*Average)(nil)
)

// Average is average-case sharpness at every Sigma, in units of loss:
//
//	E_z L(w + σz) − L(w)
//
// over the whole training split, with z_i independent, standard normal or uniform on [−1, 1]; to second order it is σ²/2 · E z_i² · tr H. Relative
// to the weights, it is σ|w_i|z_i that is added to w_i. The expectation is the mean over pairs z and −z, whose linear terms cancel; its standard
// error over pairs, average_se, stands beside it. Its sign is kept: below 0 the loss falls on average. All σ have the same draws. It
// is the expected sharpness of Neyshabur et al. 2017, arXiv:1706.08947. It takes a forward pass over
// the training split, and 2·Pairs for each σ.
type Average struct {
	Sigma    []float64 `yaml:"sigma" in:"(0,)" most:"1000"` // σ: standard deviation, or half the width, of each coordinate
	Draw     string    `yaml:"draw" in:"gaussian|uniform"`  // distribution of z
	Relative bool      `yaml:"relative"`                    // whether σ is in units of |w_i|
	Pairs    int       `yaml:"pairs" in:"[2,1000000]"`      // how many draws z, each with −z
}

func (s *Average) Columns() (columns []Column) {
	for _, sigma := range s.Sigma {
		at := []Param{{"sigma", number(sigma)}}
		if s.Draw != "gaussian" {
			at = append(at, Param{"draw", s.Draw})
		}
		if s.Relative {
			at = append(at, Param{"relative", "true"})
		}
		if s.Pairs != averagePairs {
			at = append(at, Param{"pairs", strconv.Itoa(s.Pairs)})
		}
		columns = append(columns,
			Column{"average", at, Sharpness, "average-case sharpness"},
			Column{"average_se", at, Detail, "standard error of average-case sharpness"})
	}
	return columns
}

// Join returns the σ of s and then those that only other has, at the draws of s.
func (s *Average) Join(other Measure) []Measure {
	j := *s
	j.Sigma = after(s.Sigma, other.(*Average).Sigma)
	return []Measure{&j}
}

// Need is z and w + σz.
func (*Average) Need() Need { return Need{Bytes: 2 * 4} }

func (s *Average) Cost(int, int) Cost { return Cost{Forward: 1 + float64(2*s.Pairs*len(s.Sigma))} }

func (s *Average) Of(l Landscape, r *rand.Rand) (values []float64, err error) {
	w := l.W()
	clean := l.Loss(w)
	z, up := make([]float32, len(w)), make([]float32, len(w))
	rises := make([][]float64, len(s.Sigma))
	for range s.Pairs {
		s.draw(z, r)
		for k, sigma := range s.Sigma {
			rise := 0.
			for _, c := range []float64{sigma, -sigma} {
				perturb(up, w, z, c, s.Relative)
				rise += float64((l.Loss(up) - clean) / 2)
			}
			rises[k] = append(rises[k], rise)
		}
	}
	for _, pairs := range rises {
		mean, se := Mean(pairs)
		values = append(values, mean, se)
	}
	return values, nil
}

// draw draws the numbers of z.
func (s *Average) draw(z []float32, r *rand.Rand) {
	if s.Draw != "uniform" {
		normals(z, r)
		return
	}
	for i := range z {
		z[i] = float32(float64(2*float64(r.Float64())) - 1)
	}
}

// perturb writes w + cz, or, relative to w, w + c|w|z, into up.
func perturb(up, w, z []float32, c float64, relative bool) {
	for i, v := range z {
		d := float64(c * float64(v))
		if relative {
			d = float64(d * math.Abs(float64(w[i])))
		}
		up[i] = float32(float64(w[i]) + d)
	}
}
