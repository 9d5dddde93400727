//go:build !noasm

package kernel

import "unsafe"

// tile multiplies whole blocks of rows by a panel of columns; see asm/tile.go for its arguments.
type tile = func(m, runs, k int, a *float32, rsa, csa, jump, fetch int, b *float32, ldb int, c *float32, ldc int, d *float32, ldd int, tail, more int)

// panel is the tiles of one width: tiles[r] takes blocks of r rows. More vectors abreast want fewer rows, for the registers hold
// both.
type panel struct {
	columns int
	tiles   []tile
}

// engine is one instruction set's tiles.
type engine struct {
	lanes    int
	one, two panel   // one and two vectors abreast
	few      []panel // for few rows, widest last: taken when their rows suffice
	keeping  map[int]keepingTile
	patches  patches
}

// keepingTile is a tile of two vectors that copies what it reads of b to y.
type keepingTile = func(m, runs, k int, a *float32, rsa, csa, jump, fetch int, b *float32, ldb int, c *float32, ldc int, d *float32, ldd int, tail, more int, y *float32)

var (
	engine512 = engine{16,
		panel{16, []tile{nil, tile1x1AVX512, tile2x1AVX512, tile3x1AVX512, tile4x1AVX512, tile5x1AVX512, tile6x1AVX512, tile7x1AVX512, tile8x1AVX512, tile9x1AVX512, tile10x1AVX512, tile11x1AVX512, tile12x1AVX512, tile13x1AVX512, tile14x1AVX512, tile15x1AVX512, tile16x1AVX512}},
		panel{32, []tile{nil, tile1x2AVX512, tile2x2AVX512, tile3x2AVX512, tile4x2AVX512, tile5x2AVX512, tile6x2AVX512, tile7x2AVX512, tile8x2AVX512, tile9x2AVX512, tile10x2AVX512, tile11x2AVX512, tile12x2AVX512, tile13x2AVX512, tile14x2AVX512}},
		[]panel{
			{64, []tile{nil, tile1x4AVX512, tile2x4AVX512, tile3x4AVX512, tile4x4AVX512, tile5x4AVX512, tile6x4AVX512}},
			{128, []tile{nil, tile1x8AVX512, tile2x8AVX512}},
			{192, []tile{nil, tile1x12AVX512}},
		},
		map[int]keepingTile{11: keepingtile11x2AVX512, 12: keepingtile12x2AVX512, 13: keepingtile13x2AVX512, 14: keepingtile14x2AVX512}, patches512}
	engine2 = engine{8,
		panel{8, []tile{nil, tile1x1AVX2, tile2x1AVX2, tile3x1AVX2, tile4x1AVX2, tile5x1AVX2, tile6x1AVX2, tile7x1AVX2, tile8x1AVX2, tile9x1AVX2, tile10x1AVX2, tile11x1AVX2, tile12x1AVX2}},
		panel{16, []tile{nil, tile1x2AVX2, tile2x2AVX2, tile3x2AVX2, tile4x2AVX2, tile5x2AVX2, tile6x2AVX2}},
		[]panel{{32, []tile{nil, tile1x4AVX2, tile2x4AVX2}}},
		map[int]keepingTile{6: keepingtile6x2AVX2}, patches2}
)

func mulAVX512(c Mat, a Strided, b, d Mat, more bool) { engine512.mul(c, a, b, d, more) }
func mulAVX2(c Mat, a Strided, b, d Mat, more bool)   { engine2.mul(c, a, b, d, more) }

// mul covers c with panels of columns, each with blocks of rows. How it is covered does not change a bit: every output is one chain of
// fused multiply-adds over k.
func (e *engine) mul(c Mat, a Strided, b, d Mat, more bool) {
	if !more && e.patches.mul(e.lanes, c, a, b, d) {
		return
	}
	goOn := 0
	if more {
		goOn = 1
	}
	for j := 0; j < c.Cols; {
		p := e.pick(a.Rows.Len, c.Cols-j)
		width := min(p.columns, c.Cols-j)
		p.rows(a, c.from(j), b.from(j), d.from(j), width-(width-1)/e.lanes*e.lanes, goOn)
		j += width
	}
}

// mulKeeping is mul of one panel b, two vectors abreast, and one run of 32 rows or more of a. The first block of rows copies b to y while it
// multiplies, which costs less than a copy before, and the others take y.
func (e *engine) mulKeeping(y, c Mat, a Strided, b, d Mat, more bool) {
	goOn := 0
	if more {
		goOn = 1
	}
	most := len(e.two.tiles) - 1
	blocks := (c.Rows + most - 1) / most
	m := (c.Rows + blocks - 1) / blocks
	b0, c0, d0 := b.from(0), c.from(0), d.from(0)
	e.keeping[m](m, 1, a.Cols.Len, &a.Data[0], 4*a.Rows.Step, 4*a.Cols.Step, 0, 0, b0.p, b0.ld, c0.p, c0.ld, d0.p, d0.ld, e.lanes, goOn, &y.Data[0])
	e.mul(c.below(m), a.part(m, c.Rows, 0, a.Cols.Len), y, d.below(m), more)
}

// corner is where a panel of a matrix begins, and how many bytes its rows lie apart.
type corner struct {
	p  *float32
	ld int
}

func (m Mat) from(column int) corner {
	if m.Data == nil {
		return corner{}
	}
	return corner{&m.Data[column], 4 * m.Stride}
}

// down returns the corner n rows further, which must be there.
func (c corner) down(n int) corner {
	if c.p != nil {
		c.p = (*float32)(unsafe.Add(unsafe.Pointer(c.p), n*c.ld))
	}
	return c
}

// pick returns the panel for rows rows where columns columns are left.
func (e *engine) pick(rows, columns int) *panel {
	for i := len(e.few) - 1; i >= 0; i-- {
		if p := &e.few[i]; rows < len(p.tiles) && columns > p.columns-e.lanes {
			return p
		}
	}
	return e.narrow(columns)
}

// narrow returns the panel of one or two vectors for so many columns.
func (e *engine) narrow(columns int) *panel {
	if columns > e.lanes {
		return &e.two
	}
	return &e.one
}

// rows takes the rows of c, run by run of a, in blocks as equal as they can be. Of the last vector of a row, tail lanes are there.
func (p *panel) rows(a Strided, c, b, d corner, tail, more int) {
	m, most := a.Rows.Len, len(p.tiles)-1
	blocks := (m + most - 1) / most
	high := (m + blocks - 1) / blocks
	low := high - 1
	nlow := blocks*high - m // blocks of low rows; the others have one more
	split := m - nlow*low
	k := a.Cols
	down, step, jump, fetch := 4*a.Rows.Step, 4*k.Step, 4*(k.Over-k.Len*k.Step), 0
	if k.Step == 1 && k.Runs == 1 {
		fetch = 64 // a line a step is all of the rows to come
	}
	for run := range a.Rows.Runs {
		if run > 0 {
			c, d = c.down(m), d.down(m)
		}
		at := run * a.Rows.Over
		p.tiles[high](split, k.Runs, k.Len, &a.Data[at], down, step, jump, fetch, b.p, b.ld, c.p, c.ld, d.p, d.ld, tail, more)
		if nlow > 0 {
			at += split * a.Rows.Step
			c, d := c.down(split), d.down(split)
			p.tiles[low](m-split, k.Runs, k.Len, &a.Data[at], down, step, jump, fetch, b.p, b.ld, c.p, c.ld, d.p, d.ld, tail, more)
		}
	}
}

type dots = func(k int, a *float32, lda int, b *float32, ldb int, c *float32, ldc int, acc int)

var (
	dots512 = [][]dots{
		{dots1x1AVX512, dots1x2AVX512, dots1x3AVX512, dots1x4AVX512},
		{dots2x1AVX512, dots2x2AVX512, dots2x3AVX512, dots2x4AVX512},
		{dots3x1AVX512, dots3x2AVX512, dots3x3AVX512, dots3x4AVX512},
		{dots4x1AVX512, dots4x2AVX512, dots4x3AVX512, dots4x4AVX512},
	}
	dots2 = [][]dots{{dots1x1AVX2, dots1x2AVX2}, {dots2x1AVX2, dots2x2AVX2}}
)

func mulNTAVX512(c, a, b Mat, acc bool) { mulDots(dots512, c, a, b, acc, false) }
func mulNTAVX2(c, a, b Mat, acc bool)   { mulDots(dots2, c, a, b, acc, false) }

func gramAVX512(c, a Mat) { gramDots(dots512, c, a) }
func gramAVX2(c, a Mat)   { gramDots(dots2, c, a) }

// gramDots takes the tiles on and below the diagonal and mirrors them.
func gramDots(t [][]dots, c, a Mat) {
	mulDots(t, c, a, a, false, true)
	for i := range c.Rows {
		for j, v := range c.Row(i)[:i] {
			c.Data[j*c.Stride+i] = v
		}
	}
}

func mulDots(t [][]dots, c, a, b Mat, acc, lower bool) {
	_, _, _ = a.Data[(a.Rows-1)*a.Stride+a.Cols-1], b.Data[(b.Rows-1)*b.Stride+b.Cols-1], c.Data[(c.Rows-1)*c.Stride+c.Cols-1]
	add := 0
	if acc {
		add = 1
	}
	n := len(t)
	for i := 0; i < c.Rows; i += n {
		tiles := t[min(n, c.Rows-i)-1]
		for j := 0; j < c.Cols && (!lower || j <= i); j += n {
			tiles[min(n, c.Cols-j)-1](a.Cols, &a.Data[i*a.Stride], 4*a.Stride, &b.Data[j*b.Stride], 4*b.Stride, &c.Data[i*c.Stride+j], 4*c.Stride, add)
		}
	}
}

// transposeAVX2 takes blocks of 8 × 8, and the edges one by one.
func transposeAVX2(y, x Mat) {
	rows, cols := x.Rows/8*8, x.Cols/8*8
	for i := 0; i < rows && cols > 0; i += 8 {
		transpose8AVX2(cols/8, &y.Data[i], 4*y.Stride, &x.Data[i*x.Stride], 4*x.Stride)
	}
	for i := range x.Rows {
		j := cols
		if i >= rows {
			j = 0
		}
		for ; j < x.Cols; j++ {
			y.Data[j*y.Stride+i] = x.Data[i*x.Stride+j]
		}
	}
}
