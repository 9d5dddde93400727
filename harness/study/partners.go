package study

import (
	"slices"
	"strings"
)

// partners returns the trials at ρ = 0 that agree with those of each part.
func (t *Trials) partners(parts [][]Trial) [][]Trial {
	keys := t.Ascent().Swept()
	for _, k := range t.Base().Swept() {
		if !slices.Contains(keys, k) {
			keys = append(keys, k)
		}
	}
	keys = slices.DeleteFunc(keys, func(k string) bool { return slices.Contains(ofAscent, k) })
	ps := newPartnerIndex(parts, keys)
	out := make([][]Trial, len(parts))
	of := map[int][]int{} // the parts that a setting at ρ = 0 goes with
	for _, b := range t.Base().final {
		to, known := of[b.setting]
		if !known {
			to = ps.with(b.texts(keys))
			of[b.setting] = to
		}
		for _, i := range to {
			out[i] = append(out[i], b)
		}
	}
	return out
}

// partnerIndex finds the parts that agree with values: those that have every key by what they read, the others one by one.
type partnerIndex struct {
	whole map[string][]int // parts, by their values of all keys
	all   []partTexts      // each once
	loose []partTexts      // those that lack a key
}

type partTexts struct {
	part  int
	texts []text
}

func newPartnerIndex(parts [][]Trial, keys []string) (p partnerIndex) {
	p.whole = map[string][]int{}
	for i, trials := range parts {
		seen := map[int]bool{}
		for _, r := range trials {
			if seen[r.beside] {
				continue
			}
			seen[r.beside] = true
			at := partTexts{i, r.texts(keys)}
			p.all = append(p.all, at)
			if id, whole := joined(at.texts); whole {
				p.whole[id] = append(p.whole[id], i)
			} else {
				p.loose = append(p.loose, at)
			}
		}
	}
	return p
}

// with returns the parts that agree with values, each once, ascending.
func (p partnerIndex) with(texts []text) (parts []int) {
	id, whole := joined(texts)
	look := p.all
	if whole {
		parts, look = slices.Clone(p.whole[id]), p.loose
	}
	for _, at := range look {
		if agree(texts, at.texts) {
			parts = append(parts, at.part)
		}
	}
	return ascending(parts)
}

// joined is values as one text; whole says that none is missing.
func joined(texts []text) (id string, whole bool) {
	var b strings.Builder
	for _, t := range texts {
		if !t.there {
			return "", false
		}
		b.WriteString(t.value)
		b.WriteByte(0)
	}
	return b.String(), true
}

// ofAscent are the keys of the ascent itself.
var ofAscent = []string{"optimizer.p", "optimizer.steps", "optimizer.unnormalised"}

// mergeSorted merges trials at ρ = 0 with others of ρ > 0, both in the order of a Trials.
func mergeSorted(base, ascent []Trial) []Trial {
	out := make([]Trial, 0, len(base)+len(ascent))
	for _, r := range ascent {
		for len(base) > 0 && base[0].Seed <= r.Seed {
			out, base = append(out, base[0]), base[1:]
		}
		out = append(out, r)
	}
	return append(out, base...)
}

// Partners returns the trials with an ascent and their partners: t without the trials at ρ = 0 of other settings. Without an ascent it is t.
func (t *Trials) Partners() *Trials {
	if len(t.Ascent().final) == 0 {
		return t
	}
	return t.Apart()[0].Trials
}
