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
	if t.whole != nil {
		return t.whole.Twice()
	}
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

// SortedTexts sorts texts: numbers by what they are, others by length and then alphabet.
func SortedTexts(texts map[string]bool) []string {
	return slices.SortedFunc(maps.Keys(texts), compareTexts)
}
