package page

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"flag"
	"fmt"
	"html"
	"maps"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"msharp/harness/record"
	"msharp/harness/study"
	"msharp/harness/verdict"
	"msharp/plots"
	"msharp/plots/plotstest"
)

// pages is a folder to write pages to, for eyes and for the browser test: see .ci/report.
var pages = flag.String("pages", "", "a folder to write report pages to")

var manifest = record.Manifest{
	Name: "msweep", Command: []string{"msweep", "run", "seed=1,2,3"}, Started: time.Date(2025, 1, 2, 3, 4, 5, 0, time.UTC),
	Seconds: 85.25, Trained: 27, Revision: "0123abc", Dirty: true, Go: "go1.25", Kernel: "avx2", CPU: "a <CPU> & co",
	Cores: 2, Workers: 2, Host: "lab",
	Modules: map[string]string{"gonum.org/v1/plot": "v0.17.0", "gonum.org/v1/gonum": "v0.17.0"},
	Data:    []record.DataSource{{Kind: "mnist", Origin: "golearn", SHA256: "a65175f5"}},
}

// hostile would break out of an attribute, an element, a script, a CDATA section, a line of JavaScript or a shell word.
const hostile = "\"'><script>alert(1)</script><!-- ]]> & \u2028\u2029 </title></style> ' onload=alert(1) ${x} `x` {{.}} \\u003c #?%41"

func judged() []verdict.Verdict {
	missing := record.Number(math.NaN())
	return []verdict.Verdict{
		{Claim: "error-rises-with-m", Text: "At small ρ the test error rises with m.", Verdict: verdict.Reproduces, Why: "p ≤ .05 in the claimed direction",
			Unit: "points of test error a step of m", Estimate: .113, Low: .088, High: .138, N: 10, P: .0137,
			Blocks: 50, SeedsSE: .01041, ImagesSE: .00312, Unadjusted: .00171, Given: .000977},
		{Claim: "predictive-power-falls-loss", Text: "τ with the loss gap falls with the measure's m.", Verdict: verdict.DoesNotReproduce,
			Why: "the 95 % interval excludes a fall of .02", Unit: "τ a step of m", Estimate: .004, Low: -.009, High: .017, N: 10, P: .62,
			SeedsSE: .006, Unadjusted: .31, Given: missing, Sensitivity: []verdict.Sensitivity{
				{Name: "at train error 0", Estimate: -.0312, Low: -.0451, High: -.0173, N: 10, Unadjusted: .00002, Outcome: verdict.Reproduces},
				{Name: "every finite model", Missing: "no seed has a value", Estimate: missing, Low: missing, High: missing, Unadjusted: missing, Outcome: verdict.Undecided},
			}},
		{Claim: "curves-cross", Text: "At large ρ small m is worse.", Verdict: verdict.Undecided, Why: "needs ≥ 3 seeds, has 1", Unit: "points",
			Estimate: missing, Low: missing, High: missing, N: 1, P: missing},
	}
}

// spoiled makes every text of a sweep hostile.
func spoiled(recs []record.Record) []record.Record {
	out := plotstest.With(recs, func(r *record.Record) {
		r.ID += hostile
		config := maps.Clone(r.Config)
		config["model"] = map[string]any{"kind": hostile, "of " + hostile: fmt.Sprint(r.Config["seed"], hostile)}
		config["data"] = map[string]any{"kind": "csv", "file": "/home/" + hostile}
		r.Config = config
		r.Values.Numbers["msharp(m=1 rho=0.05"+hostile+")"] = .5
		r.Run = &record.Run{Revision: hostile, Kernel: hostile, Host: hostile, Error: hostile}
	})
	out[1].Status = record.Failed
	return out
}

func spoiledVerdicts() []verdict.Verdict {
	vs := judged()
	for i := range vs {
		vs[i].Claim, vs[i].Text, vs[i].Why, vs[i].Unit = hostile, hostile, hostile, hostile
		for k := range vs[i].Sensitivity {
			s := &vs[i].Sensitivity[k]
			s.Name, s.Part, s.Missing = hostile, hostile, hostile
		}
	}
	return vs
}

func spoiledManifest() record.Manifest {
	m := manifest
	m.Name, m.Revision, m.Go, m.Kernel, m.CPU, m.Host = hostile, hostile, hostile, hostile, hostile, hostile
	m.Command = []string{hostile, "--config", hostile, "--data", hostile}
	m.Modules = map[string]string{hostile: hostile}
	m.Data = []record.DataSource{{Kind: hostile, Origin: hostile, SHA256: hostile}, {Kind: hostile, Origin: hostile, SHA256: "b"},
		{Kind: "csv", Origin: hostile, SHA256: "c", Class: hostile, Notes: []string{hostile}, Warnings: []string{hostile}}}
	for i := range 10 {
		m.Data[2].Classes = append(m.Data[2].Classes, fmt.Sprint(hostile, i))
	}
	return m
}

// clothes is a manifest that names ten classes.
func clothes() record.Manifest {
	m := manifest
	m.Data = []record.DataSource{{Kind: "mnist", Origin: "a folder", SHA256: "a65175f5",
		Classes: []string{"top", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "boot"}}}
	return m
}

// measured is a sweep with confusion counts and where it ran, as a real one has.
func measured(p plotstest.Population) []record.Record {
	return plotstest.With(p.Records(), func(r *record.Record) {
		r.Run = &record.Run{Revision: "0123abc", Kernel: "avx2", Host: "lab", TrainSeconds: .4, MeasureSeconds: .05}
		v, _ := r.Value("test_error")
		if !finite(v) {
			return
		}
		r.Values.Confusion = make([][]int, 10)
		for c := range r.Values.Confusion {
			r.Values.Confusion[c] = make([]int, 10)
			wrong := int(345 * v)
			r.Values.Confusion[c][c] = 345 - wrong
			for k := range wrong {
				r.Values.Confusion[c][(c+1+k*k%9)%10]++
			}
		}
	})
}

// watching is a sweep that looked at a measure of its own at every fourth step.
func watching(recs []record.Record) []record.Record {
	return plotstest.With(recs, func(r *record.Record) {
		r.Watch = record.Watch{Every: 4, Unit: "step", Values: map[string][]record.Number{}}
		for i := range 12 {
			r.Watch.At = append(r.Watch.At, 4*i)
			r.Watch.Values["hessian_max"] = append(r.Watch.Values["hessian_max"], record.Number(3+float64(i*i)))
		}
	})
}

// many is a sweep of n ≥ 5,000 trials.
var many = func() plotstest.Population { p := plotstest.Whole; p.Seeds = 122; return p }()

// figures are those of a sweep of m-SAM.
func figures() []plots.Figure {
	return []plots.Figure{plots.Overview{File: "msweep"}, plots.Lines{Base: true}, plots.Collapse{}, plots.Power{}, plots.Scatter{}, plots.BestRho{},
		plots.Forest{}, plots.Curves{}}
}

// reportOf is a page with its verdicts and figures.
func reportOf(t *testing.T, recs []record.Record, m record.Manifest, vs []verdict.Verdict, figures ...plots.Figure) string {
	t.Helper()
	of := study.Of(recs)
	drawings, err := plots.DrawAll(figures, of)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := Report(&b, of, m, "Three seeds say this.", vs, drawings...); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// embedded reads what a script element holds, packed.
func embedded(t *testing.T, page, id string, v any) {
	t.Helper()
	_, rest, ok := strings.Cut(page, `<script type="application/gzip" id="`+id+`">`)
	text, _, closed := strings.Cut(rest, "</script>")
	if !ok || !closed {
		t.Fatalf("no %s", id)
	}
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatalf("%s: %v", id, err)
	}
	z, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("%s: %v", id, err)
	}
	if !z.ModTime.IsZero() || z.Name != "" {
		t.Errorf("%s tells when or where it was packed", id)
	}
	if err := json.NewDecoder(z).Decode(v); err != nil {
		t.Fatalf("%s: %v", id, err)
	}
}

func TestReport(t *testing.T) {
	recs := plotstest.Small.Records()
	page := reportOf(t, recs, manifest, judged(), figures()...)
	for _, want := range []string{"<title>msweep</title>", "n = 3 seeds", "0123abc (with changes", "a &lt;CPU&gt; &amp; co", "Figure 5.",
		"sha256 a65175f5", "prefers-color-scheme", "2025-01-02T03:04:05Z", "collapse onto one?</strong>", "1 reproduces", "1 does not reproduce", "1 undecided",
		".113 [.088, .138]", "points of test error a step of m", "needs ≥ 3 seeds, has 1",
		"p alone .002, given these test images &lt; .001; standard error over seeds √A = .010, over test images √T = .0031<",
		"p alone .310; standard error over seeds √A = .0060, over test images not known<",
		"<td>at train error 0</td>\n<td><span class=\"value\">−.031 [−.045, −.017]</span> <span class=\"aside\">τ a step of m</span></td>\n<td class=\"number\" data-name=\"n =\">10</td>\n" +
			"<td class=\"number\" data-name=\"p\">&lt; .001</td>\n<td class=\"outcome yes\"><span class=\"symbol\" aria-hidden=\"true\">✓</span> reproduces</td>",
		"<td>every finite model<span class=\"aside\">no seed has a value</span></td>", "None of these decides a claim",
		"cp FOLDER/sweep.yaml NEW.yaml\ngit checkout 0123abc   # and changes that were not committed\ngo run ./experiments/msweep run --config NEW.yaml --out NEW<", "msweep run seed=1,2,3",
		"changes that are not committed: revision", "MLP on MNIST, 1024 training examples. 27 trials: 25 done, 2 diverged", "2 trials diverged: each counts as an error of 100 %", "Three seeds say this."} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q in the report", want)
		}
	}
	if v, f := strings.Index(page, "error-rises-with-m"), strings.Index(page, "class=\"finding\""); v > f {
		t.Error("the finding stands before the verdicts")
	}
	fetchesNothing(t, page)
	var b strings.Builder
	if err := Report(&b, study.Of(recs), manifest, "", nil); err != nil || strings.Contains(b.String(), "finding\"") {
		t.Error("the page has a finding that nobody gave", err)
	}
}

// Nothing is fetched: addresses are only the names of XML namespaces, and the page's own policy forbids the rest.
func fetchesNothing(t *testing.T, page string) {
	t.Helper()
	for _, address := range regexp.MustCompile(`.{0,60}https?://[^"' <]*`).FindAllString(page, -1) {
		if !strings.Contains(address, "xmlns") && !strings.Contains(address, "createElementNS") {
			t.Errorf("the page refers to %s", address)
		}
	}
	if regexp.MustCompile(`<[^>]* src=|url\(|@import|<link`).MatchString(page) || !strings.Contains(page, `content="default-src &#39;none&#39;;`) {
		t.Error("the page loads something")
	}
}

func TestReportRecords(t *testing.T) {
	recs := measured(plotstest.Small)
	var columns []struct {
		Name, Group string
		Cells       []any
	}
	var trials struct {
		Curves    []*struct{ Epoch, Clean, Perturbed, Val []*float64 }
		Confusion [][][]int
	}
	page := reportOf(t, recs, manifest, nil)
	embedded(t, page, "records-data", &columns)
	embedded(t, page, "trials-data", &trials)
	if len(trials.Curves) != len(recs) || len(trials.Confusion) != len(recs) || columns[0].Name != "id" {
		t.Fatal(len(trials.Curves), len(trials.Confusion), columns[0].Name)
	}
	groups := map[string][]string{}
	for _, c := range columns {
		groups[c.Group] = append(groups[c.Group], c.Name)
		if len(c.Cells) != len(recs) {
			t.Errorf("%s has %d cells", c.Name, len(c.Cells))
		}
	}
	if got := strings.Join(groups["swept"], " "); got != "optimizer.m optimizer.rho seed" {
		t.Errorf("swept: %s", got)
	}
	for group, name := range map[string]string{"setting": "lr", "result": "test_error", "run": "kernel", "measure": "msharp(m=n rho=0.05)"} {
		if !slices.Contains(groups[group], name) {
			t.Errorf("no %s among %q", name, groups[group])
		}
	}
	cells := map[string][]any{}
	for _, c := range columns {
		cells[c.Name] = c.Cells
	}
	for i, id := range cells["id"] {
		k := slices.IndexFunc(recs, func(r record.Record) bool { return r.ID == id })
		want, _ := recs[k].Value("test_error")
		got, ok := cells["test_error"][i].(float64)
		if ok != finite(want) || ok && math.Abs(got-want) > 1e-4*want || cells["status"][i] != string(recs[k].Status) {
			t.Errorf("%s: %v, %v", id, got, want)
		}
		if rho := study.Of(recs[k : k+1]).Final()[0].Rho; rho == 0 && (cells["optimizer.m"][i] != nil || trials.Curves[i].Perturbed != nil) {
			t.Errorf("%s has an m or a perturbed loss at ρ = 0", id)
		}
		if c := trials.Curves[i]; c.Epoch != nil || len(c.Clean) != len(recs[k].Epochs) {
			t.Errorf("%s: %d epochs", id, len(c.Clean))
		}
		if ok && trials.Confusion[i] == nil {
			t.Errorf("%s has no confusion counts", id)
		}
	}
	for i := range cells["id"][1:] {
		if cells["optimizer.m"][i] == cells["optimizer.m"][i+1] && cells["optimizer.rho"][i].(float64) > cells["optimizer.rho"][i+1].(float64) {
			t.Errorf("trial %d does not stand by what was swept", i)
		}
	}
}

// Every figure of a page has values under the pointer, each with words on what it is.
func TestReportShowsValues(t *testing.T) {
	var all [][]pageShown
	page := reportOf(t, measured(plotstest.Small), manifest, nil, figures()...)
	embedded(t, page, "figures-data", &all)
	if n := strings.Count(page, "<figure id="); len(all) != n || n < 6 {
		t.Fatalf("values of %d figures, and %d figures", len(all), n)
	}
	for i, panels := range all {
		numbers := 0
		for _, p := range panels {
			for _, s := range p.Of {
				numbers += len(s.Y)
				if s.Name == "" && s.Texts == nil || p.X.Label == "" && s.X != nil || len(p.X.Ends) != 2 || len(p.Y.At) != 2 {
					t.Errorf("figure %d, %q: %q over %q says not what it is", i+1, p.Title, s.Name, p.X.Label)
				}
			}
		}
		if numbers < 3 {
			t.Errorf("figure %d has %d values", i+1, numbers)
		}
	}
}

// What a trial watched along training is in the page: its measures without their details, and of many looks some, with the last.
func TestReportWatched(t *testing.T) {
	recs := plotstest.With(plotstest.Small.Records()[:2], func(r *record.Record) {
		r.Watch = record.Watch{Every: 1, Unit: "step", Values: map[string][]record.Number{}}
		for i := range 1000 {
			r.Watch.At = append(r.Watch.At, i)
			r.Watch.Values["hessian_max"] = append(r.Watch.Values["hessian_max"], record.Number(1+float64(i)/3))
			r.Watch.Values["hessian_max_residual"] = append(r.Watch.Values["hessian_max_residual"], 1e-9)
		}
	})
	recs[1].Watch = record.Watch{}
	var trials pageTrials
	embedded(t, reportOf(t, recs, manifest, nil), "trials-data", &trials)
	if len(trials.Watched) != 2 || (trials.Watched[0] == nil) == (trials.Watched[1] == nil) {
		t.Fatalf("%+v", trials.Watched)
	}
	w := cmp.Or(trials.Watched[0], trials.Watched[1])
	last := len(w.At) - 1
	if w.Unit != "step" || last < 50 || last > mostLooks || w.At[0] != 0 || w.At[last] != 999 || len(w.Of) != 1 || w.Of[0].Name != "hessian_max" || w.Of[0].Y[last] != 334 {
		t.Errorf("%+v", w)
	}
	var none pageTrials
	if embedded(t, reportOf(t, recs[1:], manifest, nil), "trials-data", &none); none.Watched != nil {
		t.Errorf("without a watch: %+v", none.Watched)
	}
}

// The confusion counts of a trial stand under the names of its data set's classes, where the manifest says one list of them.
func TestReportNamesClasses(t *testing.T) {
	recs := measured(plotstest.Small)
	without := plotstest.With(recs, func(r *record.Record) {
		if r.Config["seed"] == recs[0].Config["seed"] {
			r.Values.Confusion = [][]int{{1, 0}, {0, 1}}
		}
	})
	two := clothes()
	two.Data = append(two.Data, two.Data[0])
	two.Data[1].SHA256, two.Data[1].Classes = "b", slices.Repeat([]string{"x"}, 10)
	for _, c := range []struct {
		name    string
		recs    []record.Record
		m       record.Manifest
		classes int
		some    bool // not all trials have names
	}{{"none said", recs, manifest, 0, false}, {"one list", recs, clothes(), 1, false}, {"two lists", recs, two, 0, false}, {"trials of other data", without, clothes(), 1, true}} {
		var trials pageTrials
		embedded(t, reportOf(t, c.recs, c.m, nil), "trials-data", &trials)
		if len(trials.Classes) != c.classes || (trials.Named != nil) != c.some {
			t.Fatalf("%s: %q, %v", c.name, trials.Classes, trials.Named)
		}
		for i, which := range trials.Named {
			if (which == -1) != (len(trials.Confusion[i]) == 2) || which != 0 && which != -1 {
				t.Errorf("%s: trial %d has the names %d", c.name, i, which)
			}
		}
		if c.classes == 1 && !slices.Equal(trials.Classes[0], clothes().Data[0].Classes) {
			t.Errorf("%s: %q", c.name, trials.Classes)
		}
	}
}

func TestReportOfHostileText(t *testing.T) {
	recs := spoiled(plotstest.Small.Records())
	page := reportOf(t, recs, spoiledManifest(), spoiledVerdicts(), figures()...)
	var columns []pageColumn
	embedded(t, page, "records-data", &columns)
	found := 0
	for _, c := range columns {
		for _, cell := range c.Cells {
			if s, ok := cell.(string); ok && strings.Contains(s, hostile) {
				found++
			}
		}
	}
	if found < 5*len(recs) {
		t.Errorf("%d cells hold the text", found)
	}
	if n := strings.Count(page, "<script"); n != 4 {
		t.Errorf("%d scripts", n)
	}
	markup := regexp.MustCompile(`(?s)<script.*?</script>`).ReplaceAllString(page, "")
	for _, bad := range []string{"<script>alert", "' onload", "</title></style>", "<!-- ]]>"} {
		if strings.Contains(markup, bad) {
			t.Errorf("%q stands in the page as it is", bad)
		}
	}
	if !strings.Contains(page, html.EscapeString("><script>alert(1)")) {
		t.Error("the text is not on the page")
	}
	fetchesNothing(t, page)
}

// What a sweep may lack makes a page that says so.
func TestReportSays(t *testing.T) {
	all := plotstest.Small.Records()
	older := plotstest.With(all, func(r *record.Record) {
		r.ID = "v1-" + r.ID
		r.Run = &record.Run{Revision: "old", Kernel: "generic", Host: "lab"}
	})
	newer := plotstest.With(all, func(r *record.Record) { r.Run = &record.Run{Revision: "new", Kernel: "avx512", Host: "lab"} })
	plan := manifest
	plan.Trials = []string{all[0].ID, "x", "y"}
	for name, c := range map[string]struct {
		recs []record.Record
		m    record.Manifest
		want []string
	}{
		"none": {nil, record.Manifest{}, []string{
			"No trial has been recorded", "The folder has no manifest", "No figure can be drawn"}},
		"one trial":    {all[:1], plan, []string{"Not finished: 2 of 3 trials of the plan have no record", "3 trials: 1 done, 2 missing"}},
		"all diverged": {plotstest.With(all, plotstest.Diverge), manifest, []string{"27 trials: 0 done, 27 diverged", "27 trials diverged"}},
		"failed":       {plotstest.With(all, func(r *record.Record) { r.Status = record.Failed }), manifest, []string{"27 trials failed"}},
		"two versions": {append(slices.Clone(older), newer...), manifest, []string{
			"two results versions or two data sets: 27 configurations stand under more than one id",
			"different code revisions: new (27 trials), old (27 trials)", "different kernels: avx512 (27 trials), generic (27 trials)"}},
		"measured elsewhere": {plotstest.With(newer, func(r *record.Record) {
			r.Run = &record.Run{Revision: "new", Results: 2, Kernel: "avx512", Host: "lab"}
			if r.ID == all[0].ID || r.ID == all[7].ID {
				r.Measured = []record.Run{{Revision: "new", Results: 3, Kernel: "generic", Host: "lab"}, {Revision: "new", Results: 3, Kernel: "generic", Host: "lab"}}
			}
		}), manifest, []string{"different kernels: avx512 (27 trials), generic (2 trials)", "different results versions: 2 (27 trials), 3 (2 trials)"}},
		"changed code": {plotstest.With(newer, func(r *record.Record) {
			r.Run = &record.Run{Revision: "new", Dirty: r.ID == all[3].ID, Kernel: "avx512"}
		}), record.Manifest{Revision: "newest"}, []string{"not committed: revision new does not say all of it"}},
	} {
		page := reportOf(t, c.recs, c.m, nil, plots.Lines{Base: true})
		for _, want := range c.want {
			if !strings.Contains(page, want) {
				t.Errorf("%s: no %q", name, want)
			}
		}
		if strings.Contains(page, "NaN") || strings.Contains(page, "ZgotmplZ") || !strings.Contains(page, "This experiment makes no claims") {
			t.Errorf("%s: a page with NaN or claims", name)
		}
	}
	if got := Mixed(study.Of(newer), manifest); got != nil {
		t.Errorf("of one origin, but %q", got)
	}
}

// What makes a folder again follows from its manifest: the program, the code, the data if they were the user's, and the arithmetic where
// it is not the fastest one.
func TestAgain(t *testing.T) {
	command := func(words ...string) record.Manifest {
		return record.Manifest{Command: append([]string{"msweep"}, words...), Revision: "0123abc", Kernel: "avx512"}
	}
	reference := command("run", "--config", "experiments/msweep/noise20.yaml", "--out", "results/reference/noise20", "--quiet")
	elsewhere := command("run", "--config", "experiments/msweep/mnist4k.yaml", "--data", "/d", "--out", "results/reference/mnist4k")
	generic := command("--data=/d")
	generic.Kernel, generic.Revision = "generic", "unknown"
	const cp, checkout, run = "cp FOLDER/sweep.yaml NEW.yaml", "git checkout 0123abc", "go run ./experiments/msweep run --config NEW.yaml --out NEW"
	for _, c := range []struct {
		m    record.Manifest
		want []string
	}{
		{reference, []string{cp, checkout, run}},
		{elsewhere, []string{cp, checkout, run + " --data DIR"}},
		{generic, []string{cp, "MSHARP_KERNEL=generic " + run + " --data DIR"}},
		{record.Manifest{Revision: "0123abc"}, nil},
	} {
		a := again(c.m)
		if !slices.Equal(a.Run, c.want) || (a.Draw != "") != (c.want != nil) {
			t.Errorf("%q: %+v", c.m.Command, a)
		}
	}
}

func TestPageVerdict(t *testing.T) {
	missing := record.Number(math.NaN())
	for _, c := range []struct {
		mean, low, high record.Number
		value, interval string
	}{
		{.113, .088, .138, ".113", "[.088, .138]"}, {-12.4, -15, -9.8, "−12.4", "[−15.0, −9.8]"},
		{.5, .5, .5, ".500", ""}, {.5, missing, missing, ".500", ""},
		{1234, 234, 2234, "1234", "[234, 2234]"}, {0, -3e-7, 3e-7, ".00000000", "[−.00000030, .00000030]"}, {missing, missing, missing, "–", ""},
	} {
		p := newPageVerdict(verdict.Verdict{Estimate: c.mean, Low: c.low, High: c.high, P: missing})
		if p.Value != c.value || p.Range != c.interval || (p.Bar == nil) != (c.interval == "") || p.P != "–" {
			t.Errorf("%+v: %+v", c, p)
		}
	}
	lines := VerdictLines(judged())
	first := "✓ reproduces          error-rises-with-m           .113 [.088, .138] points of test error a step of m, n = 10, p = .014"
	if len(lines) != 3 || lines[0] != first || !strings.HasSuffix(lines[2], "needs ≥ 3 seeds, has 1") {
		t.Errorf("%q", lines)
	}
	sure := judged()[0]
	sure.P = 1e-5
	if line := VerdictLines([]verdict.Verdict{sure})[0]; !strings.HasSuffix(line, ", n = 10, p < .001") {
		t.Errorf("%q", line)
	}
}

// A page of 5,000 trials stays below 6 MB; .ci/report holds the time in which it opens to that of a page of the usual size.
func TestReportOfManyTrials(t *testing.T) {
	if testing.Short() {
		t.Skip("makes 5,000 trials and packs them")
	}
	recs := measured(many)
	if len(recs) < 5000 {
		t.Fatal(len(recs))
	}

	began := time.Now()
	var b strings.Builder
	if err := Report(&b, study.Of(recs), manifest, "", judged()); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d trials: %.1f MB in %v", len(recs), float64(b.Len())/1e6, time.Since(began).Round(time.Millisecond))
	if b.Len() > 6e6 {
		t.Errorf("%d bytes", b.Len())
	}
	if !strings.Contains(b.String(), "Shown: 5000 of 5002 trials, drawn at random.") {
		t.Error("the page does not say of how many trials its table is")
	}
}

// TestPages writes the pages that the browser test opens.
func TestPages(t *testing.T) {
	if *pages == "" {
		t.Skip("no -pages folder")
	}
	save := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(*pages, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	save("whole.html", reportOf(t, measured(plotstest.Whole), manifest, judged(), figures()...))
	save("hostile.html", reportOf(t, spoiled(measured(plotstest.Small)), spoiledManifest(), spoiledVerdicts(), figures()...))
	save("empty.html", reportOf(t, nil, record.Manifest{}, nil, figures()...))
	save("one.html", reportOf(t, measured(plotstest.Small)[:1], clothes(), nil, figures()...))
	save("diverged.html", reportOf(t, plotstest.With(plotstest.Small.Records(), plotstest.Diverge), manifest, nil, figures()...))
	save("watched.html", reportOf(t, watching(plotstest.Small.Records()), manifest, nil, figures()...))
	save("many.html", reportOf(t, measured(many), manifest, judged(), figures()...))
}

// The best ρ is found apart for every other setting that was swept, as if there were no other.
func TestPageBestStandsApart(t *testing.T) {
	both, alone := plotstest.Small, plotstest.Small
	both.Hidden, alone.Hidden = []float64{64, 128}, []float64{64}
	got, want := newPageBest(study.Of(both.Records())), newPageBest(study.Of(alone.Records()))
	if !slices.Equal(got.Keys, []string{"model.hidden"}) || want.Keys != nil || len(got.Rows) != 4 || len(want.Rows) != 2 {
		t.Fatalf("%+v, %+v", got, want)
	}
	for i := range want.Rows {
		if !slices.Equal(got.Rows[i].Others, []string{"[64]"}) {
			t.Errorf("row %d is of %v", i, got.Rows[i].Others)
		}
		got.Rows[i].Others = want.Rows[i].Others
		if !reflect.DeepEqual(got.Rows[i], want.Rows[i]) {
			t.Errorf("beside others %+v, alone %+v", got.Rows[i], want.Rows[i])
		}
	}
}

// A difference to ρ = 0 pairs runs of the same seed. A run that diverged is an error of 100 %, in the choice of ρ too.
func TestBestIsPaired(t *testing.T) {
	var recs []record.Record
	for seed := 1; seed <= 4; seed++ {
		for _, lr := range []float64{.1, .2} {
			for _, rho := range []float64{0, .1, .2} {
				r := plotstest.Erring(seed, rho, 4, .1*float64(seed)+lr-rho/10, .5-rho/10)
				r.Config["lr"] = lr
				r.ID += fmt.Sprint(lr)
				recs = append(recs, r)
			}
		}
	}
	rows := best(study.Of(recs))
	if len(rows) != 1 || rows[0].rho != .2 || math.Abs(rows[0].diff.Mean+2) > 1e-9 || rows[0].diff.N != 4 {
		t.Fatalf("%+v", rows)
	}
	unknown := plotstest.With(recs, func(r *record.Record) { delete(r.Values.Numbers, "val_error") })
	if got := best(study.Of(unknown)); len(got) != 1 || got[0].ok {
		t.Errorf("a choice by validation error without one: %+v", got)
	}
	plotstest.Diverge(&recs[2]) // the first at ρ = .2
	if got := best(study.Of(recs)); got[0].rho != .1 || math.Abs(got[0].diff.Mean+1) > 1e-9 {
		t.Errorf("with a diverged run: %+v", got)
	}
}

// The page says why a figure is missing.
func TestReportOfParts(t *testing.T) {
	bare := plotstest.Small
	bare.Measures = nil
	for name, recs := range map[string][]record.Record{
		"no measures": bare.Records(), "one seed": plotstest.Small.OneSeed().Records(), "none": nil, "one trial": bare.Records()[:1],
		"all diverged": plotstest.With(plotstest.Small.Records(), plotstest.Diverge),
	} {
		drawings, err := plots.DrawAll(figures(), study.Of(recs))
		if err != nil {
			t.Fatal(err)
		}
		page := reportOf(t, recs, manifest, nil, figures()...)
		skipped := 0
		for _, d := range drawings {
			if d.Skipped != "" {
				if skipped++; !strings.Contains(page, "("+d.Name+"): ") {
					t.Errorf("%s: the page does not say why %s is missing", name, d.Name)
				}
			}
		}
		if skipped == 0 && name != "one seed" || strings.Contains(page, "NaN") || strings.Contains(page, "ZgotmplZ") {
			t.Errorf("%s: %d figures are missing, or a NaN stands on the page", name, skipped)
		}
	}
}

// Equal records make equal pages, whatever their order and whether they were read from JSON.
func TestSameRecordsSameBytes(t *testing.T) {
	recs := append(plotstest.Small.Records(), plotstest.Zoo(1)...)
	blob, err := json.Marshal(recs)
	if err != nil {
		t.Fatal(err)
	}
	var read []record.Record
	if err := json.Unmarshal(blob, &read); err != nil {
		t.Fatal(err)
	}
	want := reportOf(t, recs, manifest, judged())
	for name, other := range map[string][]record.Record{"again": recs, "shuffled": plotstest.Shuffled(recs), "through JSON": plotstest.Shuffled(read)} {
		if reportOf(t, other, manifest, judged()) != want {
			t.Errorf("%s: other bytes", name)
		}
	}
}

func TestIndex(t *testing.T) {
	sweeps := []Sweep{
		{Folder: "a b", Manifest: manifest, Verdicts: judged(), What: "MLP on MNIST", Counts: "27 trials", Figure: "msweep", Report: true},
		{Folder: hostile, Problem: hostile},
	}
	var b strings.Builder
	if err := Index(&b, sweeps, ""); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{IndexMark, "2 output folders", "./a%20b/report.html", "./a%20b/figures/msweep.png", "2025-01-02", "1 does not reproduce"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in the index", want)
		}
	}
	if strings.Contains(b.String(), "<script") {
		t.Error("a name of a folder stands in the index as it is")
	}
	page := reportOf(t, plotstest.Small.Records(), manifest, nil, plots.Lines{File: "a&b"})
	if got := MainFigure([]byte(page)); got != "a&b" || MainFigure(nil) != "" {
		t.Errorf("the main figure is %q", got)
	}
}
