package harness

import (
	"math"
	"math/rand/v2"
	"testing"

	"msharp/models"
	"msharp/models/kernel"
	"msharp/sharpness"
)

// passing is a layer that counts the examples that pass it.
type passing struct {
	models.ReLU
	*taken
}

// taken is how many of n examples have passed, forward and backward.
type taken struct{ up, down, n int }

func (c passing) Forward(p models.Pass) {
	c.up += p.X.Rows
	c.ReLU.Forward(p)
}

func (c passing) BackwardData(dx kernel.Mat, p models.Pass) {
	c.down += p.X.Rows
	c.ReLU.BackwardData(dx, p)
}

// forward returns the forward passes over all examples, and forgets all.
func (t *taken) forward() float64 {
	f, _ := t.both()
	return f
}

// both returns the passes over all examples, and forgets them.
func (t *taken) both() (forward, backward float64) {
	n := float64(t.n)
	forward, backward = float64(t.up)/n, float64(t.down)/n
	t.up, t.down = 0, 0
	return forward, backward
}

// passes is a landscape of n examples, whose measures share, and what counts passes over it.
func passes(t *testing.T, n int, measures ...sharpness.Any) (*landscape, *taken) {
	t.Helper()
	count := &taken{n: n}
	net, err := models.NewNet(models.Shape{C: 6, H: 1, W: 1}, 3, models.Dense{Units: 8, Gain: 1}, passing{taken: count}, models.Dense{Units: 3, Gain: 1})
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	b := models.Batch{X: kernel.New(n, 6), Y: make([]int, n)}
	for i := range b.X.Data {
		b.X.Data[i] = float32(r.NormFloat64())
	}
	for i := range b.Y {
		b.Y[i] = r.IntN(3)
	}
	return around(newSplit(net, b), net.Init(r), net.Init(r), measures), count
}

// producing counts products with the Hessian, and not the passes in them.
type producing struct {
	*landscape
	*taken
	products float64
}

func (p *producing) HessVec(hv, w, v []float32) error {
	p.products++
	before := *p.taken
	defer func() { *p.taken = before }()
	return p.landscape.HessVec(hv, w, v)
}

// What a measure says that it costs is what it takes alone, of every kind and with several parameters; where that depends on the loss, about.
func TestMeasuresSayWhatTheyCost(t *testing.T) {
	const n = 640
	measures := []sharpness.Measure{
		&sharpness.MSharpness{M: []int{1, 16, 0}, Rho: []float64{.05, .1}, Steps: 1, P: 2},
		&sharpness.MSharpness{M: []int{4}, Rho: []float64{.05, .1}, Steps: 3, P: 2},
		&sharpness.MSharpness{M: []int{4, 0}, Rho: []float64{.05}, Steps: 2, P: math.Inf(1)},
		&sharpness.Adaptive{M: []int{0, 320}, Rho: []float64{.05, .1}, Eta: .01, Steps: 3, P: 2},
		&sharpness.Worst{M: []int{0, 320}, Rho: []float64{.05, .1}, Steps: 4, P: 2},
		&sharpness.Keskar{Eps: []float64{1e-3, 1e-2}, Steps: 3},
		&sharpness.Average{Sigma: []float64{.01, .1}, Draw: "uniform", Pairs: 3},
		&sharpness.PACBayes{Rho: []float64{.05, .1, .2}, Delta: .05},
		&sharpness.Fisher{K: 2, Subset: 64},
		&sharpness.Hessian{K: 1, Steps: 7},
		&sharpness.Trace{Estimator: "hutchinson", Products: 5},
		&sharpness.Density{Probes: 3, Steps: 4},
		&sharpness.Flatness{Drop: .05, Draws: 4, Relative: true},
	}
	for _, name := range sharpness.Table.Names() {
		m, err := sharpness.Table.New(name)
		if err != nil {
			t.Fatal(err)
		}
		measures = append(measures, m)
	}
	for _, m := range measures {
		l, count := passes(t, n)
		alone := *l
		alone.solved = nil
		land := &producing{landscape: &alone, taken: count}
		c, ok := sharpness.CostOf(m, n, l.net.Classes)
		if _, ours := m.(*distance); ours { // a measure of another test, which says nothing
			continue
		}
		if !ok {
			t.Errorf("%T does not say what it costs", m)
		}
		if _, err := m.Of(land, rand.New(rand.NewPCG(1, 2))); err != nil {
			t.Fatal(err)
		}
		forward, backward := count.both()
		off := 0.
		if c.About {
			off = .35 * c.Forward
		}
		const rounding = 1e-9
		if math.Abs(forward-c.Forward-c.Gradients) > off+rounding || math.Abs(backward-c.Gradients-c.Backward) > rounding || land.products != c.Products {
			t.Errorf("%+v takes %v passes forward, %v backward and %v products; it says %+v", m, forward, backward, land.products, c)
		}
	}
}
