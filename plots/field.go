package plots

import (
	"slices"

	"msharp/harness/record"
	"msharp/harness/stats"
	"msharp/harness/study"
)

// scaled is a Field as a figure draws it. Where the values of a key are words, the field numbers them, and texts are the words in that order.
type scaled struct {
	study.Field
	texts []string
}

// over is f over the trials.
func over(t *study.Trials, f study.Field) scaled {
	s := scaled{Field: f}
	if f.Key == "" || f.Is(study.Rho) || f.Is(study.M) {
		return s
	}
	texts := map[string]bool{}
	numbers := true
	for _, r := range study.OneOfEach(t.Final()) {
		if v := r.Key(f.Key); v != nil {
			_, number := record.Float(v)
			numbers = numbers && number
			texts[record.Text(v)] = true
		}
	}
	if numbers {
		return s
	}
	s.texts = study.SortedTexts(texts)
	s.Unit, s.Scale = "", 0
	s.Of = func(r study.Trial) (float64, bool) {
		v := r.Key(f.Key)
		return float64(slices.Index(s.texts, record.Text(v))), v != nil
	}
	return s
}

// percent reports whether the field is drawn as a percentage.
func percent(f study.Field) bool { return f.Unit == "%" }

// column is a field in a CSV.
func column(f study.Field) string {
	if percent(f) {
		return f.Name + "_percent"
	}
	return f.Name
}

// unit is after a number that is drawn.
func unit(f study.Field) string {
	if percent(f) {
		return " %"
	}
	return ""
}

// text is a value of the field.
func (s scaled) text(v float64) string {
	if s.texts != nil {
		return s.texts[int(v)]
	}
	return study.GroupText(s.In(v))
}

// name is what has the value, as a title or a legend says it: "m = 4", "lr .1", "20 % noisy labels".
func (s scaled) name(v float64) string {
	switch {
	case s.Is(study.M) && v == 0:
		return "ρ = 0"
	case s.Is(study.M), s.Is(study.Rho):
		return s.Label + " = " + s.text(v)
	case percent(s.Field):
		return s.text(v) + " % " + s.Label
	}
	return s.Label + " " + s.text(v)
}

// cell is text for a CSV.
func (s scaled) cell(v float64) string {
	if s.texts != nil {
		return s.texts[int(v)]
	}
	return cellText(s.In(v))
}

// shareOf is what a value of a field is called.
func shareOf(f study.Field) string {
	if percent(f) {
		return "share of"
	}
	return "value of"
}

// settingName names a setting: "lr .1, weight decay 0".
func settingName(s study.Setting) string { return study.SettingText(s.Keys, s.Values, " ", valueText) }

// valueText is a value of the configuration as a figure shows it: .05, [128,64].
func valueText(v any) string {
	if x, ok := record.Float(v); ok {
		return stats.Short(x)
	}
	return record.Text(v)
}

// keyNames lists keys in words.
func keyNames(keys []string) string {
	var names []string
	for _, k := range keys {
		names = append(names, study.KeyName(k))
	}
	return andText(names)
}
