package models

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"msharp/models/ascent"
	"msharp/models/kernel"
)

// memory collects the places of all slices that can be reached from a value, but not those in skip.
type memory struct {
	skip  []uintptr
	seen  map[uintptr]bool
	spans [][2]uintptr
}

func (m *memory) walk(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() && v.Type() != reflect.TypeFor[*Net]() && !m.seen[v.Pointer()] {
			m.seen[v.Pointer()] = true
			m.walk(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			m.walk(v.Field(i))
		}
	case reflect.Slice:
		if v.Cap() == 0 || slices.Contains(m.skip, v.Pointer()) {
			return
		}
		m.spans = append(m.spans, [2]uintptr{v.Pointer(), v.Pointer() + uintptr(v.Cap())*v.Type().Elem().Size()})
		if k := v.Type().Elem().Kind(); k != reflect.Float32 && k != reflect.Float64 && k != reflect.Int {
			for i := range v.Len() {
				m.walk(v.Index(i))
			}
		}
	}
}

// held returns the bytes of the buffers of p, each once, without its net, batch and weights.
func held(p *Problem, weights ...[]float32) (bytes uintptr) {
	m := memory{seen: map[uintptr]bool{}}
	for _, w := range weights {
		for _, s := range p.net.stages {
			m.skip = append(m.skip, reflect.ValueOf(w[min(s.lo, len(w)-1):]).Pointer())
		}
	}
	for i := range p.most {
		m.skip = append(m.skip, reflect.ValueOf(p.batch.X.Row(i)).Pointer(), reflect.ValueOf(p.batch.Y[i:]).Pointer())
	}
	m.walk(reflect.ValueOf(p))
	slices.SortFunc(m.spans, func(a, b [2]uintptr) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	var end uintptr
	for _, s := range m.spans {
		if lo := max(s[0], end); lo < s[1] {
			bytes += s[1] - lo
			end = s[1]
		}
	}
	return bytes
}

// opaque is a layer of which no more is known than that it has weights.
type opaque struct{ Weighted }

// stack is layers as an architecture.
type stack []Layer

func (s stack) Build(in Shape, classes int) (*Net, error) { return NewNet(in, classes, s...) }

// big are architectures in each of which buffers of another kind are what is large.
var big = []struct {
	name string
	in   Shape
	Spec
}{
	{"wide", Shape{300, 1, 1}, &MLP{Hidden: []int{200, 200}, Activation: "relu"}},
	{"small", Shape{20, 1, 1}, &MLP{Hidden: []int{16}, Activation: "tanh"}},
	{"deep", Shape{30, 1, 1}, &MLP{Hidden: slices.Repeat([]int{40}, 6), Activation: "relu"}},
	{"softmax", Shape{400, 1, 1}, &MLP{}},
	{"linear", Shape{20, 1, 1}, stack{Dense{300, 1}, Dense{300, 1}, Dense{classes, 1}}},
	{"cnn", Shape{1, 20, 20}, &CNN{Blocks: []Block{{8, 3, 1, 1, 2}, {16, 5, 2, 1, 1}}, Hidden: []int{50}, Activation: "relu"}},
	{"rgb", Shape{3, 10, 10}, &CNN{Blocks: []Block{{24, 3, 1, 1, 1}, {24, 3, 1, 1, 2}}, Activation: "tanh"}},
	{"image", Shape{1, 40, 40}, &CNN{Blocks: []Block{{16, 3, 1, 1, 1}, {2, 3, 2, 1, 8}}, Activation: "relu"}}, // passes run two examples at a time
	{"opaque", Shape{50, 1, 1}, stack{opaque{Dense{60, 1}}, ReLU{}, Dense{50, 1}, opaque{Dense{50, 1}}, Tanh{}, opaque{Dense{classes, 1}}}},
}

// lasting returns the bytes of f without what is outgrown and lives for a moment.
func lasting(f *Footprint) float64 {
	bytes := f.Bytes() - 4*(f.outgrown+f.old)
	if f.group != nil {
		bytes -= 4 * f.group.outgrown
	}
	return bytes
}

// A Footprint is what a Problem's buffers take, whatever has been asked of it, and however often.
func TestFootprintsAreThoseOfTheBuffers(t *testing.T) {
	const most = 16
	type call struct {
		name string
		ask  func(f *Footprint)
		run  func(p *Problem, g, w []float32)
	}
	grad := func(r ascent.Rule) call {
		return call{fmt.Sprintf("AscentGrad %+v", r), func(f *Footprint) { f.AscentGrad(r) }, func(p *Problem, g, w []float32) { p.AscentGrad(g, w, r) }}
	}
	gains := func(examples, steps int, norm float64, ms ...int) call {
		var rules []ascent.Rule
		for _, m := range ms {
			rules = append(rules, ascent.Rule{Rho: .1, M: m, Steps: steps, P: norm}, ascent.Rule{Rho: .2, M: m, Steps: steps, P: norm})
		}
		return call{fmt.Sprintf("AscentGains of %d, m = %v, steps = %d, p = %v", examples, ms, steps, norm),
			func(f *Footprint) { f.AscentGains(examples, rules) },
			func(p *Problem, g, w []float32) {
				all := p.batch
				p.Reset(all.Slice(0, examples))
				out := make([][]float64, len(rules))
				for i, r := range rules {
					out[i] = make([]float64, examples/p.groupSize(r))
				}
				p.AscentGains(out, make([]int, len(rules)), g, w, rules)
				p.Reset(all)
			}}
	}
	calls := []call{
		{"Eval", (*Footprint).Eval, func(p *Problem, _, w []float32) { p.Eval(w) }},
		{"Grad", (*Footprint).Grad, func(p *Problem, g, w []float32) { p.Grad(g, w) }},
		{"HessVec", (*Footprint).HessVec, func(p *Problem, g, w []float32) {
			if p.net.SecondOrder() == nil {
				p.HessVec(g, w, w)
			} else { // as much
				p.Grad(g, w)
				p.viewAlong(w, w, true)
			}
		}},
		{"GaussNewtonTrace", (*Footprint).GaussNewtonTrace, func(p *Problem, _, w []float32) { p.GaussNewtonTrace(w) }},
		{"Responses", (*Footprint).Responses, func(p *Problem, _, w []float32) { p.Responses(w) }},
		{"AddGradients", (*Footprint).AddGradients, func(p *Problem, _, w []float32) { p.AddGradients(p.net.Gradients(most), w) }},
		grad(ascent.Rule{M: 4}),
		gains(10, 1, 2, 1, 5),
	}
	for _, m := range []int{1, 4, 8, 0} {
		for _, r := range []ascent.Rule{{}, {Decay: .1}, {Steps: 4}, {P: math.Inf(1), Steps: 2}} {
			r.Rho, r.M = .1, m
			calls = append(calls, grad(r))
		}
		calls = append(calls, gains(most, 1, 2, m), gains(most, 3, 2, m), gains(most, 1, math.Inf(1), m))
	}
	calls = append(calls, gains(most, 1, 2, 1, 4, 8, 16), gains(most, 2, 2, 4, 8, 16))
	for _, c := range big {
		n, w, _ := build(t, c.in, c.Spec)
		b := Batch{random(rand.New(rand.NewPCG(1, 2)), most, c.in.Size()), make([]int, most)}
		g := make([]float32, n.Dim())
		all, everything := n.On(b), n.Footprint(most)
		fitted := slices.Clone(w)
		fitted[n.Dim()-classes] = 1e4 // the bias of the label: no group has a gradient
		for _, call := range calls {
			p, f := n.On(b), n.Footprint(most)
			call.ask(f)
			call.run(p, g, w)
			if f.points == 1 {
				call.run(p, g, fitted)
			}
			got, want := lasting(f), float64(held(p, w, fitted))
			reserve := 4*f.layer + 12*float64(n.Dim()) // not every pass runs backward, and penalties and later steps have gradients
			if !(got >= want && got <= 1.3*want+reserve+1<<15) {
				t.Errorf("%s, %s: footprint %.0f for %.0f bytes", c.name, call.name, got, want)
			}
			call.ask(everything)
			call.run(all, g, w)
			if got, want := lasting(everything), float64(held(all, w, fitted)); got < want {
				t.Errorf("%s after %s: footprint %.0f for %.0f bytes", c.name, call.name, got, want)
			}
		}
	}
}

// Layers take no more scratch than they say, or than is assumed of those that do not say.
func TestLayersSayTheirScratch(t *testing.T) {
	const B = 33 // rows that repay laying operands out
	wide := layers[0]
	wide.Layer, wide.in = Dense{1030, 1}, Shape{1024, 1, 1}
	for _, l := range append(slices.Clone(layers), wide) {
		out, err := l.Out(l.in)
		if err != nil {
			t.Fatal(err)
		}
		net := &Net{stages: []stage{{Layer: Dense{}}, {Layer: l.Layer, in: l.in, out: out}}}
		weighted, _ := l.Layer.(Weighted)
		if weighted != nil {
			net.stages[1].hi = weighted.NumParams(l.in)
		}
		r := rand.New(rand.NewPCG(1, 2))
		// used returns the numbers that calls take, a float64 being two.
		used := func(calls ...func(p Pass)) float64 {
			p := Pass{In: l.in, Out: out, X: random(r, B, l.in.Size()), Y: random(r, B, out.Size()), DY: random(r, B, out.Size()), Scratch: new(kernel.Scratch)}
			p.W = make([]float32, net.stages[1].hi)
			if turning, ok := l.Layer.(Turning); ok {
				p.Turned = make([]float32, turning.Turned(l.in))
			}
			for _, call := range calls {
				call(p)
			}
			most := func(stack string) float64 {
				return float64(reflect.ValueOf(p.Scratch).Elem().FieldByName(stack).FieldByName("most").Int())
			}
			return most("f32") + 2*most("f64")
		}
		at := func(m int, first bool) float64 {
			return net.Footprint(B).scratchOf(1, m, first)
		}
		forward := []func(p Pass){l.Forward}
		if weighted != nil {
			forward = append(forward, func(p Pass) { weighted.BackwardWeights(make([]float32, len(p.W)), p, false) })
		}
		back := append(slices.Clone(forward), func(p Pass) { l.BackwardData(kernel.New(B, l.in.Size()), p) })
		if got, said := used(forward...), at(0, true); got > said {
			t.Errorf("%T%v takes %v as the first, says %v", l.Layer, l.Layer, got, said)
		}
		if got, said := used(back...), at(0, false); got > said {
			t.Errorf("%T%v takes %v, says %v", l.Layer, l.Layer, got, said)
		}
		s, ok := l.Layer.(LowRank)
		if !ok {
			continue
		}
		for _, m := range []int{1, 3, B} {
			forward := append(slices.Clone(forward), func(p Pass) { s.Rise(kernel.New(B, out.Size()), p, p, m) })
			back := append(slices.Clone(back), forward[len(forward)-1], func(p Pass) { s.BackwardRise(kernel.New(B, l.in.Size()), p, p, make([]float64, B/m)) })
			if got, said := used(forward...), at(m, true); got > said {
				t.Errorf("%T%v takes %v for groups of %d as the first, says %v", l.Layer, l.Layer, got, m, said)
			}
			if got, said := used(back...), at(m, false); got > said {
				t.Errorf("%T%v takes %v for groups of %d, says %v", l.Layer, l.Layer, got, m, said)
			}
		}
	}
}

// No size is so large that a footprint overflows or is itself large.
func TestFootprintsOfEverySize(t *testing.T) {
	n, err := (&MLP{Hidden: []int{1 << 14, 1 << 13}, Activation: "relu"}).Build(Shape{1000, 1, 1}, 10)
	if err != nil {
		t.Fatal(err)
	}
	f := n.Footprint(math.MaxInt)
	f.AscentGrad(ascent.Rule{Rho: 1, P: 1})
	if b := f.Bytes(); !(b > 1e22 && b < 1e30) {
		t.Errorf("%v bytes for all examples", b)
	}
	f = n.Footprint(1 << 10)
	f.AscentGrad(ascent.Rule{Rho: 1, Steps: math.MaxInt})
	if b := f.Bytes(); !(b > 1e36 && b < 1e42) {
		t.Errorf("%v bytes for all steps, the products of each with each included", b)
	}
}
