package kernel

import (
	"math"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"msharp/models/elementary"
)

var functions = []struct {
	name   string
	f      func(y, x []float64)
	def    func(float64) float64
	lo, hi float64 // where it is neither zero nor infinite
}{
	{"exp", Exp, elementary.Exp, -760, 720},
	{"log1p", Log1p, elementary.Log1p, -1.1, 40},
}

// Every function at every length equals its definition bit for bit, NaN, ∞ and denormal numbers included, in place and not, and writes nothing
// beyond.
func TestFunctions(t *testing.T) {
	special := []float64{0, math.Copysign(0, -1), math.NaN(), math.Inf(1), math.Inf(-1),
		1e-320, -1e-320, 1e300, -1e300, math.MaxFloat64, -1, 709.78, -745.13, -745.14, -708.4}
	under(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(25, 26))
		for _, c := range functions {
			for n := range 400 {
				if n > 67 {
					n = 67 + r.IntN(1000)
				}
				x, y := make([]float64, n+2), make([]float64, n+2)
				for i := range x {
					y[i] = canary
					switch r.IntN(4) {
					case 0:
						x[i] = special[r.IntN(len(special))]
					case 1:
						x[i] = math.Copysign(math.Exp(-700*r.Float64()), r.Float64()-.5)
					default:
						x[i] = c.lo + (c.hi-c.lo)*r.Float64()
					}
				}
				in := slices.Clone(x)
				c.f(y[:n], x[:n])
				c.f(in[:n], in[:n])
				for i := range x {
					want := c.def(x[i])
					if i >= n {
						want = canary
						in[i] = canary
					}
					for _, got := range []float64{y[i], in[i]} {
						if math.Float64bits(got) != math.Float64bits(want) && (got == got || want == want) {
							t.Fatalf("%s of %d: of %v is %v, want %v", c.name, n, x[i], got, want)
						}
					}
				}
			}
		}
	})
}

// The generators' constants are those of package elementary. A difference in the last bit of a small one would hardly ever show in a result.
func TestGeneratorsHaveTheConstants(t *testing.T) {
	read := func(path string) string {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	generators := map[string]string{"asm": read("asm/elementary.go"), "asm/neon": read("asm/neon/elementary.go")}
	definitions := read("../elementary/elementary.go") + read("../elementary/exp.go") + read("../elementary/log.go")
	constants := regexp.MustCompile(`0x1\.[0-9a-f]+p[+-]\d+|0x[0-9a-f]{16}`).FindAllString(definitions, -1)
	for _, c := range constants {
		for name, text := range generators {
			if c != "0x4338000000000000" && !strings.Contains(text, c) {
				t.Errorf("the generator in %s has no %s", name, c)
			}
		}
	}
	if len(constants) < 17 {
		t.Errorf("only %d constants", len(constants))
	}
}

// FuzzFunctions looks for an argument at which a vector is not its definition.
func FuzzFunctions(f *testing.F) {
	f.Add(uint64(0x3ff0000000000000), uint8(0))
	f.Add(uint64(0xc0874910d52d3051), uint8(1))
	f.Fuzz(func(t *testing.T, bits uint64, which uint8) {
		c := functions[int(which)%len(functions)]
		before := use
		defer func() { use = before }()
		for _, use = range paths() {
			x := slices.Repeat([]float64{math.Float64frombits(bits)}, 9)
			c.f(x, x)
			want := c.def(math.Float64frombits(bits))
			for _, got := range x {
				if math.Float64bits(got) != math.Float64bits(want) && (got == got || want == want) {
					t.Fatalf("%s: %s of %v is %v, want %v", use.name, c.name, math.Float64frombits(bits), got, want)
				}
			}
		}
	})
}

func BenchmarkFunctions(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	x, y := make([]float64, 1280), make([]float64, 1280)
	for i := range x {
		x[i] = 20 * r.Float64()
	}
	for _, a := range paths() {
		for _, c := range []struct {
			name string
			f    func(y, x []float64)
		}{{"exp", a.exp}, {"log1p", a.log1p}} {
			b.Run(a.name+"/"+c.name, func(b *testing.B) {
				for b.Loop() {
					c.f(y, x)
				}
				b.ReportMetric(b.Elapsed().Seconds()*1e9/float64(b.N)/float64(len(x)), "ns/number")
			})
		}
	}
	b.Run("math/exp", func(b *testing.B) {
		for b.Loop() {
			mapGo(y, x, math.Exp)
		}
		b.ReportMetric(b.Elapsed().Seconds()*1e9/float64(b.N)/float64(len(x)), "ns/number")
	})
	b.Run("math/log1p", func(b *testing.B) {
		for b.Loop() {
			mapGo(y, x, math.Log1p)
		}
		b.ReportMetric(b.Elapsed().Seconds()*1e9/float64(b.N)/float64(len(x)), "ns/number")
	})
}
