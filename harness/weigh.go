package harness

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"msharp/models"
	"msharp/models/rng"
	"msharp/sharpness"
)

// Weighing is a network with weights from anywhere, on examples from anywhere: measures see its landscape as they see that of a trial.
type Weighing struct {
	land known
	seed uint64
}

// Weigh returns the network at w, on the examples of b, both of which must stay as they are: measures share what they compute there. init is
// where training started from; nil if that is not known. Equal seeds give measures equal random streams, those of a trial of that seed.
func Weigh(n *models.Net, w, init []float32, b models.Batch, seed uint64) *Weighing {
	return &Weighing{known{landscape: around(newSplit(n, b), w, init, nil)}, seed}
}

// Score returns the mean loss and the number of examples that are predicted wrong.
func (g *Weighing) Score() (loss float64, wrong int) {
	s := g.land.solved.scoreOf(g.land.landscape)
	return s.loss, int(math.Round(s.errors * float64(g.land.examples())))
}

// Logits calls f with the outputs of each example in turn, in memory that is valid until f returns.
func (g *Weighing) Logits(f func(i int, z []float32)) {
	s := g.land.split
	chunks(0, s.examples(), chunkSize, func(i, j int) {
		s.problem.Reset(s.batch.Slice(i, j))
		z := s.problem.Logits(g.land.w)
		for k := range z.Rows {
			f(i+k, z.Row(k))
		}
	})
}

// ErrInit says that a measure asks for the weights that training started from, which are not known.
var ErrInit = errors.New("it needs the weights that training started from")

// Measure returns the values of m's columns.
func (g *Weighing) Measure(m sharpness.Any) ([]float64, error) {
	g.land.asked = false
	values, err := measured(m, &g.land, g.seed)
	if g.land.asked && g.land.init == nil {
		err = ErrInit
	}
	return values, err
}

// known is a landscape that notes whether its first weights are asked for. Those that are not known are NaN.
type known struct {
	*landscape
	asked bool
}

func (l *known) Init() []float32 {
	l.asked = true
	if l.init != nil {
		return l.init
	}
	nan := make([]float32, len(l.w))
	for i := range nan {
		nan[i] = float32(math.NaN())
	}
	return nan
}

// WeighingMemory returns about how many bytes a Weighing of a network on so many examples takes while it takes measures, with the examples
// and two weight vectors. It is rather more than that than less.
func WeighingMemory(n *models.Net, examples int, measures []sharpness.Any) int64 {
	buffers := n.Footprint(min(chunkSize, examples))
	buffers.Eval()
	most := measuresBytes(measures, n, examples, buffers)
	held := float64(float64(examples)*(float64(4*float64(n.In.Size()))+3*8)) + float64(12*float64(n.Dim()))
	return whole(held + buffers.Bytes() + most)
}

// measured returns the values of a measure's columns, with its own random stream of a seed.
func measured(m sharpness.Any, l sharpness.Landscape, seed uint64) ([]float64, error) {
	return measuredBy(m, l, stream(seed, sharpness.Names(m.Spec)))
}

// measuredBy returns the values of a measure's columns, with a random stream of its own.
func measuredBy(m sharpness.Any, l sharpness.Landscape, r *rand.Rand) ([]float64, error) {
	if l, ok := l.(interface{ forget() }); ok {
		defer l.forget()
	}
	values, err := m.Spec.Of(l, r)
	if err != nil {
		return nil, fmt.Errorf("measure %s: %w", m.Kind(), err)
	}
	if n := len(m.Spec.Columns()); len(values) != n {
		panic(fmt.Sprintf("harness: measure %s gives %d values for %d names", m.Kind(), len(values), n))
	}
	return values, nil
}

// stream is a measure's own, named for its first column.
func stream(seed uint64, names []string) *rand.Rand { return rng.Stream(seed, "measure/"+names[0]) }
