package plots

import (
	"slices"
	"strings"

	"msharp/harness/record"
)

// atSetting is the runs at one value each of several keys.
type atSetting struct {
	name   string // "lr .1, weight decay 0"; empty without keys
	values []string
	runs   []run
}

// apartBy returns the runs with an ascent, apart by their values of keys and in the order of these, each time with their partners at
// ρ = 0.
func apartBy(keys []string, rs []run) (out []atSetting) {
	base, ascent := split(rs)
	index, of := map[string]int{}, map[int]int{} // in out, by values and by setting
	for _, r := range ascent {
		i, known := of[r.setting]
		if !known {
			s := atSetting{name: settingName(r, keys)}
			for _, k := range keys {
				s.values = append(s.values, record.Text(r.config[k]))
			}
			id := strings.Join(s.values, "\n")
			if i, known = index[id]; !known {
				i = len(out)
				index[id], out = i, append(out, s)
			}
			of[r.setting] = i
		}
		out[i].runs = append(out[i].runs, r)
	}
	for i := range out {
		out[i].runs = append(partners(base, out[i].runs), out[i].runs...)
	}
	slices.SortStableFunc(out, func(a, b atSetting) int { return slices.CompareFunc(a.values, b.values, byNumber) })
	return out
}

// settingsApart is apartBy everything that was swept beside ρ, m and the seed.
func settingsApart(rs []run) []atSetting {
	keys, _ := alsoSwept(rs)
	return apartBy(keys, rs)
}

// settingName says what a run has of keys: "lr .1, weight decay 0".
func settingName(r run, keys []string) string {
	var parts []string
	for _, k := range keys {
		parts = append(parts, keyName(k)+" "+valueText(r.config[k]))
	}
	return strings.Join(parts, ", ")
}

// valueText is a value of the configuration as a figure shows it: .05, [128,64].
func valueText(v any) string {
	if x, ok := record.Float(v); ok {
		return short(x)
	}
	return record.Text(v)
}
