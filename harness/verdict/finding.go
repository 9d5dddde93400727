package verdict

import (
	"slices"
	"strings"
)

// statistic is what one family of curves says to a claim: a finding for each of its parts. said names what it does
// without; with no findings, what it lacks.
type statistic func(c curves) (fs []finding, said string)

// finding is a value by seed, and where these depend on each other, what p is of instead of their signs.
type finding struct {
	name     string                // of the part, in words; empty of a claim that has one
	needs    string                // where it has no value: "needs, in two seeds, a run at ρ = 0"
	values   means                 // by seed
	search   search                // p is for some option of it having the lower error
	contests map[float64][]contest // p is for some m winning its contests, one a family: Bonferroni over m
}

// p is one-sided as claimed; 0 stands for the signs of the values.
func (f finding) p() float64 {
	switch {
	case f.search != nil:
		return f.search.p()
	case f.contests != nil:
		p := 1.
		for _, cs := range f.contests {
			p = min(p, float64(len(f.contests))*reverse(cs...))
		}
		return p
	}
	return 0
}

// pool adds the same finding of another family.
func (f *finding) pool(g finding) {
	f.values.pool(g.values)
	for k, v := range g.search {
		if f.search[k] == nil {
			f.search[k] = means{}
		}
		f.search[k].pool(v)
	}
	for m, cs := range g.contests {
		f.contests[m] = append(f.contests[m], cs...)
	}
}

// overall reads a statistic over all families: a seed's value is the mean over those that have one.
func overall(of statistic) func(t table) (parts []Part, missing string) {
	return func(t table) ([]Part, string) {
		families, missing := t.families()
		if missing != "" {
			return nil, missing
		}
		var pooled []finding
		said := make([]string, len(families))
		for i, c := range families {
			fs, text := of(c)
			said[i] = text
			for _, f := range fs {
				if at := slices.IndexFunc(pooled, func(g finding) bool { return g.name == f.name }); at >= 0 {
					pooled[at].pool(f)
				} else {
					pooled = append(pooled, f)
				}
			}
		}
		return conclude(pooled, told(families, said))
	}
}

// apiece reads a statistic family by family: each has parts of its own, and a claim holds only where all of them do.
func apiece(of statistic) func(t table) (parts []Part, missing string) {
	return func(t table) ([]Part, string) {
		families, missing := t.families()
		if missing != "" {
			return nil, missing
		}
		var all []finding
		said := make([]string, len(families))
		for i, c := range families {
			fs, text := of(c)
			if len(fs) == 0 {
				return nil, c.tell(text)
			}
			said[i] = text
			for _, f := range fs {
				if f.name = c.tell(f.name); f.name == "" {
					f.name = c.setting
				}
				all = append(all, f)
			}
		}
		return conclude(all, told(families, said))
	}
}

// conclude makes parts of findings; none where one of them has no value.
func conclude(fs []finding, said string) (parts []Part, missing string) {
	for _, f := range fs {
		bySeed := f.values.bySeed()
		if len(bySeed) == 0 {
			if f.needs != "" {
				said = join(strings.TrimSpace(f.name+" "+f.needs), said)
			}
			return nil, said
		}
		parts = append(parts, Part{f.name, bySeed, f.p()})
	}
	return parts, said
}

// told is what families say, each by its name; once where all say the same.
func told(families []curves, said []string) string {
	if len(slices.Compact(slices.Clone(said))) == 1 {
		return said[0]
	}
	texts := make([]string, len(said))
	for i, c := range families {
		texts[i] = c.tell(said[i])
	}
	return join(texts...)
}

// mean is a running mean.
type mean struct{ sum, n float64 }

// means are over what a seed has several of: radii, other settings.
type means map[uint64]*mean

func (m means) of(seed uint64) *mean {
	if m[seed] == nil {
		m[seed] = &mean{}
	}
	return m[seed]
}

func (m means) add(seed uint64, x float64) {
	s := m.of(seed)
	s.sum, s.n = s.sum+x, s.n+1
}

func (m means) pool(more means) {
	for seed, x := range more {
		s := m.of(seed)
		s.sum, s.n = s.sum+x.sum, s.n+x.n
	}
}

func (m means) bySeed() map[uint64]float64 {
	out := map[uint64]float64{}
	for seed, s := range m {
		out[seed] = s.sum / s.n
	}
	return out
}
