package harness

import (
	"math"

	"msharp/models"
)

// keptPasses is the passes of a split at a point, chunk by chunk, which products with the Hessian there have in common.
type keptPasses struct {
	w      []float32
	passes []models.Kept
}

// mostKept is how many bytes of passes are kept; of networks and splits that would take more, none.
const mostKept = 64 << 20

// keptBytes is the size of keptPasses, 0 where none is.
func keptBytes(n *models.Net, examples int) float64 {
	if bytes := float64(float64(chunksOf(examples)) * n.KeptBytes(min(chunkSize, examples))); 0 < bytes && bytes <= mostKept {
		return bytes + float64(4*n.Dim())
	}
	return 0
}

func chunksOf(examples int) int { return (examples + chunkSize - 1) / chunkSize }

// keep returns the passes at w, nil where none are kept. They are those of the last call where w has the same bits.
func (l *landscape) keep(w []float32) []models.Kept {
	n := l.examples()
	if keptBytes(l.net, n) == 0 {
		return nil
	}
	if l.kept == nil {
		l.kept = &keptPasses{make([]float32, len(w)), make([]models.Kept, chunksOf(n))}
	} else if sameBits(l.kept.w, w) {
		return l.kept.passes
	}
	copy(l.kept.w, w)
	chunks(0, n, chunkSize, func(i, j int) {
		l.problem.Reset(l.batch.Slice(i, j))
		l.problem.Keep(&l.kept.passes[i/chunkSize], l.kept.w)
	})
	return l.kept.passes
}

// forget frees what l keeps. A measure has done with it when it ends.
func (l *landscape) forget() { l.kept = nil }

func sameBits(a, b []float32) bool {
	for i, v := range a {
		if math.Float32bits(v) != math.Float32bits(b[i]) {
			return false
		}
	}
	return true
}
