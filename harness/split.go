package harness

import (
	"math"

	"msharp/harness/record"
	"msharp/models"
	"msharp/models/kernel"
)

// All loops over a whole data split sit in this file and in gains.go, in chunks of at most chunkSize examples, so that neither a measure nor
// a trial batches.
const chunkSize = 256

// split is the mean loss of a net over a data split, as a function of the weights.
type split struct {
	net     *models.Net
	batch   models.Batch
	problem *models.Problem
	g       []float32 // of one chunk
	block   []uint8   // of each example; nil of a split without blocks
}

func newSplit(n *models.Net, b models.Batch) *split { return newSplits(n, b)[0] }

// newSplits returns a split for each batch; they have their buffers in common.
func newSplits(n *models.Net, batches ...models.Batch) (splits []*split) {
	var most models.Batch
	for _, b := range batches {
		if b.Len() > most.Len() {
			most = b
		}
	}
	p, g := n.On(most.Slice(0, min(chunkSize, most.Len()))), make([]float32, n.Dim())
	for _, b := range batches {
		splits = append(splits, &split{net: n, batch: b, problem: p, g: g})
	}
	return splits
}

// chunks calls f for the runs [i, j) of at most size examples that cover [lo, hi).
func chunks(lo, hi, size int, f func(i, j int)) {
	for i := lo; i < hi; i += size {
		f(i, min(i+size, hi))
	}
}

// score is a network's performance on a split.
type score struct {
	loss, errors float64       // mean cross-entropy; share of examples predicted wrong
	predicted    []int         // class of each example
	blocks       record.Blocks // of a split that has blocks
}

// score evaluates the network at w. An empty split has NaN scores.
func (s *split) score(w []float32) score {
	n := s.batch.Len()
	if n == 0 {
		return score{loss: math.NaN(), errors: math.NaN()}
	}
	var loss float64
	wrong := 0
	predicted, blocks := make([]int, 0, n), newBlocks(s.block)
	chunks(0, n, chunkSize, func(i, j int) {
		s.problem.Reset(s.batch.Slice(i, j))
		losses, p := s.problem.Eval(w)
		for k, l := range losses {
			loss += l
			if p[k] != s.batch.Y[i+k] {
				wrong++
			}
		}
		predicted = append(predicted, p...)
		blocks.add(s.block, i, losses, p, s.batch.Y)
	})
	return score{loss / float64(n), float64(wrong) / float64(n), predicted, blocks.record()}
}

// errorOf is score's errors alone, which take no loss.
func (s *split) errorOf(w []float32) float64 {
	n, wrong := s.batch.Len(), 0
	chunks(0, n, chunkSize, func(i, j int) {
		s.problem.Reset(s.batch.Slice(i, j))
		for k, p := range s.problem.Predict(w) {
			if p != s.batch.Y[i+k] {
				wrong++
			}
		}
	})
	return float64(wrong) / float64(n) // NaN of none: 0/0
}

// lossOf returns the mean loss at w over examples [lo, hi).
func (s *split) lossOf(w []float32, lo, hi int) float64 {
	var loss float64
	chunks(lo, hi, chunkSize, func(i, j int) {
		s.problem.Reset(s.batch.Slice(i, j))
		losses, _ := s.problem.Eval(w)
		for _, l := range losses {
			loss += l
		}
	})
	return loss / float64(hi-lo)
}

// gradOf adds the gradient at w of the mean loss over examples [lo, hi) to g, and returns that loss.
func (s *split) gradOf(g []float64, w []float32, lo, hi int) (loss float64) {
	chunks(lo, hi, chunkSize, func(i, j int) {
		s.problem.Reset(s.batch.Slice(i, j))
		share := float64(j-i) / float64(hi-lo)
		loss += float64(share * s.problem.Grad(s.g, w))
		add(g, share, s.g)
	})
	return loss
}

// productOf adds to sum what product writes of the k-th chunk, which is the problem's batch, as a mean over the split.
func (s *split) productOf(sum []float64, product func(k int, hv []float32)) {
	n := s.examples()
	chunks(0, n, chunkSize, func(i, j int) {
		s.problem.Reset(s.batch.Slice(i, j))
		product(i/chunkSize, s.g)
		add(sum, float64(j-i)/float64(n), s.g)
	})
}

// traceOf returns the trace at w of the mean Gauss-Newton matrix over the split.
func (s *split) traceOf(w []float32) (trace float64) {
	chunks(0, s.examples(), chunkSize, func(i, j int) {
		s.problem.Reset(s.batch.Slice(i, j))
		for _, v := range s.problem.GaussNewtonTrace(w) {
			trace += v
		}
	})
	return trace / float64(s.examples())
}

// productsOf writes ⟨∇L_i(w), ∇L_j(w)⟩ of the first n examples into dst[i·n+j]. Gradients of as many as fit are held at once, and beside
// them, if these are not all, those of as many others.
func (s *split) productsOf(dst []float64, w []float32, n int) {
	size := s.net.GradientsAtOnce(n)
	held := s.net.Gradients(size)
	var beside *models.Gradients
	if size < n {
		beside = s.net.Gradients(size)
	}
	fill := func(g *models.Gradients, lo, hi int) {
		g.Reset()
		chunks(lo, hi, chunkSize, func(i, j int) {
			s.problem.Reset(s.batch.Slice(i, j))
			s.problem.AddGradients(g, w)
		})
	}
	clear(dst[:n*n])
	var scratch kernel.Scratch
	chunks(0, n, size, func(i, j int) {
		fill(held, i, j)
		held.Products(dst[i*n+i:], n, held, &scratch)
		chunks(j, n, size, func(k, l int) {
			fill(beside, k, l)
			held.Products(dst[i*n+k:], n, beside, &scratch)
		})
	})
	for i := range n {
		for j := range i {
			dst[i*n+j] = dst[j*n+i]
		}
	}
}

func (s *split) examples() int { return s.batch.Len() }

// add sets g += a x.
func add(g []float64, a float64, x []float32) {
	for i, v := range x {
		g[i] += float64(a * float64(v))
	}
}
