package stats

import (
	"math"
	"slices"
)

// TauB is Kendall's τ-b of the pairs (x[i], y[i]) (Kendall 1945): concordant minus discordant pairs over the geometric
// mean of the pairs not tied in x and those not tied in y. Infinities rank as the extremes, equal ones as ties. It
// is NaN where undefined: for fewer than two pairs, a constant x or y, or a NaN among the values; to rank a diverged run, pass +Inf. TauB
// panics if the lengths differ. It takes O(n log n), after Knight 1966.
func TauB(x, y []float64) float64 {
	c, ok := count(x, y)
	if !ok {
		return math.NaN()
	}
	return c.tauB()
}

// pairs counts unordered pairs; float64 holds them exactly up to n ≈ 1e8.
type pairs struct {
	score        float64 // concordant − discordant
	all          float64 // n(n−1)/2
	tiedX, tiedY float64
}

func (c pairs) tauB() float64 { return c.score / math.Sqrt((c.all-c.tiedX)*(c.all-c.tiedY)) }

// observation is one x with its y.
type observation struct{ x, y float64 }

// compare orders by x, then by y. Neither may be NaN.
func (a observation) compare(b observation) int {
	switch {
	case a.x < b.x || a.x == b.x && a.y < b.y:
		return -1
	case a == b:
		return 0
	}
	return 1
}

func count(x, y []float64) (c pairs, ok bool) {
	if len(x) != len(y) {
		panic("stats: τ of slices of different lengths")
	}
	n := len(x)
	points := make([]observation, n)
	for i := range points {
		if math.IsNaN(x[i]) || math.IsNaN(y[i]) {
			return c, false
		}
		points[i] = observation{x[i], y[i]}
	}
	if n < 2 {
		return c, false
	}
	slices.SortFunc(points, observation.compare)
	ys := make([]float64, n)
	for i, p := range points {
		ys[i] = p.y
	}
	c.all = float64(n) * float64(n-1) / 2
	tiedBoth := ties(n, func(i int) bool { return points[i] == points[i-1] })
	c.tiedX = ties(n, func(i int) bool { return points[i].x == points[i-1].x })
	discordant := inversions(ys, make([]float64, n)) // sorts ys
	c.tiedY = ties(n, func(i int) bool { return ys[i] == ys[i-1] })
	c.score = c.all - c.tiedX - c.tiedY + tiedBoth - 2*discordant
	return c, true
}

// ties counts the pairs inside the runs of a sorted sequence of n; same says whether item i equals item i−1.
func ties(n int, same func(i int) bool) (t float64) {
	run := 0
	for i := 1; i < n; i++ {
		if same(i) {
			run++
			t += float64(run)
		} else {
			run = 0
		}
	}
	return t
}

// inversions sorts a and returns the number of pairs i < j that had a[i] > a[j]. buf is scratch of the same length.
func inversions(a, buf []float64) (swaps float64) {
	if len(a) < 2 {
		return 0
	}
	mid := len(a) / 2
	swaps = inversions(a[:mid], buf[:mid]) + inversions(a[mid:], buf[mid:])
	copy(buf, a)
	left, right := buf[:mid], buf[mid:]
	for i := range a {
		if len(right) == 0 || len(left) > 0 && left[0] <= right[0] {
			a[i], left = left[0], left[1:]
		} else {
			swaps += float64(len(left))
			a[i], right = right[0], right[1:]
		}
	}
	return swaps
}
