package study

import (
	"maps"
	"slices"

	"msharp/harness/stats"
)

// PerSeed is a number of each seed: a sample.
type PerSeed map[uint64]float64

// Seeds returns the seeds, ascending.
func (p PerSeed) Seeds() []uint64 { return slices.Sorted(maps.Keys(p)) }

// Values returns the numbers in the order of the seeds.
func (p PerSeed) Values() []float64 {
	xs := make([]float64, 0, len(p))
	for _, seed := range p.Seeds() {
		xs = append(xs, p[seed])
	}
	return xs
}

// Mean is the mean over seeds with its t interval.
func (p PerSeed) Mean() stats.Interval { return stats.MeanT(p.Values(), Level) }

// Minus returns the differences to another, for the seeds that both have.
func (p PerSeed) Minus(other PerSeed) PerSeed {
	out := PerSeed{}
	for seed, v := range p {
		if w, ok := other[seed]; ok {
			out[seed] = v - w
		}
	}
	return out
}

// Scale returns the numbers times k.
func (p PerSeed) Scale(k float64) PerSeed {
	out := make(PerSeed, len(p))
	for seed, v := range p {
		out[seed] = k * v
	}
	return out
}

// Means are means over what a seed has several of: radii, settings.
type Means struct {
	seeds []uint64 // ascending
	of    []mean   // of each
}

// mean is a running mean.
type mean struct{ sum, n float64 }

// at returns the mean of a seed, which is there from then on.
func (m *Means) at(seed uint64) *mean {
	i, ok := len(m.seeds), false
	if i > 0 && seed <= m.seeds[i-1] {
		i, ok = slices.BinarySearch(m.seeds, seed)
	}
	if !ok {
		m.seeds, m.of = slices.Insert(m.seeds, i, seed), slices.Insert(m.of, i, mean{})
	}
	return &m.of[i]
}

// Add adds a number to the mean of a seed.
func (m *Means) Add(seed uint64, x float64) {
	s := m.at(seed)
	s.sum, s.n = s.sum+x, s.n+1
}

// Pool adds the numbers of others.
func (m *Means) Pool(more *Means) {
	for i, x := range more.of {
		s := m.at(more.seeds[i])
		s.sum, s.n = s.sum+x.sum, s.n+x.n
	}
}

// Seeds returns the seeds that have a mean, ascending.
func (m *Means) Seeds() []uint64 { return m.seeds }

// Value returns the mean of a seed; not ok where it has none.
func (m *Means) Value(seed uint64) (x float64, ok bool) {
	i, ok := slices.BinarySearch(m.seeds, seed)
	if !ok {
		return 0, false
	}
	return m.of[i].sum / m.of[i].n, true
}

// PerSeed returns the means.
func (m *Means) PerSeed() PerSeed {
	out := make(PerSeed, len(m.seeds))
	for i, s := range m.of {
		out[m.seeds[i]] = s.sum / s.n
	}
	return out
}
