package study

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"msharp/harness/record"
)

// outcome is what networks do on one test image: whether the last one is wrong, its loss, and whether that of best validation is wrong.
type outcome struct {
	block       int
	wrong, best bool
	loss        float64
}

// valuesOn are what a record has of a trial on some test images, apart from their blocks.
func valuesOn(images []outcome, trainError, trainLoss float64) map[string]record.Number {
	var wrong, best, loss float64
	for _, im := range images {
		if im.wrong {
			wrong++
		}
		if im.best {
			best++
		}
		loss += im.loss
	}
	n := float64(len(images))
	return map[string]record.Number{
		"train_error": record.Number(trainError), "train_loss": record.Number(trainLoss), "val_error": .25,
		"test_error": record.Number(wrong / n), "test_loss": record.Number(loss / n), "test_error_at_best_val": record.Number(best / n),
		"error_gap": record.Number(wrong/n - trainError), "loss_gap": record.Number(loss/n - trainLoss),
	}
}

// blocksOf are the same by block.
func blocksOf(images []outcome, blocks int) record.Blocks {
	b := record.Blocks{Examples: make([]int, blocks), Errors: make([]int, blocks), Loss: make([]record.Number, blocks), ErrorsAtBestVal: make([]int, blocks)}
	for _, im := range images {
		b.Examples[im.block]++
		b.Loss[im.block] += record.Number(im.loss)
		if im.wrong {
			b.Errors[im.block]++
		}
		if im.best {
			b.ErrorsAtBestVal[im.block]++
		}
	}
	return b
}

// sweepOn draws a sweep of two learning rates, two m and two radii, and base runs, whose test images come in blocks of several sizes. It
// returns the records, and what they would be had nobody ever had the images of block g.
func sweepOn(r *rand.Rand, blocks int) (whole []record.Record, without func(g int) []record.Record) {
	var bare []record.Record
	images := map[string][]outcome{}
	train := map[string][2]float64{}
	for seed := 1.; seed <= 3; seed++ {
		for _, lr := range []float64{.1, .2} {
			for _, at := range [][2]float64{{0, 0}, {4, .05}, {4, .1}, {128, .05}, {128, .1}} {
				rec := trialOf(seed, at[0], at[1], map[string]any{"lr": lr}, nil)
				bare = append(bare, rec)
				train[rec.ID] = [2]float64{float64(r.IntN(3)) / 60, r.Float64() / 100}
				for i := range 113 {
					images[rec.ID] = append(images[rec.ID], outcome{i % blocks, r.IntN(5) == 0, r.IntN(4) == 0, r.ExpFloat64()})
				}
			}
		}
	}
	bare[3].Status = record.Diverged
	of := func(drop int) []record.Record {
		recs := slices.Clone(bare)
		for i, rec := range recs {
			if rec.Status == record.Diverged {
				recs[i].Values.Numbers = map[string]record.Number{"test_error": record.Number(math.NaN())}
				continue
			}
			all := images[rec.ID]
			kept := slices.DeleteFunc(slices.Clone(all), func(im outcome) bool { return im.block == drop })
			recs[i].Values = record.Values{Numbers: valuesOn(kept, train[rec.ID][0], train[rec.ID][1])}
			if drop < 0 {
				recs[i].Values.Blocks = blocksOf(all, blocks)
			}
		}
		return recs
	}
	return of(-1), of
}

// Trials without a block are what they would be, had nobody ever had its images: every field, and what is made of them.
func TestWithoutBlockIsOfTheOtherImages(t *testing.T) {
	const blocks = 7
	recs, anew := sweepOn(rand.New(rand.NewPCG(34, 1)), blocks)
	ts := Of(recs)
	if ts.Blocks() != blocks {
		t.Fatalf("%d blocks", ts.Blocks())
	}
	near := func(what string, g int, a, b float64, aOK, bOK bool) {
		t.Helper()
		if aOK != bOK || !(math.Abs(a-b) <= 1e-12 || math.IsNaN(a) && math.IsNaN(b)) {
			t.Errorf("without block %d %s is %v, %v, not %v, %v", g, what, a, aOK, b, bOK)
		}
	}
	for g := range blocks {
		got, want := ts.WithoutBlock(g), Of(anew(g))
		compare := func(got, want *Trials) {
			t.Helper()
			if len(got.Final()) != len(want.Final()) {
				t.Fatalf("%d trials, not %d", len(got.Final()), len(want.Final()))
			}
			for i, r := range want.Final() {
				l := got.Final()[i]
				if l.ID != r.ID {
					t.Fatalf("%s is not %s", l.ID, r.ID)
				}
				for _, f := range []Field{TestError, TestErrorBestVal, TrainError, ValError, ErrorGap, LossGap, TrainLoss, Value("test_loss")} {
					a, aOK := f.Of(l)
					b, bOK := f.Of(r)
					near(f.Name, g, a, b, aOK, bOK)
					if !r.Diverged {
						x, xOK := l.Value(f.Name)
						y, yOK := r.Value(f.Name)
						near("the value "+f.Name, g, x, y, xOK, yOK)
					}
				}
			}
		}
		compare(got, want)
		compare(got.Base(), want.Base())
		compare(got.Ascent(), want.Ascent())
		compare(got.Where(func(r Trial) bool { return r.Seed == 2 }), want.Where(func(r Trial) bool { return r.Seed == 2 }))
		for i, s := range want.Settings() {
			of := got.Settings()[i]
			if of.Text() != s.Text() {
				t.Errorf("setting %s, not %s", of.Text(), s.Text())
			}
			compare(of.Trials, s.Trials)
		}
		for i, level := range want.Levels(Key("lr")) {
			compare(got.Levels(Key("lr"))[i].Trials, level.Trials)
		}
		a, _ := got.Curves(LastEpoch)
		b, _ := want.Curves(LastEpoch)
		for i := range b {
			for seed, v := range b[i].Base.Tests() {
				near("the base", g, a[i].Base.Tests()[seed], v, true, true)
			}
			for k, radius := range b[i].At[4] {
				for seed, v := range radius.Tests() {
					near("a curve", g, a[i].At[4][k].Tests()[seed], v, true, true)
				}
			}
		}
		ours, _ := got.Taus([]Field{TrainLoss}, ErrorGap, Ungated)
		theirs, _ := want.Taus([]Field{TrainLoss}, ErrorGap, Ungated)
		for seed, tau := range theirs {
			near("τ", g, ours[seed][0], tau[0], true, true)
		}
	}
	if v, _ := TestError.Of(ts.Final()[0]); v != float64(ts.Final()[0].Values.Numbers["test_error"]) {
		t.Error("WithoutBlock changes what it was made of")
	}
}

// Blocks are not known where a trial that was measured has none, or another number of them. One that diverged need not have any.
func TestBlocksAreOfEveryTrial(t *testing.T) {
	recs, _ := sweepOn(rand.New(rand.NewPCG(34, 2)), 5)
	if n := Of(recs).Blocks(); n != 5 {
		t.Errorf("%d blocks, one trial diverged", n)
	}
	for name, b := range map[string]record.Blocks{
		"none": {}, "fewer": {Examples: []int{1, 1}, Errors: []int{0, 0}, Loss: []record.Number{0, 0}},
	} {
		some := slices.Clone(recs)
		some[0].Values.Blocks = b
		if n := Of(some).Blocks(); n != 0 {
			t.Errorf("a trial has %s: %d blocks", name, n)
		}
	}
	if n := Of(nil).Blocks(); n != 0 {
		t.Errorf("no trial: %d blocks", n)
	}
}

// A trial whose errors at best validation are not known by block has none without a block; the rest it has.
func TestWithoutBlockOfBestValidation(t *testing.T) {
	recs, _ := sweepOn(rand.New(rand.NewPCG(34, 3)), 5)
	recs[0].Values.Blocks.ErrorsAtBestVal = nil
	ts := Of(recs)
	i := slices.IndexFunc(ts.Final(), func(r Trial) bool { return r.ID == recs[0].ID })
	if _, ok := TestErrorBestVal.Of(ts.Final()[i]); !ok {
		t.Error("none at all")
	}
	without := ts.WithoutBlock(2).Final()[i]
	if v, ok := TestErrorBestVal.Of(without); ok {
		t.Errorf("%v", v)
	}
	if _, ok := TestError.Of(without); !ok {
		t.Error("no test error")
	}
}
