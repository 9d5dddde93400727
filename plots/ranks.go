package plots

import (
	"msharp/harness/parallel"
	"msharp/harness/study"
)

// ranks reads how well measures and rivals rank models, of any part of the trials alike.
type ranks struct {
	compared
	ms     []study.Measured
	others []study.Rival
	rho    float64 // whose measures are also asked given what models were trained with
}

// rankings is what was read.
type rankings struct {
	ps, others []power       // of each
	given      []study.Given // of each of ps, empty where it is not asked
	bold       study.Ranking // of the models that have every m at that ρ
}

func (f ranks) read(t *study.Trials) (out rankings) {
	at := map[float64]study.Ranking{} // by ρ: of the models that have every m there
	for _, m := range f.ms {
		if _, known := at[m.Rho]; !known {
			at[m.Rho] = t.Ranking(f.gap, f.gate, study.Fields(study.MeasuredAt(f.ms, m.Rho))...)
		}
	}
	out.bold = at[f.rho]
	out.given = make([]study.Given, len(f.ms))
	out.ps = parallel.Map(len(f.ms), func(i int) power {
		m := f.ms[i]
		if m.Rho == f.rho && !f.caution() && len(out.bold.Seeds) <= mostGiven {
			out.given[i], _ = at[m.Rho].Given(m.Field)
		}
		p := correlate(at[m.Rho].By(m.Field))
		p.Measured = m
		return p
	})
	out.others = parallel.Map(len(f.others), func(i int) power { return correlate(out.bold.By(f.others[i].Field)) })
	return out
}

// statistics are two of each measure, τ within the seed and given what models were trained with, and then one of each rival.
func (r rankings) statistics() (out []study.Statistic) {
	for i, p := range r.ps {
		given := study.Statistic{}
		if len(r.given[i].Seeds) > 0 {
			tau := r.given[i].Tau()
			given.Pooled = &tau
		}
		out = append(out, study.Statistic{BySeed: p.seeds}, given)
	}
	for _, p := range r.others {
		out = append(out, study.Statistic{BySeed: p.seeds})
	}
	return out
}
