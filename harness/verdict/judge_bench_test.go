package verdict

import (
	"math"
	"testing"
)

// BenchmarkJudge judges 100,040 records, or nearly: of many seeds, and of ten seeds at many settings.
//
//	go test ./harness/verdict -run '^$' -bench Judge/seeds/Figure3 -benchtime 3x
func BenchmarkJudge(b *testing.B) {
	experiments := []struct {
		name   string
		claims []Claim
		of     func(s synthetic) synthetic
	}{
		{"Figure3", Figure3(), func(s synthetic) synthetic { return s }},
		{"Robust", Robust(), func(s synthetic) synthetic { return s }},
		{"Predict", Predict(), func(s synthetic) synthetic { s.trainLoss = .004; return s }},
		{"LabelNoise", LabelNoise(), synthetic.noisy},
	}
	for _, shape := range []struct {
		name string
		synthetic
	}{{"seeds", flagship.ofSeeds(2440)}, {"settings", flagship.ofSettings(244)}} {
		for _, e := range experiments {
			b.Run(shape.name+"/"+e.name, func(b *testing.B) {
				recs := e.of(shape.synthetic).records(1, asPublished)
				b.ReportAllocs()
				for b.Loop() {
					Judge(e.claims, recs)
				}
			})
		}
	}
}

func (s synthetic) ofSeeds(n int) synthetic {
	s.seeds = n
	return s
}

// ofSettings has n learning rates, .1 in the middle.
func (s synthetic) ofSettings(n int) synthetic {
	s.lrs = make([]float64, n)
	for i := range s.lrs {
		s.lrs[i] = .1 * math.Exp2(float64(i-n/2)/64)
	}
	return s
}

// noisy has five levels of label noise, and a fifth of the seeds or of the learning rates.
func (s synthetic) noisy() synthetic {
	s.noise = []float64{0, .2, .4, .6, .8}
	if n := len(s.lrs); n > 0 {
		return s.ofSettings(n / 5)
	}
	return s.ofSeeds(s.seeds / 5)
}
