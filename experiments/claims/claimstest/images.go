package claimstest

import (
	"math"
	"math/rand/v2"

	"msharp/harness/record"
	"msharp/harness/study"
)

// Images are test images that all seeds share, in blocks of one size. They are a sample too: how hard a block is, for every network alike
// and for those of a setting in particular, is the same in every seed, and averages out over test files, not over seeds.
type Images struct {
	Blocks, Each int     // images a block
	Hard         float64 // standard deviation of a test file's mean error: of all networks alike,
	ForSetting   float64 // of the networks of one setting, whatever their seed,
	ForRun       float64 // and of one network
}

// Shared are 10,000 test images in ten blocks, on which settings differ by as much as they do in truth between neighbours.
var Shared = Images{Blocks: 10, Each: 1000, Hard: .003, ForSetting: .001, ForRun: .0005}

// Calm are as many test images, on which settings differ as they do in truth, or nearly.
var Calm = Images{Blocks: 10, Each: 1000, Hard: .003, ForSetting: .0002, ForRun: .0002}

// perImage are the errors of a trial by what a draw gives: in expectation over test images.
var perImage = []struct {
	number, gap, train string
}{
	{"test_error", "error_gap", "train_error"},
	{"test_loss", "loss_gap", "train_loss"},
	{study.TestErrorBestVal.Name, "", ""},
}

// Test gives trials, whose test errors and losses are those in expectation over images, a test file: what they are on it, by block too,
// and their gaps. A trial without a test error has no test, and neither has one that diverged.
func (im Images) Test(t *study.Trials, stream uint64) *study.Trials {
	r := rand.New(rand.NewPCG(stream, 2))
	block := math.Sqrt(float64(im.Blocks)) // of a block, where a file's is 1
	draw := func(sd float64) []float64 {
		out := make([]float64, im.Blocks)
		for g := range out {
			out[g] = block * sd * r.NormFloat64()
		}
		return out
	}
	hard := draw(im.Hard)
	forSetting := map[int][]float64{}
	return t.With(func(_ int, x study.Trial) record.Values {
		v := record.Values{Numbers: map[string]record.Number{}}
		for k, n := range x.Values.Numbers {
			v.Numbers[k] = n
		}
		if forSetting[x.Setting()] == nil {
			forSetting[x.Setting()] = draw(im.ForSetting)
		}
		if _, ok := v.Numbers["test_error"]; !ok || x.Diverged {
			return v
		}
		for range im.Blocks {
			v.Blocks.Examples = append(v.Blocks.Examples, im.Each)
		}
		all := float64(im.Blocks * im.Each)
		for _, of := range perImage {
			expected, ok := v.Numbers[of.number]
			if !ok {
				if of.number == "test_loss" { // blocks have one
					v.Blocks.Loss = make([]record.Number, im.Blocks)
				}
				continue
			}
			sum := 0.
			for g, own := range draw(im.ForRun) {
				on := float64(im.Each) * (float64(expected) + hard[g] + forSetting[x.Setting()][g] + own)
				switch of.number {
				case "test_loss":
					loss := record.Rounded(on)
					v.Blocks.Loss = append(v.Blocks.Loss, loss)
					sum += float64(loss)
					continue
				case "test_error":
					on = math.Round(math.Min(math.Max(on, 0), float64(im.Each)))
					v.Blocks.Errors = append(v.Blocks.Errors, int(on))
				default:
					on = math.Round(math.Min(math.Max(on, 0), float64(im.Each)))
					v.Blocks.ErrorsAtBestVal = append(v.Blocks.ErrorsAtBestVal, int(on))
				}
				sum += on
			}
			v.Numbers[of.number] = record.Number(sum / all)
			if train, ok := v.Numbers[of.train]; ok {
				v.Numbers[of.gap] = v.Numbers[of.number] - train
			}
		}
		return v
	})
}
