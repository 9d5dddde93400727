package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"msharp/harness/record"
	"msharp/harness/study"
	"msharp/harness/verdict"
)

var update = flag.Bool("update", false, "write the numbers of README.md and results/README.md")

const references = "../../results/reference"

// The numbers of the README and of results/README.md are what the committed references say. `go test ./experiments/msweep -run README -update`
// writes them.
func TestREADME(t *testing.T) {
	members := members(t)
	rows := verdict.Table(members)
	fill(t, "../../README.md", map[string]string{
		"figure": figureText(t, "msweep"), "headline": headline(rows, members), "claims": matrix(rows, members), "time": timeText(t, "msweep"),
		"fast": fastText(t), "measures": measureTable(t),
	})
	fill(t, "../../results/README.md", map[string]string{"references": referenceTable(t, members), "others": others(rows, members), "speed": speedText(t)})
}

// fill holds the blocks between <!-- name --> and <!-- end --> to their texts.
func fill(t *testing.T, path string, blocks map[string]string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := string(text)
	for name, block := range blocks {
		between := regexp.MustCompile(`(?s)(<!-- ` + name + ` -->\n).*?(\n?<!-- end -->)`)
		if !between.MatchString(want) {
			t.Errorf("%s has no place for %s", path, name)
		}
		want = between.ReplaceAllString(want, "${1}"+strings.ReplaceAll(block, "$", "$$")+"\n<!-- end -->")
	}
	switch {
	case want == string(text):
	case *update:
		if err := os.WriteFile(path, []byte(want), 0o666); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("%s has other numbers than results/reference; `go test ./experiments/msweep -run README -update` writes them", path)
	}
}

// order is that of the references in the table; those that it does not name come last.
var order = []string{"msweep", "fashion", "cifar10", "cnn", "mnist4k", "noise20", "robust", "predict", "predict-fashion", "labelnoise", "spectrum", "edge"}

// members are the committed references.
func members(t *testing.T) (ms []verdict.Member) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(references, "*/verdicts.json"))
	if err != nil || len(paths) == 0 {
		t.Fatal("no reference results", err)
	}
	for _, path := range paths {
		m := verdict.Member{Name: filepath.Base(filepath.Dir(path))}
		read(t, path, &m.Verdicts)
		m.Data = reference(t, m.Name).Trained()
		ms = append(ms, m)
	}
	at := func(m verdict.Member) int {
		if i := slices.Index(order, m.Name); i >= 0 {
			return i
		}
		return len(order)
	}
	slices.SortStableFunc(ms, func(a, b verdict.Member) int { return at(a) - at(b) })
	return ms
}

func read(t *testing.T, path string, into any) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatal(path, err)
	}
}

func manifest(t *testing.T, name string) (m record.Manifest) {
	t.Helper()
	read(t, filepath.Join(references, name, "manifest.json"), &m)
	return m
}

func reference(t *testing.T, name string) *study.Trials {
	t.Helper()
	recs, _, err := record.Load(filepath.Join(references, name))
	if err != nil {
		t.Fatal(err)
	}
	return study.Of(recs, manifest(t, name).Data...)
}

// figureText says what the picture shows.
func figureText(t *testing.T, name string) string {
	r := reference(t, name)
	return fmt.Sprintf("*Above, ours: %s, %d seeds of %d networks. Below, the published curves, a residual network on CIFAR-10.*",
		r.Trained(), len(r.Seeds()), len(r.Final())/len(r.Seeds()))
}

// told are the claims that the headline tells of, as the README puts them.
var told = []string{"tuned-small-m-wins", "error-rises-with-m", "predictive-power-falls"}

// headline counts the outcomes over all references, and tells where the claims of told come out which way.
func headline(rows []verdict.Row, members []verdict.Member) string {
	count, all := map[string]int{}, 0
	for _, r := range rows {
		for _, c := range r.Cells {
			if r.Shared() && c.There {
				count[c.Verdict.Verdict]++
				all++
			}
		}
	}
	asked := slices.DeleteFunc(slices.Clone(members), func(m verdict.Member) bool {
		return !slices.ContainsFunc(rows, func(r verdict.Row) bool {
			return r.Shared() && r.Cells[slices.IndexFunc(members, func(o verdict.Member) bool { return o.Name == m.Name })].There
		})
	})
	text := fmt.Sprintf("**What reproduces on which data.** Of %d verdicts on the claims below, in %s of %s, %d reproduce, %d do not, %d are undecided.",
		all, record.Plural(len(asked), "experiment"), seedsText(asked), count[verdict.Reproduces], count[verdict.DoesNotReproduce], count[verdict.Undecided])
	for _, id := range told {
		i := slices.IndexFunc(rows, func(r verdict.Row) bool { return r.Claim == id })
		if i < 0 {
			continue
		}
		by, n := map[string][]string{}, 0
		for k, c := range rows[i].Cells {
			if c.There {
				n++
				by[c.Verdict.Verdict] = append(by[c.Verdict.Verdict], members[k].Name)
			}
		}
		var parts []string
		for _, o := range []struct{ outcome, text string }{{verdict.Reproduces, "reproduces on"}, {verdict.DoesNotReproduce, "does not on"}, {verdict.Undecided, "undecided on"}} {
			if names := by[o.outcome]; len(names) > 0 {
				parts = append(parts, fmt.Sprintf("%s %d of %d (%s)", o.text, len(names), n, strings.Join(names, ", ")))
			}
		}
		text += fmt.Sprintf("\n* *%s* %s.", rows[i].Text, upper(strings.Join(parts, "; ")))
	}
	return strings.Replace(text, "\n* ", "\n\n* ", 1) + seedsAlone(members)
}

// seedsAlone names the references whose records do not hold their errors by block of test images; empty where all do.
func seedsAlone(members []verdict.Member) string {
	var names []string
	for _, m := range members {
		if slices.ContainsFunc(m.Verdicts, func(v verdict.Verdict) bool { return v.Blocks == 0 && v.N > 0 }) {
			names = append(names, m.Name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return fmt.Sprintf("\n\nThe intervals of %s are over seeds alone, given their test images: these were run before records held errors by block, and on "+
		"pools that seeds share.", strings.Join(names, ", "))
}

func upper(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// seedsText is how many seeds the experiments have.
func seedsText(members []verdict.Member) string {
	least, most := 0, 0
	for _, m := range members {
		for _, v := range m.Verdicts {
			if most = max(most, v.N); least == 0 || v.N > 0 && v.N < least {
				least = v.N
			}
		}
	}
	if least == most {
		return fmt.Sprintf("%d seeds each", most)
	}
	return fmt.Sprintf("%d to %d seeds each", least, most)
}

var symbols = map[string]string{verdict.Reproduces: "✓", verdict.DoesNotReproduce: "✗", verdict.Undecided: "?"}

// cell is a verdict in a table: "✓* .113 [.088, .137]".
func cell(c verdict.Cell) string {
	if !c.There {
		return "–"
	}
	text := symbols[c.Verdict.Verdict]
	if c.Holds() {
		text += "*"
	}
	value, interval := c.Digits()
	return strings.TrimSpace(text + " " + value + " " + interval)
}

// n is the number of seeds of an experiment.
func n(m verdict.Member) (n int) {
	for _, v := range m.Verdicts {
		n = max(n, v.N)
	}
	return n
}

// matrix is the table of the claims that several experiments make.
func matrix(rows []verdict.Row, members []verdict.Member) string {
	var shown []int
	for i := range members {
		if slices.ContainsFunc(rows, func(r verdict.Row) bool { return r.Shared() && r.Cells[i].There }) {
			shown = append(shown, i)
		}
	}
	var b strings.Builder
	head, rule := "| claim, *unit* |", "| --- |"
	for _, i := range shown {
		head, rule = head+fmt.Sprintf(" %s, n = %d |", members[i].Name, n(members[i])), rule+" --- |"
	}
	fmt.Fprintf(&b, "%s\n%s", head, rule)
	for _, r := range rows {
		if !r.Shared() {
			continue
		}
		fmt.Fprintf(&b, "\n| %s, *%s* |", r.Claim, r.Unit)
		for _, i := range shown {
			fmt.Fprintf(&b, " %s |", cell(r.Cells[i]))
		}
	}
	return b.String()
}

// others are the claims that one experiment makes, a line each.
func others(rows []verdict.Row, members []verdict.Member) string {
	var lines []string
	for _, r := range rows {
		for i, c := range r.Cells {
			if c.There && !r.Shared() {
				lines = append(lines, fmt.Sprintf("* %s: %s. %s *%s*, n = %d: %s", members[i].Name, r.Claim, r.Text, r.Unit, c.N, cell(c)))
			}
		}
	}
	return strings.Join(lines, "\n")
}

// timeText says what the first run of a reference takes, and where: .ci/first_run measured it.
func timeText(t *testing.T, name string) string {
	var first struct {
		Download float64 `json:"download_s"`
		Compile  float64 `json:"compile_s"`
		Run      float64 `json:"run_s"`
		Trials   int     `json:"trials"`
		Cores    int     `json:"cores"`
		CPU      string  `json:"cpu"`
		Kernel   string  `json:"kernel"`
		Go       string  `json:"go"`
		Date     string  `json:"date"`
	}
	read(t, filepath.Join(references, "first_run.json"), &first)
	m := manifest(t, name)
	if m.Trained != first.Trials {
		t.Errorf("first_run.json is of %d trials, the reference of %d", first.Trials, m.Trained)
	}
	return fmt.Sprintf("`go run ./experiments/msweep` trains these %d networks (ρ = 0 serves every m) on real digits, %s, measures and draws them. On %d cores of an %s (%s, %s; %s)\n"+
		"it takes %s; the first time, %s more to compile, and %s to fetch the modules.",
		m.Trained, m.Data[0].Origin, first.Cores, first.CPU, first.Kernel, first.Go, first.Date, clock(first.Run), clock(first.Compile), clock(first.Download))
}

// clock is seconds as people say them: "2 min 21 s".
func clock(seconds float64) string {
	s := int(seconds + .5)
	if s < 60 {
		return fmt.Sprintf("%d s", s)
	}
	return fmt.Sprintf("%d min %d s", s/60, s%60)
}

// referenceTable lists the references.
func referenceTable(t *testing.T, members []verdict.Member) string {
	lines := []string{"| folder | what was trained | command | seeds | trials | settled in | results version |", "| --- | --- | --- | --- | --- | --- | --- |"}
	for _, m := range members {
		r, from := reference(t, m.Name), manifest(t, m.Name)
		lines = append(lines, fmt.Sprintf("| [`%s`](reference/%s) | %s | `%s` | %d | %d | `%.7s` | %s |", m.Name, m.Name, m.Data, commandText(from.Command),
			len(r.Seeds()), len(r.Final()), from.Revision, versions(r)))
	}
	return strings.Join(lines, "\n")
}

// commandText is the command without where it wrote.
func commandText(words []string) string {
	out := []string{"go run ./experiments/" + words[0]}
	for i := 1; i < len(words); i++ {
		switch {
		case words[i] == "run", words[i] == "--quiet":
		case words[i] == "--out", words[i] == "--workers":
			i++
		case words[i] == "--data" && i+1 < len(words):
			out = append(out, "--data DIR")
			i++
		default:
			out = append(out, words[i])
		}
	}
	return strings.Join(out, " ")
}

func versions(r *study.Trials) string {
	seen := map[string]bool{}
	for _, x := range r.Final() {
		switch {
		case x.Run == nil || x.Run.Results == 0:
			seen["2 or before"] = true
		default:
			seen[fmt.Sprint(x.Run.Results)] = true
		}
	}
	return strings.Join(study.SortedTexts(seen), ", ")
}

// CITATION.cff has the version of the latest release in the changelog.
func TestCitationIsOfTheLatestRelease(t *testing.T) {
	cited := regexp.MustCompile(`(?m)^version: (\S+)$`)
	released := regexp.MustCompile(`(?m)^## (\d+\.\d+\.\d+) `)
	first := func(path string, re *regexp.Regexp) string {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		m := re.FindSubmatch(text)
		if m == nil {
			t.Fatalf("%s names no version", path)
		}
		return string(m[1])
	}
	if c, r := first("../../CITATION.cff", cited), first("../../CHANGELOG.md", released); c != r {
		t.Errorf("CITATION.cff is of %s, the changelog's latest release is %s", c, r)
	}
}
