package stats

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// crossedByLoops is the estimate as its formulas have it: value, A, T and ν.
func crossedByLoops(bySeed, without []float64) (value, seeds, images, nu float64) {
	s, g := float64(len(bySeed)), float64(len(without))
	for _, x := range bySeed {
		value += x / s
	}
	for _, x := range bySeed {
		seeds += (x - value) * (x - value) / (s - 1) / s
	}
	center := 0.
	for _, x := range without {
		center += x / g
	}
	for _, x := range without {
		images += (g - 1) / g * (x - center) * (x - center)
	}
	v := seeds + images
	if g > 0 {
		return value, seeds, images, v * v / (seeds*seeds/(s-1) + images*images/(g-1))
	}
	return value, seeds, 0, s - 1
}

func TestCrossedIsItsDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(31, 1))
	draw := func(n int) (xs []float64) {
		for range n {
			xs = append(xs, .3+r.NormFloat64())
		}
		return xs
	}
	for range 200 {
		bySeed, without := draw(2+r.IntN(9)), draw([]int{0, 2, 10, 50}[r.IntN(4)])
		c := CrossedT(bySeed, without)
		value, a, b, nu := crossedByLoops(bySeed, without)
		if !same(c.Value, value, 1e-12) || !same(c.Seeds, a, 1e-12) || !same(c.Images, b, 1e-9) || !same(c.Nu, nu, 1e-9*nu) || c.N != len(bySeed) {
			t.Fatalf("%+v, want %v, A %v, T %v, ν %v", c, value, a, b, nu)
		}
		law := distuv.StudentsT{Sigma: 1, Nu: nu}
		error := math.Sqrt(a + b)
		i := c.Interval(.95)
		if half := law.Quantile(.975) * error; !same(i.Low, value-half, 1e-9) || !same(i.High, value+half, 1e-9) || i.N != c.N || i.Mean != c.Value {
			t.Fatalf("%+v, want %v ± %v", i, value, half)
		}
		if got, want := c.Greater(), 1-law.CDF(value/error); !same(got, want, 1e-9) {
			t.Fatalf("p %v, want %v", got, want)
		}
		turned := c.Scale(-2)
		if j := turned.Interval(.95); !same(j.Low, -2*i.High, 1e-9) || !same(j.High, -2*i.Low, 1e-9) || !same(turned.Greater(), 1-c.Greater(), 1e-9) {
			t.Fatalf("in another unit %+v of %+v", j, i)
		}
	}
}

// Of a mean over blocks of one size the jackknife is the variance of a mean over blocks.
func TestCrossedOfEqualBlocks(t *testing.T) {
	r := rand.New(rand.NewPCG(31, 2))
	for _, blocks := range []int{2, 3, 10, 50} {
		of := make([]float64, blocks)
		sum := 0.
		for g := range of {
			of[g] = r.NormFloat64()
			sum += of[g]
		}
		n := float64(blocks)
		without, want := make([]float64, blocks), 0.
		for g, x := range of {
			without[g] = (sum - x) / (n - 1)
			want += (x - sum/n) * (x - sum/n) / (n * (n - 1))
		}
		if got := CrossedT([]float64{1, 2, 3}, without).Images; !same(got, want, 1e-12) {
			t.Errorf("%d blocks: T = %v, want %v", blocks, got, want)
		}
	}
}

// ν lies between the smaller of both and their sum: all of the variance over seeds gives S−1, all over images G−1.
func TestCrossedNu(t *testing.T) {
	equal := []float64{1, 1, 1, 1}
	spread := []float64{1, 2, 3, 4, 5}
	for _, c := range []struct {
		bySeed, without []float64
		nu              float64
	}{{spread, nil, 4}, {spread, equal, 4}, {equal, spread, 4}, {equal, []float64{1, 2}, 1}} {
		if got := CrossedT(c.bySeed, c.without).Nu; !same(got, c.nu, 1e-12) {
			t.Errorf("ν = %v, want %v of %v and %v", got, c.nu, c.bySeed, c.without)
		}
	}
	if nu := CrossedOf(0, 5, 2, []float64{0, 2, 2, 0}).Nu; !(nu > 3 && nu < 7) { // T = 3
		t.Errorf("ν = %v, want 3 to 7", nu)
	}
}

func TestCrossedOfWhatIsNotThere(t *testing.T) {
	nan := math.NaN()
	for name, c := range map[string]Crossed{
		"no seed":        CrossedT(nil, nil),
		"one seed":       CrossedT([]float64{1}, nil),
		"one block":      CrossedT([]float64{1, 2, 3}, []float64{2}),
		"a NaN seed":     CrossedT([]float64{1, nan, 3}, []float64{1, 2}),
		"a NaN block":    CrossedT([]float64{1, 2, 3}, []float64{1, nan}),
		"no spread":      CrossedT([]float64{2, 2}, []float64{2, 2}),
		"a NaN variance": CrossedOf(1, 3, nan, []float64{1, 2}),
	} {
		if i := c.Interval(.95); !math.IsNaN(i.Low) || !math.IsNaN(i.High) || !math.IsNaN(c.Greater()) {
			t.Errorf("%s: %+v, p %v", name, i, c.Greater())
		}
	}
	if c := CrossedT(slices.Repeat([]float64{1}, 3), []float64{0, 1, 2}); c.Seeds != 0 || !(c.Greater() < .5) {
		t.Errorf("no spread over seeds: %+v, p %v", c, c.Greater())
	}
}

// With crossed effects of seeds, of images and of both the interval covers its parameter as often as it says, or a little more.
func TestCrossedCoverage(t *testing.T) {
	if testing.Short() {
		t.Skip("left out of -short: it simulates thousands of sweeps")
	}
	const sweeps, seeds, blocks = 4000, 8, 10
	for _, sd := range [][3]float64{{1, 0, 1}, {1, 1, 1}, {0, 1, 1}, {.3, 1, 0}} { // of seeds, of images and of both
		covered := make([]bool, sweeps)
		each(sweeps, func(i int) {
			r := rand.New(rand.NewPCG(32, uint64(i)))
			image := make([]float64, blocks)
			for g := range image {
				image[g] = sd[1] * r.NormFloat64()
			}
			bySeed, without := make([]float64, seeds), make([]float64, blocks)
			for s := range bySeed {
				seed, sum := sd[0]*r.NormFloat64(), 0.
				of := make([]float64, blocks)
				for g := range of {
					of[g] = seed + image[g] + sd[2]*r.NormFloat64()
					sum += of[g]
				}
				bySeed[s] = sum / blocks
				for g := range of {
					without[g] += (sum - of[g]) / (blocks - 1) / seeds
				}
			}
			in := CrossedT(bySeed, without).Interval(.95)
			covered[i] = in.Low <= 0 && 0 <= in.High
		})
		rate := 0.
		for _, c := range covered {
			if c {
				rate += 1. / sweeps
			}
		}
		t.Logf("σ of seeds, images and both %v: covered in %.1f %%", sd, 100*rate)
		if !(rate >= .93) || sd[2] == 0 && !(rate <= .97) {
			t.Errorf("σ of seeds, images and both %v: covered in %.1f %%", sd, 100*rate)
		}
	}
}
