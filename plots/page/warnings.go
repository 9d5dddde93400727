package page

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"msharp/harness/record"
	"msharp/harness/study"
)

// warnings says in words what a reader of the page must know before believing it.
func warnings(t *study.Trials, m record.Manifest) (out []string) {
	warn := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	count := t.Counts(m.Trials)
	switch {
	case len(t.Recorded()) == 0:
		warn("No trial has been recorded: there is nothing to draw or to judge.")
	case count.Missing > 0:
		warn("Not finished: %d of %s of the plan %s no record.", count.Missing, record.Plural(len(m.Trials), "trial"), have(count.Missing))
	}
	if k := count.Failed; k > 0 {
		warn("%s failed, and nothing here counts them; --retry-failed runs them again.", record.Plural(k, "trial"))
	}
	if k := count.Diverged; k > 0 {
		warn("%s diverged: each counts as an error of 100 %% and has no other value; the figures mark and count them.", record.Plural(k, "trial"))
	}
	for _, d := range m.Data {
		out = append(out, d.Warnings...)
	}
	out = append(out, Mixed(t, m)...)
	if dirty := dirty(t, m); len(dirty) > 0 {
		warn("The code had changes that are not committed: revision %s does not say all of it.", strings.Join(dirty, ", "))
	}
	return out
}

// dirty returns the revisions whose code had changes, by the manifest or the records.
func dirty(t *study.Trials, m record.Manifest) []string {
	of := map[string]bool{}
	if m.Dirty {
		of[m.Revision] = true
	}
	for _, r := range t.Recorded() {
		for _, run := range r.Runs() {
			if run.Dirty {
				of[run.Revision] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(of))
}

// Mixed returns warnings, in sentences, about records of one sweep that may not be comparable: of several revisions, kernels, results versions
// or data sets.
func Mixed(t *study.Trials, m record.Manifest) (out []string) {
	revisions, kernels, versions := map[string]int{}, map[string]int{}, map[string]int{}
	for _, r := range t.Recorded() {
		of := [3]map[string]bool{{}, {}, {}} // a trial that was measured later may be of several
		for _, run := range r.Runs() {
			of[0][cmp.Or(run.Revision, "unknown")] = true
			of[1][cmp.Or(run.Kernel, "unknown")] = true
			if run.Results > 0 {
				of[2][strconv.Itoa(run.Results)] = true
			}
		}
		for i, count := range []map[string]int{revisions, kernels, versions} {
			for name := range of[i] {
				count[name]++
			}
		}
	}
	if len(revisions) > 1 {
		out = append(out, "Records of different code revisions: "+counted(revisions)+
			". One configuration has the same numbers in all of them, unless the results version was raised in between.")
	}
	if len(kernels) > 1 {
		out = append(out, "Records of different kernels: "+counted(kernels)+
			". avx2, avx512 and neon give equal records; generic agrees with them to 1e-4 only.")
	}
	if len(versions) > 1 {
		out = append(out, "Records of different results versions: "+counted(versions)+
			". The same configuration has other numbers in each.")
	}
	if twice := t.Twice(); twice > 0 {
		out = append(out, fmt.Sprintf("Records of two results versions or two data sets: %s under more than one id. "+
			"The same configuration gave other numbers each time; the figures average them.", stand(twice)))
	}
	sums := map[string][]string{}
	for _, d := range m.Data {
		if !slices.Contains(sums[d.Kind], d.SHA256) {
			sums[d.Kind] = append(sums[d.Kind], d.SHA256)
		}
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
		parts = append(parts, fmt.Sprintf("%s (%s)", name, record.Plural(n[name], "trial")))
	}
	return strings.Join(parts, ", ")
}
