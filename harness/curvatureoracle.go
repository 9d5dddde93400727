package harness

import (
	"fmt"
	"math"
	"slices"

	"msharp/models"
	"msharp/models/kernel"
	"msharp/models/rng"
	"msharp/sharpness"
)

// fixture is a quadratic with Hessian QΛQ, Λ = diag(10, 3, 1, .1) and Q = I − uuᵀ/2, u = (1, 1, 1, 1).
type fixture struct{ bowl }

var fixtureH = [4][4]float64{
	{3.525, -2.975, -1.975, -1.525},
	{-2.975, 3.525, 1.525, 1.975},
	{-1.975, 1.525, 3.525, 2.975},
	{-1.525, 1.975, 2.975, 3.525},
}

func (fixture) HessVec(hv, _, v []float32) error {
	for i, row := range fixtureH {
		var sum float64
		for j, h := range row {
			sum += h * float64(v[j])
		}
		hv[i] = float32(sum)
	}
	return nil
}

func (f fixture) Loss(w []float32) float64 { return f.Grad(make([]float32, len(w)), w) }

func (f fixture) Grad(g, w []float32) (loss float64) {
	for i, row := range fixtureH {
		for j, h := range row {
			loss += h * float64(w[i]) * float64(w[j]) / 2
		}
	}
	f.HessVec(g, w, w) // which does not fail
	return loss
}

// values returns a measure's columns by name, NaN for each if it fails.
func values(m sharpness.Measure, l sharpness.Landscape, stream string) func(name string) float64 {
	v, err := m.Of(l, rng.Stream(1, stream))
	return func(name string) float64 {
		if i := slices.Index(sharpness.Names(m), name); i >= 0 && err == nil {
			return v[i]
		}
		return math.NaN()
	}
}

// fixtureOracles: Lanczos is exact in four steps, and with one product Hutchinson's variance is 2(‖H‖² − Σ H_ii²) for signs.
func fixtureOracles() []Oracle {
	l := fixture{bowl{h: make([]float64, 4), w: make([]float32, 4)}}
	const products = 10_000
	hessian, trace := values(&sharpness.Hessian{K: 3, Steps: 4}, l, "hessian"), values(&sharpness.Trace{Estimator: "xtrace", Products: 30}, l, "trace")
	signs := values(&sharpness.Trace{Estimator: "hutchinson", Products: products}, l, "trace")
	density := values(&sharpness.Density{Probes: 5, Steps: 4}, l, "density")
	var weights float64
	for i := range 4 {
		weights += density(fmt.Sprintf("density_weight(i=%d steps=4)", i+1))
	}
	se := signs("trace_se(estimator=hutchinson products=10000)")
	return []Oracle{
		{"fixture: λ₁ in 4 Lanczos steps", 10, hessian("hessian_max(steps=4)"), 1e-5},
		{"fixture: λ₂", 3, hessian("hessian_top(k=2 steps=4)"), 1e-5},
		{"fixture: λ₃", 1, hessian("hessian_top(k=3 steps=4)"), 1e-5},
		{"fixture: smallest eigenvalue", .1, hessian("hessian_min(steps=4)"), 1e-5},
		{"fixture: tr H", 14.1, trace("trace"), 1e-5},
		{"fixture: tr H by Hutchinson, 10,000 products", 14.1, signs("trace(estimator=hutchinson products=10000)"), 4 * math.Sqrt(120.615/products)},
		{"fixture: variance of one of Hutchinson's products", 120.615, se * se * products, 4},
		{"fixture: weights of the spectral density", 1, weights, 1e-12},
		{"fixture: last node of the spectral density", 10, density("density_node(i=4 steps=4)"), 1e-5},
	}
}

// curvatureOracles, on networks: of softmax regression at one example, H = (diag p − ppᵀ) ⊗ xxᵀ with a 1 in x for the bias, so that
// tr H = tr G = (1 − ‖p‖²)(‖x‖² + 1), and of the other layers' ReLU, too, tr H = tr G; mean ‖g_i‖² − tr V = ‖∇L‖².
func curvatureOracles() []Oracle {
	const in, classes, n = 6, 4, 40
	soft, err := (&models.MLP{Activation: "relu"}).Build(models.Shape{C: in, H: 1, W: 1}, classes)
	if err != nil {
		return []Oracle{{Name: "curvature: " + err.Error(), Got: math.NaN()}}
	}
	deep, err := (&models.MLP{Hidden: []int{8}, Activation: "relu"}).Build(models.Shape{C: in, H: 1, W: 1}, classes)
	if err != nil {
		return []Oracle{{Name: "curvature: " + err.Error(), Got: math.NaN()}}
	}
	r := rng.Stream(1, "curvature")
	b := models.Batch{X: kernel.New(n, in), Y: make([]int, n)}
	for i := range b.X.Data {
		b.X.Data[i] = float32(r.NormFloat64())
	}
	for i := range b.Y {
		b.Y[i] = r.IntN(classes)
	}
	one := &landscape{split: newSplit(soft, b.Slice(0, 1)), w: soft.Init(r)}
	all := &landscape{split: newSplit(deep, b), w: deep.Init(r)}

	x := append(slices.Clone(b.X.Row(0)), 1)
	p, sum := make([]float64, classes), 0.
	for k := range p {
		for j, v := range x {
			p[k] += float64(one.w[j*classes+k]) * float64(v)
		}
		p[k] = math.Exp(p[k])
		sum += p[k]
	}
	p2, x2, worst := 0., kernel.Dot(x, x), 0.
	for k := range p {
		p[k] /= sum
		p2 += p[k] * p[k]
	}
	e, he := make([]float32, len(one.w)), make([]float32, len(one.w))
	for i := range e {
		e[i] = 1
		if err := one.HessVec(he, one.w, e); err != nil {
			worst = math.NaN()
		}
		for j, h := range he {
			k, l := i%classes, j%classes
			want := -p[k] * p[l]
			if k == l {
				want += p[k]
			}
			worst = max(worst, math.Abs(float64(h)-want*float64(x[i/classes])*float64(x[j/classes])))
		}
		e[i] = 0
	}
	g := make([]float32, len(all.w))
	all.Grad(g, all.w)
	fisher := values(&sharpness.Fisher{K: 1}, all, "fisher")
	exact := values(&sharpness.Trace{Estimator: "xtrace", Products: 1000}, all, "trace")
	gauss := values(&sharpness.GaussNewton{}, all, "ggn")
	return []Oracle{
		{"softmax regression: H = (diag p − ppᵀ) ⊗ xxᵀ, largest deviation", 0, worst, 1e-6},
		{"softmax regression: tr G = (1 − ‖p‖²)(‖x‖² + 1)", (1 - p2) * x2, values(&sharpness.GaussNewton{}, one, "ggn")("ggn_trace"), 1e-5},
		{"relu network: tr H = tr G", gauss("ggn_trace"), exact("trace(products=1000)"), 1e-5 * gauss("ggn_trace")},
		{"network: mean ‖g_i‖² − tr V = ‖∇L‖²", kernel.Dot(g, g), fisher("fisher_trace") - fisher("gradcov_trace"), 1e-5 * fisher("fisher_trace")},
	}
}

// pointOracles, on the quadratic and the fixture: the worst case in both balls, the average case, Keskar's box, the critical step, and on a
// network, that scaling a layer by 8 and the next by 1/8 leaves adaptive sharpness and the path norm; and the spectral norm of a row.
func pointOracles() []Oracle {
	h := []float64{10, 3, 1, .1}
	there, least := bowl{h, []float32{.02, -.3, .5, 1}}, bowl{h, make([]float32, 4)}
	fix := fixture{bowl{h: make([]float64, 4), w: make([]float32, 4)}}
	worst := &sharpness.Worst{M: []int{0}, Rho: []float64{.05}, Steps: 100, P: 2}
	box := &sharpness.Worst{M: []int{0}, Rho: []float64{.05}, Steps: 20, P: math.Inf(1)}
	const pairs = 20_000
	gaussian := values(&sharpness.Average{Sigma: []float64{.1}, Draw: "gaussian", Pairs: pairs}, fix, "average")
	uniform := values(&sharpness.Average{Sigma: []float64{.1}, Draw: "uniform", Pairs: pairs}, fix, "average")
	var corner, clean, keskar, norm, energy float64
	for i, h := range h {
		a := math.Abs(float64(there.w[i]))
		corner += h * (a*.05 + .05*.05/2)
		clean += h * a * a / 2
		keskar += h * math.Pow(a+.01*(a+1), 2) / 2
		norm += h * h * a * a
		energy += h * h * h * a * a
	}
	all := []Oracle{
		{"quadratic: worst case by APGD, ρ = .05", .056357298648, values(worst, there, "worst")("worst(m=n rho=0.05 steps=100)"), 1e-7},
		{"quadratic: worst case by APGD at the minimum, ½ρ²λ₁", .0125, values(worst, least, "worst")("worst(m=n rho=0.05 steps=100)"), 1e-8},
		{"quadratic: worst case by APGD in the box", corner, values(box, there, "worst")("worst(m=n rho=0.05 p=inf)"), 1e-7},
		{"quadratic: Keskar's sharpness, ε = .01", 100 * (keskar - clean) / (1 + clean),
			values(&sharpness.Keskar{Eps: []float64{.01}, Steps: 20}, there, "keskar")("keskar(eps=0.01)"), 1e-5},
		{"quadratic: critical sharpness, gᵀHg/‖g‖²", energy / norm, values(&sharpness.Critical{}, there, "critical")("critical"), 5e-4 * energy / norm},
		{"fixture: average case, Gaussian σ = .1", .0705, gaussian("average(sigma=0.1 pairs=20000)"), 4 * gaussian("average_se(sigma=0.1 pairs=20000)")},
		{"fixture: average case, uniform ±.1", .0235, uniform("average(sigma=0.1 draw=uniform pairs=20000)"), 4 * uniform("average_se(sigma=0.1 draw=uniform pairs=20000)")},
	}
	const in, classes, hidden, n = 6, 4, 8, 40
	net, err := (&models.MLP{Hidden: []int{hidden}, Activation: "relu"}).Build(models.Shape{C: in, H: 1, W: 1}, classes)
	if err != nil {
		return append(all, Oracle{Name: "adaptive sharpness: " + err.Error(), Got: math.NaN()})
	}
	r := rng.Stream(1, "points")
	b := models.Batch{X: kernel.New(n, in), Y: make([]int, n)}
	for i := range b.X.Data {
		b.X.Data[i] = float32(r.NormFloat64())
	}
	for i := range b.Y {
		b.Y[i] = r.IntN(classes)
	}
	was := &landscape{split: newSplit(net, b), w: net.Init(r)}
	is := &landscape{split: was.split, w: slices.Clone(was.w)}
	for i := range (in + 1) * hidden {
		is.w[i] *= 8
	}
	for i := range hidden * classes {
		is.w[(in+1)*hidden+i] /= 8
	}
	adaptive := &sharpness.Adaptive{M: []int{0}, Rho: []float64{.1}, Biases: true, Steps: 1, P: 2}
	before, after := values(adaptive, was, "adaptive")("adaptive(m=n rho=0.1 eta=0)"), values(adaptive, is, "adaptive")("adaptive(m=n rho=0.1 eta=0)")
	path, scaled := values(&sharpness.Path{}, was, "path")("path"), values(&sharpness.Path{}, is, "path")("path")
	norms := values(&sharpness.Layers{}, bowl{h, []float32{3, 0, 0, 4}}, "layers")
	return append(all,
		Oracle{"relu network: adaptive sharpness at η = 0, layers scaled by 8 and 1/8", before, after, 1e-5 * before},
		Oracle{"relu network: path norm, layers scaled by 8 and 1/8", path, scaled, 1e-6 * path},
		Oracle{"layer of one row: ‖W‖₂² = ‖W‖_F²", 25, norms("spectral_sum"), 1e-5})
}
