package rng

import (
	"math"
	"math/rand/v2"

	"msharp/models/elementary"
)

// Normal draws a standard normal number from r: the ziggurat of Marsaglia and Tsang 2000, as rand.Rand.NormFloat64 draws it, but with the same
// bits and as many draws from r on every machine. There, whether a number is taken can hang on the last bit of a logarithm.
func Normal(r *rand.Rand) float64 {
	for {
		u := r.Uint64()
		j := int32(u)
		i := u >> 32 % strips
		x := float64(j) * float64(ziggurat.width[i])
		if magnitude(j) < ziggurat.inside[i] {
			return x
		}
		if i == 0 {
			for {
				x = float64(-elementary.Log(r.Float64()) * (1. / tail))
				y := -elementary.Log(r.Float64())
				if y+y >= float64(x*x) {
					break
				}
			}
			return math.Copysign(tail+x, float64(j))
		}
		low, high := ziggurat.density[i], ziggurat.density[i-1]
		if low+float32(float32(r.Float64())*(high-low)) < float32(elementary.Exp(float64(-.5*x)*x)) {
			return x
		}
	}
}

func magnitude(j int32) uint32 {
	if j < 0 {
		return -uint32(j)
	}
	return uint32(j)
}

// The density exp −x²/2 lies under strips of equal area; the last reaches to tail, and what lies behind is part of the first.
const (
	strips = 128
	tail   = 3.442619855899
	area   = 9.91256303526217e-3
)

// ziggurat is the strips: an int32 times width[i] is within strip i, below the density where the int32 is less than inside[i].
var ziggurat = func() (z struct {
	inside         [strips]uint32
	width, density [strips]float32
}) {
	density := func(x float64) float64 { return elementary.Exp(float64(-.5*x) * x) }
	const scale = 1 << 31
	x := float64(tail)
	first := area / density(x)
	z.inside[0], z.width[0], z.density[0] = uint32(x/first*scale), float32(first/scale), 1
	z.width[strips-1], z.density[strips-1] = float32(x/scale), float32(density(x))
	for i := strips - 2; i > 0; i-- {
		wider := x
		x = math.Sqrt(-2 * elementary.Log(area/x+density(x)))
		z.inside[i+1] = uint32(x / wider * scale)
		z.width[i], z.density[i] = float32(x/scale), float32(density(x))
	}
	return z
}()
