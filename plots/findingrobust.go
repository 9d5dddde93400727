package plots

import (
	"fmt"
	"strings"

	"msharp/harness/stats"
)

// changeText is a signed difference: "−.39 ± .07 points", the unit where asked, "+.02 ± .05 (undecided)".
func changeText(d stats.Interval, places int, unit bool) string {
	s := signed(stats.Difference{Interval: d}, places)
	if unit {
		s += " points"
	}
	if d.N > 1 && direction(d) == 0 {
		s += " (undecided)"
	}
	return s
}

// mostSettings is how many a finding names.
const mostSettings = 4

// settingsFinding is how the test error changes with m at small ρ at each setting, and what SAM saves where it and the base optimizer
// are both tuned over what they were trained at.
func settingsFinding(rs []run, of []atSetting) string {
	var parts []string
	var seeds Span
	var small slope
	signs := map[int]int{}
	for _, s := range of {
		over := slopeOverM(s.runs, Value("test_error"))
		if len(over.seeds) == 0 {
			continue
		}
		d := stats.MeanT(bySeed(over.seeds), level)
		text := changeText(d, 3, len(parts) == 0) + " at " + s.name
		if out := over.leftOut(); out != "" {
			text += " (" + out + ")"
		}
		parts = append(parts, text)
		small = over
		seeds.Add(d.N)
		signs[direction(d)]++
	}
	tuned := strings.TrimSpace(tunedSentence(rs))
	if len(parts) == 0 {
		return orText(tuned, "No finding: no setting has two values of m to compare, or all diverged there.")
	}
	text := fmt.Sprintf("test error changes per step of m %s by %s", small.where(), strings.Join(parts, "; "))
	if len(parts) > mostSettings {
		keys, _ := alsoSwept(rs)
		text = fmt.Sprintf("test error rises with m at ρ ≤ %s at %d of %d settings of %s, and falls at %d", short(smallRho), signs[1],
			len(parts), keyNames(keys), signs[-1])
	}
	return strings.TrimSpace(upper(clause{text, seeds.high}.String()) + ". " + tuned)
}

// tunedSentence compares each m with the base optimizer, both tuned over what they were trained at; empty where the base has one
// setting.
func tunedSentence(rs []run) string {
	by, y := Value("val_error"), Value("test_error")
	t := tuneBase(rs, by, y)
	if t.missing(len(distinct(rs, seedOf))) != "" {
		return ""
	}
	byM := tuneM(rs, by, y)
	_, ascent := split(rs)
	var parts []string
	for _, m := range distinct(ascent, mOf) {
		if row := byM[m].minus(t.tuned, difference{m: m}); row.est.N > 0 {
			parts = append(parts, fmt.Sprintf("%s with m = %s", changeText(row.est.Interval, 2, len(parts) == 0), mText(m)))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return fmt.Sprintf("%s tuned over %s has a test error of %s %% (n = %d); SAM, tuned over ρ and its own settings, changes that by %s.",
		upper(t.name), keyNames(t.keys), plusMinus(cell{seeds: t.values}.mean().Scale(100), 1), len(t.values), andText(parts))
}
