package stats

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// mutual is I(X; Y) and H(Y) in bits of counted (x, y).
func mutual(counts map[[2]int]float64) (i, h float64) {
	var n float64
	x, y := map[int]float64{}, map[int]float64{}
	for k, c := range counts {
		n, x[k[0]], y[k[1]] = n+c, x[k[0]]+c, y[k[1]]+c
	}
	for k, c := range counts {
		i += c / n * math.Log2(c*n/(x[k[0]]*y[k[1]]))
	}
	for _, c := range y {
		h -= c / n * math.Log2(c/n)
	}
	return i, h
}

// definitions returns both scores by their definitions: over ordered pairs, cell by cell of U_S, the smallest ratio over the sets S.
func definitions(hyper [][]float64, mu, gap []float64) (jiang, pgdl float64) {
	sets := [][]int{nil}
	for i := range hyper[0] {
		sets = append(sets, []int{i})
		for j := range i {
			sets = append(sets, []int{i, j})
		}
	}
	jiang, pgdl = math.Inf(1), math.Inf(1)
	for _, set := range sets {
		plain, official := map[string]map[[2]int]float64{}, map[string]map[[2]int]float64{}
		add := func(cells map[string]map[[2]int]float64, u string, x, y int) {
			if cells[u] == nil {
				cells[u] = map[[2]int]float64{}
			}
			cells[u][[2]int{x, y}]++
		}
		for i := range mu {
			for j := range mu {
				u := ""
				for _, s := range set {
					u += fmt.Sprint(hyper[i][s], hyper[j][s], " ")
				}
				x, y := cmp.Compare(mu[i], mu[j]), cmp.Compare(gap[i], gap[j])
				if x != 0 && y != 0 {
					add(plain, u, x, y)
				}
				add(official, u, max(x, 0), max(y, 0))
			}
		}
		var sumI, sumH float64
		for _, cell := range plain {
			i, h := mutual(cell)
			var n float64
			for _, c := range cell {
				n += c
			}
			sumI, sumH = sumI+n*i, sumH+n*h
		}
		if sumH > 0 {
			jiang = math.Min(jiang, sumI/sumH)
		}
		sumI, sumH = 0, 0
		for _, cell := range official {
			i, h := mutual(cell)
			sumI, sumH = sumI+i, sumH+h
		}
		if len(set) == 2 && sumH > 0 {
			pgdl = math.Min(pgdl, sumI/sumH)
		}
	}
	return jiang, pgdl
}

// Grids with holes and repeats, measures and gaps with ties.
func TestInformationIsItsDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for trial := range 200 {
		n, hypers, ties := 4+r.IntN(25), 2+r.IntN(3), 2+r.IntN(60)
		hyper, mu, gap := make([][]float64, n), make([]float64, n), make([]float64, n)
		for k := range hyper {
			for range hypers {
				hyper[k] = append(hyper[k], float64(r.IntN(3)))
			}
			mu[k], gap[k] = float64(r.IntN(ties)), float64(r.IntN(ties))
		}
		g := NewGrid(hyper)
		if constant(mu) || constant(gap) || slices.ContainsFunc(g.values, func(v []float64) bool { return len(v) < 2 }) {
			continue
		}
		jiang, pgdl := definitions(hyper, mu, gap)
		if got := g.Jiang(mu, gap); !(math.Abs(got-jiang) <= 1e-12) && !(math.IsInf(jiang, 1) && math.IsNaN(got)) {
			t.Fatalf("trial %d: K = %v, definition %v of %v %v %v", trial, got, jiang, hyper, mu, gap)
		}
		if got := g.PGDL(mu, gap); !(math.Abs(got-pgdl) <= 1e-12) && !(math.IsInf(pgdl, 1) && math.IsNaN(got)) {
			t.Fatalf("trial %d: PGDL = %v, definition %v of %v %v %v", trial, got, pgdl, hyper, mu, gap)
		}
	}
}

func TestInformationEdges(t *testing.T) {
	hyper, mu, gap := fixture()
	g := NewGrid(hyper)
	flat := fill(make([]float64, len(mu)), 3)
	holed := slices.Clone(gap)
	holed[7] = math.NaN()
	for _, c := range [][2][]float64{{flat, gap}, {mu, flat}, {holed, gap}, {mu, holed}} {
		if k, p := g.Jiang(c[0], c[1]), g.PGDL(c[0], c[1]); !math.IsNaN(k) || !math.IsNaN(p) {
			t.Errorf("K = %v, PGDL = %v", k, p)
		}
		if s := g.SignError(c[0], c[1], nil, 0); !math.IsNaN(s.Mean) || len(s.Environments) != 0 {
			t.Errorf("%+v", s)
		}
		psi, all := g.Granulated(c[0], c[1])
		if !math.IsNaN(all) || !math.IsNaN(psi[0]+psi[1]+psi[2]) {
			t.Errorf("ψ = %v, Ψ = %v", psi, all)
		}
	}
	if got := g.Jiang(gap, gap); !(math.Abs(got-1) <= 1e-12) {
		t.Errorf("K of the gap itself = %v", got)
	}
	one := NewGrid([][]float64{{1, 5}, {2, 5}, {3, 5}})
	if k, p := one.Jiang([]float64{1, 2, 3}, []float64{1, 3, 2}), one.PGDL([]float64{1, 2, 3}, []float64{1, 3, 2}); math.IsNaN(k) || !math.IsNaN(p) {
		t.Errorf("one hyperparameter varies: K = %v, PGDL = %v", k, p)
	}
	none := NewGrid(nil)
	if k, p, s := none.Jiang(nil, nil), none.PGDL(nil, nil), none.SignError(nil, nil, nil, 0); !math.IsNaN(k) || !math.IsNaN(p) || !math.IsNaN(s.Mean) {
		t.Error(k, p, s)
	}
	bare := NewGrid([][]float64{{}, {}, {}}) // no hyperparameter: S is empty
	if k := bare.Jiang([]float64{1, 2, 3}, []float64{1, 2, 3}); !(math.Abs(k-1) <= 1e-12) {
		t.Error(k)
	}
	nan := math.NaN() // as a value of a hyperparameter
	if k := NewGrid([][]float64{{nan}, {nan}, {1}, {1}}).Jiang([]float64{1, 2, 3, 4}, []float64{1, 2, 4, 3}); math.IsNaN(k) {
		t.Error(k)
	}
}

func TestGranulatedByHand(t *testing.T) {
	// Lines of the first hyperparameter: (1, 2, 3) ranked right, one model alone. Of the second: one pair, ranked wrong.
	g := NewGrid([][]float64{{1, 0}, {2, 0}, {3, 0}, {3, 1}})
	psi, all := g.Granulated([]float64{1, 2, 3, 2}, []float64{1, 2, 3, 4})
	if !slices.Equal(psi, []float64{1, -1}) || all != 0 {
		t.Error(psi, all)
	}
	// A hyperparameter that does not vary has no ψ, and two models of equal hyperparameters are no line.
	psi, all = NewGrid([][]float64{{1, 5}, {1, 5}, {2, 5}}).Granulated([]float64{1, 2, 3}, []float64{9, 1, 10})
	if psi[0] != 1 || !math.IsNaN(psi[1]) || all != 1 {
		t.Error(psi, all)
	}
}
