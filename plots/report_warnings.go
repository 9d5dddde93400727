package plots

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"msharp/harness/record"
)

// warnings says in words what a reader of the page must know before believing it.
func warnings(t *Trials, m record.Manifest) (out []string) {
	warn := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	state := map[string]record.Status{}
	n := map[record.Status]int{}
	for _, r := range t.all {
		state[r.ID] = r.Status
		n[r.Status]++
	}
	missing := 0
	for _, id := range m.Trials {
		if _, ok := state[id]; !ok {
			missing++
		}
	}
	switch {
	case len(t.all) == 0:
		warn("No trial has been recorded: there is nothing to draw or to judge.")
	case missing > 0:
		warn("Not finished: %d of %s of the plan %s no record.", missing, plural(len(m.Trials), "trial"), have(missing))
	}
	if k := n[record.Failed]; k > 0 {
		warn("%s failed, and nothing here counts them; --retry-failed runs them again.", upper(plural(k, "trial")))
	}
	if k := n[record.Diverged]; k > 0 {
		warn("%s diverged: no number of theirs enters a mean; the figures mark and count them.", upper(plural(k, "trial")))
	}
	out = append(out, Mixed(t, m)...)
	if m.Dirty {
		warn("The code had changes that are not committed: its revision does not say all of it.")
	}
	return out
}

// Mixed says which records of one sweep may not be comparable.
func Mixed(t *Trials, m record.Manifest) (out []string) {
	revisions, kernels := map[string]int{}, map[string]int{}
	for _, r := range t.all {
		if r.Run != nil {
			revisions[orText(r.Run.Revision, "unknown")]++
			kernels[orText(r.Run.Kernel, "unknown")]++
		}
	}
	if len(revisions) > 1 {
		out = append(out, "Records of different code revisions: "+counted(revisions)+
			". One configuration has the same numbers in all of them, unless the results version was raised in between.")
	}
	if len(kernels) > 1 {
		out = append(out, "Records of different kernels: "+counted(kernels)+
			". avx2 and avx512 give equal records; generic agrees with them to 1e-4 only.")
	}
	if twice := twice(t.all); twice > 0 {
		out = append(out, fmt.Sprintf("Records of two results versions or two data sets: %s under more than one id. "+
			"The same configuration gave other numbers each time; the figures average them.", stand(twice)))
	}
	sums := map[string][]string{}
	for _, d := range m.Data {
		sums[d.Kind] = append(sums[d.Kind], d.SHA256)
	}
	for _, kind := range slices.Sorted(maps.Keys(sums)) {
		if len(sums[kind]) > 1 {
			out = append(out, fmt.Sprintf("The data set %s was read with %d different contents: %s.",
				kind, len(sums[kind]), strings.Join(sums[kind], ", ")))
		}
	}
	return out
}

func have(n int) string {
	if n == 1 {
		return "has"
	}
	return "have"
}

func stand(n int) string {
	if n == 1 {
		return "1 configuration stands"
	}
	return fmt.Sprintf("%d configurations stand", n)
}

// counted is "a (3 trials), b (1 trial)".
func counted(n map[string]int) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(n)) {
		parts = append(parts, fmt.Sprintf("%s (%s)", name, plural(n[name], "trial")))
	}
	return strings.Join(parts, ", ")
}

// Counts is the trials by state: "410 trials: 400 done, 2 diverged, 8 missing".
func Counts(t *Trials, plan []string) string {
	state := map[string]bool{}
	n := map[record.Status]int{}
	for _, r := range t.all {
		state[r.ID] = true
		n[r.Status]++
	}
	missing := 0
	for _, id := range plan {
		if !state[id] {
			missing++
		}
	}
	s := fmt.Sprintf("%s: %d done", plural(len(t.all)+missing, "trial"), n[record.Done])
	for _, p := range []struct {
		n    int
		name string
	}{{n[record.Diverged], "diverged"}, {n[record.Failed], "failed"}, {missing, "missing"}} {
		if p.n > 0 {
			s += fmt.Sprintf(", %d %s", p.n, p.name)
		}
	}
	return s
}
