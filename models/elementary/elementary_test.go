package elementary

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

const precision = 200

func exact(x float64) *big.Float { return new(big.Float).SetPrec(precision).SetFloat64(x) }

// exactExp returns eˣ: the series of x/2ʰ, squared h times.
func exactExp(x *big.Float) *big.Float {
	halvings := max(0, x.MantExp(nil)+8)
	t := new(big.Float).SetPrec(precision+2*uint(halvings)).SetMantExp(x, -halvings)
	sum, term := exact(1), exact(1)
	sum.SetPrec(t.Prec())
	for i := 1.; i < 40; i++ {
		term = new(big.Float).SetPrec(t.Prec()).Mul(term, t)
		term.Quo(term, exact(i))
		sum.Add(sum, term)
	}
	for range halvings {
		sum.Mul(sum, sum)
	}
	return sum
}

// exactLog returns ln x by Newton's method, from math's.
func exactLog(x *big.Float) *big.Float {
	near, _ := x.Float64()
	f, e := math.Frexp(near) // math.Log is wrong below the normal numbers on some machines
	y := exact(math.Log(f) + float64(e)*math.Ln2)
	for range 3 { // y += x e⁻ʸ − 1
		d := exactExp(new(big.Float).Neg(y))
		d.Mul(d, x)
		y.Add(y, d.Sub(d, exact(1)))
	}
	return y
}

// ulps returns how far got is from want, in units of want's last place.
func ulps(got float64, want *big.Float) float64 {
	near, _ := want.Float64()
	if got == near {
		return 0
	}
	ulp := math.Nextafter(math.Abs(near), math.Inf(1)) - math.Abs(near)
	d, _ := new(big.Float).Sub(want, exact(got)).Float64()
	return math.Abs(d) / ulp
}

// Every function is within its bound of the true value over its whole range.
func TestAccuracy(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	draws := 2000
	if testing.Short() {
		draws = 100
	}
	tiny := func() float64 { return math.Exp(-700 * r.Float64()) }
	for _, c := range []struct {
		name  string
		f     func(x float64) float64
		exact func(x *big.Float) *big.Float
		draw  func() float64
		bound float64 // ulps
	}{
		{"exp", Exp, exactExp, func() float64 { return 1400*r.Float64() - 700 }, 1},
		{"exp near 0", Exp, exactExp, func() float64 { return 2*r.Float64() - 1 }, 1},
		{"exp of tiny", Exp, exactExp, tiny, 1},
		{"exp of denormal result", Exp, exactExp, func() float64 { return -708 - 36*r.Float64() }, 1.5},
		{"log", Log, exactLog, func() float64 { return 1 / tiny() }, 1},
		{"log near 1", Log, exactLog, func() float64 { return .5 + r.Float64() }, 1},
		{"log of tiny", Log, exactLog, tiny, 1},
		{"log of denormal", Log, exactLog, func() float64 { return 0x1p-1060 * (1 + r.Float64()) }, 1},
		{"log1p", Log1p, log1p, func() float64 { return 20 * r.Float64() }, 1},
		{"log1p of tiny", Log1p, log1p, tiny, 1},
		{"log1p below 0", Log1p, log1p, func() float64 { return -r.Float64() }, 1},
		{"log1p of tiny below 0", Log1p, log1p, func() float64 { return -tiny() }, 1},
		{"tanh", Tanh, tanh, func() float64 { return 20*r.Float64() - 10 }, 256},
		{"tanh near its turn", Tanh, tanh, func() float64 { return tanhSmall * 2 * r.Float64() }, 256},
		{"tanh of tiny", Tanh, tanh, tiny, 256},
		{"sech²", SechSquared, sechSquared, func() float64 { return 20*r.Float64() - 10 }, 4},
		{"sech² far out", SechSquared, sechSquared, func() float64 { return 700*r.Float64() - 350 }, 4},
		{"sech² of tiny", SechSquared, sechSquared, tiny, 4},
	} {
		worst, at := 0., 0.
		for range draws {
			x := c.draw()
			if u := ulps(c.f(x), c.exact(exact(x))); u > worst || u != u {
				worst, at = u, x
			}
		}
		t.Logf("%s: %.3f ulp at %v", c.name, worst, at)
		if !(worst <= c.bound) {
			t.Errorf("%s of %v is %v ulp off; allowed %v", c.name, at, worst, c.bound)
		}
	}
}

func log1p(x *big.Float) *big.Float {
	y := new(big.Float).SetPrec(4*precision).Add(x, exact(1))
	if d, _ := x.Float64(); math.Abs(d) > 1e-40 {
		return exactLog(y)
	}
	return x // x − x²/2 is the same float64
}

func tanh(x *big.Float) *big.Float {
	if d, _ := x.Float64(); math.Abs(d) < 1e-15 {
		return x
	}
	e := exactExp(new(big.Float).Mul(x, exact(2)))
	return new(big.Float).Quo(new(big.Float).Sub(e, exact(1)), new(big.Float).Add(e, exact(1)))
}

func sechSquared(x *big.Float) *big.Float {
	e := exactExp(new(big.Float).Mul(x, exact(2)))
	d := new(big.Float).Add(e, exact(1))
	return new(big.Float).Quo(new(big.Float).Mul(exact(4), e), d.Mul(d, d))
}

// The ends of the ranges, and what is not a number.
func TestEnds(t *testing.T) {
	inf, nan, zero := math.Inf(1), math.NaN(), math.Copysign(0, -1)
	for _, c := range []struct {
		name      string
		f         func(float64) float64
		x, result float64
	}{
		{"exp", Exp, nan, nan}, {"exp", Exp, inf, inf}, {"exp", Exp, -inf, 0}, {"exp", Exp, 0, 1}, {"exp", Exp, zero, 1},
		{"exp", Exp, 1e300, inf}, {"exp", Exp, -1e300, 0}, {"exp", Exp, 709.79, inf}, {"exp", Exp, -745.14, 0},
		{"exp", Exp, -745.13, math.SmallestNonzeroFloat64}, {"exp", Exp, 1e-320, 1},
		{"log", Log, nan, nan}, {"log", Log, inf, inf}, {"log", Log, 0, -inf}, {"log", Log, zero, -inf}, {"log", Log, -1, nan},
		{"log", Log, -inf, nan}, {"log", Log, 1, 0},
		{"log1p", Log1p, nan, nan}, {"log1p", Log1p, inf, inf}, {"log1p", Log1p, -1, -inf}, {"log1p", Log1p, -1.5, nan}, {"log1p", Log1p, -inf, nan},
		{"log1p", Log1p, 0, 0}, {"log1p", Log1p, 5e-324, 5e-324}, {"log1p", Log1p, 1e308, math.Log(1e308)},
		{"tanh", Tanh, nan, nan}, {"tanh", Tanh, inf, 1}, {"tanh", Tanh, -inf, -1}, {"tanh", Tanh, zero, zero}, {"tanh", Tanh, -5e-324, -5e-324},
		{"sech²", SechSquared, nan, nan}, {"sech²", SechSquared, inf, 0}, {"sech²", SechSquared, -inf, 0}, {"sech²", SechSquared, zero, 1},
		{"sech²", SechSquared, 5e-324, 1}, {"sech²", SechSquared, 373.1, 0},
		{"cosπ", CosPi, nan, nan}, {"cosπ", CosPi, inf, nan}, {"cosπ", CosPi, 0, 1}, {"cosπ", CosPi, .5, 0}, {"cosπ", CosPi, 1, -1},
		{"cosπ", CosPi, -1.5, 0}, {"cosπ", CosPi, 1e15, 1},
		{"x³", func(x float64) float64 { return Pow(x, 3) }, nan, nan}, {"x³", func(x float64) float64 { return Pow(x, 3) }, 0, 0},
	} {
		got := c.f(c.x)
		if math.Float64bits(got) != math.Float64bits(c.result) && (got == got || c.result == c.result) {
			t.Errorf("%s of %v is %v, want %v", c.name, c.x, got, c.result)
		}
	}
}

// Cosines and powers are math's to within their bounds.
func TestCosAndPow(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 100000 {
		x, y := r.Float64(), 3*r.Float64()
		if got, want := CosPi(4*x-2), math.Cos(math.Pi*(4*x-2)); !(math.Abs(got-want) <= 0x1p-49) { // π itself is rounded in want
			t.Fatalf("cos %vπ is %v, want %v", 4*x-2, got, want)
		}
		if got, want := Pow(x, y), math.Pow(x, y); !(math.Abs(got-want) <= want*(1+math.Abs(y*math.Log(x)))*0x1p-51) {
			t.Fatalf("%v to the power %v is %v, want %v", x, y, got, want)
		}
	}
}

// The bits are frozen: a compiler that fuses, or an edit, shows here on every machine.
func TestBitsAreFrozen(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	sum := func(f func(x float64) float64) (h uint64) {
		for range 10000 {
			h = h*0x9e3779b97f4a7c15 + math.Float64bits(f(r.Float64()))
		}
		return h
	}
	for _, c := range []struct {
		name string
		f    func(float64) float64
		want uint64
	}{
		{"exp", func(x float64) float64 { return Exp(float64(40*x) - 30) }, 0x4e1f206673f62c3d},
		{"log", func(x float64) float64 { return Log(20 * x) }, 0x6fec01301acdd1e9},
		{"log1p", func(x float64) float64 { return Log1p(x * x * x * 9) }, 0x9a39a084a6a2194c},
		{"tanh", func(x float64) float64 { return Tanh(float64(8*x*x*x) - 4) }, 0x6b59e3d77973edc4},
		{"cos", CosPi, 0xe2c9e144b6b3b20e},
		{"pow", func(x float64) float64 { return Pow(x, 1.7) }, 0x29d8b2c27c1365f0},
		{"sech²", func(x float64) float64 { return SechSquared(float64(40*x*x*x) - 20) }, 0xfa9c298a523fa9d3},
	} {
		if got := sum(c.f); got != c.want {
			t.Errorf("%s: the bits sum to %#x, want %#x", c.name, got, c.want)
		}
	}
}
