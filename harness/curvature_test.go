package harness

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"msharp/harness/optim"
	"msharp/models"
	"msharp/models/rng"
	"msharp/sharpness"
)

// fitted returns a small network with one hidden layer or none, trained on n examples until its loss is below most.
func fitted(t *testing.T, n, hidden int, activation models.Activation, most float64) *landscape {
	t.Helper()
	spec := &models.MLP{Activation: activation}
	if hidden > 0 {
		spec.Hidden = []int{hidden}
	}
	l := land(t, n, spec, models.Shape{C: inputs, H: 1, W: 1})
	step := (&optim.SGD{Momentum: .9}).New(len(l.w))
	for range 5000 {
		if loss, _ := step.Step(l.w, optim.Closure(l.Grad), .05); loss < most {
			return l
		}
	}
	t.Fatalf("the loss is %v", l.Loss(l.w))
	return nil
}

const inputs, outputs = 20, 3

// gradient is the definition of the mean loss's gradient in float64: x, then a hidden layer if there is one, then softmax cross-entropy.
func gradient(l *landscape, w []float64, hidden int, relu bool) []float64 {
	g := make([]float64, len(w))
	n := float64(l.examples())
	for i, label := range l.batch.Y {
		x := make([]float64, inputs)
		for j, v := range l.batch.X.Row(i) {
			x[j] = float64(v)
		}
		// layer returns xW + b, and a function that adds the layer's gradient to g and returns that at x.
		layer := func(x []float64, at, out int) (y []float64, back func(dy []float64) []float64) {
			y = make([]float64, out)
			for u := range out {
				y[u] = w[at+len(x)*out+u]
				for j, v := range x {
					y[u] += v * w[at+j*out+u]
				}
			}
			return y, func(dy []float64) []float64 {
				dx := make([]float64, len(x))
				for u, d := range dy {
					g[at+len(x)*out+u] += d / n
					for j, v := range x {
						g[at+j*out+u] += v * d / n
						dx[j] += w[at+j*out+u] * d
					}
				}
				return dx
			}
		}
		var first func(dy []float64) []float64
		at, slope := 0, make([]float64, hidden)
		if hidden > 0 {
			x, first = layer(x, 0, hidden)
			at = (inputs + 1) * hidden
			for u, v := range x {
				switch {
				case !relu:
					x[u] = math.Tanh(v)
					slope[u] = 1 - x[u]*x[u]
				case v > 0:
					slope[u] = 1
				default:
					x[u] = 0
				}
			}
		}
		z, last := layer(x, at, outputs)
		sum := 0.
		for k := range z {
			z[k] = math.Exp(z[k])
			sum += z[k]
		}
		for k := range z {
			z[k] /= sum
		}
		z[label]--
		if dx := last(z); hidden > 0 {
			for u := range dx {
				dx[u] *= slope[u]
			}
			first(dx)
		}
	}
	return g
}

// hessian is the definition: central differences of the gradient, in float64.
func hessian(l *landscape, hidden int, relu bool) *mat.SymDense {
	const h = 1e-5
	k := len(l.w)
	w, all := make([]float64, k), mat.NewDense(k, k, nil)
	for i, v := range l.w {
		w[i] = float64(v)
	}
	for j := range w {
		kept := w[j]
		w[j] = kept + h
		up := gradient(l, w, hidden, relu)
		w[j] = kept - h
		down := gradient(l, w, hidden, relu)
		w[j] = kept
		for i := range up {
			all.Set(i, j, (up[i]-down[i])/(2*h))
		}
	}
	sym := mat.NewSymDense(k, nil)
	for i := range k {
		for j := range i + 1 {
			sym.SetSym(i, j, (all.At(i, j)+all.At(j, i))/2)
		}
	}
	return sym
}

func eigenvalues(t *testing.T, h *mat.SymDense) []float64 {
	t.Helper()
	var e mat.EigenSym
	if !e.Factorize(h, false) {
		t.Fatal("no eigenvalues")
	}
	all := e.Values(nil)
	slices.Reverse(all)
	return all
}

func columnsOf(t *testing.T, m sharpness.Measure, l sharpness.Landscape, r *rand.Rand) map[string]float64 {
	t.Helper()
	v, err := m.Of(l, r)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]float64{}
	for i, name := range sharpness.Names(m) {
		all[name] = v[i]
	}
	return all
}

// Eigenvalues, traces and moments of the density are those of the dense Hessian, to a part in a thousand; so are those of the matrices of
// example gradients.
func TestCurvatureOfNetworks(t *testing.T) {
	for _, c := range []struct {
		name       string
		hidden     int
		activation models.Activation
		most       float64
	}{
		{"softmax regression", 0, "tanh", .25},
		{"relu", 12, "relu", .1}, // 291 weights
		{"tanh", 12, "tanh", .1},
		{"tanh, fitted", 12, "tanh", .01},
	} {
		const n = 300
		l := fitted(t, n, c.hidden, c.activation, c.most)
		H := hessian(l, c.hidden, c.activation == "relu")
		k := len(l.w)
		values := eigenvalues(t, H)
		near := func(what string, got, want float64) {
			t.Helper()
			if !(math.Abs(got-want) <= 1e-3*math.Abs(want)) {
				t.Errorf("%s: %s is %v, want %v", c.name, what, got, want)
			}
		}
		v := columnsOf(t, &sharpness.Hessian{K: 5, Steps: 60}, l, rng.Stream(1, "hessian"))
		near("λ1", v["hessian_max(steps=60)"], values[0])
		for i := 2; i <= 5; i++ {
			near(fmt.Sprint("λ", i), v[fmt.Sprintf("hessian_top(k=%d steps=60)", i)], values[i-1])
		}
		if c.hidden > 0 { // softmax regression's Hessian has smallest eigenvalue 0
			near("the smallest eigenvalue", v["hessian_min(steps=60)"], values[k-1])
		} else if got := v["hessian_min(steps=60)"]; !(math.Abs(got) <= 1e-3*values[0]) {
			t.Errorf("%s: the smallest eigenvalue is %v, want 0", c.name, got)
		}
		for name, value := range columnsOf(t, &sharpness.Hessian{K: 5, Steps: 20}, l, rng.Stream(1, "hessian")) {
			residual, ok := map[string]string{"hessian_max": "hessian_max_residual", "hessian_min": "hessian_min_residual"}[name]
			if !ok {
				continue
			}
			distance := math.Inf(1)
			for _, λ := range values {
				distance = min(distance, math.Abs(λ-value))
			}
			if r := columnsOf(t, &sharpness.Hessian{K: 5, Steps: 20}, l, rng.Stream(1, "hessian"))[residual]; !(distance <= r+1e-5*values[0]) {
				t.Errorf("%s: no eigenvalue within %v of %s = %v", c.name, r, name, value)
			}
		}

		// The density of given directions, from the dense Hessian's powers.
		d := &sharpness.Density{Probes: 3, Steps: 30}
		v = columnsOf(t, d, l, rng.Stream(1, "density"))
		r, z := rng.Stream(1, "density"), make([]float64, k)
		var moments [5]float64
		for range d.Probes {
			norm := 0.
			for i := range z {
				z[i] = float64(float32(rng.Normal(r)))
				norm += z[i] * z[i]
			}
			x, y := mat.NewVecDense(k, slices.Clone(z)), mat.NewVecDense(k, nil)
			for p := range moments {
				moments[p] += mat.Dot(x, mat.NewVecDense(k, z)) / norm / float64(d.Probes)
				y.MulVec(H, x)
				x.CopyVec(y)
			}
		}
		near("the first moment", v["density_moment(p=1 probes=3 steps=30)"], moments[1])
		near("the second moment", v["density_moment(p=2 probes=3 steps=30)"], moments[2])
		for p, want := range moments {
			got := 0.
			for i := 1; i <= d.Steps; i++ {
				at := fmt.Sprintf("(i=%d probes=3 steps=30)", i)
				got += v["density_weight"+at] * math.Pow(v["density_node"+at], float64(p))
			}
			near(fmt.Sprintf("moment %d of the nodes", p), got, want)
		}

		// The trace of so many directions that it is close, and the exact trace of the Gauss-Newton matrix.
		trace := mat.Trace(H)
		v = columnsOf(t, &sharpness.Trace{Estimator: "xtrace", Products: 200}, l, rng.Stream(1, "trace"))
		if got, se := v["trace(products=200)"], v["trace_se(products=200)"]; !(math.Abs(got-trace) <= 3*se+1e-4*trace) || !(se <= .02*trace) {
			t.Errorf("%s: the trace is %v ± %v, want %v", c.name, got, se, trace)
		}
		v = columnsOf(t, &sharpness.Trace{Estimator: "xtrace", Products: 1000}, l, rng.Stream(1, "trace"))
		near("the trace by the diagonal", v["trace(products=1000)"], trace)
		var gauss float64
		e, ge := make([]float32, k), make([]float32, k)
		for i := range e {
			e[i] = 1
			if err := l.GaussNewtonVec(ge, l.w, e); err != nil {
				t.Fatal(err)
			}
			gauss += float64(ge[i])
			e[i] = 0
		}
		got := columnsOf(t, &sharpness.GaussNewton{}, l, nil)["ggn_trace"]
		near("the trace of the Gauss-Newton matrix", got, gauss)
		if c.hidden == 0 || c.activation == "relu" {
			near("the trace of the Gauss-Newton matrix of a piecewise linear network", got, trace)
		}
		t.Logf("%s: tr H %.4g, tr G %.4g, λ1 %.4g, λ5 %.4g, smallest %.4g", c.name, trace, got, values[0], values[4], values[k-1])

		// F and V, formed.
		grads, mean := mat.NewDense(n, k, nil), make([]float64, k)
		for i := range n {
			l.problem.Reset(l.batch.Slice(i, i+1))
			l.problem.Grad(ge, l.w)
			for j, x := range ge {
				grads.Set(i, j, float64(x))
				mean[j] += float64(x) / n
			}
		}
		v = columnsOf(t, &sharpness.Fisher{K: 5}, l, nil)
		for _, name := range []string{"fisher", "gradcov"} {
			var m mat.SymDense
			m.SymOuterK(1./n, grads.T())
			values := eigenvalues(t, &m)
			near(name+"_trace", v[name+"_trace"], mat.Trace(&m))
			near(name+"_max", v[name+"_max"], values[0])
			for i := 2; i <= 5; i++ {
				near(fmt.Sprint(name, " λ", i), v[fmt.Sprintf("%s_top(k=%d)", name, i)], values[i-1])
			}
			for i := range n {
				for j := range k {
					grads.Set(i, j, grads.At(i, j)-mean[j])
				}
			}
		}
	}
}

// dense is a landscape of which only the Hessian is known.
type dense struct {
	landscape
	h *mat.SymDense
	x []float64
	y []float64
}

func (d *dense) HessVec(hv, _, v []float32) error {
	k := len(v)
	for i, x := range v {
		d.x[i] = float64(x)
	}
	y := mat.NewVecDense(k, d.y)
	y.MulVec(d.h, mat.NewVecDense(k, d.x))
	for i, x := range d.y {
		hv[i] = float32(x)
	}
	return nil
}

// The interval of 2.5 standard errors to either side covers the trace in 90 % of draws or more, on three networks' Hessians.
func TestXTraceCovers(t *testing.T) {
	draws := 1000
	if testing.Short() {
		draws = 150
	}
	for _, c := range []struct {
		name       string
		hidden     int
		activation models.Activation
		most       float64
	}{
		{"softmax regression", 8, "tanh", .3}, {"relu", 12, "relu", .05}, {"tanh", 12, "tanh", .01},
	} {
		l := fitted(t, 300, c.hidden, c.activation, c.most)
		k := len(l.w)
		h, e, he := mat.NewSymDense(k, nil), make([]float32, k), make([]float32, k)
		for i := range k {
			e[i] = 1
			if err := l.HessVec(he, l.w, e); err != nil {
				t.Fatal(err)
			}
			for j := range i + 1 {
				h.SetSym(i, j, float64(he[j]))
			}
			e[i] = 0
		}
		d := &dense{landscape: *l, h: h, x: make([]float64, k), y: make([]float64, k)}
		m := &sharpness.Trace{Estimator: "xtrace", Products: 30}
		want, covered := mat.Trace(h), 0
		var errors, ses float64
		for i := range draws {
			v := columnsOf(t, m, d, rng.Stream(uint64(i), "xtrace covers"))
			if math.Abs(v["trace"]-want) <= 2.5*v["trace_se"] {
				covered++
			}
			errors += (v["trace"] - want) * (v["trace"] - want)
			ses += v["trace_se"]
		}
		share := float64(covered) / float64(draws)
		t.Logf("%s: %.1f %% of %d intervals cover tr H = %.4g; it deviates by %.3g, says %.3g", c.name, 100*share, draws, want, math.Sqrt(errors/float64(draws)), ses/float64(draws))
		if least := .9 - 2*math.Sqrt(.09/float64(draws)); !(share >= least) {
			t.Errorf("%s: %.1f %% of intervals cover the trace", c.name, 100*share)
		}
	}
}
