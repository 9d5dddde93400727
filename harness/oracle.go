package harness

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"msharp/harness/optim"
	"msharp/models"
	"msharp/models/ascent"
	"msharp/models/kernel"
	"msharp/models/rng"
	"msharp/sharpness"
)

// Oracle is one quantity whose value is known in closed form, and what this machine computes for it.
type Oracle struct {
	Name      string
	Want, Got float64
	Tolerance float64 // largest |Got − Want| that passes
}

// OK reports whether the oracle holds. NaN does not.
func (o Oracle) OK() bool { return math.Abs(o.Got-o.Want) <= o.Tolerance }

// Oracles computes every analytic oracle, through the code that trains and measures.
func Oracles() []Oracle {
	return slices.Concat(quadraticOracles(), cycleOracle(), mLawOracles(), softmaxOracles(), networkOracles(), fixtureOracles(), curvatureOracles(),
		pointOracles())
}

// bowl is the landscape L(w) = ½ Σ_i h_i w_i², one example of it.
type bowl struct {
	h []float64
	w []float32
}

func (b bowl) W() []float32    { return b.w }
func (b bowl) Init() []float32 { return make([]float32, len(b.w)) }
func (b bowl) Examples() int   { return 1 }
func (b bowl) examples() int   { return 1 }
func (b bowl) Arrays() []sharpness.Array {
	return []sharpness.Array{{Rows: 1, Cols: len(b.w)}}
}
func (b bowl) Part(int, int) sharpness.Landscape { return b }
func (b bowl) Error(w []float32) float64         { return math.NaN() } // nothing is predicted

func (b bowl) Loss(w []float32) (loss float64) { return b.lossOf(w, 0, 1) }

func (b bowl) lossOf(w []float32, _, _ int) (loss float64) {
	for i, h := range b.h {
		loss += h * float64(w[i]) * float64(w[i]) / 2
	}
	return loss
}

func (b bowl) gradOf(g []float64, w []float32, lo, hi int) float64 {
	for i, h := range b.h {
		g[i] += h * float64(w[i])
	}
	return b.lossOf(w, lo, hi)
}

func (b bowl) Grad(g, w []float32) float64 {
	for i, h := range b.h {
		g[i] = float32(h * float64(w[i]))
	}
	return b.Loss(w)
}

// HessVec and GaussNewtonVec: H is diag h, and the loss is taken to be its own only logit's.
func (b bowl) HessVec(hv, _, v []float32) error {
	for i, h := range b.h {
		hv[i] = float32(h * float64(v[i]))
	}
	return nil
}

func (b bowl) GaussNewtonVec(gv, w, v []float32) error { return b.HessVec(gv, w, v) }

func (b bowl) GaussNewtonTrace([]float32) (trace float64) {
	for _, h := range b.h {
		trace += h
	}
	return trace
}

// Responses and PathNorm: the only logit is the loss, of which the weights are the features.
func (b bowl) Responses(w []float32, visit func(logits, features []float32, label int)) {
	visit([]float32{float32(b.Loss(w))}, w, 0)
}

func (b bowl) PathNorm(w []float32) float64 { return math.Sqrt(kernel.Dot(w, w)) }

func (b bowl) ExampleProducts(dst []float64, w []float32, _ int) {
	g := make([]float32, len(w))
	b.Grad(g, w)
	dst[0] = kernel.Dot(g, g)
}

func (b bowl) AscentGains(rules []ascent.Rule) []ascent.Gain { return formed(b, b.w, rules) }

// formed takes every rule through the loop over formed group gradients.
func formed(l groups, w []float32, rules []ascent.Rule) []ascent.Gain {
	out := make([]ascent.Gain, len(rules))
	for i, r := range rules {
		out[i] = summarise(formedGains(l, w, r))
	}
	return out
}

func quadraticOracles() []Oracle {
	h := []float64{10, 3, 1, .1}
	at := func(w ...float32) bowl { return bowl{h, w} }
	sharp := &sharpness.MSharpness{M: []int{0}, Rho: []float64{.05}, Steps: 1, P: 2}
	many := &sharpness.MSharpness{M: []int{0}, Rho: []float64{.05}, Steps: 100, P: 2}
	msharp := func(sharp *sharpness.MSharpness, b bowl) float64 {
		v, err := sharp.Of(b, nil)
		if err != nil {
			return math.NaN()
		}
		return v[1]
	}
	norm, _ := new(sharpness.GradNorm).Of(at(.02, -.3, .5, 1), nil)
	return []Oracle{
		{"quadratic: one-step sharpness, ρ = .05", .056147863359, msharp(sharp, at(.02, -.3, .5, 1)), 1e-7},
		{"quadratic: sharpness of 100 steps, the exact worst case", .056357298648, msharp(many, at(.02, -.3, .5, 1)), 1e-7},
		{"quadratic: one-step sharpness at the minimum", 0, msharp(sharp, at(0, 0, 0, 0)), 0},
		{"quadratic: ‖∇L‖", math.Sqrt(.2*.2 + .9*.9 + .5*.5 + .1*.1), norm[0], 1e-7},
	}
}

// cycleOracle: on a quadratic, SAM with gradient descent ends in a 2-cycle on the top eigenvector, |w₁| = ηλρ/(2 − ηλ).
func cycleOracle() []Oracle {
	b := bowl{h: []float64{10, 3, 1, .1}}
	w := []float32{.3, .2, .1, .05}
	step := (&optim.SAM{Rho: .05, Base: optim.Any{Spec: &optim.SGD{}}}).New(len(w))
	obj := optim.Closure(b.Grad)
	for range 20000 {
		step.Step(w, obj, .05)
	}
	var rest float64
	for _, v := range w[1:] {
		rest += math.Abs(float64(v))
	}
	return []Oracle{
		{"quadratic: SAM's 2-cycle, |w₁|", 1. / 60, math.Abs(float64(w[0])), 1e-6},
		{"quadratic: SAM's 2-cycle, the other |w_i|", 0, rest, 1e-6},
	}
}

// cloud is L_i(w) = ½‖w − x_i‖² over examples x, at their mean.
type cloud struct {
	x    kernel.Mat
	mean []float32
}

func (c cloud) examples() int { return c.x.Rows }

func (c cloud) lossOf(w []float32, lo, hi int) (loss float64) {
	for i := lo; i < hi; i++ {
		for j, x := range c.x.Row(i) {
			d := float64(w[j]) - float64(x)
			loss += d * d / 2
		}
	}
	return loss / float64(hi-lo)
}

func (c cloud) gradOf(g []float64, w []float32, lo, hi int) float64 {
	for i := lo; i < hi; i++ {
		for j, x := range c.x.Row(i) {
			g[j] += (float64(w[j]) - float64(x)) / float64(hi-lo)
		}
	}
	return c.lossOf(w, lo, hi)
}

// mLawOracles: for x ~ N(0, I_d), S_m = ρ√2 Γ((d+1)/2)/Γ(d/2) √(1/m − 1/n) + ρ²/2; the mean of the draws lies within four standard
// errors at every m.
func mLawOracles() (all []Oracle) {
	const d, n, rho, draws = 50, 4096, .1, 200
	lg := func(x float64) float64 { v, _ := math.Lgamma(x); return v }
	chi := math.Sqrt2 * math.Exp(lg((d+1)/2.)-lg(d/2.))
	ms := []int{1, 4, 16, 64, 256, 1024, n}
	values := make([][]float64, len(ms))
	c := cloud{kernel.New(n, d), make([]float32, d)}
	for draw := range draws {
		c.draw(rng.Stream(uint64(draw), "m-law"))
		for i, m := range ms {
			values[i] = append(values[i], summarise(formedGains(c, c.mean, ascent.Rule{Rho: rho, M: m})).Mean)
		}
	}
	for i, m := range ms {
		s := summarise(values[i], 0)
		want := rho*chi*math.Sqrt(1/float64(m)-1/float64(n)) + rho*rho/2
		// The mean is rounded to float32, hence the floor: at m = n the gradient is that rounding.
		all = append(all, Oracle{fmt.Sprintf("m-law: S_m at m = %d, mean of %d draws", m, draws), want, s.Mean, max(4*s.StdErr, 1e-6)})
	}
	return all
}

func (c cloud) draw(r *rand.Rand) {
	sum := make([]float64, len(c.mean))
	for i := range c.x.Rows {
		for j := range c.x.Row(i) {
			v := float32(r.NormFloat64())
			c.x.Row(i)[j] = v
			sum[j] += float64(v)
		}
	}
	for j, v := range sum {
		c.mean[j] = float32(v / float64(c.x.Rows))
	}
}

// softmaxOracles: the gradient of softmax regression at one example is (p − e_y)xᵀ, and p − e_y at the bias.
func softmaxOracles() []Oracle {
	const in, classes = 6, 4
	net, err := (&models.MLP{Activation: "relu"}).Build(models.Shape{C: in, H: 1, W: 1}, classes)
	if err != nil {
		return []Oracle{{Name: "softmax regression: " + err.Error(), Got: math.NaN()}}
	}
	r := rng.Stream(1, "softmax")
	w, x, y := net.Init(r), kernel.New(1, in), 2
	for i := range x.Data {
		x.Data[i] = float32(r.NormFloat64())
	}
	g := make([]float32, net.Dim())
	net.On(models.Batch{X: x, Y: []int{y}}).Grad(g, w)
	p, sum := make([]float64, classes), 0.
	for k := range p {
		for j, v := range x.Data {
			p[k] += float64(w[j*classes+k]) * float64(v)
		}
		p[k] = math.Exp(p[k])
		sum += p[k]
	}
	var worst float64
	for k := range p {
		d := p[k] / sum
		if k == y {
			d--
		}
		for j, v := range x.Data {
			worst = max(worst, math.Abs(float64(g[j*classes+k])-d*float64(v)))
		}
		worst = max(worst, math.Abs(float64(g[classes*in+k])-d))
	}
	return []Oracle{{"softmax regression: ∇ = (p − e_y)xᵀ, largest deviation", 0, worst, 1e-6}}
}

// networkOracles: on a network, m-sharpness through the shared passes equals the loop over formed group gradients, at every m.
func networkOracles() (all []Oracle) {
	const in, classes, n = 20, 5, 96
	net, err := (&models.MLP{Hidden: []int{16, 12}, Activation: "relu"}).Build(models.Shape{C: in, H: 1, W: 1}, classes)
	if err != nil {
		return []Oracle{{Name: "network: " + err.Error(), Got: math.NaN()}}
	}
	r := rng.Stream(1, "network")
	w, b := net.Init(r), models.Batch{X: kernel.New(n, in), Y: make([]int, n)}
	for i := range b.X.Data {
		b.X.Data[i] = float32(r.NormFloat64())
	}
	for i := range b.Y {
		b.Y[i] = r.IntN(classes)
	}
	land := &landscape{split: newSplit(net, b), w: w}
	for _, m := range []int{1, 4, 32, 0} {
		rules := []ascent.Rule{{Rho: .2, M: m}}
		fast, slow := land.AscentGains(rules)[0].Mean, formed(land.split, w, rules)[0].Mean
		name := fmt.Sprintf("network: shared passes against the loop over groups, m = %d", m)
		if m == 0 {
			name = "network: shared passes against the loop over groups, m = n"
		}
		all = append(all, Oracle{name, slow, fast, 1e-5 * slow})
	}
	return all
}
