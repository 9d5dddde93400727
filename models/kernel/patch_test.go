package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
)

// patchesOf returns what a 3 × 3 kernel sees of an image of one channel, rows × columns positions, steps apart, in data.
func patchesOf(rows, columns, step int, data []float32) Strided {
	width := (columns-1)*step + 3
	return Strided{Axis{rows, columns, step * width, step}, Axis{3, 3, width, 1}, data}
}

// imageSize returns how many numbers such an image has.
func imageSize(rows, columns, step int) int { return ((rows-1)*step + 3) * ((columns-1)*step + 3) }

// Patches of nine multiply as the matrix that they show, to the bit, whatever their number; what is not finite stays where it belongs.
func TestPatches(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 22))
	under(t, func(t *testing.T) {
		for range 400 {
			rows, columns, step, n := 1+r.IntN(4), 1+r.IntN(45), 1+r.IntN(8)/7, 1+r.IntN(70)
			a := patchesOf(rows, columns, step, random(r, 1, imageSize(rows, columns, step)).Row(0))
			for _, bad := range []float64{math.NaN(), math.Inf(1), math.Copysign(0, -1)} {
				if r.IntN(3) == 0 {
					a.Data[r.IntN(len(a.Data))] = float32(bad)
				}
			}
			shown := New(a.Rows.size(), 9)
			for i := range shown.Rows {
				for j := range 9 {
					shown.Row(i)[j] = a.Data[a.Rows.at(i)+a.Cols.at(j)]
				}
			}
			same := func(what string, got, want Mat) {
				t.Helper()
				for i, v := range got.Data {
					w := want.Data[i]
					if equal := math.Float32bits(v) == math.Float32bits(w) || v != v && w != w; !equal && (use.name != "generic" || !(math.Abs(float64(v-w)) <= 1e-4)) {
						t.Fatalf("%s: %d × %d positions %d apart, %d columns: number %d is %v, want %v", what, rows, columns, step, n, i, v, w)
					}
				}
			}
			b, row := random(r, 9, n), random(r, 1, n).Row(0)
			got := random(r, shown.Rows, n)
			want := clone(got)
			MulPlusRow(got, a, b, row)
			MulPlusRow(want, shown.Strided(), b, row)
			same("patches", got, want)
			acc, d := r.IntN(2) == 0, random(r, shown.Rows, n)
			got = random(r, 9, n)
			want = clone(got)
			MulStrided(got, a.T(), d, acc)
			MulStrided(want, shown.Strided().T(), d, acc)
			same("their transpose", got, want)
		}
	})
}
