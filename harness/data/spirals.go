package data

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"strconv"

	"msharp/models"
	"msharp/models/elementary"
	"msharp/models/kind"
	"msharp/models/rng"
)

var _ = Table.Add("spirals", func() Spec {
	return &Spirals{Split: Split{Train: 1024, Val: 1024, Pool: Shared}, N: 4096, Classes: 3, Noise: 0.03, Turns: 1}
})

// Spirals is points of the plane on interleaved spirals, one spiral a class, after the two spirals of Lang and Witbrock (1988). The points are
// computed, not read, and the same for every seed; the seed only splits them.
type Spirals struct {
	Split   `yaml:",inline"`
	N       int     `yaml:"n" in:"[2,1000000]"`   // points in all; the classes take turns
	Classes int     `yaml:"classes" in:"[2,100]"` // arms
	Noise   float64 `yaml:"noise" in:"[0,10]"`    // standard deviation of each coordinate; the arms end at radius 1
	Turns   float64 `yaml:"turns" in:"(0,100]"`   // how many an arm takes from the centre to its end
}

// Load makes the points: with t uniform in [0.1, 1), point i has class k = i mod Classes and lies at radius t and angle
// 2π(Turns·t + k/Classes), plus normal noise. Coordinates are rounded to multiples of 2⁻²⁰, so that they are the same on every platform;
// SHA256 is that of their bits and labels. Load reads no folder.
func (s *Spirals) Load(string) (*Source, error) {
	if s.N < s.Classes {
		return nil, &kind.Error{Key: "n", Value: strconv.Itoa(s.N), Problem: "fewer points than classes", Expected: "at least " + strconv.Itoa(s.Classes)}
	}
	r := rng.Stream(0, "spirals")
	sum := sha256.New()
	e := &vectors{dim: 2, x: make([]float64, 0, 2*s.N), labels: make([]int, s.N)}
	names := make([]string, s.Classes)
	for k := range names {
		names[k] = strconv.Itoa(k)
	}
	for i := range e.labels {
		k := i % s.Classes
		t := 0.1 + float64(0.9*r.Float64())
		turn := float64(s.Turns*t) + float64(k)/float64(s.Classes)
		cos, sin := elementary.CosPi(2*turn), elementary.CosPi(float64(2*turn)-.5)
		x := rounded(float64(t*cos) + float64(s.Noise*rng.Normal(r)))
		y := rounded(float64(t*sin) + float64(s.Noise*rng.Normal(r)))
		e.x, e.labels[i] = append(e.x, x, y), k
		var b [17]byte
		binary.LittleEndian.PutUint64(b[:], math.Float64bits(x))
		binary.LittleEndian.PutUint64(b[8:], math.Float64bits(y))
		b[16] = byte(k)
		sum.Write(b[:])
	}
	return &Source{
		Shape: models.Shape{C: 2, H: 1, W: 1}, Classes: s.Classes, ClassNames: names, Pool: e,
		SHA256: hex.EncodeToString(sum.Sum(nil)), Name: "spirals", Origin: "made from the stream spirals of seed 0",
	}, nil
}

// rounded rounds to a multiple of 2⁻²⁰; zero is positive.
func rounded(x float64) float64 { return float64(math.Round(x*(1<<20))/(1<<20)) + 0 }
