package study

import (
	"maps"
	"slices"
	"strings"

	"msharp/harness/record"
)

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
	return Once(t, "settings", func() []Setting {
		if t.whole == nil {
			return t.Apart(t.Ascent().Swept()...)
		}
		out := slices.Clone(t.whole.Settings())
		for i := range out {
			out[i].Trials = out[i].Trials.WithoutBlock(t.left)
		}
		return out
	})
}

// Apart returns the trials with an ascent, apart by their values of keys and in the order of these, each with its partners: the trials at
// ρ = 0 that agree with it in every key that was swept, with the ascent or without, and that both have. Keys of the ascent itself
// (optimizer.p, optimizer.steps, optimizer.unnormalised) are none of these: at ρ = 0 they mean nothing. Keys that change no training (name,
// measures) never count as swept. A trial at ρ = 0 may be the partner of several settings, or of none.
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

// Levels returns the trials apart by a field, in ascending order of its values. A trial without it is left out.
func (t *Trials) Levels(f Field) []Part {
	return Once(t, "levels "+f.Key+" "+f.Name, func() (out []Part) {
		if t.whole != nil && f.Key != "" {
			out = slices.Clone(t.whole.Levels(f))
			for i := range out {
				out[i].Trials = out[i].Trials.WithoutBlock(t.left)
			}
			return out
		}
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
