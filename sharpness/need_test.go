package sharpness

import (
	"math/rand/v2"
	"reflect"
	"runtime"
	"testing"

	"msharp/models/ascent"
)

// plain is a landscape without slope that notes what it is asked and allocates nothing of the size of its weights.
type plain struct {
	w                   []float32
	grad, second, trace bool
	responses, paths    bool
	examples            int
	rules               []ascent.Rule
}

func (p *plain) W() []float32    { return p.w }
func (p *plain) Init() []float32 { return p.w }
func (*plain) Examples() int     { return 256 }
func (p *plain) Arrays() []Array { return []Array{{Rows: 32, Cols: len(p.w) / 32}} }
func (p *plain) Responses(_ []float32, visit func(logits, features []float32, label int)) {
	p.responses = true
	logits, features := make([]float32, 2), make([]float32, 100)
	for range p.Examples() {
		visit(logits, features, 0)
	}
}
func (p *plain) PathNorm([]float32) float64  { p.paths = true; return 0 }
func (p *plain) Part(int, int) Landscape     { return p }
func (*plain) Loss([]float32) float64        { return 0 }
func (*plain) Error([]float32) float64       { return 0 }
func (p *plain) Grad(g, _ []float32) float64 { p.grad = true; clear(g); return 0 }
func (p *plain) HessVec(hv, _, _ []float32) error {
	p.second = true
	clear(hv)
	return nil
}
func (p *plain) GaussNewtonVec(gv, w, v []float32) error { return p.HessVec(gv, w, v) }
func (p *plain) GaussNewtonTrace([]float32) float64      { p.trace = true; return 0 }
func (p *plain) ExampleProducts(dst []float64, _ []float32, n int) {
	p.examples = max(p.examples, n)
	clear(dst)
}
func (p *plain) AscentGains(rules []ascent.Rule) []ascent.Gain {
	p.rules = append(p.rules, rules...)
	return make([]ascent.Gain, len(rules))
}

// A measure that says what it needs asks for that and holds that; of one that does not say, enough is assumed.
func TestMeasuresSayWhatTheyNeed(t *testing.T) {
	const dim = 1 << 16
	for _, name := range Table.Names() {
		m, err := Table.New(name)
		if err != nil {
			t.Fatal(err)
		}
		land, need := &plain{w: make([]float32, dim)}, NeedOf(m)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, err := m.Of(land, rand.New(rand.NewPCG(1, 2))); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		examples := need.Examples
		if examples < 0 {
			examples = land.Examples()
		}
		made := max(0, float64(after.TotalAlloc-before.TotalAlloc)-float64(need.PairBytes*examples*examples)) / dim
		alone := 1 << 10 * float64(examples) / dim // which it may hold
		n, k := float64(min(need.Features, land.Examples())), 100.
		made = max(0, made-(4*n*k+2*8*min(n, k)*min(n, k))/dim)
		_, says := m.(Needer)
		if made > float64(need.Bytes)+alone+.5 || says && made < float64(need.Bytes)-.1 {
			t.Errorf("%s makes %.2f bytes a weight, says %d", name, made, need.Bytes)
		}
		if land.grad && !need.Grad || says && need.Grad != land.grad {
			t.Errorf("%s takes a gradient: %v, says %v", name, land.grad, need.Grad)
		}
		if land.second && !need.SecondOrder || land.trace && !need.Trace || says && (need.SecondOrder != land.second || need.Trace != land.trace || examples != land.examples) {
			t.Errorf("%s asks for %+v, says %+v", name, land, need)
		}
		if land.responses && !need.Responses || land.paths && !need.PathNorm || says && (need.Responses != land.responses || need.PathNorm != land.paths) {
			t.Errorf("%s asks for %+v, says %+v", name, land, need)
		}
		if len(land.rules) > 0 && len(need.Rules) == 0 || says && !reflect.DeepEqual(need.Rules, land.rules) {
			t.Errorf("%s ascends by %+v, says %+v", name, land.rules, need.Rules)
		}
	}
}

// What is assumed of a measure that says nothing is no less than what any that says something needs of most kinds.
func TestUnknownMeasuresNeedMuch(t *testing.T) {
	need := NeedOf(&lettered{})
	for _, m := range []Measure{&PACBayes{}, &GradNorm{}, &Norm{}} {
		if known := NeedOf(m); need.Bytes < known.Bytes || !need.Grad || len(need.Rules) == 0 {
			t.Errorf("an unknown measure is assumed to need %+v; %T needs %+v", need, m, known)
		}
	}
}
