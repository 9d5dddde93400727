package study

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"msharp/harness/record"
)

// Every share of up to 60,000 examples is told from its float alone; no number that is none passes for one of few examples.
func TestFraction(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200_000 {
		n := 1 + r.Int64N(60_000)
		k := r.Int64N(n + 1)
		num, den, ok := fraction(float64(k) / float64(n))
		if !ok || num*n != k*den {
			t.Fatalf("%d/%d is told as %d/%d, %v", k, n, num, den, ok)
		}
	}
	for _, x := range []float64{-.1, 1.1, math.NaN(), math.Inf(1), math.Pi / 4, math.Sqrt2 / 2} {
		if num, den, ok := fraction(x); ok {
			t.Errorf("%v is told as %d/%d", x, num, den)
		}
	}
}

// Gaps of equal counts are equal floats, and gaps of unequal ones are in their order.
func TestEqualGapsTie(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, size := range [][2]int64{{60, 60}, {1000, 10_000}, {1024, 4476}, {60_000, 10_000}} {
		train, test := size[0], size[1]
		ties := 0
		for range 20_000 {
			a, b := r.Int64N(test/5), r.Int64N(test/5)
			c, d := r.Int64N(train/10+1), r.Int64N(train/10+1)
			x := difference(float64(a)/float64(test), float64(c)/float64(train))
			y := difference(float64(b)/float64(test), float64(d)/float64(train))
			exact := (a-b)*train - (c-d)*test
			if (exact == 0) != (x == y) || (exact > 0) != (x > y) {
				t.Fatalf("%d/%d − %d/%d and %d/%d − %d/%d: %v and %v", a, test, c, train, b, test, d, train, x, y)
			}
			if exact == 0 {
				ties++
			}
		}
		if train <= 1000 && ties == 0 {
			t.Errorf("no ties of %v: the test is empty", size)
		}
	}
}

// The gap is that of the record but for rounding, and the record's own where the errors say something else.
func TestErrorGap(t *testing.T) {
	at := func(test, train, gap float64) (float64, bool) {
		numbers := map[string]record.Number{"test_error": record.Number(test), "train_error": record.Number(train), "error_gap": record.Number(gap)}
		return ErrorGap.Of(Of([]record.Record{{ID: "a", Status: record.Done, Values: record.Values{Numbers: numbers}}}).Final()[0])
	}
	if v, ok := at(.3, .1, .3-.1); !ok || v != .2 {
		t.Errorf(".3 − .1 is %v", v)
	}
	if v, ok := at(.3, .1, .25); !ok || v != .25 {
		t.Errorf("a gap that the errors contradict is %v", v)
	}
	if _, ok := at(.3, .1, math.NaN()); ok {
		t.Error("no gap is one")
	}
}

// A line on which every seed has the same counts has slope 0, not one of rounding.
func TestEqualErrorsHaveNoSlope(t *testing.T) {
	for n := 3; n < 12; n++ {
		line := make([]Runs, n)
		for i := range line {
			line[i] = Runs{Seeds: []uint64{1}, Points: []Point{{Test: 7. / 60}}}
		}
		if b, ok := LineSlope(line, 1); !ok || b != 0 {
			t.Errorf("over %d m: %v", n, b)
		}
	}
}

// A symmetric curve has slope 0 whatever its numbers, and so have equal ones.
func TestSlopeOfSymmetricNumbers(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 10_000 {
		half := make([]float64, 1+r.IntN(4))
		for i := range half {
			half[i] = r.NormFloat64()
		}
		ys := slices.Clone(half)
		slices.Reverse(half)
		if b := Slope(append(ys, half...)); b != 0 {
			t.Fatalf("%v: %v", ys, b)
		}
	}
	if b := Slope([]float64{1, 2, 3}); b != 1 {
		t.Errorf("of 1, 2, 3: %v", b)
	}
}

// The best ρ is one of those swept where one is best, to the bit.
func TestBestRhoIsSwept(t *testing.T) {
	var line []Radius
	for i, rho := range []float64{.005, .01, .02, .05, .1} {
		line = append(line, Radius{rho, Runs{Seeds: []uint64{1}, Points: []Point{{Test: .1 + float64(i)/100}}}})
	}
	if rho, least, ok := BestRho(line, 1, TestOf); rho != .005 || least != .1 || !ok {
		t.Errorf("%v, %v, %v", rho, least, ok)
	}
	for i := range line {
		line[i].Points[0].Test = 1
	}
	if rho, _, ok := BestRho(line, 1, TestOf); ok {
		t.Errorf("of a seed that diverged everywhere: %v", rho)
	}
}

// Equal counts tie in whatever order they are added.
func TestLowestRhoTies(t *testing.T) {
	counts := [2][]float64{{492, 332, 440, 490, 465, 514}, {514, 465, 332, 492, 490, 440}}
	var recs []record.Record
	for k, rho := range []float64{.05, .1} {
		for seed, n := range counts[k] {
			recs = append(recs, trialOf(float64(seed), 4, rho, nil, tested(n/3452)))
		}
	}
	if rho, ok := Of(recs).LowestRho(TestError); rho != .05 || !ok {
		t.Errorf("%v, %v", rho, ok)
	}
}
