package stats

import "math/rand/v2"

// Signs holds patterns of signs of n values. Sums gives Σ ±x for all patterns at once, with one look-up for eight values.
type Signs struct {
	n, patterns int
	minus       []uint64 // bit i%64 at [i/64·patterns + pattern]: the i-th value has the sign −; bits from n on do not matter
}

// NewSigns returns that many patterns of n signs, all of them +.
func NewSigns(n, patterns int) *Signs {
	return &Signs{n, patterns, make([]uint64, (n+63)/64*patterns)}
}

// Set gives a pattern its n signs: 1 for −, 0 for +.
func (s *Signs) Set(pattern int, minus []uint8) {
	for from := 0; from < s.n; from += 64 {
		var bits uint64
		for i, one := range minus[from:min(from+64, s.n)] {
			bits |= uint64(one) << i
		}
		s.minus[from/64*s.patterns+pattern] = bits
	}
}

// draw gives all patterns random signs. One number of r gives 64 signs: first the first 64 of every pattern, then the next 64.
func (s *Signs) draw(r *rand.PCG) {
	for i := range s.minus {
		s.minus[i] = r.Uint64()
	}
}

// Sums writes Σ ±xs of every pattern into sums; xs has n values.
func (s *Signs) Sums(sums, xs []float64) {
	clear(sums)
	var tables [8][256]float64
	for from := 0; from < s.n; from += 64 {
		some := xs[from:min(from+64, s.n)]
		used := 0
		for ; len(some) > 0; used++ {
			eight := min(8, len(some))
			signedSums(&tables[used], some[:eight])
			some = some[eight:]
		}
		signs := s.minus[from/64*s.patterns:][:s.patterns]
		if used == 8 {
			addSums(sums, signs, &tables)
			continue
		}
		for pattern, bits := range signs {
			for i := range tables[:used] {
				sums[pattern] += tables[i][uint8(bits>>(8*i))]
			}
		}
	}
}

// addSums adds the entries at all eight bytes of each pattern.
func addSums(sums []float64, signs []uint64, t *[8][256]float64) {
	sums = sums[:len(signs)]
	for pattern, b := range signs {
		sums[pattern] += t[0][uint8(b)] + t[1][uint8(b>>8)] + t[2][uint8(b>>16)] + t[3][uint8(b>>24)] +
			(t[4][uint8(b>>32)] + t[5][uint8(b>>40)] + t[6][uint8(b>>48)] + t[7][uint8(b>>56)])
	}
}

// signedSums writes Σ ±xs of up to eight values into the table, at the number whose bits are the signs, 1 for −. Further bits do not matter.
func signedSums(table *[256]float64, xs []float64) {
	table[0] = 0
	for i := range 8 {
		var x float64
		if i < len(xs) {
			x = xs[i]
		}
		for bits := range 1 << i {
			sum := table[bits]
			table[bits], table[bits|1<<i] = sum+x, sum-x
		}
	}
}

const (
	flipDraws  = 100_000 // random patterns of a sample too large for all
	fewestDraw = 10_000  // random patterns of a very large sample
	flipsMost  = 1 << 28 // signs in all, over patterns, values and columns, unless fewestDraw needs more
	drawnOnce  = 2048    // patterns at a time
)

// draws returns how many random patterns of signs to try, for n values in each of that many columns.
func draws(n, columns int) int {
	return max(fewestDraw, min(flipDraws, flipsMost/(n*columns)))
}

// drawn calls see with random patterns of n signs, some at a time: they are the first count patterns of s.
func drawn(n, patterns int, r *rand.PCG, see func(s *Signs, count int)) {
	s := NewSigns(n, drawnOnce)
	for left := patterns; left > 0; left -= drawnOnce {
		s.draw(r)
		see(s, min(left, drawnOnce))
	}
}
