package study

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"msharp/harness/record"
	"msharp/harness/stats"
)

// Mediated is the effect of the m of the training on a number, by seed, and how much of it goes through measures.
type Mediated struct {
	Total    PerSeed // in the number's unit, a step of m
	Indirect PerSeed // of it, through the measures
}

// Mediated regresses y within each seed on the index of m among the m that were swept, and on that and the logarithms (base 2) of measures,
// with an intercept for each ρ and setting of what else was swept: see stats.Mediate. A run at ρ = 0 has no m, and one that diverged, lacks y or a
// measure, or has a measure that is not positive, has no part. A seed where it is undefined has none. said names the runs it stands on, or why
// there are none.
func (t *Trials) Mediated(y Field, through ...Field) (m Mediated, said string) {
	m = Mediated{PerSeed{}, PerSeed{}}
	ms := t.Ms()
	if len(ms) < 2 {
		return m, fmt.Sprintf("the training has %s of m, needs two", record.Plural(len(ms), "value"))
	}
	bySeed, lacking, all := map[uint64]*paths{}, 0, 0
	for _, r := range t.Ascent().final {
		all++
		v, ok := y.Of(r)
		logs := make([]float64, len(through))
		for j, f := range through {
			z, has := f.Of(r)
			logs[j], ok = math.Log2(z), ok && has && z > 0
		}
		if !ok || r.Diverged {
			lacking++
			continue
		}
		if bySeed[r.Seed] == nil {
			bySeed[r.Seed] = &paths{z: make([][]float64, len(through)), at: map[pathGroup]int{}}
		}
		bySeed[r.Seed].add(y.In(v), float64(slices.Index(ms, r.M)), logs, pathGroup{r.Rho, r.beside})
	}
	undefined := 0
	for _, seed := range t.Seeds() {
		p := bySeed[seed]
		if p == nil {
			continue
		}
		of := stats.Mediate(p.y, p.x, p.z, p.group)
		if math.IsNaN(of.Total + of.Direct) {
			undefined++
			continue
		}
		m.Total[seed], m.Indirect[seed] = of.Total, of.Indirect()
	}
	said = fmt.Sprintf("%s with ρ > 0", record.Plural(all-lacking, "run"))
	if lacking > 0 {
		said += fmt.Sprintf("; left out: %d of %d that diverged or lack %s", lacking, all, labels(append([]Field{y}, through...)))
	}
	if undefined > 0 {
		said += fmt.Sprintf("; left out: %s with too few runs, or in which a measure does not vary by itself", record.Plural(undefined, "seed"))
	}
	return m, said
}

// pathGroup is what has an intercept of its own.
type pathGroup struct {
	rho    float64
	beside int
}

// paths are the runs of a seed.
type paths struct {
	y, x  []float64
	z     [][]float64 // by measure
	group []int
	at    map[pathGroup]int
}

func (p *paths) add(y, x float64, z []float64, g pathGroup) {
	if _, known := p.at[g]; !known {
		p.at[g] = len(p.at)
	}
	p.y, p.x, p.group = append(p.y, y), append(p.x, x), append(p.group, p.at[g])
	for j, v := range z {
		p.z[j] = append(p.z[j], v)
	}
}

// labels names fields in words: "test error, tr H or tr V".
func labels(fs []Field) string {
	var names []string
	for _, f := range fs {
		names = append(names, f.Label)
	}
	last := len(names) - 1
	if last == 0 {
		return names[0]
	}
	return strings.Join(names[:last], ", ") + " or " + names[last]
}
