// Package claims builds the claims that several experiments share: about the m of the training, in either reading of several settings, and
// about the m of the measure. An experiment's own claims stand in its folder.
package claims

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"msharp/harness/parallel"
	"msharp/harness/study"
	"msharp/harness/verdict"
)

// Statistic is what the curves of one setting say to a claim: a draft of each of its parts. said names what it does without; with no
// drafts, what it lacks.
type Statistic func(c study.Curves) (drafts []Draft, said string)

// Draft is a part of a claim under way: a value by seed and, where these depend on each other, what p is of instead of their signs.
type Draft struct {
	Name     string                      // of the part, in words; empty of a claim that has one
	Needs    string                      // where it has no value: "needs, in two seeds, a run at ρ = 0"
	Values   study.Means                 // by seed
	Search   verdict.Search              // p is for some option of it having the lower error
	Contests map[float64][]study.Contest // p is for some m winning its contests, one a setting: Bonferroni over m
}

// p is one-sided as claimed; 0 stands for the signs of the values.
func (d Draft) p() float64 {
	switch {
	case d.Search != nil:
		return d.Search.P()
	case d.Contests != nil:
		p, several := 1., 0.
		for _, cs := range d.Contests {
			if one := verdict.Reverse(cs...); !math.IsNaN(one) { // no seed has every option
				p, several = min(p, one), several+1
			}
		}
		return min(1, several*p)
	}
	return 0
}

// pool adds the same draft of another setting.
func (d *Draft) pool(e Draft) {
	d.Values.Pool(&e.Values)
	d.Search.Pool(e.Search)
	for m, cs := range e.Contests {
		d.Contests[m] = append(d.Contests[m], cs...)
	}
}

// Reading makes parts of a claim of what the curves of each setting say to it: Overall or Apiece.
type Reading func(e study.Errors, of Statistic) func(t *study.Trials) (parts []verdict.Part, missing string)

// Overall reads a statistic over all settings: a seed's value is the mean over those that have one.
func Overall(e study.Errors, of Statistic) func(t *study.Trials) (parts []verdict.Part, missing string) {
	return func(t *study.Trials) ([]verdict.Part, string) {
		settings, missing := t.Curves(e)
		if missing != "" {
			return nil, missing
		}
		var pooled []Draft
		said := make([]string, len(settings))
		for i, c := range settings {
			drafts, text := of(c)
			said[i] = text
			for _, d := range drafts {
				if at := slices.IndexFunc(pooled, func(e Draft) bool { return e.Name == d.Name }); at >= 0 {
					pooled[at].pool(d)
				} else {
					pooled = append(pooled, d)
				}
			}
		}
		return conclude(pooled, told(settings, said))
	}
}

// Apiece reads a statistic setting by setting: each has parts of its own, and a claim holds only where all of them do.
func Apiece(e study.Errors, of Statistic) func(t *study.Trials) (parts []verdict.Part, missing string) {
	return func(t *study.Trials) ([]verdict.Part, string) {
		settings, missing := t.Curves(e)
		if missing != "" {
			return nil, missing
		}
		var all []Draft
		said := make([]string, len(settings))
		for i, c := range settings {
			drafts, text := of(c)
			if len(drafts) == 0 {
				return nil, c.Tell(text)
			}
			said[i] = text
			for _, d := range drafts {
				if d.Name = c.Tell(d.Name); d.Name == "" {
					d.Name = c.Setting
				}
				all = append(all, d)
			}
		}
		return conclude(all, told(settings, said))
	}
}

// conclude makes parts of drafts; none where one of them has no value.
func conclude(drafts []Draft, said string) (parts []verdict.Part, missing string) {
	for _, d := range drafts {
		if len(d.Values.Seeds()) > 0 {
			continue
		}
		if d.Needs != "" {
			said = Join(strings.TrimSpace(d.Name+" "+d.Needs), said)
		}
		return nil, said
	}
	return parallel.Map(len(drafts), func(i int) verdict.Part {
		return verdict.Part{Name: drafts[i].Name, BySeed: drafts[i].Values.PerSeed(), P: drafts[i].p()}
	}), said
}

// told is what settings say, each by its name; once where all say the same.
func told(settings []study.Curves, said []string) string {
	if len(slices.Compact(slices.Clone(said))) == 1 {
		return said[0]
	}
	texts := make([]string, len(said))
	for i, c := range settings {
		texts[i] = c.Tell(said[i])
	}
	return Join(texts...)
}

// Join joins what is said; empty texts say nothing.
func Join(texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(s string) bool { return s == "" }), "; ")
}

// List is values of m or ρ in words.
func List(vs []float64) string {
	var ts []string
	for _, v := range vs {
		ts = append(ts, verdict.Num(v))
	}
	return strings.Join(ts, ", ")
}

// Lone says that there is one seed only, which has no others to choose by; empty otherwise.
func Lone(seeds []uint64) string {
	if len(seeds) > 1 {
		return ""
	}
	return verdict.FewSeeds(len(seeds))
}

func fewM(c study.Curves) string { return fmt.Sprintf("one training m (%s), needs two", List(c.Ms)) }
