package ascent

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

var norms = []float64{1, 1.001, 1.1, 1.5, 2, 2.5, 3, 4, 10, 100, 2000, math.Inf(1)}

// project returns the projection of v.
func project(v []float64, rho, p float64) []float64 {
	e := slices.Clone(v)
	Rule{Rho: rho, P: p}.Project(e, make([]float64, len(v)))
	return e
}

// definition is ‖x‖_p, by package math.
func definition(x []float64, p float64) float64 {
	var sum, top float64
	for _, v := range x {
		top = math.Max(top, math.Abs(v))
	}
	if math.IsInf(p, 1) || top == 0 {
		return top
	}
	for _, v := range x {
		sum += math.Pow(math.Abs(v)/top, p)
	}
	return top * math.Pow(sum, 1/p)
}

// vectors calls f for vectors of every kind, beside a radius: of many lengths and spreads, with zeros and equal numbers, far outside the ball,
// just outside, and inside.
func vectors(p float64, f func(v []float64, rho float64)) {
	r, most := rand.New(rand.NewPCG(7, 8)), 1500
	if testing.Short() {
		most = 11
	}
	for n := 1; n <= most; n = n*3/2 + 1 {
		for kind := range 6 {
			for _, beyond := range []float64{.3, 1 + 1e-9, 1.01, 1.7, 2, 50} {
				v := make([]float64, n)
				for i := range v {
					switch v[i] = r.NormFloat64(); kind {
					case 1:
						v[i] = math.Exp(30 * v[i])
					case 2:
						v[i] = float64(r.IntN(3) - 1)
					case 3:
						v[i] = math.Copysign(1, v[i])
					case 4:
						v[i] = math.Ldexp(v[i], -i)
					case 5:
						v[i] = math.Copysign(1+1e-9*v[i], v[i])
					}
				}
				if v[0] == 0 {
					v[0] = 1
				}
				f(v, definition(v, p)/beyond)
			}
		}
	}
}

// The projection x of v is in the ball, and no point of the ball lies on the side of v: ⟨v − x, y − x⟩ ≤ 0 for all y there, which is
// ρ‖v − x‖_q ≤ ⟨v − x, x⟩. Component by component, v − x is the multiplier times the gradient of the constraint.
func TestProjectionMeetsItsConditions(t *testing.T) {
	for _, p := range norms {
		vectors(p, func(v []float64, rho float64) {
			x := project(v, rho, p)
			name := fmt.Sprintf("p = %v, %d numbers, ‖v‖ = %v ρ", p, len(v), definition(v, p)/rho)
			size, n := definition(v, math.Inf(1)), definition(x, p)
			if definition(v, p) <= rho {
				if !slices.Equal(x, v) {
					t.Errorf("%s: a point inside moves", name)
				}
				return
			}
			if !(math.Abs(n-rho) <= 4e-12*rho) {
				t.Errorf("%s: ‖x‖ = %v ρ", name, n/rho)
			}
			d, dot, at := make([]float64, len(v)), 0., 0
			for i := range v {
				d[i] = v[i] - x[i]
				dot += d[i] * x[i]
				if math.Abs(x[i]) > math.Abs(x[at]) {
					at = i
				}
			}
			q := p / (p - 1)
			if math.IsInf(p, 1) {
				q = 1
			}
			if beyond := rho*definition(d, q) - dot; !(beyond <= 1e-10*rho*size*math.Sqrt(float64(len(v)))) {
				t.Errorf("%s: points of the ball are nearer, by %.2g", name, beyond/rho/size)
			}
			for i := range v {
				var want float64 // of |v − x|, from the component that is largest
				switch most := math.Abs(d[at]); {
				case math.IsInf(p, 1):
					want = math.Max(0, math.Abs(v[i])-rho)
				case p == 1 && x[i] == 0, p < 2 && math.Abs(x[i]) < 1e-300*size: // a power of what has underflowed tells nothing
					want = math.Min(math.Abs(v[i]), most)
				case p == 1:
					want = most
				default:
					want = most * math.Pow(math.Abs(x[i]/x[at]), p-1)
				}
				got := math.Abs(d[i])
				if !(math.Abs(got-want) <= 1e-11*size) || x[i]*v[i] < 0 {
					t.Errorf("%s: v = %v went to %v, want %v", name, v[i], x[i], math.Copysign(math.Abs(v[i])-want, v[i]))
					return
				}
			}
		})
	}
}

// Of all points of a small ball, on a grid of directions, none is nearer.
func TestProjectionIsTheNearestPoint(t *testing.T) {
	const steps = 20000
	r := rand.New(rand.NewPCG(9, 10))
	for _, p := range norms {
		for range 5 {
			v := []float64{r.NormFloat64(), r.NormFloat64()}
			rho := definition(v, p) / (1 + 2*r.Float64())
			x := project(v, rho, p)
			distance := math.Hypot(v[0]-x[0], v[1]-x[1])
			best := math.Inf(1)
			for i := range 4 * steps {
				a := 2 * math.Pi * float64(i) / (4 * steps)
				y := []float64{math.Cos(a), math.Sin(a)}
				scale := rho / definition(y, p)
				best = math.Min(best, math.Hypot(v[0]-scale*y[0], v[1]-scale*y[1]))
			}
			if !(distance <= best+1e-12 && distance >= best-1e-4*rho) {
				t.Errorf("p = %v: %v went to %v, at a distance of %v; one of the ball is at %v", p, v, x, distance, best)
			}
		}
	}
}

// What has been projected stays where it is, to the bit except for p = 2, where scaling rounds.
func TestProjectionIsIdempotent(t *testing.T) {
	for _, p := range norms {
		vectors(p, func(v []float64, rho float64) {
			x := project(v, rho, p)
			again := project(x, rho, p)
			for i := range x {
				if again[i] != x[i] && (p != 2 || math.Abs(again[i]-x[i]) > 1e-15*math.Abs(x[i])) {
					t.Fatalf("p = %v, %d numbers: %v goes on to %v", p, len(v), x[i], again[i])
				}
			}
		})
	}
}

// A NaN stays, whatever is beside it, and what lies beyond all numbers ends too.
func TestProjectionOfNaN(t *testing.T) {
	for _, p := range norms {
		if x := project([]float64{5, math.NaN(), 3}, 1, p); x[1] == x[1] {
			t.Errorf("p = %v: a NaN becomes %v", p, x[1])
		}
		project([]float64{5, math.Inf(-1), 3}, 1, p)
		project([]float64{1e300, 1e-300, -1e300}, 1e-300, p)
		project([]float64{1e-300, 5e-324, 0}, 1e-301, p)
	}
}

func TestProjectionAllocatesNothing(t *testing.T) {
	e, room := make([]float64, 100), make([]float64, 100)
	for _, p := range norms {
		if n := testing.AllocsPerRun(5, func() {
			for i := range e {
				e[i] = float64(i)
			}
			Rule{Rho: 1, P: p}.Project(e, room)
		}); n != 0 {
			t.Errorf("p = %v: %v allocations", p, n)
		}
	}
}

// The bits are frozen: a compiler that fuses, or an edit, shows here on every machine.
func TestProjectionBitsAreFrozen(t *testing.T) {
	for _, c := range []struct {
		p    float64
		want uint64
	}{
		{1, 0x72379103da5e280b}, {1.1, 0x5696419ba2059d5f}, {1.5, 0x1c11f62a488f004b}, {2, 0x5d2c4b1771ad821a},
		{3, 0x3dad245c96635184}, {10, 0x6b852e2a9ed52dd8}, {math.Inf(1), 0xd0b06c022e49213a},
	} {
		r, h := rand.New(rand.NewPCG(11, 12)), uint64(0)
		for n := 1; n < 100; n++ {
			v := make([]float64, n)
			for i := range v {
				v[i] = float64(r.Float64()*2) - 1
			}
			for _, x := range project(v, .7, c.p) {
				h = h*0x9e3779b97f4a7c15 + math.Float64bits(x)
			}
		}
		if h != c.want {
			t.Errorf("p = %v: the bits sum to %#x, want %#x", c.p, h, c.want)
		}
	}
}

func BenchmarkProject(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	v, e, room := make([]float64, 100000), make([]float64, 100000), make([]float64, 100000)
	for i := range v {
		v[i] = r.NormFloat64()
	}
	for _, p := range []float64{1, 1.5, 2, 3, 4, 10, math.Inf(1)} {
		rule := Rule{Rho: definition(v, p) / 1.7, P: p}
		b.Run(fmt.Sprint("p=", p), func(b *testing.B) {
			for b.Loop() {
				copy(e, v)
				rule.Project(e, room)
			}
			b.ReportMetric(b.Elapsed().Seconds()*1e9/float64(b.N)/float64(len(v)), "ns/number")
		})
	}
}
