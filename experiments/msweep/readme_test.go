package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"msharp/harness/record"
	"msharp/harness/study"
	"msharp/harness/verdict"
)

var update = flag.Bool("update", false, "write the README's numbers")

// The README's finding and verdicts are what the committed references say. `go test ./experiments/msweep -run README -update` writes them.
func TestREADME(t *testing.T) {
	const path = "../../README.md"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := string(text)
	for name, block := range map[string]string{
		"finding": finding(t, "msweep"),
		"claims":  matrix(t, figure3, "msweep", "mnist4k", "cnn", "noise20", "robust"),
		"predict": list(t, "predict"), "robust": list(t, "robust"), "labelnoise": list(t, "labelnoise"),
	} {
		between := regexp.MustCompile(`(?s)(<!-- ` + name + ` -->\n *).*?(\n *<!-- end -->)`)
		if !between.MatchString(want) {
			t.Errorf("the README has no place for %s", name)
		}
		want = between.ReplaceAllString(want, "${1}"+strings.ReplaceAll(block, "$", "$$")+"${2}")
	}
	switch {
	case want == string(text):
	case *update:
		if err := os.WriteFile(path, []byte(want), 0o666); err != nil {
			t.Fatal(err)
		}
	default:
		t.Error("the README's numbers are not those of results/reference; `go test ./experiments/msweep -run README -update` writes them")
	}
}

// finding is that of a reference's records, as a run says it: verdicts.json does not tell of which part an estimate is.
func finding(t *testing.T, name string) string {
	t.Helper()
	recs, _, err := record.Load(filepath.Join("../../results/reference", name))
	if err != nil {
		t.Fatal(err)
	}
	return verdict.Finding(figure3, verdict.Judge(figure3, study.Of(recs)))
}

func referenceVerdicts(t *testing.T, name string) (vs []verdict.Verdict) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../../results/reference", name, "verdicts.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &vs); err != nil {
		t.Fatal(err)
	}
	return vs
}

var symbols = map[string]string{verdict.Reproduces: "✓", verdict.DoesNotReproduce: "✗", verdict.Undecided: "?"}

// cell is a verdict in a table: "✓ .113 [.088, .137]".
func cell(v verdict.Verdict) string {
	value, interval := v.Digits()
	return strings.TrimSpace(symbols[v.Verdict] + " " + value + " " + interval)
}

// matrix is a table of claims by references.
func matrix(t *testing.T, claims []verdict.Claim, names ...string) string {
	t.Helper()
	var b strings.Builder
	head, rule := "| claim, unit |", "| --- |"
	for _, name := range names {
		head, rule = head+fmt.Sprintf(" %s, n = %d |", name, referenceVerdicts(t, name)[0].N), rule+" --- |"
	}
	fmt.Fprintf(&b, "%s\n%s", head, rule)
	for _, c := range claims {
		fmt.Fprintf(&b, "\n| %s *%s* |", c.Text, c.Unit)
		for _, name := range names {
			text := "–"
			for _, v := range referenceVerdicts(t, name) {
				if v.Claim == c.ID {
					text = cell(v)
				}
			}
			fmt.Fprintf(&b, " %s |", text)
		}
	}
	return b.String()
}

// list is the verdicts of one reference, in a line.
func list(t *testing.T, name string) string {
	t.Helper()
	var parts []string
	for _, v := range referenceVerdicts(t, name) {
		parts = append(parts, v.Claim+" "+cell(v))
	}
	return strings.Join(parts, "; ") + "."
}
