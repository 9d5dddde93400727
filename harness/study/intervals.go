package study

import "msharp/harness/stats"

// Intervals returns the intervals, at Level, of means over seeds. of gives the values by seed of the trials and, in the same order, of the
// trials without a block of test images: see Crossed.
func (t *Trials) Intervals(of func(*Trials) []PerSeed) []stats.Interval {
	estimates := t.Crossed(func(t *Trials) (out []Statistic) {
		for _, p := range of(t) {
			out = append(out, Statistic{BySeed: p})
		}
		return out
	})
	out := make([]stats.Interval, len(estimates))
	for i, e := range estimates {
		out[i] = e.Interval(Level)
	}
	return out
}

// OverSeeds is IntervalText where seeds are the only sample.
const OverSeeds = "95 % t interval over seeds"

// IntervalText says what the intervals of a field are over, for a caption. Where test images have no part in a field, or where the records
// do not hold their results by block, seeds are the only sample.
func (t *Trials) IntervalText(y Field) string {
	switch {
	case !y.ofTest():
		return OverSeeds
	case t.Blocks() == 0:
		return OverSeeds + ", given these test images"
	}
	return "95 % interval over seeds and test images"
}

// ofTest reports whether the field is of the test images: those that Trials.WithoutBlock changes.
func (f Field) ofTest() bool {
	switch f.Name {
	case TestError.Name, TestErrorBestVal.Name, "test_loss", ErrorGap.Name, LossGap.Name:
		return true
	}
	return false
}
