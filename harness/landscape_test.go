package harness

import (
	"math"
	"math/rand/v2"
	"testing"

	"msharp/models"
	"msharp/models/ascent"
	"msharp/models/kernel"
)

// land is a network on n examples in three clusters.
func land(t *testing.T, n int, spec models.Spec, in models.Shape) *landscape {
	t.Helper()
	net, err := spec.Build(in, 3)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	b := models.Batch{X: kernel.New(n, in.Size()), Y: make([]int, n)}
	for i := range b.Y {
		b.Y[i] = r.IntN(3)
		for j := range b.X.Row(i) {
			b.X.Row(i)[j] = float32(r.NormFloat64() + float64(b.Y[i]*(j%3)))
		}
	}
	return &landscape{split: newSplit(net, b), w: net.Init(r)}
}

var (
	mlp = &models.MLP{Hidden: []int{9}, Activation: "relu"}
	cnn = &models.CNN{Blocks: []models.Block{{Channels: 3, Kernel: 3, Stride: 1, Pad: 1, Pool: 2}}, Activation: "relu"}
)

// However rules are packed into passes, each gain is that of the loop over groups with gradients formed.
func TestAscentGainsEqualTheLoopOverGroups(t *testing.T) {
	for _, c := range []struct {
		spec models.Spec
		in   models.Shape
		n    int
		m    []int
	}{
		{mlp, models.Shape{C: 6, H: 1, W: 1}, 1024, []int{1, 4, 16, 64, 256, 512, 1024, 0}},
		{mlp, models.Shape{C: 6, H: 1, W: 1}, 1000, []int{0, 1, 8, 40, 125, 200, 250, 500}},
		{mlp, models.Shape{C: 6, H: 1, W: 1}, 521, []int{1, 521, 0}},              // a prime
		{mlp, models.Shape{C: 6, H: 1, W: 1}, 822, []int{1, 6, 137, 274, 411, 0}}, // groups of 411 and 274 are no runs of equal chunks
		{mlp, models.Shape{C: 6, H: 1, W: 1}, 90, []int{9, 10, 0}},
		{cnn, models.Shape{C: 1, H: 6, W: 6}, 320, []int{1, 32, 160, 0}},
	} {
		l := land(t, c.n, c.spec, c.in)
		var rules []ascent.Rule
		for _, m := range c.m {
			for _, rho := range []float64{0.02, 0.2} {
				rules = append(rules, ascent.Rule{Rho: rho, M: m})
			}
		}
		rules = append(rules, ascent.Rule{Rho: 0.1, M: c.m[1], Decay: 0.1}, ascent.Rule{Rho: 0.1, M: 0, Unnormalised: true, Decay: 0.1})
		for _, m := range c.m {
			rules = append(rules, ascent.Rule{Rho: 0.2, M: m, Steps: 3})
		}
		for i, g := range l.AscentGains(rules) {
			want := summarise(formedGains(l, l.w, rules[i]))
			if !(math.Abs(g.Mean-want.Mean) <= 1e-5*want.Mean+1e-6) {
				t.Errorf("n = %d, %+v: gain %v, want %v", c.n, rules[i], g.Mean, want.Mean)
			}
			if one := groupSize(rules[i], c.n) == c.n; one != math.IsNaN(g.StdErr) || !one && !(math.Abs(g.StdErr-want.StdErr) <= 1e-4*want.StdErr+1e-6) {
				t.Errorf("n = %d, %+v: standard error %v, want %v", c.n, rules[i], g.StdErr, want.StdErr)
			}
		}
	}
}

// A gain is a function of its rule and the split: whatever rules are asked beside it, in whatever order, its bits are those that it has
// alone.
func TestGainsDoNotDependOnTheirCompany(t *testing.T) {
	for _, c := range []struct {
		spec models.Spec
		in   models.Shape
		n    int
	}{
		{mlp, models.Shape{C: 6, H: 1, W: 1}, 1024},
		{mlp, models.Shape{C: 6, H: 1, W: 1}, 1000},
		{mlp, models.Shape{C: 6, H: 1, W: 1}, 960},
		{mlp, models.Shape{C: 6, H: 1, W: 1}, 250},
		{mlp, models.Shape{C: 6, H: 1, W: 1}, 97},  // a prime
		{mlp, models.Shape{C: 6, H: 1, W: 1}, 521}, // a prime beyond a chunk
		{mlp, models.Shape{C: 6, H: 1, W: 1}, 776}, // 97 · 8: chunks of some m end in a shorter one
		{mlp, models.Shape{C: 6, H: 1, W: 1}, 822}, // 137 · 6: groups of 411 and 274 are no runs of equal chunks
		{cnn, models.Shape{C: 1, H: 6, W: 6}, 320},
	} {
		l := land(t, c.n, c.spec, c.in)
		var rules []ascent.Rule
		for m := range c.n + 1 {
			if m != 0 && c.n%m != 0 {
				continue
			}
			for _, rho := range []float64{0.02, 0.2} {
				for _, p := range []float64{2, math.Inf(1)} {
					for _, steps := range []int{1, 3} {
						rules = append(rules, ascent.Rule{Rho: rho, M: m, P: p, Steps: steps})
					}
				}
			}
			rules = append(rules, ascent.Rule{Rho: 0.1, M: m, Decay: 0.1}, ascent.Rule{Rho: 0.1, M: m, Unnormalised: true})
		}
		alone := make([]ascent.Gain, len(rules))
		for i := range rules {
			alone[i] = l.AscentGains(rules[i : i+1])[0]
		}
		same := func(a, b ascent.Gain) bool {
			return math.Float64bits(a.Mean) == math.Float64bits(b.Mean) && math.Float64bits(a.StdErr) == math.Float64bits(b.StdErr) && a.Zero == b.Zero
		}
		r := rand.New(rand.NewPCG(uint64(c.n), 3))
		for _, size := range []int{2, 2, 2, 2, 3, 3, 5, 8, 13, len(rules)} {
			among, asked := r.Perm(len(rules))[:size], make([]ascent.Rule, size)
			for k, i := range among {
				asked[k] = rules[i]
			}
			for k, g := range l.AscentGains(asked) {
				if want := alone[among[k]]; !same(g, want) {
					t.Errorf("n = %d, %+v: %+v among %d rules, %+v alone", c.n, asked[k], g, size, want)
				}
			}
		}
	}
}

// The error at a point is the score's; where the loss is NaN, nothing was predicted.
func TestErrorAtAPoint(t *testing.T) {
	l := land(t, 700, &models.MLP{Hidden: []int{9}, Activation: "relu"}, models.Shape{C: 6, H: 1, W: 1})
	s := l.score(l.w)
	if e := l.Error(l.w); e != s.errors || e == 0 {
		t.Errorf("error %v, want the score's %v", e, s.errors)
	}
	nowhere := make([]float32, len(l.w))
	nowhere[len(nowhere)-1] = float32(math.NaN())
	if e := l.Error(nowhere); !math.IsNaN(e) {
		t.Errorf("error %v where a weight is NaN", e)
	}
}

// The m asked for by default share one pass, and those of round splits few.
func TestNestedGroupsShareOnePass(t *testing.T) {
	var rules []ascent.Rule
	for _, m := range []int{1024, 1, 4, 16, 64, 256} {
		rules = append(rules, ascent.Rule{Rho: .1, M: m})
	}
	if p := planPasses(rules, 1024); len(p) != 1 || len(p[0].small) != 5 || len(p[0].large) != 1 || p[0].chunk != 256 {
		t.Errorf("passes %+v", p)
	}
	for n, most := range map[int]int{250: 1, 97: 1, 521: 1, 960: 3, 1000: 2, 4096: 1} {
		var rules []ascent.Rule
		for m := range n + 1 {
			if m == 0 || n%m == 0 {
				rules = append(rules, ascent.Rule{Rho: .1, M: m})
			}
		}
		if p := planPasses(rules, n); len(p) > most {
			t.Errorf("n = %d: %d passes, want %d: %+v", n, len(p), most, p)
		}
	}
}

// Whatever divides the split: a group lies in one chunk, or is made of whole ones, in one span.
func TestGroupsAndChunksNest(t *testing.T) {
	for n := 1; n <= 3000; n++ {
		for m := 1; m <= n; m++ {
			if n%m != 0 {
				continue
			}
			c := chunkingOf(m, n)
			inside, whole := m <= chunkSize && c.chunk%m == 0, m > chunkSize && (m%c.chunk == 0 || m == c.span)
			if c.chunk < 1 || c.chunk > chunkSize || n%c.span != 0 || c.span%m != 0 || !inside && !whole {
				t.Fatalf("n = %d, m = %d: %+v", n, m, c)
			}
		}
	}
}

// The first-order term ρ mean‖g_B‖, and so m-sharpness at small ρ, does not increase with nested m.
func TestMSharpnessFallsWithM(t *testing.T) {
	l := land(t, 256, &models.MLP{Hidden: []int{9}, Activation: "relu"}, models.Shape{C: 6, H: 1, W: 1})
	last := math.Inf(1)
	for _, m := range []int{1, 2, 4, 8, 16, 32, 64, 128, 256} {
		g := l.AscentGains([]ascent.Rule{{Rho: 1e-3, M: m}})[0]
		if !(g.Mean <= last) {
			t.Errorf("m = %d: %v is above %v", m, g.Mean, last)
		}
		last = g.Mean
	}
}

// Chunks change neither loss nor gradient nor errors.
func TestSplitEqualsOneBatch(t *testing.T) {
	l := land(t, 700, &models.MLP{Hidden: []int{9}, Activation: "tanh"}, models.Shape{C: 6, H: 1, W: 1})
	s := l.score(l.w)
	g, want := make([]float32, len(l.w)), make([]float32, len(l.w))
	loss := l.Grad(g, l.w)
	net, err := (&models.MLP{Hidden: []int{9}, Activation: "tanh"}).Build(models.Shape{C: 6, H: 1, W: 1}, 3)
	if err != nil {
		t.Fatal(err)
	}
	whole := net.On(l.batch)
	wantLoss := whole.Grad(want, l.w)
	_, wrong := whole.Loss(l.w)
	if !(math.Abs(loss-wantLoss) <= 1e-9 && math.Abs(s.loss-wantLoss) <= 1e-9) || s.errors != float64(wrong)/700 || !(math.Abs(l.Loss(l.w)-wantLoss) <= 1e-9) {
		t.Errorf("losses %v, %v, want %v; errors %v, want %d of 700", loss, s.loss, wantLoss, s.errors, wrong)
	}
	for i := range g {
		if !(math.Abs(float64(g[i]-want[i])) <= 1e-6) {
			t.Fatalf("gradient %d is %v, want %v", i, g[i], want[i])
		}
	}
	if empty := newSplit(net, models.Batch{}); !math.IsNaN(empty.score(l.w).loss) {
		t.Error("an empty split has a loss")
	}
}

// Chunks change neither second-order products nor the products of examples' gradients, all held at once or few.
func TestCurvatureOfASplitEqualsThatOfOneBatch(t *testing.T) {
	for _, c := range []struct {
		spec models.Spec
		in   models.Shape
		n    int
		few  bool // gradients are held at once
	}{
		{mlp, models.Shape{C: 6, H: 1, W: 1}, 600, false}, {cnn, models.Shape{C: 1, H: 6, W: 6}, 600, false},
		{&models.MLP{Hidden: []int{7}, Activation: "tanh"}, models.Shape{C: 6, H: 1, W: 1}, 600, false},
		{&models.CNN{Blocks: []models.Block{{Channels: 64, Kernel: 3, Stride: 2, Pad: 1, Pool: 1}, {Channels: 64, Kernel: 3, Stride: 2, Pad: 1, Pool: 1}}, Activation: "relu"}, models.Shape{C: 1, H: 6, W: 6}, 280, true},
	} {
		n := c.n
		l := land(t, n, c.spec, c.in)
		if few := l.net.GradientsAtOnce(n) < n; few != c.few {
			t.Fatalf("%T: %d gradients of %d are held at once", c.spec, l.net.GradientsAtOnce(n), n)
		}
		whole := l.net.On(l.batch)
		r := rand.New(rand.NewPCG(3, 4))
		v, got, want := make([]float32, len(l.w)), make([]float32, len(l.w)), make([]float32, len(l.w))
		for i := range v {
			v[i] = float32(r.NormFloat64())
		}
		near := func(what string) {
			t.Helper()
			var d float64
			for i := range got {
				d += math.Pow(float64(got[i]-want[i]), 2)
			}
			if !(math.Sqrt(d) <= 1e-6*math.Sqrt(kernel.Dot(want, want))) {
				t.Errorf("%T: %s is off by %v", c.spec, what, math.Sqrt(d))
			}
		}
		for range 2 {
			if err := l.HessVec(got, l.w, v); err != nil {
				t.Fatal(err)
			}
			whole.HessVec(want, l.w, v)
			near("Hv")
			if err := l.GaussNewtonVec(got, l.w, v); err != nil {
				t.Fatal(err)
			}
			whole.GaussNewtonVec(want, l.w, v)
			near("Gv")
		}
		var trace float64
		for _, x := range whole.GaussNewtonTrace(l.w) {
			trace += x / float64(n)
		}
		if got := l.GaussNewtonTrace(l.w); !(math.Abs(got-trace) <= 1e-6*trace) {
			t.Errorf("%T: tr G is %v, want %v", c.spec, got, trace)
		}
		dst := make([]float64, n*n)
		l.ExampleProducts(dst, l.w, n)
		some := make([]float64, 40*40)
		l.ExampleProducts(some, l.w, 40)
		l.Grad(got, l.w)
		var sum float64
		for i := range n {
			for j := range n {
				sum += dst[i*n+j] / float64(n) / float64(n)
				if dst[i*n+j] != dst[j*n+i] || i < 40 && j < 40 && some[i*40+j] != dst[i*n+j] {
					t.Fatalf("%T: product of %d and %d is %v, %v, and %v among few", c.spec, i, j, dst[i*n+j], dst[j*n+i], some[i*40+j])
				}
			}
		}
		if g2 := kernel.Dot(got, got); !(math.Abs(sum-g2) <= 1e-5*g2) {
			t.Errorf("%T: the mean of all products is %v, want ‖∇L‖² = %v", c.spec, sum, g2)
		}
	}
}

// bent is a layer without second derivatives.
type bent struct{ models.Layer }

type bentNet struct{}

func (bentNet) Build(in models.Shape, classes int) (*models.Net, error) {
	return models.NewNet(in, classes, models.Dense{Units: 4, Gain: 1}, bent{models.Tanh{}}, models.Dense{Units: classes, Gain: 1})
}

// A network without second derivatives has no products, and says why.
func TestNoCurvature(t *testing.T) {
	l := land(t, 10, bentNet{}, models.Shape{C: 6, H: 1, W: 1})
	const want = "layer 2, harness.bent, has no second derivatives: it needs the methods of models.Elementwise or models.Piecewise"
	for _, product := range []func(hv, w, v []float32) error{l.HessVec, l.GaussNewtonVec} {
		if err := product(make([]float32, len(l.w)), l.w, l.w); err == nil || err.Error() != want {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
