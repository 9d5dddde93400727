package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"msharp/models/elementary"
)

// paths is every arithmetic that this machine has.
func paths() []arithmetic { return append(accelerated(), generic) }

// under runs f with each arithmetic in use.
func under(t *testing.T, f func(t *testing.T)) {
	before := use
	defer func() { use = before }()
	for _, a := range paths() {
		use = a
		t.Run(a.name, f)
	}
}

// random returns a matrix with a stride beyond its columns, canaries between.
func random(r *rand.Rand, rows, cols int) Mat {
	m := Mat{rows, cols, cols + r.IntN(5), nil}
	m.Data = make([]float32, rows*m.Stride)
	for i := range m.Data {
		m.Data[i] = canary
	}
	for i := range rows {
		for j := range m.Row(i) {
			m.Row(i)[j] = float32(r.NormFloat64())
		}
	}
	return m
}

const canary = 12345

// intact reports whether everything between the rows is as random left it.
func (m Mat) intact() bool {
	for i, v := range m.Data {
		if i%m.Stride >= m.Cols && v != canary {
			return false
		}
	}
	return true
}

func clone(m Mat) Mat { m.Data = slices.Clone(m.Data); return m }

func transposed(m Mat) Mat {
	t := New(m.Cols, m.Rows)
	for i := range m.Rows {
		for j, v := range m.Row(i) {
			t.Row(j)[i] = v
		}
	}
	return t
}

type product struct {
	name string
	mul  func(c, a, b Mat, acc bool)
	a, b func(Mat) Mat
}

// products are the three products, and those with b laid out, each with its operands made of a (m × k) and b (k × n).
var products = []product{
	{"NN", MulNN, clone, clone},
	{"TN", MulTN, transposed, clone},
	{"NT", MulNT, clone, transposed},
	{"laid out", laid(false), clone, clone},
	{"laid out transposed", laid(true), clone, transposed},
}

// Every product of every size is within k·ε·Σ|ab| of float64, touches nothing beside its rows, and is the same bits on every path but the
// generic.
func TestProducts(t *testing.T) {
	sizes := [][3]int{{1, 1, 1}, {128, 256, 784}, {4, 256, 100}, {1, 200, 33}, {2, 130, 7}, {17, 33, 65}, {200, 16, 9}, {300, 10, 32}}
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		sizes = append(sizes, [3]int{1 + r.IntN(40), 1 + r.IntN(220), 1 + r.IntN(70)})
	}
	for n := 1; n <= 67; n++ {
		sizes = append(sizes, [3]int{1 + n%7, n, 3}, [3]int{n, 5, 4}, [3]int{3, 4, n})
	}
	for _, p := range products {
		for _, s := range sizes {
			compare(t, r, p, s[0], s[1], s[2])
		}
	}
}

// FuzzProducts looks for a size at which a product leaves its bound.
func FuzzProducts(f *testing.F) {
	f.Add(uint64(1), uint8(14), uint8(31), uint8(7), uint8(0))
	f.Add(uint64(2), uint8(1), uint8(200), uint8(64), uint8(1))
	f.Add(uint64(3), uint8(5), uint8(4), uint8(17), uint8(2))
	f.Add(uint64(4), uint8(40), uint8(70), uint8(33), uint8(3))
	f.Add(uint64(5), uint8(33), uint8(255), uint8(7), uint8(4))
	f.Fuzz(func(t *testing.T, seed uint64, m, n, k, which uint8) {
		compare(t, rand.New(rand.NewPCG(seed, 1)), products[int(which)%len(products)], int(m)+1, int(n)+1, int(k)+1)
	})
}

// compare holds one product of every path to float64 and to its definition's other bounds.
func compare(t *testing.T, r *rand.Rand, p product, m, n, k int) {
	a, b, c := random(r, m, k), random(r, k, n), random(r, m, n)
	acc := r.IntN(2) == 0
	want, bound := exact(a, b, c, acc)
	var first Mat
	before := use
	defer func() { use = before }()
	for _, use = range paths() {
		at := fmt.Sprintf("%s %s of %d × %d × %d", use.name, p.name, m, n, k)
		got := clone(c)
		p.mul(got, p.a(a), p.b(b), acc)
		for i := range m {
			for j, v := range got.Row(i) {
				if d := math.Abs(float64(v) - want[i*n+j]); !(d <= float64(k+1)*6e-8*bound[i*n+j]+1e-30) {
					t.Fatalf("%s: element %d, %d is %v, want %v", at, i, j, v, want[i*n+j])
				}
			}
		}
		if !got.intact() {
			t.Fatalf("%s writes between the rows", at)
		}
		if first.Data == nil {
			first = got
		} else if use.name != "generic" && !slices.Equal(first.Data, got.Data) {
			t.Fatalf("%s differs from %s", at, paths()[0].name)
		}
	}
}

func exact(a, b, c Mat, acc bool) (sum, bound []float64) {
	for i := range a.Rows {
		for j := range b.Cols {
			var s, t float64
			if acc {
				s = float64(c.Row(i)[j])
				t = math.Abs(s)
			}
			for p, x := range a.Row(i) {
				v := float64(x) * float64(b.Row(p)[j])
				s += v
				t += math.Abs(v)
			}
			sum, bound = append(sum, s), append(bound, t)
		}
	}
	return sum, bound
}

// A Gram matrix is the product with the transpose, the same on every path but the generic, and symmetric.
func TestGram(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	under(t, func(t *testing.T) {
		for m := range 40 {
			a := random(r, m, 1+r.IntN(90))
			got, want := random(r, m, m), New(m, m)
			Gram(got, a)
			MulNT(want, a, a, false)
			for i := range m {
				if !slices.Equal(got.Row(i), want.Row(i)) {
					t.Fatalf("row %d of %d × %d", i, m, a.Cols)
				}
				for j := range m {
					if got.Row(i)[j] != got.Row(j)[i] {
						t.Fatalf("element %d, %d of %d", i, j, m)
					}
				}
			}
			if !got.intact() {
				t.Fatalf("%d: writes between the rows", m)
			}
		}
	})
}

// Products of no rows, columns or terms.
func TestEmptyProducts(t *testing.T) {
	under(t, func(t *testing.T) {
		for _, p := range products {
			p.mul(New(0, 3), p.a(New(0, 2)), p.b(New(2, 3)), false)
			c := View(2, 2, []float32{1, 2, 3, 4})
			p.mul(c, p.a(New(2, 0)), p.b(New(0, 2)), true)
			if !slices.Equal(c.Data, []float32{1, 2, 3, 4}) {
				t.Errorf("%s: adding a product of no terms gives %v", p.name, c.Data)
			}
			p.mul(c, p.a(New(2, 0)), p.b(New(0, 2)), false)
			if !slices.Equal(c.Data, []float32{0, 0, 0, 0}) {
				t.Errorf("%s: a product of no terms is %v", p.name, c.Data)
			}
		}
	})
}

// A row of a product has the same bits whatever rows are around it: how tiles cover a matrix does not show.
func TestProductsRowByRow(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	under(t, func(t *testing.T) {
		for range 50 {
			a, b := random(r, 1+r.IntN(40), 1+r.IntN(50)), Mat{}
			b = random(r, a.Cols, 1+r.IntN(150))
			whole, row := New(a.Rows, b.Cols), New(1, b.Cols)
			MulNN(whole, a, b, false)
			for i := range a.Rows {
				MulNN(row, a.Slice(i, i+1), b, false)
				if !slices.Equal(row.Data, whole.Row(i)) {
					t.Fatalf("row %d of %d × %d × %d differs by itself", i, a.Rows, b.Cols, a.Cols)
				}
			}
		}
	})
}

// vectors is every vector kernel on one destination and two sources.
var vectors = []struct {
	name string
	f    func(y, x, z []float32)
	def  func(y, x, z float32) float32
}{
	{"axpy", func(y, x, z []float32) { Axpy(y, 1.7e30, x) }, func(y, x, z float32) float32 { return y + float32(1.7e30*float64(x)) }},
	{"scaleTo", func(y, x, z []float32) { ScaleTo(y, 1e-3, x) }, func(y, x, z float32) float32 { return float32(1e-3 * float64(x)) }},
	{"add", func(y, x, z []float32) { Add(y, x) }, func(y, x, z float32) float32 { return y + x }},
	{"relu", func(y, x, z []float32) { ReLU(y, x) }, func(y, x, z float32) float32 {
		if x <= 0 {
			return 0
		}
		return x
	}},
	{"reluBack", func(y, x, z []float32) { ReLUBack(y, x, z) }, func(y, x, z float32) float32 {
		if z == 0 {
			return 0
		}
		return x
	}},
	{"tanh", func(y, x, z []float32) { Tanh(y, x) }, func(y, x, z float32) float32 { return float32(elementary.Tanh(float64(x))) }},
	{"tanhBack", func(y, x, z []float32) { TanhBack(y, x, z) }, func(y, x, z float32) float32 {
		return float32(float64(x) * elementary.SechSquared(float64(z)))
	}},
}

// Every vector kernel at every length equals its definition bit for bit, NaN and ∞ included, and writes nothing beyond.
func TestVectors(t *testing.T) {
	special := []float32{0, float32(math.Copysign(0, -1)), float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1)), 1e-42, 3e38, -1}
	under(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(5, 6))
		for _, v := range vectors {
			for n := range 68 {
				y, x, z := make([]float32, n+3), make([]float32, n+3), make([]float32, n+3)
				for i := range y {
					y[i], x[i], z[i] = float32(r.IntN(3)-1), float32(r.IntN(5)-2), float32(r.IntN(3)-1)
					if r.IntN(3) == 0 {
						x[i] = special[r.IntN(len(special))]
					}
					if r.IntN(3) == 0 {
						z[i] = special[r.IntN(len(special))]
					}
				}
				got := slices.Clone(y)
				v.f(got[:n], x[:n], z[:n])
				for i := range got {
					want := y[i]
					if i < n {
						want = v.def(y[i], x[i], z[i])
					}
					if math.Float32bits(got[i]) != math.Float32bits(want) && (got[i] == got[i] || want == want) {
						t.Fatalf("%s of %d: element %d of y %v, x %v, z %v is %v, want %v", v.name, n, i, y[i], x[i], z[i], got[i], want)
					}
				}
			}
		}
	})
}

// A strided matrix multiplies as the matrix that it shows, to the bit.
func TestMulStrided(t *testing.T) {
	r := rand.New(rand.NewPCG(17, 18))
	under(t, func(t *testing.T) {
		for range 300 {
			axis := func() Axis { return Axis{1 + r.IntN(5), 1 + r.IntN(20), r.IntN(9), r.IntN(3)} }
			a := Strided{Rows: axis(), Cols: axis()}
			shown := New(a.Rows.size(), a.Cols.size())
			a.Data = random(r, 1, 1+a.Rows.at(shown.Rows-1)+a.Cols.at(shown.Cols-1)).Row(0)
			for i := range shown.Rows {
				for j := range shown.Cols {
					shown.Row(i)[j] = a.Data[i/a.Rows.Len*a.Rows.Over+i%a.Rows.Len*a.Rows.Step+j/a.Cols.Len*a.Cols.Over+j%a.Cols.Len*a.Cols.Step]
				}
			}
			b, c := random(r, shown.Cols, 1+r.IntN(70)), Mat{}
			c = random(r, shown.Rows, b.Cols)
			got, want, acc := clone(c), clone(c), r.IntN(2) == 0
			MulStrided(got, a, b, acc)
			MulNN(want, shown, b, acc)
			for i := range want.Data {
				if d := math.Abs(float64(got.Data[i] - want.Data[i])); use.name != "generic" && d != 0 || !(d <= 1e-4) {
					t.Fatalf("%+v by %d columns: element %d is %v, want %v", a, b.Cols, i, got.Data[i], want.Data[i])
				}
			}
		}
	})
}

// Every channel of every window, NaN and ±0 included, is its definition's to the bit, and nothing beside the windows is written.
func TestMaxPool(t *testing.T) {
	special := []float32{0, float32(math.Copysign(0, -1)), float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1))}
	under(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(19, 20))
		for channels := 1; channels < 68; channels++ {
			windows := 1 + r.IntN(5)
			w := Windows{channels, 1 + r.IntN(4), 0}
			w.Stride = windows*w.Size*channels + r.IntN(9)
			x, dx, dy := make([]float32, w.span(windows)), make([]float32, w.span(windows)), make([]float32, windows*channels)
			for i := range x {
				x[i], dx[i] = float32(r.IntN(4)-2), canary
				if r.IntN(4) == 0 {
					x[i] = special[r.IntN(len(special))]
				}
			}
			for i := range dy {
				dy[i] = float32(i + 1)
			}
			y, want := make([]float32, len(dy)), make([]float32, len(dy))
			MaxPool(y, x, w)
			maxPoolGo(want, x, w)
			same(t, "largest", y, want)
			back := slices.Clone(dx)
			MaxPoolBack(dx, dy, x, y, w)
			maxPoolBackGo(back, dy, x, y, w)
			same(t, "gradient", dx, back)
			for i, v := range y { // the definition, by hand
				var nan bool
				top, given := math.Inf(-1), float32(0)
				for k := range w.Size * w.Size {
					v := float64(x[w.number(i, k)])
					if v != v {
						nan = true
					} else {
						top = max(top, v)
					}
					given += dx[w.number(i, k)]
				}
				if nan != (v != v) || !nan && float64(v) != top || given != dy[i] {
					t.Fatalf("%+v: output %d is %v, given %v of %v; want %v", w, i, v, given, dy[i], top)
				}
			}
		}
	})
}

func same(t *testing.T, what string, got, want []float32) {
	t.Helper()
	for i, v := range got {
		if math.Float32bits(v) != math.Float32bits(want[i]) && (v == v || want[i] == want[i]) {
			t.Fatalf("%s: element %d is %v, want %v", what, i, v, want[i])
		}
	}
}

func TestDot(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for n := range 200 {
		x, y := random(r, 1, n), random(r, 1, n)
		var want float64
		for i, v := range x.Row(0) {
			want += float64(v) * float64(y.Row(0)[i])
		}
		var first float64
		before := use
		for i, a := range paths() {
			use = a
			got := Dot(x.Row(0), y.Row(0))
			if !(math.Abs(got-want) <= 1e-13*float64(n)) {
				t.Errorf("%s: dot of %d is %v, want %v", a.name, n, got, want)
			}
			if i == 0 {
				first = got
			} else if got != first {
				t.Errorf("dot of %d differs between %s and %s", n, paths()[0].name, a.name)
			}
		}
		use = before
	}
}

func TestTranspose(t *testing.T) {
	under(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(9, 10))
		for range 200 {
			x := random(r, 1+r.IntN(40), 1+r.IntN(40))
			y := random(r, x.Cols, x.Rows)
			Transpose(y, x)
			for i := range x.Rows {
				for j, v := range x.Row(i) {
					if y.Row(j)[i] != v {
						t.Fatalf("%d × %d: element %d, %d", x.Rows, x.Cols, i, j)
					}
				}
			}
			if !y.intact() {
				t.Fatalf("%d × %d: writes between the rows", x.Rows, x.Cols)
			}
		}
	})
}

// One NaN or ∞ in an operand reaches every output it has a part in, a zero on the other side notwithstanding.
func TestProductsKeepNaN(t *testing.T) {
	under(t, func(t *testing.T) {
		for _, p := range products {
			for _, bad := range []float32{float32(math.NaN()), float32(math.Inf(1))} {
				for n := 1; n < 40; n += 3 {
					a, b, c := New(n, n), New(n, n), New(n, n)
					a.Row(n / 2)[n/3] = bad
					p.mul(c, p.a(a), p.b(b), false)
					for j, v := range c.Row(n / 2) {
						if v == v {
							t.Fatalf("%s of %d: %v · 0 is %v in column %d", p.name, n, bad, v, j)
						}
					}
				}
			}
		}
	})
}

func TestFinite(t *testing.T) {
	under(t, func(t *testing.T) {
		for n := range 70 {
			x := make([]float32, n)
			for i := range x {
				x[i] = math.MaxFloat32
			}
			if !Finite(x) {
				t.Errorf("%d largest numbers are not finite", n)
			}
			for i := range x {
				for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
					x[i] = float32(bad)
					if Finite(x) {
						t.Errorf("%v at %d of %d is finite", bad, i, n)
					}
				}
				x[i] = 1
			}
		}
	})
}

func TestUnknownKernelIsRefused(t *testing.T) {
	_, err := choose("sse2")
	if err == nil || !strings.HasPrefix(err.Error(), "MSHARP_KERNEL=sse2: expected one of ") {
		t.Errorf("an unknown kernel: error %v", err)
	}
}

// The variable's old name is refused with the new one.
func TestOldKernelVariableIsRefused(t *testing.T) {
	_, err := asked(func(name string) (string, bool) { return "generic", name == "MSWEEP_KERNEL" })
	if err == nil || !strings.HasSuffix(err.Error(), "use MSHARP_KERNEL=generic") {
		t.Errorf("error %v", err)
	}
}

// panics returns what f panics with, nil if it does not.
func panics(f func()) (what any) {
	defer func() { what = recover() }()
	f()
	return nil
}

func TestShapesThatDoNotFitAreRefused(t *testing.T) {
	for _, f := range []func(){
		func() { MulNN(New(2, 3), New(2, 4), New(5, 3), false) },
		func() { MulNT(New(2, 3), New(2, 4), New(4, 3), false) },
		func() { MulTN(New(2, 3), New(2, 4), New(2, 3), false) },
		func() { Gram(New(2, 3), New(2, 4)) },
		func() {
			MulStrided(New(2, 3), Strided{Axis{1, 2, 0, 1}, Axis{2, 2, 1, 1}, make([]float32, 3)}, New(4, 3), false)
		},
		func() { MulPlusRow(New(2, 3), New(2, 2).Strided(), New(2, 3), make([]float32, 2)) },
		func() { ColSums(make([]float32, 2), New(2, 3), false) },
		func() { MaxPool(make([]float32, 4), make([]float32, 15), Windows{2, 2, 8}) },
		func() {
			MaxPoolBack(make([]float32, 16), make([]float32, 3), make([]float32, 16), make([]float32, 4), Windows{2, 2, 8})
		},
		func() { Transpose(New(2, 3), New(2, 3)) },
	} {
		if panics(f) == nil {
			t.Error("a product of shapes that do not fit was computed")
		}
	}
}

func TestRowsAndColumnSums(t *testing.T) {
	under(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(13, 14))
		for n := 1; n < 40; n++ {
			m, row := random(r, 3, n), random(r, 1, n).Row(0)
			sums, want := make([]float32, n), make([]float32, n)
			ColSums(sums, m, n%2 == 0)
			for j := range want {
				want[j] = ((0 + m.Row(0)[j]) + m.Row(1)[j]) + m.Row(2)[j]
			}
			if !slices.Equal(sums, want) {
				t.Fatalf("column sums of %d are %v, want %v", n, sums, want)
			}
			a, b := random(r, 3, 2), random(r, 2, n)
			sum := clone(m)
			MulPlusRow(sum, a.Strided(), b, row)
			MulNN(m, a, b, false)
			for i := range 3 {
				for j, v := range m.Row(i) {
					if d := math.Abs(float64(sum.Row(i)[j] - (v + row[j]))); use.name != "generic" && d != 0 || !(d <= 1e-5) {
						t.Fatalf("element %d, %d of 3 × %d", i, j, n)
					}
				}
			}
			if !sum.intact() {
				t.Fatalf("%d: writes between the rows", n)
			}
		}
	})
}

func BenchmarkMul(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, a := range paths() {
		for _, s := range [][3]int{{128, 256, 784}, {128, 128, 256}, {256, 784, 128}, {4, 256, 784}, {1, 256, 784}, {25088, 32, 144}, {128, 10, 128}} {
			b.Run(fmt.Sprintf("%s/%dx%dx%d", a.name, s[0], s[1], s[2]), func(b *testing.B) {
				x, y, c := New(s[0], s[2]), New(s[2], s[1]), New(s[0], s[1])
				for i := range x.Data {
					x.Data[i] = r.Float32()
				}
				for b.Loop() {
					a.mul(c, x.Strided(), y, Mat{}, false)
				}
				b.ReportMetric(2*float64(s[0]*s[1]*s[2])*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
			})
		}
	}
}
