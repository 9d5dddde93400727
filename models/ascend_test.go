package models

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"msharp/models/ascent"
	"msharp/models/kernel"
)

// nets holds the architectures under test, each with an input shape.
var nets = []struct {
	name string
	in   Shape
	Spec
}{
	{"mlp", Shape{20, 1, 1}, &MLP{Hidden: []int{16, 12}, Activation: "relu"}},
	{"tanh", Shape{20, 1, 1}, &MLP{Hidden: []int{16}, Activation: "tanh"}},
	{"softmax", Shape{20, 1, 1}, &MLP{}},
	{"narrow", Shape{9, 1, 1}, &MLP{Hidden: []int{2, 30}, Activation: "relu"}},
	{"deep", Shape{11, 1, 1}, &MLP{Hidden: []int{7, 33, 13, 20}, Activation: "relu"}},
	{"cnn", Shape{1, 8, 8}, &CNN{Blocks: []Block{{4, 3, 1, 1, 2}, {6, 3, 2, 1, 1}}, Hidden: []int{8}, Activation: "relu"}},
	{"cnn-rgb", Shape{3, 7, 7}, &CNN{Blocks: []Block{{4, 3, 2, 0, 1}}, Activation: "tanh"}},
}

const (
	batch   = 24
	classes = 5
)

// build returns a net, weights and a batch: clustered examples, so that training can fit them.
func build(t testing.TB, in Shape, s Spec) (n *Net, w []float32, b Batch) {
	n, err := s.Build(in, classes)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	w = n.Init(r)
	b = Batch{X: random(r, batch, in.Size()), Y: make([]int, batch)}
	centres := random(r, classes, in.Size())
	for i := range b.Y {
		b.Y[i] = r.IntN(classes)
		kernel.Axpy(b.X.Row(i), 1, centres.Row(b.Y[i]))
	}
	return n, w, b
}

func divisors(n int) (m []int) {
	for i := 1; i <= n; i++ {
		if n%i == 0 {
			m = append(m, i)
		}
	}
	return append(m, 0)
}

// rules are the inner maximisations of every kind at group size m.
func rules(m int) []ascent.Rule {
	return []ascent.Rule{
		{Rho: 0.3, M: m},
		{Rho: 0.3, M: m, Decay: 0.1},
		{Rho: 0.2, M: m, Unnormalised: true},
		{Rho: 0.2, M: m, Unnormalised: true, Decay: 0.1},
		{Rho: 0.3, M: m, Steps: 5},
		{Rho: 0.3, M: m, Steps: 3, Decay: 0.1},
		{Rho: 0.02, M: m, P: math.Inf(1), Decay: 0.1},
		{Rho: 0.04, M: m, P: math.Inf(1), Steps: 5},
		{Rho: 3, M: m, P: 1},
		{Rho: 1.5, M: m, P: 1, Steps: 5},
		{Rho: 0.1, M: m, P: 4, Steps: 5},
	}
}

func TestGradMatchesDefinition(t *testing.T) {
	for _, c := range nets {
		n, w, b := build(t, c.in, c.Spec)
		g := make([]float32, n.Dim())
		loss := n.On(b).Grad(g, w)
		wantLoss, want := define(n, b).grad(widen(w))
		if e := distance(g, want); !(e <= 1e-5) || !(math.Abs(loss-wantLoss) <= 1e-5) {
			t.Errorf("%s: gradient off by %.2g, loss %v, want %v", c.name, e, loss, wantLoss)
		}
	}
}

// At every m, in every net, under every rule, AscentGrad equals the loop over groups. Every perturbation moves the gradient by more than a
// tenth.
func TestAscentGradMatchesDefinition(t *testing.T) {
	worst := 0.
	defer func() { t.Logf("largest relative error %.1e", worst) }()
	sizes := divisors(batch)
	if testing.Short() {
		sizes = []int{1, 4}
		t.Logf("-short: m = %v only", sizes)
	}
	for _, c := range nets {
		n, w, b := build(t, c.in, c.Spec)
		d, p, g := define(n, b), n.On(b), make([]float32, n.Dim())
		_, plain := d.grad(widen(w))
		for _, m := range sizes {
			for _, r := range rules(m) {
				clean, perturbed := p.AscentGrad(g, w, r)
				wantClean, wantPerturbed, want := d.ascentGrad(widen(w), r)
				if moved := apart(want, plain); !(moved >= 0.1) {
					t.Errorf("%s %+v: the perturbation moves the gradient by %.2g only", c.name, r, moved)
				}
				e := distance(g, want)
				if worst = max(worst, e); !(e <= 1e-5) {
					t.Errorf("%s %+v: gradient off by %.2g", c.name, r, e)
				}
				if !(math.Abs(clean-wantClean) <= 1e-5*wantClean && math.Abs(perturbed-wantPerturbed) <= 1e-5*wantPerturbed) {
					t.Errorf("%s %+v: losses %v, %v, want %v, %v", c.name, r, clean, perturbed, wantClean, wantPerturbed)
				}
			}
		}
	}
}

// On a fitted network, with a loss below 3e-3, gradients are differences of nearly equal numbers.
func TestAscentGradMatchesDefinitionOnceFitted(t *testing.T) {
	if testing.Short() {
		t.Skip("left out of -short: it trains every network to a small loss")
	}
	worst := 0.
	defer func() { t.Logf("largest relative error %.1e", worst) }()
	for _, c := range nets[:len(nets)-1] {
		n, w, b := build(t, c.in, c.Spec)
		p, g := n.On(b), make([]float32, n.Dim())
		loss := math.Inf(1)
		for range 5000 {
			if loss = p.Grad(g, w); loss < 2e-3 {
				break
			}
			kernel.Axpy(w, -0.2, g)
		}
		if !(loss <= 3e-3) {
			t.Fatalf("%s: trained to loss %.2g only", c.name, loss)
		}
		for _, m := range divisors(batch) {
			for _, r := range []ascent.Rule{{Rho: 0.05, M: m}, {Rho: 0.05, M: m, Steps: 3}} {
				p.AscentGrad(g, w, r)
				_, _, want := define(n, b).ascentGrad(widen(w), r)
				e := distance(g, want)
				if worst = max(worst, e); !(e <= 1e-4) {
					t.Errorf("%s %+v: gradient off by %.2g", c.name, r, e)
				}
			}
		}
	}
}

func TestAscentGainsMatchDefinition(t *testing.T) {
	for _, c := range nets {
		n, w, b := build(t, c.in, c.Spec)
		var rules []ascent.Rule
		var gains [][]float64
		for _, m := range []int{1, 3, 8, 24} {
			for _, rho := range []float64{0.01, 0.2} {
				rules = append(rules, ascent.Rule{Rho: rho, M: m})
				gains = append(gains, make([]float64, batch/m))
			}
		}
		for _, r := range []ascent.Rule{
			{Rho: 0.1, Decay: 0.1}, {Rho: 0.1}, {Rho: 0.2, Steps: 5}, {Rho: 0.1},
			{Rho: 0.02, P: math.Inf(1)}, {Rho: 0.04, P: math.Inf(1), Steps: 3}, {Rho: 1, P: 1, Steps: 4},
		} {
			r.M = 4
			rules, gains = append(rules, r), append(gains, make([]float64, 6))
		}
		sizes := divisors(batch)[:8]
		if testing.Short() {
			sizes = sizes[:1]
			t.Logf("-short: five steps beside one at m = %v only", sizes)
		}
		for _, m := range sizes {
			rules, gains = append(rules, ascent.Rule{Rho: 0.2, M: m, Steps: 5}), append(gains, make([]float64, batch/m))
			rules, gains = append(rules, ascent.Rule{Rho: 0.2, M: m}), append(gains, make([]float64, batch/m))
		}
		g := make([]float32, n.Dim())
		n.On(b).AscentGains(gains, make([]int, len(rules)), g, w, rules)
		for i, r := range rules {
			for k, want := range define(n, b).gains(widen(w), r) {
				if e := math.Abs(gains[i][k] - want); !(e <= 1e-5*math.Abs(want)+1e-6) {
					t.Errorf("%s %+v: gain of group %d is %v, want %v", c.name, r, k, gains[i][k], want)
				}
			}
		}
		for i, r := range rules {
			for k := range gains[i] {
				if r.Steps == 5 && i+1 < len(rules) && rules[i+1] == (ascent.Rule{Rho: r.Rho, M: r.M}) && !(gains[i][k] >= gains[i+1][k]) {
					t.Errorf("%s m=%d: five steps lift group %d by %v, one by %v", c.name, r.M, k, gains[i][k], gains[i+1][k])
				}
			}
		}
		if _, want := define(n, b).grad(widen(w)); !(distance(g, want) <= 1e-5) {
			t.Errorf("%s: the clean gradient is off by %.2g", c.name, distance(g, want))
		}
	}
}

// In float32, ‖ε‖ = ρ and ⟨ε, g⟩ = ρ‖g‖, and after several steps ε lies in the ball.
func TestAscentHasItsRadius(t *testing.T) {
	for _, c := range nets {
		n, w, b := build(t, c.in, c.Spec)
		p, g := n.On(b), make([]float32, n.Dim())
		for _, m := range []int{1, 4, 12, batch} {
			for _, steps := range []int{1, 5} {
				r := ascent.Rule{Rho: 0.3, M: m, Steps: steps}
				p.AscentGrad(g, w, r)
				for k := range batch / m {
					e, at := make([]float64, n.Dim()), make([]float32, n.Dim())
					for s := range steps {
						p.groupGrad(at, p.tapes[s], k, m)
						for i, v := range at {
							e[i] += p.span.e[1+s][k] * float64(v)
						}
					}
					if steps > 1 {
						if !(norm(e) <= 0.3*(1+1e-6)) {
							t.Errorf("%s m=%d: ‖ε‖ = %v after %d steps in a ball of .3", c.name, m, norm(e), steps)
						}
						continue
					}
					var dot float64
					for i, v := range at {
						dot += e[i] * float64(v)
					}
					if length := norm(widen(at)); !(math.Abs(norm(e)-0.3) <= 1e-6*0.3 && math.Abs(dot-0.3*length) <= 1e-6*0.3*length) {
						t.Errorf("%s m=%d: ‖ε‖ = %v, ⟨ε, g⟩/‖g‖ = %v, want .3", c.name, m, norm(e), dot/length)
					}
				}
			}
		}
	}
}

// The same in other norms, where ε is formed.
func TestFormedAscentHasItsRadius(t *testing.T) {
	for _, c := range nets {
		n, w, b := build(t, c.in, c.Spec)
		p, g := n.On(b), make([]float32, n.Dim())
		p.Grad(g, w)
		wide := widen(g)
		for norm, dual := range map[float64]float64{1: math.Inf(1), 4: 4. / 3, math.Inf(1): 1} {
			p.AscentGrad(g, w, ascent.Rule{Rho: 0.3, P: norm})
			e, dot := p.climber.e, 0.
			for i, v := range e {
				dot += v * wide[i]
			}
			want := 0.3 * pnorm(wide, dual)
			if !(math.Abs(pnorm(e, norm)-0.3) <= 1e-6*0.3 && math.Abs(dot-want) <= 1e-6*want) {
				t.Errorf("%s p=%v: ‖ε‖ = %v, ⟨ε, g⟩ = %v, want .3, %v", c.name, norm, pnorm(e, norm), dot, want)
			}
		}
	}
}

// A gain does not depend on what else is asked for.
func TestGainsDoNotDependOnTheirCompany(t *testing.T) {
	for _, c := range nets {
		n, w, b := build(t, c.in, c.Spec)
		var rules []ascent.Rule
		var all [][]float64
		for _, m := range []int{4, 6, 8, 24} {
			for _, steps := range []int{1, 3} {
				rules, all = append(rules, ascent.Rule{Rho: 0.2, M: m, Steps: steps}), append(all, make([]float64, batch/m))
			}
		}
		n.On(b).AscentGains(all, make([]int, len(rules)), nil, w, rules)
		for i, r := range rules {
			alone := [][]float64{make([]float64, batch/r.M)}
			if n.On(b).AscentGains(alone, []int{0}, nil, w, rules[i:i+1]); !slices.Equal(alone[0], all[i]) {
				t.Errorf("%s %+v: gains %v alone, %v among others", c.name, r, alone[0], all[i])
			}
		}
	}
}

// The size of blocks in the layers in front does not change a bit.
func TestBlocksDoNotChangeABit(t *testing.T) {
	for _, c := range nets {
		n, w, b := build(t, c.in, c.Spec)
		for _, m := range []int{1, 4, batch} {
			for _, r := range []ascent.Rule{{Rho: 0.3, M: m}, {Rho: 0.3, M: m, Steps: 2, Decay: 0.1}} {
				want, g := make([]float32, n.Dim()), make([]float32, n.Dim())
				wantGains, gains := make([]float64, batch/m), make([]float64, batch/m)
				n.On(b).AscentGrad(want, w, r)
				n.On(b).AscentGains([][]float64{wantGains}, []int{0}, nil, w, []ascent.Rule{r})
				for _, block := range []int{1, 3, 5, 24} {
					small := *n
					small.block = block
					small.On(b).AscentGrad(g, w, r)
					small.On(b).AscentGains([][]float64{gains}, []int{0}, nil, w, []ascent.Rule{r})
					if !slices.Equal(g, want) || !slices.Equal(gains, wantGains) {
						t.Errorf("%s %+v: blocks of %d differ from one", c.name, r, block)
					}
				}
			}
		}
	}
}

// Every architecture of the zoo builds on images with its defaults, and equals its definition.
func TestZoo(t *testing.T) {
	for _, name := range Zoo.Names() {
		spec, err := Zoo.New(name)
		if err != nil {
			t.Fatal(err)
		}
		n, w, b := build(t, Shape{1, 12, 12}, spec)
		b = b.Slice(0, 2)
		g := make([]float32, n.Dim())
		n.On(b).AscentGrad(g, w, ascent.Rule{Rho: 0.3, M: 1})
		if _, _, want := define(n, b).ascentGrad(widen(w), ascent.Rule{Rho: 0.3, M: 1}); !(distance(g, want) <= 1e-5) {
			t.Errorf("%s: gradient off by %.2g", name, distance(g, want))
		}
	}
}

// Widths beyond a vector and beyond a cache line: 7, 64, 513.
func TestWideNetMatchesDefinition(t *testing.T) {
	n, w, b := build(t, Shape{20, 1, 1}, &MLP{Hidden: []int{7, 64, 513}, Activation: "relu"})
	d, p, g := define(n, b), n.On(b), make([]float32, n.Dim())
	sizes := []int{1, 4, 24}
	if testing.Short() {
		sizes = sizes[1:2]
		t.Logf("-short: m = %v only", sizes)
	}
	for _, m := range sizes {
		r := ascent.Rule{Rho: 0.3, M: m}
		p.AscentGrad(g, w, r)
		if _, _, want := d.ascentGrad(widen(w), r); !(distance(g, want) <= 1e-5) {
			t.Errorf("m = %d: gradient off by %.2g", m, distance(g, want))
		}
	}
}

// m = batch is textbook SAM: one gradient, one ascent, one gradient there.
func TestWholeBatchIsTextbookSAM(t *testing.T) {
	for _, c := range nets {
		n, w, b := build(t, c.in, c.Spec)
		p, g, want := n.On(b), make([]float32, n.Dim()), make([]float32, n.Dim())
		p.Grad(want, w)
		up := slices.Clone(w)
		kernel.Axpy(up, 0.3/math.Sqrt(kernel.Dot(want, want)), want)
		p.Grad(want, up)
		for _, m := range []int{0, batch} {
			p.AscentGrad(g, w, ascent.Rule{Rho: 0.3, M: m})
			if e := distance(g, widen(want)); !(e <= 1e-5) {
				t.Errorf("%s m=%d: off textbook SAM by %.2g", c.name, m, e)
			}
		}
	}
}

// ρ = 0 is the plain gradient, bit for bit.
func TestNoRadiusIsThePlainGradient(t *testing.T) {
	for _, c := range nets {
		n, w, b := build(t, c.in, c.Spec)
		p, g, want := n.On(b), make([]float32, n.Dim()), make([]float32, n.Dim())
		p.Grad(want, w)
		for _, m := range divisors(batch) {
			if p.AscentGrad(g, w, ascent.Rule{M: m}); !slices.Equal(g, want) {
				t.Errorf("%s m=%d: ρ = 0 is not the plain gradient", c.name, m)
			}
		}
	}
}

// The order of examples within a group does not matter; the group of an example does.
func TestOrderWithinGroupsDoesNotMatter(t *testing.T) {
	for _, c := range nets {
		n, w, b := build(t, c.in, c.Spec)
		grad := func(order []int) []float32 {
			q := Batch{kernel.New(batch, c.in.Size()), make([]int, batch)}
			for to, from := range order {
				copy(q.X.Row(to), b.X.Row(from))
				q.Y[to] = b.Y[from]
			}
			g := make([]float32, n.Dim())
			n.On(q).AscentGrad(g, w, ascent.Rule{Rho: 0.3, M: 6})
			return g
		}
		order := make([]int, batch)
		for i := range order {
			order[i] = i
		}
		want := widen(grad(order))
		r := rand.New(rand.NewPCG(3, 4))
		for k := 0; k < batch; k += 6 {
			r.Shuffle(6, func(i, j int) { order[k+i], order[k+j] = order[k+j], order[k+i] })
		}
		if e := distance(grad(order), want); !(e <= 1e-5) {
			t.Errorf("%s: shuffling inside groups changes the gradient by %.2g", c.name, e)
		}
		order[0], order[batch-1] = order[batch-1], order[0]
		if e := distance(grad(order), want); !(e >= 1e-4) {
			t.Errorf("%s: exchanging examples between groups changes the gradient by %.2g only", c.name, e)
		}
	}
}

// A group with zero gradient stays where it is and is counted; the other groups climb.
func TestZeroGradientStays(t *testing.T) {
	n, err := NewNet(Shape{2, 1, 1}, 2, Dense{2, 1})
	if err != nil {
		t.Fatal(err)
	}
	// Example 0 is fitted so well that its gradient is below float32; example 1 is not.
	w := []float32{200, -200, 0, 0, 0, 0}
	b := Batch{kernel.View(2, 2, []float32{1, 0, 0, 1}), []int{0, 1}}
	p, g := n.On(b), make([]float32, 6)
	_, perturbed := p.AscentGrad(g, w, ascent.Rule{Rho: 0.1, M: 1})
	if p.ZeroGroups() != 1 || !kernel.Finite(g) || !(perturbed > 0) {
		t.Errorf("%d zero gradients, perturbed loss %v, gradient %v", p.ZeroGroups(), perturbed, g)
	}
}

// NaN weights give NaN losses and gradients, never a healthy number.
func TestNaNWeightsGiveNaN(t *testing.T) {
	for _, c := range nets {
		n, w, b := build(t, c.in, c.Spec)
		p, g := n.On(b), make([]float32, n.Dim())
		w[0] = float32(math.NaN())
		clean, perturbed := p.AscentGrad(g, w, ascent.Rule{Rho: 0.1, M: 1})
		if clean == clean || perturbed == perturbed || kernel.Finite(g) {
			t.Errorf("%s: losses %v, %v from a NaN weight", c.name, clean, perturbed)
		}
	}
}

// Steps allocate nothing once buffers are warm, whatever rules alternate.
func TestStepsDoNotAllocate(t *testing.T) {
	for _, c := range nets {
		n, w, b := build(t, c.in, c.Spec)
		p, g := n.On(b), make([]float32, n.Dim())
		step := func() {
			p.Grad(g, w)
			for _, m := range []int{1, 6, batch} {
				p.AscentGrad(g, w, ascent.Rule{Rho: 0.1, M: m, Decay: 0.1})
				p.AscentGrad(g, w, ascent.Rule{Rho: 0.1, M: m, Steps: 3})
			}
			p.Loss(w)
		}
		step()
		if a := testing.AllocsPerRun(5, step); a != 0 {
			t.Errorf("%s: %v allocations a step", c.name, a)
		}
	}
}

// Reset takes smaller batches, with the same numbers as a problem of that size.
func TestReset(t *testing.T) {
	for _, c := range nets {
		n, w, b := build(t, c.in, c.Spec)
		p, g, want := n.On(b), make([]float32, n.Dim()), make([]float32, n.Dim())
		p.AscentGrad(g, w, ascent.Rule{Rho: 0.1, M: 4})
		p.Reset(b.Slice(4, 12))
		p.AscentGrad(g, w, ascent.Rule{Rho: 0.1, M: 4})
		n.On(b.Slice(4, 12)).AscentGrad(want, w, ascent.Rule{Rho: 0.1, M: 4})
		if !slices.Equal(g, want) {
			t.Errorf("%s: a reset problem differs from a new one", c.name)
		}
	}
}

func TestBuildRefusesWhatDoesNotFit(t *testing.T) {
	for _, s := range []Spec{
		&CNN{Blocks: []Block{{4, 9, 1, 0, 1}}, Activation: "relu"},
		&CNN{Blocks: []Block{{4, 3, 1, 1, 9}}, Activation: "relu"},
		&CNN{Blocks: []Block{{4, 3, 1, 1, 2}, {4, 3, 1, 1, 2}, {4, 3, 1, 1, 2}, {4, 3, 1, 1, 2}}, Activation: "relu"},
	} {
		if _, err := s.Build(Shape{1, 8, 8}, classes); err == nil {
			t.Errorf("%+v was built on 8 × 8 images", s)
		} else {
			t.Log(fmt.Sprint(err))
		}
	}
}

// apart returns ‖a − b‖/‖b‖.
func apart(a, b []float64) float64 {
	d := make([]float64, len(a))
	for i := range a {
		d[i] = a[i] - b[i]
	}
	return norm(d) / norm(b)
}

// Taken in parts, a batch has the gradient and the losses that it has at once, to the bit.
func TestPartsDoNotChangeABit(t *testing.T) {
	in := Shape{3, 9, 9}
	n, w, _ := build(t, in, &CNN{Blocks: []Block{{64, 3, 1, 1, 1}, {128, 3, 1, 1, 2}, {256, 3, 1, 1, 2}}, Hidden: []int{8}, Activation: "relu"})
	r := rand.New(rand.NewPCG(1, 2))
	b := Batch{random(r, 72, in.Size()), make([]int, 72)}
	for i := range b.Y {
		b.Y[i] = r.IntN(classes)
	}
	clear(b.X.Row(5))
	for _, rule := range []ascent.Rule{{Rho: .1, M: 1}, {Rho: .1, M: 2, Steps: 2}, {Rho: .01, M: 2, Unnormalised: true}} {
		part := n.part(rule, rule.M, b.Len())
		if part >= b.Len() || b.Len()%part == 0 {
			t.Fatalf("parts of %d", part)
		}
		p, g, want := n.On(b), make([]float32, n.Dim()), make([]float32, n.Dim())
		clean, up := p.AscentGrad(g, w, rule)
		whole := n.On(b)
		wantClean, wantUp := whole.ascentGrad(want, w, rule, rule.M)
		if clean != wantClean || up != wantUp || !slices.Equal(g, want) || p.ZeroGroups() != whole.ZeroGroups() {
			t.Errorf("%+v in parts of %d: losses %v and %v, want %v and %v; equal gradients: %v", rule, part, clean, up, wantClean, wantUp, slices.Equal(g, want))
		}
		if allocs := testing.AllocsPerRun(1, func() { p.AscentGrad(g, w, rule) }); allocs > 0 {
			t.Errorf("%+v: %v allocations", rule, allocs)
		}
	}
}
