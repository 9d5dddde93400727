//go:build !noasm

package kernel

// tile multiplies whole blocks of rows by a panel of columns; see asm/neon/tile.go for its arguments.
type tile = func(m, runs, k int, a *float32, rsa, csa, jump int, b *float32, ldb int, c *float32, ldc int, d *float32, ldd int, last int)

// lanes is how many numbers a vector holds.
const lanes = 4

// tiles[v][r] takes blocks of r rows by v vectors of columns: more vectors abreast want fewer rows, for the registers hold both. edges[r]
// takes fewer columns than a vector has.
var (
	tiles = [...][]tile{
		1:  {nil, tile1x1NEON, tile2x1NEON, tile3x1NEON, tile4x1NEON, tile5x1NEON, tile6x1NEON, tile7x1NEON, tile8x1NEON, tile9x1NEON, tile10x1NEON, tile11x1NEON, tile12x1NEON},
		2:  {nil, tile1x2NEON, tile2x2NEON, tile3x2NEON, tile4x2NEON, tile5x2NEON, tile6x2NEON, tile7x2NEON, tile8x2NEON, tile9x2NEON, tile10x2NEON, tile11x2NEON, tile12x2NEON},
		3:  {nil, tile1x3NEON, tile2x3NEON, tile3x3NEON, tile4x3NEON, tile5x3NEON, tile6x3NEON, tile7x3NEON, tile8x3NEON},
		4:  {nil, tile1x4NEON, tile2x4NEON, tile3x4NEON, tile4x4NEON, tile5x4NEON, tile6x4NEON},
		8:  {nil, tile1x8NEON, tile2x8NEON},
		16: {nil, tile1x16NEON},
	}
	edges = []tile{nil, edge1NEON, edge2NEON, edge3NEON, edge4NEON, edge5NEON, edge6NEON, edge7NEON, edge8NEON, edge9NEON, edge10NEON, edge11NEON, edge12NEON}
)

// mulNEON covers c with panels of columns, each with blocks of rows. How it is covered does not change a bit: every output is one chain of
// fused multiply-adds over k.
func mulNEON(c Mat, a Strided, b, d Mat, _ bool) {
	if c.Cols < lanes {
		mulRows(edges, c.Cols-1, c, a, b, d, 0)
		return
	}
	for j := 0; j < c.Cols; {
		v, width := pick(a.Rows.Len, c.Cols-j)
		mulRows(tiles[v], width-lanes, c, a, b, d, j)
		j += width
	}
}

// pick returns how many vectors abreast to take for rows rows where at least a vector of columns is left, and how many columns they cover: all
// of them, or so many that at least a vector is left.
func pick(rows, left int) (vectors, columns int) {
	enough := func(columns int) bool { return left == columns || left >= columns+lanes }
	for _, v := range [...]int{16, 8} {
		if rows < len(tiles[v]) && enough(v*lanes) {
			return v, v * lanes
		}
	}
	switch {
	case enough(4 * lanes):
		return 4, 4 * lanes
	case left > 4*lanes:
		return 3, 3 * lanes
	}
	return (left + lanes - 1) / lanes, left
}

// mulRows takes the rows of c from column j on, run by run of a, in blocks as equal as they can be. The last vector lies last numbers from the first.
func mulRows(t []tile, last int, c Mat, a Strided, b, d Mat, j int) {
	m, most := a.Rows.Len, len(t)-1
	blocks := (m + most - 1) / most
	high := (m + blocks - 1) / blocks
	low := high - 1
	split := m - low*(blocks*high-m) // the rows in high blocks
	k := a.Cols
	block := func(rows, first, n, at int) {
		t[rows](n, k.Runs, k.Len, &a.Data[at], 4*a.Rows.Step, 4*k.Step, 4*(k.Over-k.Len*k.Step), &b.Data[j], 4*b.Stride,
			c.at(first, j), 4*c.Stride, d.at(first, j), 4*d.Stride, 4*last)
	}
	for run := range a.Rows.Runs {
		block(high, run*m, split, run*a.Rows.Over)
		if split < m {
			block(low, run*m+split, m-split, run*a.Rows.Over+split*a.Rows.Step)
		}
	}
}

// at returns the address of element (i, j), or nil where there is no data.
func (m Mat) at(i, j int) *float32 {
	if m.Data == nil {
		return nil
	}
	return &m.Data[i*m.Stride+j]
}

type dots = func(k int, a *float32, lda int, b *float32, ldb int, c *float32, ldc int, acc int)

var dotTiles = [][]dots{{dots1x1NEON, dots1x2NEON}, {dots2x1NEON, dots2x2NEON}, {dots3x1NEON, dots3x2NEON}}

func mulNTNEON(c, a, b Mat, acc bool) { mulDots(c, a, b, acc, false) }

// gramNEON takes the tiles that reach the diagonal or below and mirrors them.
func gramNEON(c, a Mat) {
	mulDots(c, a, a, false, true)
	for i := range c.Rows {
		for j, v := range c.Row(i)[:i] {
			c.Data[j*c.Stride+i] = v
		}
	}
}

func mulDots(c, a, b Mat, acc, lower bool) {
	_, _, _ = a.Data[(a.Rows-1)*a.Stride+a.Cols-1], b.Data[(b.Rows-1)*b.Stride+b.Cols-1], c.Data[(c.Rows-1)*c.Stride+c.Cols-1]
	if a.Cols < lanes {
		mulShort(c, a, b, acc)
		return
	}
	add := 0
	if acc {
		add = 1
	}
	high, wide := len(dotTiles), len(dotTiles[0])
	for i := 0; i < c.Rows; i += high {
		rows := min(high, c.Rows-i)
		for j := 0; j < c.Cols && (!lower || j < i+rows); j += wide {
			dotTiles[rows-1][min(wide, c.Cols-j)-1](a.Cols, &a.Data[i*a.Stride], 4*a.Stride, &b.Data[j*b.Stride], 4*b.Stride, c.at(i, j), 4*c.Stride, add)
		}
	}
}

// mulShort is the dot products over one to three numbers: of the sixteen lanes each has one product, and the others are 0.
func mulShort(c, a, b Mat, acc bool) {
	for i := range c.Rows {
		x := a.Row(i)
		for j := range c.Cols {
			var lanes [4]float32
			for p, y := range b.Row(j)[:len(x)] {
				lanes[p] = float32(x[p]*y) + 0 // no −0 of a product that is too small: the other lanes' sums
			}
			s := (lanes[0] + lanes[1]) + (lanes[2] + lanes[3])
			if acc {
				s += c.Row(i)[j]
			}
			c.Row(i)[j] = s
		}
	}
}

// transposeNEON takes blocks of 4 × 4, and the edges one by one.
func transposeNEON(y, x Mat) {
	rows, cols := x.Rows/4*4, x.Cols/4*4
	for i := 0; i < rows && cols > 0; i += 4 {
		transpose4NEON(cols/4, &y.Data[i], 4*y.Stride, &x.Data[i*x.Stride], 4*x.Stride)
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
