//go:build !noasm

package kernel

// patches is an instruction set's products with the patches that a 3 × 3 kernel sees of images with one channel. They have nine terms, so that
// a tile begins and ends as long as it multiplies, and three rows to a run when transposed, which leave a tile's registers empty. See
// asm/patch.go for the arguments. A nil field leaves the work to the tiles.
type patches struct {
	rows8, rows14 func(runs, m int, a *float32, over, jump int, b *float32, ldb int, c *float32, ldc int, d *float32, tail int)
	grad1, grad2  func(runs, k int, a *float32, over, csa, jump int, b *float32, ldb int, c *float32, ldc int, d *float32, ldd int, tail int)
}

var (
	patches512 = patches{patch9x8AVX512, patch9x14AVX512, patchGrad9x1AVX512, patchGrad9x2AVX512}
	patches2   = patches{grad1: patchGrad9x1AVX2}
)

// mul is engine.mul, to the bit, where a is such patches or their transpose; else it reports false.
func (p *patches) mul(lanes int, c Mat, a Strided, b, d Mat) bool {
	nine := func(x Axis) bool { return x.Runs == 3 && x.Len == 3 && x.Step == 1 }
	switch {
	case p.rows8 != nil && nine(a.Cols) && a.Rows.Step == 1 && a.Rows.Len >= 8 && d.Data != nil && d.Stride == 0:
		p.forward(lanes, c, a, b, d)
	case p.grad1 != nil && nine(a.Rows):
		p.grad(lanes, c, a, b, d)
	default:
		return false
	}
	return true
}

func (p *patches) forward(lanes int, c Mat, a Strided, b, d Mat) {
	m, f := a.Rows.Len, p.rows8
	if m >= 14 && (m+13)/14*14 <= (m+7)/8*8 { // rows are taken twice to fill the last block
		f = p.rows14
	}
	for j := 0; j < c.Cols; j += lanes {
		to, from, row := c.from(j), b.from(j), d.from(j)
		f(a.Rows.Runs, m, &a.Data[0], 4*a.Cols.Over, 4*a.Rows.Over, from.p, from.ld, to.p, to.ld, row.p, min(lanes, c.Cols-j))
	}
}

func (p *patches) grad(lanes int, c Mat, a Strided, b, d Mat) {
	k := a.Cols
	for j := 0; j < c.Cols; {
		f, width := p.grad1, min(lanes, c.Cols-j)
		tail := width
		if p.grad2 != nil && c.Cols-j > lanes {
			f, width = p.grad2, min(2*lanes, c.Cols-j)
			tail = width - lanes
		}
		to, from, add := c.from(j), b.from(j), d.from(j)
		f(k.Runs, k.Len, &a.Data[0], 4*a.Rows.Over, 4*k.Step, 4*(k.Over-k.Len*k.Step), from.p, from.ld, to.p, to.ld, add.p, add.ld, tail)
		j += width
	}
}
