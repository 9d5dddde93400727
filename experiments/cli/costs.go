package cli

import (
	"fmt"
	"slices"

	"msharp/harness/config"
	"msharp/sharpness"
)

// costs says what each measure of a trial costs, a line each: first those of the trained network, then those along training. Where trials differ
// in it, it has the lines of all.
func costs(trials []config.Trial) (lines []string) {
	type asked struct { // of trials, which share what is equal
		measures        *sharpness.Any
		watch           *config.Watch
		train, classes  int
		looks, measured int
	}
	seen := map[asked]bool{}
	for _, t := range trials {
		c := t.Config
		a := asked{watch: c.Watch, train: c.Data.Spec.Drawn().Train, classes: t.Source.Classes, looks: c.Looks(), measured: len(c.Measures)}
		if a.measured > 0 {
			a.measures = &c.Measures[0]
		}
		if seen[a] {
			continue
		}
		seen[a] = true
		add := func(what string, measures []sharpness.Any, when string) {
			for _, m := range measures {
				line := fmt.Sprintf("%s %s: %s%s", what, m.Kind(), costText(m.Spec, a.train, a.classes), when)
				if !slices.Contains(lines, line) {
					lines = append(lines, line)
				}
			}
		}
		add("measure", c.Measures, "")
		if c.Watch != nil {
			add("watch", c.Watch.Measures, fmt.Sprintf(", at each of up to %d looks", a.looks))
		}
	}
	return lines
}

// costText says what a measure costs: "1 gradient, 6 forward passes, as much as 3 gradients".
func costText(m sharpness.Measure, examples, classes int) string {
	c, ok := sharpness.CostOf(m, examples, classes)
	if !ok {
		return "its cost is unknown"
	}
	text, sum := c.String(), c.InGradients()
	switch {
	case sum == 0 || sum == c.Gradients:
		return text
	case sum < 99.5:
		return fmt.Sprintf("%s, as much as %.2g gradients", text, sum)
	default:
		return fmt.Sprintf("%s, as much as %.0f gradients", text, sum)
	}
}
