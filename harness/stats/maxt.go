package stats

import (
	"math"
	"math/rand/v2"
)

// MaxT returns p of the test that at least one of several columns has a positive mean; p is corrected for the search over columns. It says
// how often the largest t statistic would be as large as observed if each row were as likely to have all its signs flipped (single-step
// max-T, Westfall & Young 1993, with the sign flips of SignFlip). Rows are the sample, such as seeds; columns are what is searched, such as
// radii, and may depend on each other in any way. For one column it is SignFlip's Greater.
//
// It is exact up to 20 rows. Beyond that it draws 2^28/(rows · columns) patterns of signs from a fixed stream, at least 10,000 and at most
// 100,000. It is NaN without rows or columns, or with a value that is not finite. A value is columns[k][row]; MaxT panics if the columns'
// lengths differ.
func MaxT(columns [][]float64) float64 {
	if len(columns) == 0 || len(columns[0]) == 0 {
		return math.NaN()
	}
	n := len(columns[0])
	observed := math.Inf(-1)
	for _, c := range columns {
		if len(c) != n {
			panic("stats: columns of different lengths")
		}
		if !finite(c) {
			return math.NaN()
		}
		observed = math.Max(observed, momentsOf(c).monotone())
	}
	observed -= 1e-9 * math.Abs(observed)
	if n <= exactFlips {
		return math.Ldexp(float64(reaching(columns, observed)), -n)
	}
	patterns := draws(n, len(columns))
	reach := 1 + reachingOf(patterns, columns, observed) // with the observed pattern
	return float64(reach) / float64(patterns+1)
}

// moments of a column. Flipped signs change only the sum.
type moments struct{ n, sum, abs, squares float64 }

func momentsOf(xs []float64) (m moments) {
	for _, x := range xs {
		m.sum += x
		m.abs += math.Abs(x)
		m.squares += x * x
	}
	m.n = float64(len(xs))
	return m
}

// monotone is Σx/√(n Σx²), which rises with the t statistic. It is 0 if all values are 0.
func (m moments) monotone() float64 {
	if m.squares == 0 {
		return 0
	}
	return m.sum / math.Sqrt(m.n*m.squares)
}

// least is the smallest sum at which monotone is at least t, less rounding; +Inf if no signs reach t.
func (m moments) least(t float64) float64 {
	if m.squares == 0 && t > 0 {
		return math.Inf(1)
	}
	return t*math.Sqrt(m.n*m.squares) - 1e-12*m.abs
}

// reaching counts the patterns of signs at which monotone of some column is at least t, among all patterns.
func reaching(columns [][]float64, t float64) int {
	r := reached{is: make([]bool, 1<<len(columns[0]))}
	for _, c := range columns {
		if r.column(c, t); r.count == len(r.is) {
			break
		}
	}
	return r.count
}

// reached holds the patterns of signs at which some column reached t, and the column being visited. A pattern's bits are the rows whose
// sign is flipped.
type reached struct {
	is    []bool // [pattern]
	count int

	n    int
	abs  [exactFlips]float64 // of the column, ascending
	flip [exactFlips]int     // the bit of each
}

// column marks the patterns at which the column's monotone is at least t.
func (r *reached) column(xs []float64, t float64) {
	m := momentsOf(xs)
	room := (m.abs - m.least(t)) / 2
	if !(room >= 0) {
		return
	}
	positive := 0 // the pattern that makes every value positive
	r.n = 0
	for i, x := range xs {
		if x < 0 {
			positive |= 1 << i
		}
		r.insert(math.Abs(x), 1<<i)
	}
	r.visit(positive, 0, room)
}

func (r *reached) insert(abs float64, flip int) {
	at := r.n
	for ; at > 0 && r.abs[at-1] > abs; at-- {
		r.abs[at], r.flip[at] = r.abs[at-1], r.flip[at-1]
	}
	r.abs[at], r.flip[at] = abs, flip
	r.n++
}

// visit marks a pattern, and the patterns that also make values from that place on negative, as long as their sum fits in room.
func (r *reached) visit(pattern, from int, room float64) {
	if !r.is[pattern] {
		r.is[pattern] = true
		r.count++
	}
	for i := from; i < r.n && r.abs[i] <= room; i++ {
		r.visit(pattern^r.flip[i], i+1, room-r.abs[i])
	}
}

// reachingOf is reaching among that many random patterns.
func reachingOf(patterns int, columns [][]float64, t float64) (count int) {
	n := len(columns[0])
	least := make([]float64, len(columns))
	for k, c := range columns {
		least[k] = momentsOf(c).least(t)
	}
	sums, reach := make([]float64, drawnOnce), make([]bool, drawnOnce)
	drawn(n, patterns, rand.NewPCG(21, uint64(n)), func(s *Signs, drawn int) {
		clear(reach)
		for k, c := range columns {
			s.Sums(sums, c)
			for i, sum := range sums {
				reach[i] = reach[i] || sum >= least[k]
			}
		}
		for _, is := range reach[:drawn] {
			if is {
				count++
			}
		}
	})
	return count
}
