package study

import (
	"cmp"
	"math"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"msharp/harness/record"
	"msharp/harness/stats"
)

// residualsExact are values less their column's mean and then their row's, as fractions: equal is equal.
func residualsExact(rows [][]int64) [][]*big.Rat {
	out := make([][]*big.Rat, len(rows))
	for i, row := range rows {
		for _, v := range row {
			out[i] = append(out[i], big.NewRat(v, 1))
		}
	}
	for k := range rows[0] {
		mean := new(big.Rat)
		for _, row := range out {
			mean.Add(mean, new(big.Rat).Mul(row[k], big.NewRat(1, int64(len(rows)))))
		}
		for _, row := range out {
			row[k] = new(big.Rat).Sub(row[k], mean)
		}
	}
	for _, row := range out {
		mean := new(big.Rat)
		for _, v := range row {
			mean.Add(mean, new(big.Rat).Mul(v, big.NewRat(1, int64(len(row)))))
		}
		for k, v := range row {
			row[k] = new(big.Rat).Sub(v, mean)
		}
	}
	return out
}

// tauExact is τ-b by its definition over pairs of cells.
func tauExact(x, y [][]*big.Rat) float64 {
	var xs, ys []*big.Rat
	for i := range x {
		xs, ys = append(xs, x[i]...), append(ys, y[i]...)
	}
	var xy, xx, yy float64
	for i := range xs {
		for k := range i {
			a, b := float64(xs[i].Cmp(xs[k])), float64(ys[i].Cmp(ys[k]))
			xy, xx, yy = xy+a*b, xx+a*a, yy+b*b
		}
	}
	return xy / math.Sqrt(xx*yy)
}

// counted is counts as shares of that many examples.
func counted(rows [][]int64, of float64) [][]float64 {
	out := make([][]float64, len(rows))
	for i, row := range rows {
		for _, v := range row {
			out[i] = append(out[i], float64(v)/of)
		}
	}
	return out
}

// Counts tie where their residuals are equal, though as shares they are rounded.
func TestGivenIsItsDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(36, 1))
	ties := 0
	for range 300 {
		seeds, settings := 2+r.IntN(5), 2+r.IntN(6)
		x, y := make([][]int64, seeds), make([][]int64, seeds)
		var g Given
		for i := range seeds {
			g.Seeds = append(g.Seeds, uint64(i))
			for k := range settings {
				x[i], y[i] = append(x[i], r.Int64N(4)+int64(k)), append(y[i], r.Int64N(6)+int64(300*i))
			}
		}
		g.X, g.Y = counted(x, 1), counted(y, 4096)
		tau := g.Tau()
		a, b := residualsExact(x), residualsExact(y)
		want := tauExact(a, b)
		if !(math.Abs(tau.Value-want) <= 1e-12) && !(math.IsNaN(tau.Value) && math.IsNaN(want)) {
			t.Fatalf("τ = %v, want %v of %v and %v", tau.Value, want, x, y)
		}
		for i := range b {
			for k := range i {
				if cmp.Compare(b[i][0].Cmp(b[k][0]), 0) == 0 {
					ties++
				}
			}
		}
		for i, seed := range g.Seeds {
			fewer := func(rows [][]int64) (out [][]int64) {
				for k, row := range rows {
					if k != i {
						out = append(out, row)
					}
				}
				return out
			}
			without := nan
			if seeds > 2 {
				without = tauExact(residualsExact(fewer(x)), residualsExact(fewer(y)))
			}
			if got := tau.WithoutSeed[seed]; !(math.Abs(got-without) <= 1e-12) && !(math.IsNaN(got) && math.IsNaN(without)) {
				t.Fatalf("without seed %d τ = %v, want %v", i, got, without)
			}
		}
		if seeds > 4 {
			continue
		}
		for _, sign := range []float64{+1, -1} {
			reach, all := 0., 0.
			permute(seeds, func(order []int) {
				turned := make([][]*big.Rat, seeds)
				for i, k := range order {
					turned[i] = a[k]
				}
				if all++; sign*tauExact(turned, b) >= sign*want-1e-12 {
					reach++
				}
			})
			if got := g.P(sign); !(math.Abs(got-reach/all) <= 1e-12) && !(math.IsNaN(got) && math.IsNaN(want)) {
				t.Fatalf("p = %v, want %v of %v and %v", got, reach/all, x, y)
			}
		}
	}
	if ties == 0 {
		t.Error("no residuals tie: the test is empty")
	}
}

// permute calls see with every order of n.
func permute(n int, see func(order []int)) {
	var visit func(order []int)
	visit = func(order []int) {
		if len(order) == n {
			see(order)
			return
		}
	next:
		for k := range n {
			for _, used := range order {
				if used == k {
					continue next
				}
			}
			visit(append(order[:len(order):len(order)], k))
		}
	}
	visit(nil)
}

// What ρ and m say is not counted: two numbers that they drive alone have no τ, and the same with luck in common has.
func TestGivenTakesOutTheSetting(t *testing.T) {
	of := func(r *rand.Rand, common float64) Given {
		var recs []record.Record
		for seed := 1.; seed <= 6; seed++ {
			for _, m := range []float64{1, 16, 128} {
				for _, rho := range []float64{.01, .02, .05} {
					luck := r.NormFloat64()
					x := 40*rho*m + common*luck + .1*r.NormFloat64()
					gap := .2 - rho*m/100 + .002*(common*luck+r.NormFloat64()) + seed/50
					recs = append(recs, trialOf(seed, m, rho, nil, map[string]record.Number{"x": record.Number(x), "error_gap": record.Number(gap), "train_error": 0}))
				}
			}
		}
		g, said := Of(recs).Ranking(ErrorGap, ByDesign, Value("x")).Given(Value("x"))
		if len(g.Seeds) != 6 || len(g.X[0]) != 9 || !strings.HasPrefix(said, "9 of 9 settings with a model at ρ ≤ .05") {
			t.Fatalf("%d seeds, %s", len(g.Seeds), said)
		}
		return g
	}
	r := rand.New(rand.NewPCG(36, 2))
	raw, none := 0., 0.
	for range 200 {
		g := of(r, 0)
		none += g.Tau().Value / 200
		raw += stats.TauB(g.X[0], g.Y[0]) / 200
	}
	if !(math.Abs(none) <= .02) || !(raw < -.3) {
		t.Errorf("τ given the setting %v, within the seed %v", none, raw)
	}
	if g := of(r, 3); !(g.Tau().Value > .5) || !(g.P(+1) < .01) || !(g.P(-1) > .9) {
		t.Errorf("τ %v, p %v and %v", g.Tau().Value, g.P(+1), g.P(-1))
	}
}

// Only settings that every seed has a model of count.
func TestGivenNeedsWholeSettings(t *testing.T) {
	var recs []record.Record
	for seed := 1.; seed <= 3; seed++ {
		for i, rho := range []float64{.01, .02, .05} {
			recs = append(recs, trialOf(seed, 4, rho, nil, map[string]record.Number{"x": record.Number(seed), "error_gap": record.Number(float64(i)), "train_error": 0}))
		}
	}
	given := func(recs []record.Record) (Given, string) {
		return Of(recs).Ranking(ErrorGap, ByDesign).Given(Value("x"))
	}
	recs[1].Values.Numbers["train_error"] = .5 // seed 1 at ρ = .02 does not fit
	if g, said := given(recs); len(g.X) != 3 || len(g.X[0]) != 2 || said != "2 of 3 settings with a model at ρ ≤ .05 and train error ≤ .001 in every seed" {
		t.Errorf("%+v, %s", g, said)
	}
	delete(recs[3].Values.Numbers, "x") // nor has seed 2 an x at .01
	if g, said := given(recs); len(g.Seeds) != 0 || !strings.HasPrefix(said, "1 of 3 settings") {
		t.Errorf("%+v, %s", g, said)
	}
}
