package sharpness

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"msharp/models/kernel"
	"msharp/models/rng"
)

// quadratic is the landscape ½wᵀHw; it counts the products.
type quadratic struct {
	bowls
	H        *mat.SymDense
	products *int
}

// W is the minimum, 0, where no other weights are given.
func (q quadratic) W() []float32 {
	if q.w != nil {
		return q.w
	}
	return make([]float32, q.H.SymmetricDim())
}

// form returns ½wᵀHw, and Hw.
func (q quadratic) form(w []float32) (loss float64, hw []float64) {
	hw = make([]float64, len(w))
	for i := range hw {
		for j, x := range w {
			hw[i] += q.H.At(i, j) * float64(x)
		}
		loss += float64(w[i]) * hw[i] / 2
	}
	return loss, hw
}

func (q quadratic) Loss(w []float32) float64 {
	loss, _ := q.form(w)
	return loss
}

func (q quadratic) Grad(g, w []float32) float64 {
	loss, hw := q.form(w)
	for i, v := range hw {
		g[i] = float32(v)
	}
	return loss
}

func (q quadratic) HessVec(hv, _, v []float32) error {
	*q.products++
	for i := range hv {
		var sum float64
		for j, x := range v {
			sum += q.H.At(i, j) * float64(x)
		}
		hv[i] = float32(sum)
	}
	return nil
}

func (q quadratic) product(hv, v []float32) error { return q.HessVec(hv, nil, v) }

// golden is QΛQ with Λ = diag(10, 3, 1, .1) and Q = I − uuᵀ/2, u = (1, 1, 1, 1).
func golden() quadratic {
	return quadratic{H: mat.NewSymDense(4, []float64{
		3.525, -2.975, -1.975, -1.525,
		-2.975, 3.525, 1.525, 1.975,
		-1.975, 1.525, 3.525, 2.975,
		-1.525, 1.975, 2.975, 3.525,
	}), products: new(int)}
}

// diag returns a landscape whose Hessian has these eigenvalues, along the coordinates.
func diag(values ...float64) quadratic {
	h := mat.NewSymDense(len(values), nil)
	for i, v := range values {
		h.SetSym(i, i, v)
	}
	return quadratic{H: h, products: new(int)}
}

// spectrum returns a landscape whose Hessian has these eigenvalues, along random directions.
func spectrum(r *rand.Rand, values []float64) quadratic {
	n := len(values)
	g := mat.NewDense(n, n, nil)
	for i := range n {
		for j := range n {
			g.Set(i, j, rng.Normal(r))
		}
	}
	var qr mat.QR
	qr.Factorize(g)
	var q, d mat.Dense
	qr.QTo(&q)
	d.Mul(&q, mat.NewDiagDense(n, values))
	d.Mul(&d, q.T())
	h := mat.NewSymDense(n, nil)
	for i := range n {
		for j := range i + 1 {
			h.SetSym(i, j, d.At(i, j))
		}
	}
	return quadratic{H: h, products: new(int)}
}

func within(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

// Lanczos is exact in as many steps as there are weights, and takes no more.
func TestHessianOfTheFixture(t *testing.T) {
	q := golden()
	v := of(t, &Hessian{K: 4, Steps: 20}, q)
	for i, want := range []float64{10, 0, .1, 0, 3, 0, 1, 0, .1, 0} {
		within(t, Names(&Hessian{K: 4, Steps: 20})[i], v[i], want, 5e-6)
	}
	if *q.products != 4 {
		t.Errorf("%d products", *q.products)
	}
}

// The largest eigenvalue is not that of the largest size; multiple eigenvalues are as often there as they are; H may be 0.
func TestHessianOfSpecialSpectra(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   []float64 // λ₁ … λ₃, smallest
	}{
		{[]float64{-20, 3, 1, 2}, []float64{3, 2, 1, -20}},
		{[]float64{2, 2, 2, 2, 2, 2}, []float64{2, 2, 2, 2}},
		{[]float64{5, 5, 1, 1, 1, -1}, []float64{5, 5, 1, -1}},
		{[]float64{0, 0, 0}, []float64{0, 0, 0, 0}},
		{[]float64{1e-30, 2e-30, 4e-30}, []float64{4e-30, 2e-30, 1e-30, 1e-30}},
	} {
		v := of(t, &Hessian{K: 3, Steps: 20}, diag(c.values...))
		size := slices.MaxFunc(c.values, func(a, b float64) int { return int(math.Copysign(1, math.Abs(a)-math.Abs(b))) })
		for i, at := range []int{0, 4, 6, 2} {
			within(t, fmt.Sprintf("of %v, value %d", c.values, i), v[at], c.want[i], 2e-6*math.Abs(size))
			within(t, fmt.Sprintf("of %v, residual %d", c.values, i), v[at+1], 0, 2e-6*math.Abs(size))
		}
	}
}

// Within each residual of each value is an eigenvalue, converged or not; the largest are right once the residuals are small.
func TestHessianResiduals(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	values := make([]float64, 200)
	for i := range values {
		values[i] = 50 * math.Pow(.8, float64(i)) * (1 - 2*float64(i%7/6))
	}
	q := spectrum(r, values)
	sorted := slices.Sorted(slices.Values(values))
	slices.Reverse(sorted)
	for _, steps := range []int{5, 10, 20, 60} {
		v := of(t, &Hessian{K: 5, Steps: steps}, q)
		for i := 0; i < len(v); i += 2 {
			near := math.Inf(1)
			for _, λ := range values {
				near = min(near, math.Abs(λ-v[i]))
			}
			if !(near <= v[i+1]+1e-4) {
				t.Errorf("%d steps: no eigenvalue within %v of %v", steps, v[i+1], v[i])
			}
			if steps == 5 && i > 4 && v[i+1] < 1e-3 {
				t.Errorf("%d steps: residual %v of %v", steps, v[i+1], v[i])
			}
		}
		if steps < 20 {
			continue
		}
		for k, at := range []int{0, 4, 6, 8, 10} {
			if steps == 60 || k < 3 {
				within(t, fmt.Sprintf("%d steps: λ%d", steps, k+1), v[at], sorted[k], 1e-4)
			}
		}
		within(t, fmt.Sprintf("%d steps: the smallest", steps), v[2], sorted[len(sorted)-1], 1e-4)
	}
}

// Hutchinson's variance with one product is 2(‖H‖² − Σ H_ii²) for signs and 2‖H‖² for normal numbers, in the Frobenius norm; its mean is tr
// H.
func TestHutchinsonOfTheFixture(t *testing.T) {
	q := golden()
	const draws = 40_000
	var trace, square float64
	for i := range 4 {
		trace += q.H.At(i, i)
		for j := range 4 {
			square += q.H.At(i, j) * q.H.At(i, j)
		}
	}
	within(t, "tr H", trace, 14.1, 1e-12)
	within(t, "‖H‖²", square, 110.01, 1e-12)
	terms, err := hutchinson(q.product, 4, draws, rng.Stream(1, "hutchinson"))
	if err != nil || *q.products != draws {
		t.Fatalf("%v; %d products", err, *q.products)
	}
	mean, se := Mean(terms)
	within(t, "Hutchinson's mean", mean, 14.1, 4*math.Sqrt(120.615/draws))
	within(t, "Hutchinson's variance", se*se*draws, 120.615, .03*120.615)

	r := rng.Stream(1, "normals")
	z, hz := make([]float32, 4), make([]float32, 4)
	for i := range terms {
		normals(z, r)
		q.HessVec(hz, nil, z)
		terms[i] = kernel.Dot(z, hz)
	}
	_, se = Mean(terms)
	within(t, "the variance with normal numbers", se*se*draws, 220.02, .05*220.02)

	v := of(t, &Trace{Estimator: "hutchinson", Products: 400}, q)
	within(t, "the trace", v[0], 14.1, 4*math.Sqrt(120.615/400))
	within(t, "its standard error", v[1], math.Sqrt(120.615/400), .1)
}

// With as many products as weights, or more, the trace is exact; xtrace's mean is the trace.
func TestTraceOfTheFixture(t *testing.T) {
	q := golden()
	v := of(t, &Trace{Estimator: "xtrace", Products: 30}, q)
	within(t, "the trace", v[0], 14.1, 1e-5)
	if v[1] != 0 || *q.products != 4 {
		t.Errorf("standard error %v in %d products", v[1], *q.products)
	}
	const draws = 20_000
	r := rng.Stream(1, "xtrace")
	means := make([]float64, draws)
	for i := range means {
		terms, err := xtrace(q.product, 4, 4, r)
		if err != nil {
			t.Fatal(err)
		}
		means[i], _ = Mean(terms)
	}
	mean, se := Mean(means)
	within(t, "xtrace's mean", mean, 14.1, 4*se)
	if !(se*math.Sqrt(draws) < 9) { // Hutchinson's with as many products is 7.8 for normal numbers
		t.Errorf("xtrace deviates by %v", se*math.Sqrt(draws))
	}
}

// definitionOfXTrace is the paper's, with its normalization: a new basis for every direction left
// out.
func definitionOfXTrace(h *mat.SymDense, omega *mat.Dense) (terms []float64) {
	k, n := omega.Dims()
	for i := range n {
		others := mat.NewDense(k, n-1, nil)
		for j, at := 0, 0; j < n; j++ {
			if j != i {
				others.SetCol(at, mat.Col(nil, j, omega))
				at++
			}
		}
		var y, q, hq, small mat.Dense
		y.Mul(h, others)
		var qr mat.QR
		qr.Factorize(&y)
		qr.QTo(&q)
		basis := q.Slice(0, k, 0, n-1)
		hq.Mul(h, basis)
		small.Mul(basis.T(), &hq)
		w := mat.NewVecDense(k, mat.Col(nil, i, omega))
		var in, out, mu, hmu mat.VecDense
		in.MulVec(basis.T(), w)
		out.MulVec(basis, &in)
		mu.SubVec(w, &out)
		hmu.MulVec(h, &mu)
		terms = append(terms, mat.Trace(&small)+float64(k-n+1)*mat.Dot(&mu, &hmu)/mat.Dot(&mu, &mu))
	}
	return terms
}

func TestXTraceMatchesDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, products := range []int{4, 10, 30} {
		values := make([]float64, 60)
		for i := range values {
			values[i] = 20*math.Pow(.8, float64(i)) - .5
		}
		q := spectrum(r, values)
		got, err := xtrace(q.product, 60, products, rng.Stream(7, "xtrace"))
		if err != nil || *q.products != products {
			t.Fatalf("%v; %d products", err, *q.products)
		}
		omega, again, x := mat.NewDense(60, products/2, nil), rng.Stream(7, "xtrace"), make([]float32, 60)
		for j := range products / 2 {
			normals(x, again)
			omega.SetCol(j, wide(x))
		}
		for i, want := range definitionOfXTrace(q.H, omega) {
			within(t, fmt.Sprintf("term %d of %d products", i, products), got[i], want, 1e-4)
		}
	}
}

// Of a Hessian of low rank, or 0, xtrace is exact, and finite.
func TestXTraceOfLowRank(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for rank := range 20 {
		values, want := make([]float64, 50), 0.
		for i := range rank {
			values[i] = float64(1 + i)
			want += values[i]
		}
		v := of(t, &Trace{Estimator: "xtrace", Products: 30}, spectrum(r, values))
		if rank < 14 {
			within(t, fmt.Sprintf("the trace of rank %d", rank), v[0], want, 1e-4*max(1, want))
			within(t, fmt.Sprintf("its standard error at rank %d", rank), v[1], 0, 1e-4*max(1, want))
		}
		if v[0] != v[0] || !(math.Abs(v[0]-want) <= 6*v[1]+1e-4*want) {
			t.Errorf("rank %d: trace %v ± %v, want %v", rank, v[0], v[1], want)
		}
	}
}

// Of the fixture every quadrature of four nodes has the eigenvalues for nodes, and the mean square of the direction's coordinates for
// weights.
// What condensed makes of the nodes of all probes is what Density says of it.
func TestDensitySaysWhatItHolds(t *testing.T) {
	d := &Density{Probes: 200, Steps: 30}
	r := rng.Stream(1, "nodes")
	all := make([]ritz, d.Probes*d.Steps)
	for i := range all {
		all[i] = ritz{value: rng.Normal(r), weight: r.Float64()}
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	condensed(all, d.Steps)
	runtime.ReadMemStats(&after)
	if made, said := float64(after.TotalAlloc-before.TotalAlloc)+float64(ritzBytes*len(all)), float64(d.Need().Fixed); made > said || made < .8*said {
		t.Errorf("%.0f bytes, says %.0f", made, said)
	}
}

func TestDensityOfTheFixture(t *testing.T) {
	for _, probes := range []int{1, 3} {
		v := of(t, &Density{Probes: probes, Steps: 6}, golden())
		r := rng.Stream(1, "measure")
		z, weights, u := make([]float32, 4), make([]float64, 4), []float64{.1, 1, 3, 10}
		Q := func(i, j int) float64 { // Λ's order is 10, 3, 1, .1
			if i == j {
				return .5
			}
			return -.5
		}
		for range probes {
			normals(z, r)
			for i := range weights {
				var c float64
				for j, x := range z {
					c += Q(3-i, j) * float64(x)
				}
				weights[i] += c * c / kernel.Dot(z, z) / float64(probes)
			}
		}
		var sum, first, second float64
		for i := range 6 {
			node, weight := v[2+2*i], v[3+2*i]
			sum += weight
			if i >= 4 {
				if weight != 0 || node != v[2+2*3] {
					t.Errorf("node %d is %v, of weight %v", i+1, node, weight)
				}
				continue
			}
			first, second = first+weights[i]*u[i], second+weights[i]*u[i]*u[i]
			within(t, fmt.Sprintf("node %d", i+1), node, u[i], 1e-5)
			within(t, fmt.Sprintf("weight %d", i+1), weight, weights[i], 1e-5)
		}
		within(t, "the sum of weights", sum, 1, 1e-12)
		within(t, "the first moment", v[0], first, 1e-5)
		within(t, "the second moment", v[1], second, 1e-4)
	}
}

// A quadrature of fewer nodes has the moments of all, up to twice their number less one.
func TestCondensedKeepsMoments(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var all []ritz
	var sum float64
	for range 40 {
		all = append(all, ritz{value: r.NormFloat64(), weight: r.Float64()})
		sum += all[len(all)-1].weight
	}
	moment := func(of []ritz, p int, total float64) (m float64) {
		for _, v := range of {
			m += v.weight / total * math.Pow(v.value, float64(p))
		}
		return m
	}
	for _, most := range []int{1, 2, 5, 10} {
		few := condensed(all, most)
		if len(few) != most {
			t.Fatalf("%d nodes, want %d", len(few), most)
		}
		for p := range 2 * most {
			want := moment(all, p, sum)
			within(t, fmt.Sprintf("moment %d of %d nodes", p, most), moment(few, p, 1), want, 1e-9*max(1, math.Abs(want)))
		}
	}
}

// Of the bowls, g_i = h ∘ (w − x_i): F and V are formed, and their eigenvalues are those of the products.
func TestFisherOfTheBowls(t *testing.T) {
	b := more()
	n, k := len(b.x), len(b.w)
	grads, mean := mat.NewDense(n, k, nil), make([]float64, k)
	for i := range n {
		_, g := b.of(b.x[i:i+1], wide(b.w))
		grads.SetRow(i, g)
		for j, v := range g {
			mean[j] += v / float64(n)
		}
	}
	got, traces := of(t, &Fisher{K: 5}, b), of(t, &Fisher{}, b)
	if !slices.Equal(traces, []float64{got[0], got[6]}) {
		t.Errorf("the traces alone are %v, beside eigenvalues %v and %v", traces, got[0], got[6])
	}
	for part := range 2 {
		var m mat.SymDense
		m.SymOuterK(1/float64(n), grads.T())
		var e mat.EigenSym
		e.Factorize(&m, false)
		values := e.Values(nil)
		within(t, "the trace", got[6*part], mat.Trace(&m), 1e-12*mat.Trace(&m))
		for i := range 5 {
			within(t, fmt.Sprintf("part %d: λ%d", part, i+1), got[6*part+1+i], values[k-1-i], 1e-10*mat.Trace(&m))
		}
		for i := range n {
			for j := range k {
				grads.Set(i, j, grads.At(i, j)-mean[j])
			}
		}
	}
	some := b
	some.x = b.x[:6]
	if got, want := of(t, &Fisher{K: 2, Subset: 6}, b), of(t, &Fisher{K: 2}, some); !slices.Equal(got, want) {
		t.Errorf("of the first six %v, want %v", got, want)
	}
}

func TestFisherFits(t *testing.T) {
	for _, c := range []struct {
		f    Fisher
		n    int
		want string // "" is no error
	}{
		{Fisher{K: 5}, 2048, ""}, {Fisher{K: 5, Subset: 2048}, 60000, ""}, {Fisher{K: 5}, 5, ""},
		{Fisher{K: 5}, 2049, "subset = 0: takes all 2049 training examples, whose gradients are too many; expected a whole number ≥ 1 and ≤ 2048"},
		{Fisher{K: 5, Subset: 101}, 100, "subset = 101: larger than the training split; expected at most 100"},
		{Fisher{K: 5, Subset: 4}, 100, "k = 5: more eigenvalues than examples; expected at most 4"},
		{Fisher{K: 5}, 4, "k = 5: more eigenvalues than examples; expected at most 4"},
	} {
		err := c.f.Fits(c.n)
		if c.want == "" && err != nil || c.want != "" && (err == nil || err.Error() != c.want) {
			t.Errorf("%+v of %d examples: %v, want %q", c.f, c.n, err, c.want)
		}
	}
}

// The basis is orthonormal to the rounding of its numbers, though the eigenvalues lie far apart and converge early.
func TestLanczosBasis(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	values := make([]float64, 300)
	for i := range values {
		values[i] = math.Pow(10, 4-float64(i)/10)
	}
	q := spectrum(r, values)
	z := newLanczos(len(values), 80)
	if _, err := z.run(q.product, r); err != nil {
		t.Fatal(err)
	}
	for i := range z.basis.Rows {
		for j := range i + 1 {
			want := 0.
			if i == j {
				want = 1
			}
			within(t, fmt.Sprintf("⟨q%d, q%d⟩", i, j), kernel.Dot(z.basis.Row(i), z.basis.Row(j)), want, 3e-7)
		}
	}
}

// A product that is not finite ends the iteration.
func TestLanczosEnds(t *testing.T) {
	for _, bad := range []float64{math.NaN(), math.Inf(1)} {
		products := 0
		k, err := newLanczos(9, 9).run(func(hv, v []float32) error {
			copy(hv, v)
			if products++; products == 2 {
				hv[3] = float32(bad)
			}
			return nil
		}, rand.New(rand.NewPCG(1, 2)))
		if err != nil || products != 2 {
			t.Errorf("%v; %d products", err, products)
		}
		for _, v := range k.values() {
			if v.value == v.value || v.weight == v.weight || v.residual == v.residual {
				t.Errorf("%+v of a product that holds %v", v, bad)
			}
		}
	}
}

// failing is a landscape without second derivatives.
type failing struct{ bowls }

func (failing) HessVec(hv, w, v []float32) error { return fmt.Errorf("no second derivatives") }

func TestMeasuresWithoutSecondDerivatives(t *testing.T) {
	for _, m := range []Measure{
		&Hessian{K: 1, Steps: 2}, &Trace{Estimator: "xtrace", Products: 30}, &Trace{Estimator: "xtrace", Products: 4},
		&Trace{Estimator: "hutchinson", Products: 2}, &Density{Probes: 1, Steps: 2}, &Trace{Estimator: "hutchinson", Products: 2, Layer: 1},
	} {
		if v, err := m.Of(failing{more()}, rng.Stream(1, "x")); err == nil {
			t.Errorf("%T gives %v", m, v)
		}
	}
}
