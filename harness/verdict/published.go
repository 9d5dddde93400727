package verdict

import "msharp/harness/record"

// published is a claim whose statistic is of the trials of an experiment: one or parts.
type published struct {
	Claim
	one   func(t table) (bySeed map[uint64]float64, missing string)
	parts func(t table) (parts []Part, missing string)
}

// reading makes parts of a claim of what each family of curves says to it: overall or apiece.
type reading func(of statistic) func(t table) (parts []Part, missing string)

// of returns the claim's parts.
func (p published) of(t table) (parts []Part, missing string) {
	if p.parts != nil {
		return p.parts(t)
	}
	bySeed, missing := p.one(t)
	return []Part{{BySeed: bySeed}}, missing
}

// claims gives the claims their statistics of records.
func claims(ps []published) []Claim {
	out := make([]Claim, len(ps))
	for i, p := range ps {
		out[i] = p.Claim
		if p.parts != nil {
			out[i].Parts = func(recs []record.Record) ([]Part, string) {
				t, missing := read(recs)
				if missing != "" {
					return nil, missing
				}
				return p.parts(t)
			}
			continue
		}
		out[i].Statistic = func(recs []record.Record) (map[uint64]float64, string) {
			t, missing := read(recs)
			if missing != "" {
				return nil, missing
			}
			return p.one(t)
		}
	}
	return out
}
