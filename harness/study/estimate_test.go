package study

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat"

	"msharp/harness/record"
	"msharp/harness/stats"
)

// tenBlocks are trials of some seeds at ρ = .05 and .1, whose test errors on ten blocks of 100 images are errors[seed][ρ].
func tenBlocks(errors [][2][10]int) *Trials {
	var recs []record.Record
	for seed, of := range errors {
		for i, rho := range []float64{.05, .1} {
			b := record.Blocks{}
			all := 0
			for _, n := range of[i] {
				b.Examples, b.Errors, b.Loss = append(b.Examples, 100), append(b.Errors, n), append(b.Loss, 0)
				all += n
			}
			rec := trialOf(float64(seed), 4, rho, nil, tested(float64(all)/1000))
			rec.Values.Blocks = b
			recs = append(recs, rec)
		}
	}
	return Of(recs)
}

// draw draws errors of seeds.
func drawErrors(r *rand.Rand, seeds int) [][2][10]int {
	out := make([][2][10]int, seeds)
	for s := range out {
		for i := range out[s] {
			for g := range out[s][i] {
				out[s][i][g] = 5 + 3*g*i + r.IntN(10)
			}
		}
	}
	return out
}

// Of a paired difference, a mean, T is the variance of a mean over blocks, A that of a mean over seeds.
func TestCrossedOfAMean(t *testing.T) {
	r := rand.New(rand.NewPCG(35, 1))
	errors := drawErrors(r, 4)
	difference := func(t *Trials) []Statistic {
		at := func(rho float64) PerSeed {
			return t.Where(func(r Trial) bool { return r.Rho == rho }).All(TestError).PerSeed
		}
		return []Statistic{{BySeed: at(.1).Minus(at(.05))}, {BySeed: at(.1)}}
	}
	got := tenBlocks(errors).Crossed(difference)
	var seeds, blocks []float64
	for g := range 10 {
		of := 0.
		for s := range errors {
			of += float64(errors[s][1][g]-errors[s][0][g]) / 100 / float64(len(errors))
		}
		blocks = append(blocks, of)
	}
	for s := range errors {
		of := 0.
		for g := range 10 {
			of += float64(errors[s][1][g]-errors[s][0][g]) / 1000
		}
		seeds = append(seeds, of)
	}
	e := got[0]
	if want := stat.Mean(seeds, nil); math.Abs(e.Value-want) > 1e-12 || e.N != 4 || e.Lost != 0 {
		t.Errorf("%+v, want %v", e, want)
	}
	if want := stat.Variance(seeds, nil) / 4; math.Abs(e.Seeds-want) > 1e-12*want {
		t.Errorf("A = %v, want %v", e.Seeds, want)
	}
	if want := stat.Variance(blocks, nil) / 10; math.Abs(e.Images-want) > 1e-9*want {
		t.Errorf("T = %v, want %v", e.Images, want)
	}
	if len(got) != 2 || got[1].Value == e.Value {
		t.Errorf("%+v", got)
	}
}

// A number of all seeds together has the jackknife over both; a seed or a block whose number is none is told or makes the variance none.
func TestCrossedOfAPooledNumber(t *testing.T) {
	r := rand.New(rand.NewPCG(35, 2))
	ts := tenBlocks(drawErrors(r, 5))
	ratio := func(t *Trials, without uint64) float64 {
		var a, b float64
		for _, r := range t.Final() {
			v, _ := TestError.Of(r)
			switch {
			case r.Seed == without:
			case r.Rho == .1:
				a += v
			default:
				b += v
			}
		}
		return a / b
	}
	of := func(t *Trials) []Statistic {
		p := Pooled{Value: ratio(t, 99), WithoutSeed: PerSeed{}}
		for _, seed := range t.Seeds() {
			p.WithoutSeed[seed] = ratio(t, seed)
		}
		return []Statistic{{Pooled: &p}}
	}
	e := ts.Crossed(of)[0]
	var seeds, blocks []float64
	for _, seed := range ts.Seeds() {
		seeds = append(seeds, ratio(ts, seed))
	}
	for g := range 10 {
		blocks = append(blocks, ratio(ts.WithoutBlock(g), 99))
	}
	want := stats.CrossedOf(ratio(ts, 99), 5, stats.JackknifeVariance(seeds), blocks)
	if e.Crossed != want || e.BySeed != nil || !(e.Images > 0) || !(e.Seeds > 0) {
		t.Errorf("%+v, want %+v", e, want)
	}
	lost := ts.CrossedOf([]Statistic{{BySeed: PerSeed{1: 1, 2: 2, 3: nan, 4: math.Inf(1)}}}, func(*Trials) []Statistic {
		return []Statistic{{BySeed: PerSeed{1: 1, 2: 2, 3: 7}}}
	})[0]
	if lost.Lost != 2 || lost.N != 2 || lost.Value != 1.5 || lost.Images != 0 || len(lost.BySeed) != 2 {
		t.Errorf("%+v", lost)
	}
	short := ts.CrossedOf([]Statistic{{BySeed: PerSeed{1: 1, 2: 2}}}, func(t *Trials) []Statistic { return nil })[0]
	if !math.IsNaN(short.Images) || !math.IsNaN(short.Greater()) {
		t.Errorf("without a block there is no number, and yet %+v", short)
	}
}

// Without results by block the variance over test images is not known, and 0.
func TestCrossedWithoutBlocks(t *testing.T) {
	ts := Of([]record.Record{trialOf(1, 4, .1, nil, tested(.1)), trialOf(2, 4, .1, nil, tested(.3))})
	e := ts.Crossed(func(t *Trials) []Statistic { return []Statistic{{BySeed: t.All(TestError).PerSeed}} })[0]
	if e.Images != 0 || math.Abs(e.Seeds-.01) > 1e-12 || e.Nu != 1 {
		t.Errorf("%+v", e)
	}
}
