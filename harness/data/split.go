package data

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"

	"msharp/models/kind"
	"msharp/models/rng"
)

// drawn holds example numbers; the test examples are numbered after those of the pool.
type drawn struct{ train, val, test []int }

// draw chooses the examples of a seed. The rules are frozen, because every result depends on them:
//
//  1. Class by class, in ascending order, the pool's examples of the class are shuffled; of a Disjoint pool, those of the seed's part.
//  2. Train takes the first examples of each class, as many as its quota; then val takes its quota from what remains.
//  3. Train is shuffled as a whole, then val, so that consecutive groups of examples are of mixed classes.
//  4. The candidates for test are the data set's own test examples and then, if they count as such, the pool's leftover.
//     Test 0 is all of them. Otherwise rules 1 and 2 choose among them, and the order stays that of the candidates.
//
// All random draws come from the stream "split" of the seed, in this order, so val and test change no example of train.
func (s *Source) draw(split Split, seed uint64) (d drawn, err error) {
	if err := s.Check(split); err != nil {
		return d, err
	}
	if err := s.CheckSeed(split, seed); err != nil {
		return d, err
	}
	n := s.Pool.Len()
	pool := upTo(0, n)
	if split.Pool == Disjoint {
		pool = s.part(split, int(seed-1))
	}
	r := rng.Stream(seed, "split")
	classes := s.shuffledClasses(r, pool)
	d.train, classes = take(classes, split.Train)
	d.val, classes = take(classes, split.Val)
	shuffle(r, d.train)
	shuffle(r, d.val)

	var candidates []int
	if s.Test != nil {
		candidates = upTo(n, n+s.Test.Len())
	}
	if s.Test == nil || s.LeftoverIsTest {
		left := slices.Concat(classes...)
		slices.Sort(left)
		candidates = append(candidates, left...)
	}
	if split.Test == 0 {
		d.test = candidates
		return d, nil
	}
	chosen, _ := take(s.shuffledClasses(r, candidates), split.Test)
	in := map[int]bool{}
	for _, i := range chosen {
		in[i] = true
	}
	d.test = slices.DeleteFunc(candidates, func(i int) bool { return !in[i] })
	return d, nil
}

// Check returns the error that drawing the split would give whatever the seed, without drawing it.
func (s *Source) Check(split Split) error {
	if err := s.checkPool(split); err != nil {
		return err
	}
	n := s.Pool.Len()
	if split.Train < 1 || split.Train > n {
		return amount("train", split.Train, 1, n)
	}
	left := n - split.Train
	if split.Val < 0 || split.Val > left {
		return amount("val", split.Val, 0, left)
	}
	candidates := s.candidates(split)
	switch {
	case candidates == 0:
		return &kind.Error{Key: "test", Value: strconv.Itoa(split.Test), Problem: "no example is left",
			Expected: fmt.Sprintf("%s and %s to be fewer than %d together", kind.Beside("train"), kind.Beside("val"), n)}
	case split.Test < 0 || split.Test > candidates:
		return amount("test", split.Test, 0, candidates)
	}
	return nil
}

// candidates returns how many examples test is chosen among.
func (s *Source) candidates(split Split) (n int) {
	if s.Test != nil {
		n = s.Test.Len()
	}
	if s.Test == nil || s.LeftoverIsTest {
		n += s.Pool.Len() - split.Train - split.Val
	}
	return n
}

// amount returns the error of asking for n examples where lo to hi are possible.
func amount(key string, n, lo, hi int) error {
	e := &kind.Error{Key: key, Value: strconv.Itoa(n), Problem: "more examples than there are", Expected: "at most " + strconv.Itoa(hi)}
	if n < lo {
		e.Problem, e.Expected = "too few examples", "at least "+strconv.Itoa(lo)
	}
	return e
}

// shuffledClasses returns the given examples class by class, each in random order.
func (s *Source) shuffledClasses(r *rand.Rand, examples []int) [][]int {
	classes := make([][]int, s.Classes)
	for _, i := range examples {
		c := s.label(i)
		classes[c] = append(classes[c], i)
	}
	for _, c := range classes {
		shuffle(r, c)
	}
	return classes
}

// take returns the first examples of each class by quota, n in all, and what remains of each class.
func take(classes [][]int, n int) (taken []int, rest [][]int) {
	sizes := make([]int, len(classes))
	for c := range classes {
		sizes[c] = len(classes[c])
	}
	taken = make([]int, 0, n)
	rest = make([][]int, len(classes))
	for c, q := range quotas(sizes, n) {
		taken = append(taken, classes[c][:q]...)
		rest[c] = classes[c][q:]
	}
	return taken, rest
}

// quotas divides n among classes in proportion to their sizes, by largest remainder; ties go to the lower class. No quota exceeds its class
// unless n exceeds the sum of the sizes.
func quotas(sizes []int, n int) []int {
	total := 0
	for _, size := range sizes {
		total += size
	}
	quota, short := make([]int, len(sizes)), n
	if n == 0 {
		return quota
	}
	order := upTo(0, len(sizes))
	for c, size := range sizes {
		quota[c] = n * size / total
		short -= quota[c]
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(n*sizes[b]%total, n*sizes[a]%total) })
	for _, c := range order[:short] {
		quota[c]++
	}
	return quota
}

func shuffle(r *rand.Rand, x []int) {
	r.Shuffle(len(x), func(i, j int) { x[i], x[j] = x[j], x[i] })
}

// upTo returns lo, lo+1, ..., hi-1.
func upTo(lo, hi int) []int {
	x := make([]int, hi-lo)
	for i := range x {
		x[i] = lo + i
	}
	return x
}
