package sharpness

import (
	"math"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"msharp/models/ascent"
	"msharp/models/kind"
	"msharp/models/rng"
)

// bowls is the mean of L_i(w) = ½ Σ_j h_j (w_j − x_ij)²; every loop is the definition.
type bowls struct {
	h []float64
	x [][]float64
	w []float32
}

func example() bowls {
	b := bowls{h: []float64{4, 1, .25}, w: []float32{.5, -1, 2}}
	r := rng.Stream(1, "bowls")
	for range 8 {
		b.x = append(b.x, []float64{r.NormFloat64(), r.NormFloat64(), r.NormFloat64()})
	}
	return b
}

// more is the example with more weights than a measure has eigenvalues.
func more() bowls {
	b := example()
	b.h, b.w = append(b.h, 2, 0, .5), append(b.w, 1, 1, 1)
	for i := range b.x {
		b.x[i] = append(b.x[i], float64(i), .5, 1)
	}
	return b
}

func (b bowls) W() []float32    { return b.w }
func (b bowls) Init() []float32 { return make([]float32, len(b.w)) }
func (b bowls) Examples() int   { return len(b.x) }

// Arrays: the last two weights are biases.
func (b bowls) Arrays() []Array {
	return []Array{{Rows: 1, Cols: len(b.w) - 2, Layer: 1}, {Rows: 1, Cols: 2, Bias: true, Layer: 1}}
}

func (b bowls) Part(lo, hi int) Landscape {
	b.x = b.x[lo:hi]
	return b
}

// Error counts an example as wrong where its loss is above 1.
func (b bowls) Error(w []float32) float64 {
	wrong := 0.
	for _, x := range b.x {
		if loss, _ := b.of([][]float64{x}, wide(w)); loss > 1 {
			wrong++
		}
	}
	return wrong / float64(len(b.x))
}

// of returns the mean loss of some examples at w, and its gradient.
func (b bowls) of(examples [][]float64, w []float64) (loss float64, g []float64) {
	g = make([]float64, len(w))
	for _, x := range examples {
		for j, h := range b.h {
			d := w[j] - x[j]
			loss += h * d * d / 2
			g[j] += h * d
		}
	}
	n := float64(len(examples))
	for j := range g {
		g[j] /= n
	}
	return loss / n, g
}

func wide(w []float32) []float64 {
	out := make([]float64, len(w))
	for i, v := range w {
		out[i] = float64(v)
	}
	return out
}

func (b bowls) Loss(w []float32) float64 {
	loss, _ := b.of(b.x, wide(w))
	return loss
}

func (b bowls) Grad(g, w []float32) float64 {
	loss, grad := b.of(b.x, wide(w))
	for i, v := range grad {
		g[i] = float32(v)
	}
	return loss
}

func (b bowls) HessVec(hv, _, v []float32) error {
	for j, h := range b.h {
		hv[j] = float32(h * float64(v[j]))
	}
	return nil
}
func (b bowls) GaussNewtonVec(gv, w, v []float32) error { return b.HessVec(gv, w, v) }
func (b bowls) GaussNewtonTrace([]float32) (trace float64) {
	for _, h := range b.h {
		trace += h
	}
	return trace
}
func (b bowls) ExampleProducts(dst []float64, w []float32, n int) {
	for i := range n {
		_, g := b.of(b.x[i:i+1], wide(w))
		for j := range n {
			_, h := b.of(b.x[j:j+1], wide(w))
			dst[i*n+j] = 0
			for k := range g {
				dst[i*n+j] += g[k] * h[k]
			}
		}
	}
}

// Responses: of two logits, the first is the label's, the second the loss; the features are how far the weights are from the example.
func (b bowls) Responses(w []float32, visit func(logits, features []float32, label int)) {
	for _, x := range b.x {
		features := make([]float32, len(w))
		for j := range w {
			features[j] = w[j] - float32(x[j])
		}
		loss, _ := b.of([][]float64{x}, wide(w))
		visit([]float32{1, float32(loss)}, features, 0)
	}
}

func (b bowls) PathNorm(w []float32) float64 { return norm2(w) }

func (b bowls) AscentGains(rules []ascent.Rule) []ascent.Gain {
	gains := make([]ascent.Gain, len(rules))
	for i, r := range rules {
		m := r.M
		if m == 0 {
			m = len(b.x)
		}
		var rises []float64
		for group := range slices.Chunk(b.x, m) {
			clean, g := b.of(group, wide(b.w))
			up, norm := wide(b.w), 0.
			for _, v := range g {
				norm += v * v
			}
			for j, v := range g {
				up[j] += r.Rho * v / math.Sqrt(norm)
			}
			perturbed, _ := b.of(group, up)
			rises = append(rises, perturbed-clean)
		}
		var mean, ss float64
		for _, v := range rises {
			mean += v / float64(len(rises))
		}
		for _, v := range rises {
			ss += (v - mean) * (v - mean)
		}
		k := float64(len(rises))
		gains[i] = ascent.Gain{Mean: mean, StdErr: math.Sqrt(ss / (k - 1) / k)}
	}
	return gains
}

// eachMeasure runs a test on every kind in the table with its defaults.
func eachMeasure(t *testing.T, test func(t *testing.T, m Measure)) {
	if len(Table.Names()) < 2 {
		t.Fatalf("the table holds %v", Table.Names())
	}
	for _, name := range Table.Names() {
		t.Run(name, func(t *testing.T) {
			m, err := Table.New(name)
			if err != nil {
				t.Fatal(err)
			}
			test(t, m)
		})
	}
}

func of(t *testing.T, m Measure, l Landscape) []float64 {
	t.Helper()
	v, err := m.Of(l, rng.Stream(1, "measure"))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// A measure is a function of the landscape and its stream, is finite on a quadratic, and leaves the solution where it is.
func TestMeasuresRepeat(t *testing.T) {
	eachMeasure(t, func(t *testing.T, m Measure) {
		l := more()
		w := slices.Clone(l.w)
		first := of(t, m, l)
		if !slices.Equal(l.w, w) {
			t.Errorf("the solution moved from %v to %v", w, l.w)
		}
		same := func(a, b float64) bool { return a == b || a != a && b != b }
		if again := of(t, m, l); !slices.EqualFunc(again, first, same) {
			t.Errorf("%v, then %v", first, again)
		}
		for i, v := range first {
			name := Names(m)[i]
			if alone := strings.Contains(name, "_se(m=n "); math.IsNaN(v) != alone || math.IsInf(v, 0) { // one group has no standard error
				t.Errorf("%s is %v on a quadratic", name, v)
			}
		}
	})
}

// lost is a landscape without a finite value, around weights that are NaN.
type lost struct{ bowls }

func (l lost) W() []float32 {
	w := make([]float32, len(l.w))
	for i := range w {
		w[i] = float32(math.NaN())
	}
	return w
}
func (l lost) Part(int, int) Landscape { return l }
func (l lost) Responses(_ []float32, visit func(logits, features []float32, label int)) {
	for range l.x {
		visit(l.W(), l.W(), 0)
	}
}
func (lost) Loss([]float32) float64  { return math.NaN() }
func (lost) Error([]float32) float64 { return math.NaN() }
func (l lost) Grad(g, w []float32) float64 {
	for i := range g {
		g[i] = float32(math.NaN())
	}
	return math.NaN()
}
func (lost) HessVec(hv, _, _ []float32) error {
	for i := range hv {
		hv[i] = float32(math.NaN())
	}
	return nil
}
func (l lost) GaussNewtonVec(gv, w, v []float32) error { return l.HessVec(gv, w, v) }
func (lost) GaussNewtonTrace([]float32) float64        { return math.NaN() }
func (lost) ExampleProducts(dst []float64, _ []float32, _ int) {
	for i := range dst {
		dst[i] = math.NaN()
	}
}
func (lost) AscentGains(rules []ascent.Rule) []ascent.Gain {
	gains := make([]ascent.Gain, len(rules))
	for i := range gains {
		gains[i] = ascent.Gain{Mean: math.NaN(), StdErr: math.NaN()}
	}
	return gains
}

// What cannot be measured is NaN, never a number that looks measured. Only counts of zero gradients stay numbers.
func TestNaNIsNotClampedAway(t *testing.T) {
	eachMeasure(t, func(t *testing.T, m Measure) {
		for i, v := range of(t, m, lost{example()}) {
			if name := Names(m)[i]; !math.IsNaN(v) && !strings.Contains(name, "_zero") {
				t.Errorf("%s is %v where every weight, loss and gradient is NaN", name, v)
			}
		}
	})
}

// recorder answers the i-th rule with 10 i + {1, 2, 3}.
type recorder struct {
	bowls
	asked *[]ascent.Rule
}

func (l recorder) AscentGains(rules []ascent.Rule) []ascent.Gain {
	*l.asked = append(*l.asked, rules...)
	gains := make([]ascent.Gain, len(rules))
	for i := range gains {
		gains[i] = ascent.Gain{Mean: float64(10*i + 1), StdErr: float64(10*i + 2), Zero: 10*i + 3}
	}
	return gains
}

func TestMSharpnessColumns(t *testing.T) {
	m := &MSharpness{M: []int{4, 0}, Rho: []float64{.05, 2, 1e-7}, Steps: 1, P: 2}
	names := []string{
		"msharp_zero(m=4)", "msharp(m=4 rho=0.05)", "msharp_se(m=4 rho=0.05)", "msharp(m=4 rho=2)", "msharp_se(m=4 rho=2)",
		"msharp(m=4 rho=1e-07)", "msharp_se(m=4 rho=1e-07)",
		"msharp_zero(m=n)", "msharp(m=n rho=0.05)", "msharp_se(m=n rho=0.05)", "msharp(m=n rho=2)", "msharp_se(m=n rho=2)",
		"msharp(m=n rho=1e-07)", "msharp_se(m=n rho=1e-07)",
	}
	if got := Names(m); !slices.Equal(got, names) {
		t.Errorf("names %q, want %q", got, names)
	}
	var asked []ascent.Rule
	values := of(t, m, recorder{example(), &asked})
	if want := []float64{3, 1, 2, 11, 12, 21, 22, 33, 31, 32, 41, 42, 51, 52}; !slices.Equal(values, want) {
		t.Errorf("values %v, want %v", values, want)
	}
	var want []ascent.Rule
	for _, m := range []int{4, 0} {
		for _, rho := range []float64{.05, 2, 1e-7} {
			want = append(want, ascent.Rule{Rho: rho, M: m, P: 2, Steps: 1})
		}
	}
	if !slices.Equal(asked, want) {
		t.Errorf("asked for %+v, want %+v", asked, want)
	}
}

// On one quadratic ½ Σ h_j w_j² the rise to w + ρg/‖g‖ is ρ‖g‖ + ρ²/2 Σ h_j g_j²/‖g‖².
func TestMSharpnessOfAQuadratic(t *testing.T) {
	l := bowls{h: []float64{4, 1}, x: [][]float64{{0, 0}}, w: []float32{.75, -4}} // g = (3, −4)
	const rho = .5
	v := of(t, &MSharpness{M: []int{0}, Rho: []float64{rho}, Steps: 1, P: 2}, l)
	want := rho*5 + rho*rho/2*(4*9+1*16)/25
	if !(math.Abs(v[1]-want) <= 1e-12) || v[0] != 0 || !math.IsNaN(v[2]) {
		t.Errorf("zero gradients, sharpness, standard error %v, want 0, %v, NaN", v, want)
	}
	if g := of(t, &GradNorm{}, l); !(math.Abs(g[0]-5) <= 1e-12) {
		t.Errorf("‖∇L‖ is %v, want 5", g[0])
	}
}

// The norm is summed in float64: neither overflow nor underflow of a float32 square reaches it.
func TestGradNormOfLargeAndSmall(t *testing.T) {
	for _, scale := range []float64{1e30, 1e-30, 0} {
		l := bowls{h: []float64{scale, scale}, x: [][]float64{{0, 0}}, w: []float32{3, -4}}
		if g := of(t, &GradNorm{}, l); !(math.Abs(g[0]-5*scale) <= 1e-6*scale) {
			t.Errorf("‖∇L‖ is %v, want %v", g[0], 5*scale)
		}
	}
}

func TestMSharpnessFits(t *testing.T) {
	for _, c := range []struct {
		m    []int
		n    int
		want string // "" is no error
	}{
		{[]int{1, 2, 4, 8, 0}, 8, ""}, {[]int{0}, 7, ""}, {[]int{7}, 7, ""},
		{[]int{1, 3}, 8, "m = 3: does not divide the training size; expected a divisor of 8, or 0 for all"},
		{[]int{16}, 8, "m = 16: does not divide the training size; expected a divisor of 8, or 0 for all"},
	} {
		err := (&MSharpness{M: c.m}).Fits(c.n)
		if c.want == "" && err != nil || c.want != "" && (err == nil || err.Error() != c.want) {
			t.Errorf("m = %v of %d examples: %v, want %q", c.m, c.n, err, c.want)
		}
	}
}

// The YAML form: defaults, bare names, and what a measure refuses.
func TestMeasuresFromYAML(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"gradnorm", "[gradnorm]"},
		{"msharp", "[msharp_zero(m=1) msharp(m=1 rho=0.05) msharp_se(m=1 rho=0.05)]"},
		{"{kind: msharp, m: 0, rho: 1}", "[msharp_zero(m=n) msharp(m=n rho=1) msharp_se(m=n rho=1)]"},
		{"{kind: msharp, rho: 0}", "line 1: rho = 0: out of range; expected a finite number > 0"},
		{"{kind: msharp, m: [4, -1]}", "line 1: m[1] = -1: out of range; expected a whole number ≥ 0"},
		{"{kind: msharp, steps: 3, p: 1.5}", "[msharp_zero(m=1 p=1.5 steps=3) msharp(m=1 rho=0.05 p=1.5 steps=3) msharp_se(m=1 rho=0.05 p=1.5 steps=3)]"},
		{"{kind: msharp, p: .inf}", "[msharp_zero(m=1 p=inf) msharp(m=1 rho=0.05 p=inf) msharp_se(m=1 rho=0.05 p=inf)]"},
		{"{kind: msharp, steps: 0}", "line 1: steps = 0: out of range; expected a whole number ≥ 1"},
		{"{kind: msharp, p: 0.5}", "line 1: p = 0.5: out of range; expected a number ≥ 1, or .inf"},
		{"norm", "[norm]"}, {"distance", "[distance]"},
		{"pacbayes", "[pacbayes(rho=0.05) pacbayes_error(rho=0.05) pacbayes_complexity(rho=0.05)]"},
		{"{kind: pacbayes, rho: 2, delta: 0.01}", "[pacbayes(rho=2 delta=0.01) pacbayes_error(rho=2 delta=0.01) pacbayes_complexity(rho=2 delta=0.01)]"},
		{"{kind: pacbayes, rho: [1, 0]}", "line 1: rho[1] = 0: out of range; expected a finite number > 0"},
		{"{kind: pacbayes, rho: []}", "line 1: rho = []: empty list; expected at least one item"},
		{"{kind: pacbayes, delta: 1}", "line 1: delta = 1: out of range; expected a finite number > 0 and < 1"},
		{"{kind: hessian, k: 1}", "[hessian_max hessian_max_residual hessian_min hessian_min_residual]"},
		{"{kind: hessian, k: 2, steps: 9}", "[hessian_max(steps=9) hessian_max_residual(steps=9) hessian_min(steps=9) hessian_min_residual(steps=9)" +
			" hessian_top(k=2 steps=9) hessian_top_residual(k=2 steps=9)]"},
		{"{kind: hessian, k: 21}", "line 1: k = 21: more eigenvalues than steps; expected at most steps = 20"},
		{"{kind: hessian, k: 0}", "line 1: k = 0: out of range; expected a whole number ≥ 1 and ≤ 1000"},
		{"trace", "[trace trace_se]"}, {"ggn", "[ggn_trace]"},
		{"{kind: trace, estimator: hutchinson, products: 7}", "[trace(estimator=hutchinson products=7) trace_se(estimator=hutchinson products=7)]"},
		{"{kind: trace, products: 7}", "line 1: products = 7: half of them go to each side of xtrace; expected an even number ≥ 4"},
		{"{kind: trace, products: 2}", "line 1: products = 2: half of them go to each side of xtrace; expected an even number ≥ 4"},
		{"{kind: trace, estimator: hutch++}", "line 1: estimator = hutch++: unknown name; expected one of xtrace, hutchinson"},
		{"{kind: fisher, k: 1, subset: 256}", "[fisher_trace(subset=256) fisher_max(subset=256) gradcov_trace(subset=256) gradcov_max(subset=256)]"},
		{"{kind: fisher, subset: 4096}", "line 1: subset = 4096: out of range; expected a whole number ≥ 0 and ≤ 2048"},
		{"{kind: density, probes: 1, steps: 2}", "[density_moment(p=1 probes=1 steps=2) density_moment(p=2 probes=1 steps=2)" +
			" density_node(i=1 probes=1 steps=2) density_weight(i=1 probes=1 steps=2) density_node(i=2 probes=1 steps=2) density_weight(i=2 probes=1 steps=2)]"},
		{"{kind: density, steps: 1}", "line 1: steps = 1: out of range; expected a whole number ≥ 2 and ≤ 1000"},
		{"worst", "[worst(m=n rho=0.05) worst_se(m=n rho=0.05)]"},
		{"{kind: worst, m: [4, 0], p: .inf, steps: 7}", "[worst(m=4 rho=0.05 p=inf steps=7) worst_se(m=4 rho=0.05 p=inf steps=7) worst(m=n rho=0.05 p=inf steps=7)" +
			" worst_se(m=n rho=0.05 p=inf steps=7)]"},
		{"{kind: worst, steps: 0}", "line 1: steps = 0: out of range; expected a whole number ≥ 1 and ≤ 10000"},
		{"adaptive", "[adaptive_zero(m=n) adaptive(m=n rho=0.5) adaptive_se(m=n rho=0.5)]"},
		{"{kind: adaptive, m: 4, rho: 1, eta: 0, biases: false, steps: 2, p: .inf}", "[adaptive_zero(m=4 eta=0 biases=false p=inf steps=2)" +
			" adaptive(m=4 rho=1 eta=0 biases=false p=inf steps=2) adaptive_se(m=4 rho=1 eta=0 biases=false p=inf steps=2)]"},
		{"{kind: adaptive, eta: -1}", "line 1: eta = -1: out of range; expected a finite number ≥ 0"},
		{"average", "[average(sigma=0.01) average_se(sigma=0.01)]"},
		{"{kind: average, sigma: [1e-3], draw: uniform, relative: true, pairs: 7}", "[average(sigma=0.001 draw=uniform relative=true pairs=7)" +
			" average_se(sigma=0.001 draw=uniform relative=true pairs=7)]"},
		{"{kind: average, pairs: 1}", "line 1: pairs = 1: out of range; expected a whole number ≥ 2 and ≤ 1000000"},
		{"keskar", "[keskar(eps=0.001)]"},
		{"{kind: keskar, eps: [0.001, 5e-4], steps: 10}", "[keskar(eps=0.001 steps=10) keskar(eps=0.0005 steps=10)]"},
		{"path", "[path]"}, {"margin", "[margin]"}, {"features", "[feature_rank active_share]"},
		{"layers", "[frobenius_sum frobenius_logprod spectral_sum spectral_logprod stable_rank spectral_distance]"},
		{"{kind: margin, q: [0.1, 0.5]}", "[margin margin(q=0.5)]"},
		{"{kind: margin, q: 0}", "line 1: q = 0: out of range; expected a finite number > 0 and ≤ 1"},
		{"flatness", "[flatness]"},
		{"{kind: flatness, drop: 0.2, draws: 3, relative: true}", "[flatness(drop=0.2 draws=3 relative=true)]"},
		{"{kind: flatness, drop: 1}", "line 1: drop = 1: out of range; expected a finite number > 0 and < 1"},
		{"critical", "[critical critical_step critical_zero]"},
		{"{kind: pacbayes, m: 4}", "line 1: m = 4: unknown key; expected one of rho, delta"},
		{"{kind: norm, p: 1}", "line 1: p = 1: unknown key; expected no keys"},
		{"{kind: distance, from: init}", "line 1: from = init: unknown key; expected no keys"},
		{"{kind: gradnorm, rho: 1}", "line 1: rho = 1: unknown key; expected no keys"},
	} {
		var n yaml.Node
		if err := yaml.Unmarshal([]byte(c.text), &n); err != nil {
			t.Fatal(err)
		}
		var a Any
		got := ""
		if err := kind.Decode(&n, &a); err != nil {
			got = err.Error()
		} else {
			got = "[" + strings.Join(Names(a.Spec), " ") + "]"
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.text, got, c.want)
		}
	}
}
