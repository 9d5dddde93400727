package study

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"msharp/harness/record"
)

// sweptKey is a key of the configuration, with its values as they read.
type sweptKey struct {
	key    string
	values []string
}

// Swept returns, sorted, the keys beside ρ, m and the seed that have several values among the trials. A key that a trial lacks has no
// value there.
func (t *Trials) Swept() (keys []string) {
	for _, k := range t.swept() {
		keys = append(keys, k.key)
	}
	return keys
}

// SweptBeside returns the keys that were swept beside ρ and m: those of the trials with an ascent, where there are some.
func (t *Trials) SweptBeside() []string { return t.besideAxes().Swept() }

func (t *Trials) besideAxes() *Trials {
	if up := t.Ascent(); len(up.final) > 0 {
		return up
	}
	return t
}

// TextsOf returns the values of a swept key as they read, numbers ascending; nil of a key that was not swept.
func (t *Trials) TextsOf(key string) []string {
	for _, k := range t.swept() {
		if k.key == key {
			return k.values
		}
	}
	return nil
}

func (t *Trials) findSwept() (keys []sweptKey) {
	type value struct{ key, text string }
	values, seen := map[string][]string{}, map[value]bool{}
	latest := map[string]any{}
	known := map[int]bool{}
	for _, r := range t.final {
		if known[r.beside] {
			continue
		}
		known[r.beside] = true
		for k, v := range r.config {
			if isAxis(k) {
				continue
			}
			if last, there := latest[k]; there && record.Same(last, v) {
				continue
			}
			latest[k] = v
			if at := (value{k, record.Text(v)}); !seen[at] {
				seen[at] = true
				values[k] = append(values[k], at.text)
			}
		}
	}
	for _, k := range slices.Sorted(maps.Keys(values)) {
		if vs := values[k]; len(vs) > 1 {
			slices.SortFunc(vs, compareTexts)
			keys = append(keys, sweptKey{k, vs})
		}
	}
	return keys
}

// isAxis reports whether a key is ρ or m, or one that does not change training: the name, the measures.
func isAxis(key string) bool {
	switch key {
	case "optimizer.rho", "optimizer.m", "name", "measures":
		return true
	}
	return false
}

// besideAxes numbers configurations: equal ones, axes aside, alike.
func besideAxes(configs []map[string]any) []int {
	numbers, known := make([]int, len(configs)), map[string]int{}
	var keys []string
	var text []byte
	for i, config := range configs {
		keys = keys[:0]
		for k := range config {
			if !isAxis(k) {
				keys = append(keys, k)
			}
		}
		slices.Sort(keys)
		text = text[:0]
		for _, k := range keys {
			text = append(append(append(append(text, k...), 0), record.Text(config[k])...), 0)
		}
		n, seen := known[string(text)]
		if !seen {
			n = len(known)
			known[string(text)] = n
		}
		numbers[i] = n
	}
	return numbers
}

// compareTexts orders texts of numbers by what they are, others by length and then alphabet.
func compareTexts(a, b string) int {
	x, err1 := strconv.ParseFloat(a, 64)
	y, err2 := strconv.ParseFloat(b, 64)
	if err1 == nil && err2 == nil {
		return cmp.Compare(x, y)
	}
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
}

// Twice counts the trials that stand under several ids, in words of nothing but what was swept: they are of two results versions, or of
// other data, and not of one study.
func (t *Trials) Twice() int {
	return Once(t, "twice", func() (n int) {
		keys := t.Swept()
		number, numbers := map[int]int{}, map[string]int{} // of settings that differ in nothing that was swept
		for _, r := range t.distinct() {
			var b strings.Builder
			fmt.Fprintln(&b, r.Rho, r.M)
			for _, v := range r.texts(keys) {
				fmt.Fprintln(&b, v.there, v.value)
			}
			i, known := numbers[b.String()]
			if !known {
				i = len(numbers)
				numbers[b.String()] = i
			}
			number[r.setting] = i
		}
		type cell struct {
			seed    uint64
			setting int
		}
		count := make(map[cell]int, len(t.final))
		for _, r := range t.final {
			c := cell{r.Seed, number[r.setting]}
			if count[c]++; count[c] == 2 {
				n++
			}
		}
		return n
	})
}

// Setting is the trials of one value each of several keys, with their partners at ρ = 0.
type Setting struct {
	Keys   []string
	Values []any // of each key
	*Trials
}

// Text names a setting by its values: "lr = 0.1, weight decay = 0"; empty without keys.
func (s Setting) Text() string { return SettingText(s.Keys, s.Values, " = ", record.Text) }

// SettingText names values of keys, each as the key's name, a sign, and the value as text writes it.
func SettingText(keys []string, values []any, sign string, text func(v any) string) string {
	parts := make([]string, len(keys))
	for i, k := range keys {
		parts[i] = KeyName(k) + sign + text(values[i])
	}
	return strings.Join(parts, ", ")
}

// KeyName is the last part of a dotted key, in words: "weight decay".
func KeyName(key string) string {
	return strings.ReplaceAll(key[strings.LastIndexByte(key, '.')+1:], "_", " ")
}

// Settings returns the trials apart by what was swept with the ascent beside ρ, m and the seed: one Setting, without keys, where nothing
// was, and none without an ascent. Each has its partners at ρ = 0.
func (t *Trials) Settings() []Setting {
	return Once(t, "settings", func() []Setting { return t.Apart(t.Ascent().Swept()...) })
}

// Apart returns the trials with an ascent, apart by their values of keys and in the order of these, each with its partners: the trials at
// ρ = 0 that agree with it in every key that was swept, with the ascent or without, and that both have. Keys of the ascent itself, its norm
// and its steps, are none of these: at ρ = 0 they mean nothing. A trial at ρ = 0 may be the partner of several settings, or of none.
func (t *Trials) Apart(keys ...string) (out []Setting) {
	index, of := map[string]int{}, map[int]int{} // in out, by values and by setting
	var parts [][]Trial
	for _, r := range t.Ascent().final {
		i, known := of[r.setting]
		if !known {
			values, texts := make([]any, len(keys)), make([]string, len(keys))
			for k, key := range keys {
				values[k] = r.config[key]
				texts[k] = record.Text(values[k])
			}
			id := strings.Join(texts, "\n")
			if i, known = index[id]; !known {
				i = len(out)
				index[id], out, parts = i, append(out, Setting{Keys: keys, Values: values}), append(parts, nil)
			}
			of[r.setting] = i
		}
		parts[i] = append(parts[i], r)
	}
	order := make([]int, len(out))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, k int) int {
		return slices.CompareFunc(out[i].Values, out[k].Values, func(a, b any) int { return compareTexts(record.Text(a), record.Text(b)) })
	})
	sorted := make([]Setting, len(out))
	bases := t.partners(parts)
	for to, from := range order {
		sorted[to] = out[from]
		sorted[to].Trials = part(mergeSorted(bases[from], parts[from]))
	}
	return sorted
}

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

// Levels returns the trials apart by a field, in ascending order of its values. A trial without it is left out.
func (t *Trials) Levels(f Field) []Part {
	return Once(t, "levels "+f.Key+" "+f.Name, func() (out []Part) {
		parts := map[float64][]Trial{}
		for _, r := range t.final {
			if v, ok := f.Of(r); ok {
				parts[v] = append(parts[v], r)
			}
		}
		for _, v := range slices.Sorted(maps.Keys(parts)) {
			out = append(out, Part{v, part(parts[v])})
		}
		return out
	})
}

// Part is the trials of one value of a field.
type Part struct {
	Value float64
	*Trials
}

// SortedTexts sorts texts: numbers by what they are, others by length and then alphabet.
func SortedTexts(texts map[string]bool) []string {
	return slices.SortedFunc(maps.Keys(texts), compareTexts)
}
