package harness

import (
	"math"
	"slices"

	"msharp/harness/config"
	"msharp/harness/data"
	"msharp/harness/optim"
	"msharp/models"
	"msharp/models/ascent"
	"msharp/sharpness"
)

// Bytes of what has no size of its own.
const (
	ofTrial   = 1 << 20 // settings, log, trace, files on their way
	ofColumn  = 1 << 10 // a name and a value
	ofEpoch   = 750     // numbers, and their text on its way into a checkpoint
	ofWatched = 160     // a number, and its text on its way into a checkpoint
)

// Memory returns about how many bytes a trial holds at its peak, beside its Source, while it trains, saves and measures. It is rather more than
// the trial takes than less, and math.MaxInt64 if it is more than that. It is known before anything large is made. What garbage the process
// keeps besides, which may be as much again, is not in it.
func Memory(t config.Trial) int64 {
	c, src := t.Config.Canonical(), t.Source
	split := c.Data.Spec.Drawn()
	_, drawing := src.SetBytes(split)
	net, err := c.Model.Spec.Build(src.Shape, src.Classes)
	train, val, test := src.Amounts(split)
	if err != nil || train == 0 { // the trial ends here
		return whole(ofTrial + drawing)
	}
	at := startBytes(c, src, net) + watchedBytes(c)
	_, saved := optim.SizeOf(c.Optimizer.Spec, net.Dim())
	state := 4 * (float64(net.Dim()) + saved)
	resuming := at + 3*state // a checkpoint, what is in it, and its bytes again for the sum
	if c.Trace != "none" {
		resuming = max(resuming, at+max(at, drawing)) // a trial that starts anew is there twice
	}

	at += ofEpoch*float64(c.MaxEpochs()) + stepBytes(c, net)
	scoring := net.Footprint(min(chunkSize, max(train, val, test)))
	scoring.Eval()
	var looking float64
	if c.Watch != nil {
		looking = measuresBytes(c.Watch.Measures, net, train, scoring)
		looking += 8 * float64(train)                        // what is predicted of train for a measure
		looking += at + scoring.Bytes() + 2*8*float64(train) // the buffers stay
	}
	training := at + scoring.Bytes() + 2*8*float64(train) // the order of the examples, in this epoch and the last
	kept := 3 * 4 * float64(net.Dim())                    // weights in PyTorch's order, and their bytes, for the sum and for the file
	saving := training + max(2*state, kept)               // a checkpoint, and its bytes for the sum

	measuring := max(confusionBytes(src.Classes, test), measuresBytes(c.Measures, net, train, scoring))
	measuring += at + scoring.Bytes() + 8*float64(2*train+val+test) // what is predicted of each split, and of train for a measure
	return whole(ofTrial + ofColumn*float64(len(c.Columns())) + max(drawing, resuming, looking, saving, measuring))
}

// startBytes is the size of what newTraining makes.
func startBytes(c config.Config, src *data.Source, net *models.Net) float64 {
	set, _ := src.SetBytes(c.Data.Spec.Drawn())
	held, _ := optim.SizeOf(c.Optimizer.Spec, net.Dim())
	batch := float64(c.BatchSize) * (4*float64(src.Shape.Size()) + 8)
	return set + batch + 4*(held+3*float64(net.Dim())) // the weights, now and before, and a gradient for the splits
}

// stepBytes is the size of the buffers of a training step.
func stepBytes(c config.Config, net *models.Net) float64 {
	f := net.Footprint(c.BatchSize)
	if up, ok := c.Optimizer.Spec.(optim.Ascending); ok {
		f.AscentGrad(up.Rule())
	} else {
		f.Grad()
	}
	return f.Bytes()
}

// measuresBytes asks of f, the buffers of the splits, what measures, one after the other, ask of a landscape that they share. It returns the
// size of what else is held meanwhile. The first that asks for gains may take those of all.
func measuresBytes(measures []sharpness.Any, net *models.Net, examples int, f *models.Footprint) (most float64) {
	var needs []sharpness.Need
	var rules []ascent.Rule
	for _, m := range measures {
		need := sharpness.NeedOf(m.Spec)
		needs, rules = append(needs, need), append(rules, need.Rules...)
	}
	for _, need := range needs {
		if need.Rules != nil {
			need.Rules = rules
		}
		most = max(most, needBytes(need, net, examples, f))
	}
	return most + landscapeBytes(needs, net)
}

// landscapeBytes is what a landscape holds from the first measure that needs it on: the sum over chunks, and the gradient at the solution.
func landscapeBytes(needs []sharpness.Need, net *models.Net) float64 {
	var sum, grad float64
	for _, need := range needs {
		if need.Grad {
			grad = 4
		}
		if need.Grad || need.SecondOrder {
			sum = 8
		}
	}
	return float64((sum + grad) * float64(net.Dim()))
}

// needBytes asks of f, the buffers of the splits, what a measure asks of its landscape. It returns the size of what else the
// measure holds meanwhile.
func needBytes(need sharpness.Need, net *models.Net, examples int, f *models.Footprint) float64 {
	vector := float64(net.Dim())
	bytes := float64(need.Bytes)*vector + float64(need.Fixed)
	if need.Grad {
		f.Grad()
	}
	if need.SecondOrder {
		f.HessVec()
		bytes += keptBytes(net, examples)
	}
	if need.Responses {
		f.Responses()
		n, k := float64(min(need.Features, examples)), float64(net.Features())
		bytes += 4*n*k + 2*8*min(n, k)*min(n, k)
	}
	if need.PathNorm {
		bytes += net.PathNormBytes()
	}
	if need.Trace {
		f.GaussNewtonTrace()
	}
	if n := need.Examples; n != 0 {
		f.AddGradients()
		if n < 0 || n > examples {
			n = examples
		}
		held := net.GradientsAtOnce(n)
		bytes += net.GradientsBytes(held) + float64(n)*(float64(need.PairBytes)*float64(n)+1<<10)
		if held < n {
			bytes += net.GradientsBytes(held)
		}
	}
	rules := slices.DeleteFunc(slices.Clone(need.Rules), func(r ascent.Rule) bool { return r.M < 0 || examples%groupSize(r, examples) != 0 })
	for i, r := range rules {
		rules[i].M = groupSize(r, examples)
		bytes += 2 * 8 * (float64(examples/rules[i].M) + float64(r.Steps)) // gains, and losses on the way; lists that grow
	}
	climbers := 0
	for _, p := range planPasses(rules, examples) {
		var small []ascent.Rule
		for _, i := range p.small {
			small = append(small, rules[i])
		}
		if len(small) > 0 {
			f.AscentGains(min(p.chunk, examples), small)
		}
		sizes := map[int]bool{}
		for _, i := range p.large {
			sizes[rules[i].M] = true
			f.Grad()
		}
		climbers = max(climbers, len(sizes))
	}
	return bytes + float64(climbers)*climberBytes*vector
}

// confusionBytes is the size of a table of class and prediction for each example, and of the counts.
func confusionBytes(classes, examples int) float64 {
	pairs := float64(classes) * float64(classes)
	return 20*float64(examples) + 8*pairs + 128*min(pairs, float64(examples))
}

// whole returns bytes as an int64, the largest for more.
func whole(bytes float64) int64 {
	if !(bytes < math.MaxInt64) {
		return math.MaxInt64
	}
	return int64(math.Ceil(bytes))
}
