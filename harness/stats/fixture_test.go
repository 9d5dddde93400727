package stats

import (
	"math"
	"testing"
)

// fixture is the population of 27 models whose statistics are known: hyperparameters a, b, c of three values each.
func fixture() (hyper [][]float64, mu, gap []float64) {
	for a := range 3 {
		for b := range 3 {
			for c := range 3 {
				hyper = append(hyper, []float64{float64(a), float64(b), float64(c)})
				gap = append(gap, float64(100*a+30*b+5*c+11*((a*b+2*c)%3)))
				mu = append(mu, float64(100*a-40*b+10*c+5*((2*a+b*c)%3)))
			}
		}
	}
	return hyper, mu, gap
}

func TestFixture(t *testing.T) {
	hyper, mu, gap := fixture()
	g := NewGrid(hyper)
	near := func(what string, got, want float64) {
		t.Helper()
		if !(math.Abs(got-want) <= 5e-10) {
			t.Errorf("%s = %.9f, want %.9f", what, got, want)
		}
	}
	near("τ-b", TauB(mu, gap), .463523582)
	psi, all := g.Granulated(mu, gap)
	for i, want := range []float64{1, -1, .111111111} {
		near("ψ", psi[i], want)
	}
	near("Ψ", all, .037037037)
	// Sets in the order of conditions: none, a, b, c, ba, ca, cb.
	for i, want := range []float64{.162521722, .440656159, .350337991, .164674077, .338826999, .632375587, .402018338} {
		near("I/H", g.jiang(mu, gap)[i], want)
	}
	near("K", g.Jiang(mu, gap), .162521722)
	near("PGDL", g.PGDL(mu, gap), .234109499)
	s := g.SignError(mu, gap, nil, 0)
	near("mean sign error", s.Mean, .481481481)
	near("largest sign error", s.Max, 1)
	if len(s.Environments) != 9 || s.Dropped != 0 {
		t.Errorf("%d environments, %d dropped", len(s.Environments), s.Dropped)
	}
	for _, e := range s.Environments {
		if e.Pairs != 9 || e.Effective != 9 {
			t.Errorf("%+v: want 9 pairs", e)
		}
	}
	if s := g.SignError(mu, gap, nil, LeastEffective); s.Dropped != 9 || !math.IsNaN(s.Mean) || !math.IsNaN(s.P90) || !math.IsNaN(s.Max) {
		t.Errorf("environments of 9 pairs: %+v", s)
	}
}
