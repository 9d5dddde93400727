package kernel

import (
	"math"
	"testing"
)

// One NaN in either operand reaches every element that it has a part in, a zero on the other side notwithstanding, and no other.
func TestNaNReachesItsElementsAndNoOther(t *testing.T) {
	under(t, func(t *testing.T) {
		for _, p := range products {
			for _, s := range [][3]int{{1, 1, 1}, {5, 7, 6}, {9, 33, 17}, {13, 65, 3}} {
				m, n, k := s[0], s[1], s[2]
				for _, inA := range []bool{true, false} {
					a, b, c := New(m, k), New(k, n), New(m, n)
					row, col := m/2, n/3
					if inA {
						a.Row(row)[k/2] = float32(math.NaN())
					} else {
						b.Row(k / 2)[col] = float32(math.NaN())
					}
					p.mul(c, p.a(a), p.b(b), false)
					for i := range m {
						for j, v := range c.Row(i) {
							part := inA && i == row || !inA && j == col
							if (v != v) != part {
								t.Fatalf("%s of %v, NaN in a %v: element (%d, %d) is %v", p.name, s, inA, i, j, v)
							}
						}
					}
				}
			}
		}
	})
}
