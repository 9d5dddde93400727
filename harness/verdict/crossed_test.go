package verdict

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"msharp/harness/record"
	"msharp/harness/study"
)

// tested are six seeds of SGD and of SAM on ten blocks of 100 images: SAM has gain errors a block fewer, and spread more or fewer on blocks
// that all seeds share.
func tested(gain, spread float64) *study.Trials {
	r := rand.New(rand.NewPCG(37, 1))
	shared := make([]float64, 10)
	for g := range shared {
		shared[g] = spread * r.NormFloat64()
	}
	var recs []record.Record
	for seed := 1.; seed <= 6; seed++ {
		for _, rho := range []float64{0, .05} {
			b, sum := record.Blocks{}, 0
			for g := range 10 {
				n := 40 + r.NormFloat64()
				if rho > 0 {
					n -= gain + shared[g]
				}
				b.Examples, b.Errors, b.Loss = append(b.Examples, 100), append(b.Errors, int(math.Round(n))), append(b.Loss, 0)
				sum += b.Errors[g]
			}
			recs = append(recs, record.Record{ID: fmt.Sprint(seed, rho), Status: record.Done,
				Config: map[string]any{"seed": seed, "batch_size": 128., "optimizer": map[string]any{"rho": rho, "m": 128.}},
				Values: record.Values{Blocks: b, Numbers: map[string]record.Number{"test_error": record.Number(float64(sum) / 1000)}}})
		}
	}
	return study.Of(recs)
}

func gain(t *study.Trials) (study.PerSeed, string) {
	return t.Base().All(study.TestError).Minus(t.Ascent().All(study.TestError).PerSeed).Scale(100), ""
}

// The interval and p are those of seeds and test images: what every seed shows may be of these images alone.
func TestJudgeCountsTestImages(t *testing.T) {
	for _, c := range []struct {
		gain, spread float64
		outcome      string
	}{{3, 0, Reproduces}, {3, 15, Undecided}} {
		ts := tested(c.gain, c.spread)
		v := Judge([]Claim{{ID: "a", Direction: +1, Smallest: .2, Of: Single(gain)}}, ts)[0]
		bySeed, _ := gain(ts)
		a := stat.Variance(bySeed.Values(), nil) / 6
		blocks := make([]float64, 10)
		for _, r := range ts.Final() {
			for g, n := range r.Values.Blocks.Errors {
				if r.Rho > 0 {
					n = -n
				}
				blocks[g] += float64(n) / 6
			}
		}
		images := stat.Variance(blocks, nil) / 10
		law := distuv.StudentsT{Sigma: 1, Nu: (a + images) * (a + images) / (a*a/5 + images*images/9)}
		mean, error := stat.Mean(bySeed.Values(), nil), math.Sqrt(a+images)
		for name, of := range map[string][2]float64{
			"estimate": {float64(v.Estimate), mean}, "error of seeds": {float64(v.SeedsSE), math.Sqrt(a)},
			"error of images": {float64(v.ImagesSE), math.Sqrt(images)}, "low": {float64(v.Low), mean - law.Quantile(.975)*error},
			"high": {float64(v.High), mean + law.Quantile(.975)*error}, "p": {float64(v.P), 1 - law.CDF(mean/error)},
		} {
			if !(math.Abs(of[0]-of[1]) <= 1e-9) {
				t.Errorf("spread %v: %s %v, want %v", c.spread, name, of[0], of[1])
			}
		}
		if v.Verdict != c.outcome || v.Blocks != 10 || v.N != 6 || strings.Contains(v.Why, "given these test images") {
			t.Errorf("spread %v: %+v", c.spread, v)
		}
		if c.spread > 0 && (v.Given > .02 || !(v.ImagesSE > 5*v.SeedsSE)) {
			t.Errorf("given these test images it is sure, and yet %+v", v)
		}
	}
}

// A number of all seeds has the jackknife over both, no sign flips, and the p that its part states.
func TestJudgePooled(t *testing.T) {
	pooled := func(p func() float64) Claim {
		return Claim{ID: "a", Direction: -1, Smallest: .01, Of: func(t *study.Trials) ([]Part, string) {
			ratio := func(without uint64) float64 {
				sums := [2]float64{}
				for _, r := range t.Final() {
					if v, _ := study.TestError.Of(r); r.Seed != without && r.Rho > 0 {
						sums[1] += v
					} else if r.Seed != without {
						sums[0] += v
					}
				}
				return sums[1]/sums[0] - 1
			}
			of := study.Pooled{Value: ratio(0), WithoutSeed: study.PerSeed{}}
			for _, seed := range t.Seeds() {
				of.WithoutSeed[seed] = ratio(seed)
			}
			return []Part{{Statistic: study.Statistic{Pooled: &of}, P: p}}, ""
		}}
	}
	calls := 0
	v := Judge([]Claim{pooled(func() float64 { calls++; return .01 })}, tested(3, 1))[0]
	if v.Verdict != Reproduces || v.P != .01 || calls != 1 || v.N != 6 || !math.IsNaN(float64(v.Given)) || !strings.HasPrefix(v.Why, "6 seeds, one-sided permutation p = 0.01") {
		t.Errorf("%+v, p asked %d times", v, calls)
	}
	if !(v.Low < v.Estimate && v.Estimate < v.High && v.High < 0) || !(v.SeedsSE > 0) || !(v.ImagesSE > 0) {
		t.Errorf("%+v", v)
	}
	if v := Judge([]Claim{pooled(nil)}, tested(3, 1))[0]; v.Verdict != Reproduces || !(v.P < .001) {
		t.Errorf("by its t: %+v", v)
	}
}

// A claim is shown as it comes out when it is asked otherwise, and says so where that contradicts a decision. Its verdict stays its own.
func TestJudgeSensitivity(t *testing.T) {
	is := func(missing string, xs ...float64) Reading {
		return func(*study.Trials) ([]Part, string) {
			if missing != "" {
				return nil, missing
			}
			return []Part{of("it", seeds(xs...))}, ""
		}
	}
	sure, never, open := is("", 1, 2, 3, 2, 1, 2), is("", -1, -2, -3, -2, -1, -2), is("", 1, -2, 3, -1, 2, -1)
	claim := func(of Reading, others ...Variant) Claim {
		return Claim{ID: "a", Text: "a", Direction: +1, Smallest: .5, Of: of, Others: others}
	}
	all := []Variant{{"as ever", sure}, {"the other way", never}, {"unsurely", open}, {"without data", is("no record has it")}}
	const otherwise = "; asked otherwise it comes out otherwise: "
	for _, c := range []struct {
		own     Reading
		outcome string
		against string
	}{
		{sure, Reproduces, "the other way −1.83 [−2.62, −1.04], does not reproduce; unsurely .3 [−1.7, 2.4], undecided; without data –, undecided"},
		{never, DoesNotReproduce, "as ever 1.83 [1.04, 2.62], reproduces; unsurely .3 [−1.7, 2.4], undecided; without data –, undecided"},
		{open, Undecided, ""},
	} {
		v := Judge([]Claim{claim(c.own, all...), claim(sure)}, someTrial)[0]
		_, against, _ := strings.Cut(v.Why, otherwise)
		if v.Verdict != c.outcome || against != c.against {
			t.Errorf("%s: %s", v.Verdict, v.Why)
		}
		if len(v.Sensitivity) != 4 {
			t.Fatalf("%+v", v.Sensitivity)
		}
		for i, want := range []string{Reproduces, DoesNotReproduce, Undecided, Undecided} {
			if s := v.Sensitivity[i]; s.Name != all[i].Name || s.Outcome != want || (s.Missing != "") != (i == 3) {
				t.Errorf("%+v, want %s", s, want)
			}
		}
		if s := v.Sensitivity[1]; s.N != 6 || s.Part != "it" || !(math.Abs(float64(s.Estimate)+11./6) <= 1e-12) || !(s.Unadjusted > .99) || !(s.Low < s.Estimate) {
			t.Errorf("%+v", s)
		}
		if s := v.Sensitivity[3]; s.Missing != "no record has it" {
			t.Errorf("%+v", s)
		}
	}
}

// A reading that lacks a part without some block has no variance over images, and so no p but 1.
func TestJudgeOfAPartThatABlockLacks(t *testing.T) {
	whole := tested(3, 1)
	v := Judge([]Claim{{ID: "a", Direction: +1, Smallest: .2, Of: func(t *study.Trials) ([]Part, string) {
		bySeed, _ := gain(t)
		parts := []Part{of("x", bySeed), of("y", bySeed)}
		if t != whole {
			return parts[:1], ""
		}
		return parts, ""
	}}}, whole)[0]
	const why = "no interval, for without some of the seeds or test images there is no such number"
	if v.Part != "y" || v.Verdict != Undecided || v.P != 1 || !math.IsNaN(float64(v.ImagesSE)) || !strings.Contains(v.Why, why) {
		t.Errorf("%+v", v)
	}
}
