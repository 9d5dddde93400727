// Package claims builds the claims that several experiments share: about the m of the training, in either reading of several settings, and
// about the m of the measure. An experiment's own claims stand in its folder.
package claims

import (
	"fmt"
	"slices"
	"strings"

	"msharp/harness/study"
	"msharp/harness/verdict"
)

// Statistic is what the curves of one setting say to a claim: a draft of each of its parts. said names what it does without; with no
// drafts, what it lacks.
type Statistic func(c study.Curves) (drafts []Draft, said string)

// Draft is a part of a claim under way.
type Draft struct {
	Name   string      // of the part, in words; empty of a claim that has one
	Needs  string      // where it has no value: "needs a run at ρ = 0"
	Values study.Means // by seed
}

// Reading makes parts of a claim of what the curves of each setting say to it: Overall or Apiece.
type Reading func(e study.Errors, of Statistic) verdict.Reading

// Overall reads a statistic over all settings: a part is that of its name in each setting that has one, and a seed's value there is the mean
// of all its numbers: lines over m, of all settings alike.
func Overall(e study.Errors, of Statistic) verdict.Reading {
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
					pooled[at].Values.Pool(&d.Values)
				} else {
					pooled = append(pooled, d)
				}
			}
		}
		return conclude(pooled, told(settings, said))
	}
}

// Apiece reads a statistic setting by setting: each has parts of its own, and a claim holds only where all of them do. It cannot be read
// where one setting has no parts, and neither way where a part has no value of any seed.
func Apiece(e study.Errors, of Statistic) verdict.Reading {
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
	for _, d := range drafts {
		parts = append(parts, verdict.Part{Name: d.Name, Statistic: study.Statistic{BySeed: d.Values.PerSeed()}})
	}
	return parts, said
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

func fewM(c study.Curves) string { return fmt.Sprintf("one training m (%s), needs two", List(c.Ms)) }
