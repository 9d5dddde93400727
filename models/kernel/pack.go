package kernel

// The products of a Scratch give the bits of the plain ones and take memory to lay wide operands out in. Where rows lie a page apart they
// contend for the same few places in the caches and in the table of pages. So b is copied block by block into panels, as wide as a tile,
// row upon row, and rows of a that lie whole pages apart are copied with a gap. A sum that spans blocks goes on where it stopped.

const (
	page                  = 1024      // numbers
	mostRows, mostColumns = 1024, 256 // of a block of b: it stays in the core's own cache
	apart                 = 128       // most rows of a copied at once
	enough                = 32        // rows of a that repay the copy of b
)

// MulNN is the plain MulNN.
func (s *Scratch) MulNN(c, a, b Mat, acc bool) { s.mulPlain(c, a.Strided(), b, plus(c, acc)) }

// MulTN is the plain MulTN.
func (s *Scratch) MulTN(c, a, b Mat, acc bool) { s.mulPlain(c, a.Strided().T(), b, plus(c, acc)) }

// MulPlusRow is the plain MulPlusRow.
func (s *Scratch) MulPlusRow(c Mat, a Strided, b Mat, row []float32) {
	s.mulPlain(c, a, b, Mat{c.Rows, c.Cols, 0, first(row, c.Cols)})
}

// MulTransposed sets c = a·bᵀ with the bits of MulNN of a and the transpose. a is m × k, b is n × k, c is m × n and overlaps neither.
func (s *Scratch) MulTransposed(c, a, b Mat) {
	if ready(c, a.Strided(), b, b.Cols, b.Rows, Mat{}) {
		s.mulBlocks(c, a.Strided(), b, Mat{}, true)
	}
}

// Room returns the most numbers that MulNN, MulTN or MulPlusRow takes for an a of k columns and a b of n, rows side by side.
func Room(k, n int) float64 {
	if use.panel == 0 || n < page && k%page > 0 {
		return 0
	}
	return blocks(k, n).room()
}

// RoomTransposed returns the most numbers that MulTransposed takes for a b of n × k.
func RoomTransposed(k, n int) float64 { return blocks(k, n).room() }

// mulPlain is mul, with b laid out where that pays. A sum over several blocks is kept in c, so that c cannot be what is added at its end.
func (s *Scratch) mulPlain(c Mat, a Strided, b, d Mat) {
	if !ready(c, a, b, b.Rows, b.Cols, d) {
		return
	}
	oneRun := a.Rows.Runs == 1 && a.Cols.Runs == 1
	added := d.Data != nil && &d.Data[0] == &c.Data[0]
	pays := use.panel > 0 && c.Rows >= enough && (b.Stride >= page || contends(a))
	if pays && oneRun && !(added && b.Rows > mostRows) {
		s.mulBlocks(c, a, b, d, false)
	} else {
		use.mul(c, a, b, d, false)
	}
}

// contends reports whether a's rows lie whole pages apart.
func contends(a Strided) bool { return a.Cols.Step == 1 && a.Rows.Step%page == 0 }

// block is how much of b is laid out at once.
type block struct{ rows, columns int }

// blocks divides a b of k × n.
func blocks(k, n int) block {
	if use.panel == 0 { // sums are not interrupted
		return block{k, min(n, max(1, mostRows*mostColumns/k))}
	}
	columns := (even(n, mostColumns) + use.panel - 1) / use.panel * use.panel
	return block{even(k, mostRows), min(n, columns)}
}

// even returns the size of the fewest parts of n that are no larger than most, as equal as they can be.
func even(n, most int) int {
	parts := (n-1)/most + 1
	return (n-1)/parts + 1
}

// size is the numbers of a block in panels.
func (b block) size() int { return (b.rows | 1) * b.columns }

// room is those numbers, and those of rows of a.
func (b block) room() float64 {
	return float64(float64(b.rows|1)*float64(b.columns)) + float64(apart*float64(gapped(b.rows)))
}

// mulBlocks is c = a·b + d, or a·bᵀ + d if transposed, block by block.
func (s *Scratch) mulBlocks(c Mat, a Strided, b, d Mat, transposed bool) {
	defer s.Release(s.Mark())
	k, n := a.Cols.size(), c.Cols
	size := blocks(k, n)
	room := s.Float32s(size.size())
	rows := c.Rows // at once
	var copied []float32
	if use.panel > 0 && contends(a) {
		rows = min(rows, apart)
		copied = s.Float32s(rows * gapped(size.rows))
	}
	for j := 0; j < n; j += size.columns {
		for p := 0; p < k; p += size.rows {
			laid := newPanels(room, min(size.rows, k-p), min(size.columns, n-j), c.Rows)
			laid.fill(b, p, j, transposed)
			last := Mat{}
			if p+laid.rows == k {
				last = d.columns(j, j+laid.columns)
			}
			for i := 0; i < c.Rows; i += rows {
				e := min(i+rows, c.Rows)
				part := a.part(i, e, p, p+laid.rows)
				if copied != nil {
					part = part.gap(copied)
				}
				laid.mul(c.Slice(i, e).columns(j, j+laid.columns), part, last.below(i), p > 0)
				laid.from = Mat{}
			}
		}
	}
}

// panels is rows × columns numbers: panels of width columns, each row upon row.
type panels struct {
	rows, columns, width int
	keeping              bool // while they are multiplied, whole panels are copied
	data                 []float32
	from                 Mat // what keeping panels are still to be copied from; no data once they are there
}

// newPanels returns panels in room to be multiplied by so many rows. For few rows the tiles are wider: then it is a single panel.
func newPanels(room []float32, rows, columns, by int) panels {
	l := panels{rows: rows, columns: columns, width: columns, data: room}
	if use.panel > 0 && by >= enough {
		l.width, l.keeping = use.panel, use.mulKeeping != nil
	}
	return l
}

// at returns the panel that begins with column j. Panels lie an odd number of rows apart, so that a row does not go to the same places in
// the cache for all of them.
func (l panels) at(j int) Mat {
	w := min(l.width, l.columns-j)
	return Mat{l.rows, w, w, l.data[j*(l.rows|1):][:l.rows*w]}
}

// fill takes the numbers of b from row p and column j on, or of bᵀ, or leaves whole panels to mul.
func (l *panels) fill(b Mat, p, j int, transposed bool) {
	if transposed {
		for at := 0; at < l.columns; at += l.width {
			y := l.at(at)
			Transpose(y, b.Slice(j+at, j+at+y.Cols).columns(p, p+l.rows))
		}
		return
	}
	first := 0
	if l.keeping {
		l.from, first = b.Slice(p, p+l.rows).columns(j, j+l.columns), l.columns/l.width*l.width
	}
	for i := range l.rows {
		row := b.Row(p + i)[j : j+l.columns]
		for at := first; at < l.columns; at += l.width {
			w := min(l.width, l.columns-at)
			from, to := row[at:], l.data[at*(l.rows|1)+i*w:]
			switch w { // arrays move faster than slices
			case 32:
				*(*[32]float32)(to) = *(*[32]float32)(from)
			case 16:
				*(*[16]float32)(to) = *(*[16]float32)(from)
			default:
				copy(to[:w], from)
			}
		}
	}
}

// mul is c = a·l + d.
func (l panels) mul(c Mat, a Strided, d Mat, more bool) {
	for j := 0; j < l.columns; j += l.width {
		p := l.at(j)
		c, d := c.columns(j, j+p.Cols), d.columns(j, j+p.Cols)
		if l.from.Data != nil && p.Cols == l.width {
			use.mulKeeping(p, c, a, l.from.columns(j, j+p.Cols), d, more)
		} else {
			use.mul(c, a, p, d, more)
		}
	}
}

// columns returns the view of columns [i, j); of no matrix, none.
func (m Mat) columns(i, j int) Mat {
	if m.Data == nil {
		return m
	}
	return Mat{m.Rows, j - i, m.Stride, m.Data[i : (m.Rows-1)*m.Stride+j]}
}

// below returns the view of the rows from i on; of no matrix, none.
func (m Mat) below(i int) Mat {
	if m.Data == nil {
		return m
	}
	return m.Slice(i, m.Rows)
}

// part returns the view of rows [i, e) and columns [p, q) of a matrix that is one run of each.
func (s Strided) part(i, e, p, q int) Strided {
	s.Data = s.Data[i*s.Rows.Step+p*s.Cols.Step:]
	s.Rows.Len, s.Cols.Len = e-i, q-p
	return s
}

// gap copies s, whose columns lie together, into room.
func (s Strided) gap(room []float32) Strided {
	m := Mat{s.Rows.Len, s.Cols.Len, gapped(s.Cols.Len), room}
	for i := range m.Rows {
		copy(m.Row(i), s.Data[i*s.Rows.Step:])
	}
	return m.Strided()
}
