package verdict

import (
	"slices"
	"strings"

	"msharp/harness/parallel"
)

// reading makes parts of a claim of what each family of curves says to it: overall or apiece.
type reading func(of statistic) func(t *table) (parts []Part, missing string)

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
	f.values.pool(&g.values)
	for k, v := range g.search {
		if f.search[k] == nil {
			f.search[k] = &means{}
		}
		f.search[k].pool(v)
	}
	for m, cs := range g.contests {
		f.contests[m] = append(f.contests[m], cs...)
	}
}

// overall reads a statistic over all families: a seed's value is the mean over those that have one.
func overall(of statistic) func(t *table) (parts []Part, missing string) {
	return func(t *table) ([]Part, string) {
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
func apiece(of statistic) func(t *table) (parts []Part, missing string) {
	return func(t *table) ([]Part, string) {
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
		if len(f.values.seeds) > 0 {
			continue
		}
		if f.needs != "" {
			said = join(strings.TrimSpace(f.name+" "+f.needs), said)
		}
		return nil, said
	}
	return parallel.Map(len(fs), func(i int) Part { return Part{fs[i].name, fs[i].values.bySeed(), fs[i].p()} }), said
}

// single makes the one part of a claim that has one.
func single(of func(t *table) (bySeed map[uint64]float64, missing string)) func(t *table) ([]Part, string) {
	return func(t *table) ([]Part, string) {
		bySeed, missing := of(t)
		return []Part{{BySeed: bySeed}}, missing
	}
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
type means struct {
	seeds []uint64 // ascending
	of    []mean   // of each
}

// at returns the mean of a seed, which is there from then on.
func (m *means) at(seed uint64) *mean {
	i, ok := len(m.seeds), false
	if i > 0 && seed <= m.seeds[i-1] {
		i, ok = slices.BinarySearch(m.seeds, seed)
	}
	if !ok {
		m.seeds, m.of = slices.Insert(m.seeds, i, seed), slices.Insert(m.of, i, mean{})
	}
	return &m.of[i]
}

func (m *means) add(seed uint64, x float64) {
	s := m.at(seed)
	s.sum, s.n = s.sum+x, s.n+1
}

func (m *means) pool(more *means) {
	for i, x := range more.of {
		s := m.at(more.seeds[i])
		s.sum, s.n = s.sum+x.sum, s.n+x.n
	}
}

// value returns the mean of a seed; not ok where it has none.
func (m *means) value(seed uint64) (x float64, ok bool) {
	i, ok := slices.BinarySearch(m.seeds, seed)
	if !ok {
		return 0, false
	}
	return m.of[i].sum / m.of[i].n, true
}

func (m *means) bySeed() map[uint64]float64 {
	out := make(map[uint64]float64, len(m.seeds))
	for i, s := range m.of {
		out[m.seeds[i]] = s.sum / s.n
	}
	return out
}
