package cli

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"image/png"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"msharp/harness/record"
)

// Without a command it runs, into results/NAME, and says what became of every trial and where to look.
func TestRun(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	o := call(t, dir, exitOK, "--workers", "2")
	out := filepath.Join(dir, "results", "tiny")
	if recs := load(t, out); len(recs) != trials {
		t.Errorf("%d records", len(recs))
	}
	if !strings.Contains(o.out, "10 trials: 10 done") || !strings.Contains(o.out, filepath.Join("results", "tiny", "report.html")) {
		t.Errorf("it says %q", o.out)
	}
	if n := strings.Count(o.talk, "\n"); n != trials || !strings.Contains(o.talk, "10/10 ") || !strings.Contains(o.talk, "test error") {
		t.Errorf("progress is %d lines:\n%s", n, o.talk)
	}

	// Again: nothing to train, one line that says so.
	before := tree(t, out)
	again := call(t, dir, exitOK, "run")
	if strings.Count(again.talk, "\n") != 1 || !strings.Contains(again.talk, "recorded") {
		t.Errorf("the second run says\n%s", again.talk)
	}
	if d := differing(before, tree(t, out)); len(d) > 0 {
		t.Errorf("the second run changed %q", d)
	}
	if again.out != o.out {
		t.Errorf("the second run finds %q, the first %q", again.out, o.out)
	}
	if quiet := call(t, t.TempDir(), exitOK, "--quiet", "seed=1"); quiet.talk != "" {
		t.Errorf("--quiet says %q", quiet.talk)
	}
}

// The files of the output folder, as product.md lists them.
func TestOutputFolder(t *testing.T) {
	t.Parallel()
	_, out := finished(t)
	files := tree(t, out)
	names := map[string]bool{"manifest.json": true, "plan.jsonl": true, "records.csv": true, "report.html": true, "sweep.yaml": true, "verdicts.json": true}
	figures := map[string]int{}
	for name, text := range files {
		switch ext := filepath.Ext(name); {
		case names[name] && text != "":
		case strings.HasPrefix(name, "records/") && ext == ".jsonl":
		case strings.HasPrefix(name, "logs/") && strings.Contains(text, "epoch 1: train loss"):
		case strings.HasPrefix(name, "figures/"):
			figures[strings.TrimSuffix(name, ext)]++
			checkFigure(t, name, text)
		default:
			t.Errorf("%s is there with %d bytes", name, len(text))
		}
	}
	for name := range names {
		if files[name] == "" {
			t.Errorf("%s is missing", name)
		}
	}
	if len(figures) < 3 || figures["figures/msweep"] == 0 {
		t.Errorf("figures %v", figures)
	}
	for name, n := range figures {
		if n != 3 {
			t.Errorf("%s has %d files, want .png, .svg and .csv", name, n)
		}
	}
	if !strings.Contains(files["report.html"], "<svg") || !strings.Contains(files["report.html"], manifestOf(t, out).Data[0].SHA256) {
		t.Error("the report lacks its figures or the data's hash")
	}
}

func checkFigure(t *testing.T, name, text string) {
	t.Helper()
	switch filepath.Ext(name) {
	case ".png":
		if img, err := png.Decode(strings.NewReader(text)); err != nil || img.Bounds().Dx() < 300 {
			t.Errorf("%s: %v", name, err)
		}
	case ".svg":
		for d := xml.NewDecoder(strings.NewReader(text)); ; {
			if _, err := d.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Errorf("%s: %v", name, err)
				break
			}
		}
	case ".csv":
		if rows, err := csv.NewReader(strings.NewReader(text)).ReadAll(); err != nil || len(rows) < 2 {
			t.Errorf("%s has %d rows: %v", name, len(rows), err)
		}
	default:
		t.Errorf("%s is no figure", name)
	}
}

// The columns of records.csv stand in the documented order, and there is a row a trial.
func TestRecordsTable(t *testing.T) {
	t.Parallel()
	_, out := finished(t)
	rows, err := csv.NewReader(strings.NewReader(tree(t, out)["records.csv"])).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	head := rows[0]
	metrics := strings.Split("train_error,val_error,test_error,train_loss,val_loss,test_loss,error_gap,loss_gap,best_val_error,best_val_epoch,epochs_run,train_seconds,measure_seconds", ",")
	first := slices.Index(head, metrics[0])
	if len(rows) != 1+trials || !slices.Equal(head[:2], []string{"id", "status"}) || first < 3 || !slices.Equal(head[first:first+len(metrics)], metrics) {
		t.Fatalf("%d rows under %q", len(rows), head)
	}
	settings, measures := head[2:first], head[first+len(metrics):]
	for _, key := range []string{"optimizer.rho", "optimizer.m", "optimizer.base.momentum", "seed", "data.train", "model.hidden", "lr"} {
		if !slices.Contains(settings, key) {
			t.Errorf("no column %s among the settings %q", key, settings)
		}
	}
	for _, name := range []string{"msharp(m=1 rho=0.05)", "msharp(m=n rho=0.2)", "gradnorm"} {
		if !slices.Contains(measures, name) {
			t.Errorf("no column %s among the measures %q", name, measures)
		}
	}
	rho, m := slices.Index(head, "optimizer.rho"), slices.Index(head, "optimizer.m")
	for _, row := range rows[1:] {
		if row[1] != "done" || (row[rho] == "0") != (row[m] == "") {
			t.Errorf("trial %s is %s at ρ = %q, m = %q", row[0], row[1], row[rho], row[m])
		}
	}
}

// sweep.yaml plans the very trials it was written for.
func TestSweepYAMLPlansTheSameTrials(t *testing.T) {
	t.Parallel()
	dir, _ := finished(t)
	plan := call(t, dir, exitOK, "list", "--json")
	if again := call(t, dir, exitOK, "list", "--json", "--config", filepath.Join("out", "sweep.yaml")); again.out != plan.out {
		t.Errorf("sweep.yaml plans\n%s", again.out)
	}
	if again := call(t, dir, exitOK, "--config", filepath.Join("out", "sweep.yaml"), "--out", "out"); !strings.Contains(again.talk, "recorded") {
		t.Errorf("sweep.yaml trains again:\n%s", again.talk)
	}
}

func TestList(t *testing.T) {
	t.Parallel()
	dir, out := finished(t)
	o := call(t, dir, exitOK, "list", "--out", "out")
	want := "tiny: 10 trials: 10 done in out\n  optimizer.rho: 0, 0.05, 0.5\n  optimizer.m: 1, 4\n  seed: 1, 2\n  data: spirals, 300 examples; made from the stream spirals of seed 0, sha256 53dc58ba0a1c…\n  measure msharp: 1 gradient, 6 forward passes, as much as 3 gradients\n  measure gradnorm: 1 gradient\n  memory: a trial takes at most about N MiB; the limit is LIMIT\n\n" + tree(t, out)["sweep.yaml"]
	if got := regexp.MustCompile(`about 1\.[01][0-9] MiB; the limit is .*`).ReplaceAllString(o.out, "about N MiB; the limit is LIMIT"); got != want || o.talk != "" {
		t.Errorf("the plan is\n%s\nwant\n%s\nand it says %q", o.out, want, o.talk)
	}
	if o := call(t, dir, exitOK, "list"); !strings.HasPrefix(o.out, "tiny: 10 trials: 0 done, 10 missing in results/tiny; about ") {
		t.Errorf("before anything ran it says %s", o.out)
	}
	var plan []struct {
		ID     string
		Config map[string]any
	}
	if err := json.Unmarshal([]byte(call(t, dir, exitOK, "list", "--json").out), &plan); err != nil {
		t.Fatal(err)
	}
	listed := map[string]map[string]any{}
	for _, p := range plan {
		listed[p.ID] = p.Config
	}
	recs := load(t, out)
	if len(plan) != trials || len(listed) != trials {
		t.Fatalf("%d trials, %d ids", len(plan), len(listed))
	}
	for _, r := range recs {
		if !reflect.DeepEqual(listed[r.ID], r.Config) {
			t.Errorf("%s is planned as %v and recorded as %v", r.ID, listed[r.ID], r.Config)
		}
	}
	for words, want := range map[string]string{
		"seed=3": "5 trials", "seed=range(1,5)": "20 trials", "optimizer.rho=0": "2 trials", "lr=0.1,0.2": "20 trials", "name=other": "other: 10 trials",
	} {
		if o := call(t, dir, exitOK, "list", words); !strings.Contains(o.out, want) {
			t.Errorf("list %s: %s", words, o.out)
		}
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("list wrote into %v", entries)
	}
}

func TestStatus(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if o := call(t, dir, exitUsage, "status"); !strings.Contains(o.talk, "holds no records") {
		t.Errorf("before the first run it says %q", o.talk)
	}
	status := func() (c map[string]any) {
		t.Helper()
		if err := json.Unmarshal([]byte(call(t, dir, exitOK, "status", "--json").out), &c); err != nil {
			t.Fatal(err)
		}
		return c
	}
	call(t, dir, exitOK, "--quiet", "--shard", "0/2")
	c := status()
	if left, ok := c["seconds_left"].(float64); !ok || !(left > 0) {
		t.Errorf("time left %v", c["seconds_left"])
	}
	delete(c, "seconds_left")
	if want := (map[string]any{"trials": 10., "done": 5., "diverged": 0., "failed": 0., "missing": 5., "running": 0., "processes": 0., "left_to_them": 0., "trials_a_minute": nil, "errors": []any{}, "unended": map[string]any{}}); !reflect.DeepEqual(c, want) {
		t.Errorf("half way: %v", c)
	}
	if o := call(t, dir, exitOK, "status"); !strings.Contains(o.out, "10 trials: 5 done, 5 missing, about") || strings.Count(o.out, "\n") != 1 {
		t.Errorf("half way it says %q", o.out)
	}
	call(t, dir, exitOK, "--quiet", "--shard", "1/2")
	if c := status(); c["done"] != 10. || c["missing"] != 0. || c["seconds_left"] != 0. {
		t.Errorf("at the end: %v", c)
	}
	if o := call(t, dir, exitOK, "status"); !strings.HasSuffix(o.out, ": 10 trials: 10 done\n") {
		t.Errorf("at the end it says %q", o.out)
	}
}

// Figures and report are made from the records alone, to the byte.
func TestDraw(t *testing.T) {
	t.Parallel()
	dir, out := finished(t)
	before := tree(t, out)
	for _, name := range []string{"figures", "report.html", "records.csv", "verdicts.json"} {
		if err := os.RemoveAll(filepath.Join(out, name)); err != nil {
			t.Fatal(err)
		}
	}
	o := call(t, dir, exitOK, "draw", "--out", "out")
	if d := differing(before, tree(t, out)); len(d) > 0 {
		t.Errorf("drawn otherwise: %q", d)
	}
	if !strings.Contains(o.out, "report.html") {
		t.Errorf("it says %q", o.out)
	}
	call(t, t.TempDir(), exitUsage, "draw")
}

func TestExport(t *testing.T) {
	t.Parallel()
	dir, out := finished(t)
	var jsonl bytes.Buffer
	if err := record.WriteJSONL(&jsonl, load(t, out)); err != nil {
		t.Fatal(err)
	}
	table := tree(t, out)["records.csv"]
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--format", "csv"}, table}, {[]string{"--format=jsonl"}, jsonl.String()}, {nil, table},
	} {
		args := append([]string{"export", "--out", "out"}, c.args...)
		if o := call(t, dir, exitOK, args...); o.out != c.want || o.talk != "" {
			t.Errorf("%q prints\n%s%s", args, o.out, o.talk)
		}
		o := call(t, dir, exitOK, append(args, "-o", "file")...)
		if text := tree(t, dir)["file"]; text != c.want || o.out != "" {
			t.Errorf("%q -o file writes\n%s\nand prints %q", args, text, o.out)
		}
	}
	call(t, t.TempDir(), exitUsage, "export")
}

func TestSelftest(t *testing.T) {
	notShort(t, "takes every oracle, as TestOracles of package harness does")
	t.Parallel()
	o := call(t, t.TempDir(), exitOK, "selftest")
	rows := strings.Split(strings.TrimSuffix(o.out, "\n"), "\n")
	for _, column := range []string{"oracle", "expected", "measured", "tolerance"} {
		if !strings.Contains(rows[0], column) {
			t.Errorf("no column %s in %q", column, rows[0])
		}
	}
	for _, row := range rows[1:] {
		if !strings.HasSuffix(strings.TrimSpace(row), " ok") {
			t.Errorf("row %q", row)
		}
	}
	if len(rows) < 10 {
		t.Errorf("only %d oracles", len(rows)-1)
	}
}

// Neither the number of workers nor shards change a record.
func TestWorkersAndShardsGiveEqualRecords(t *testing.T) {
	notShort(t, "runs a sweep several times")
	t.Parallel()
	_, out := finished(t)
	want := bare(t, out)
	for _, calls := range [][][]string{
		{{"--workers", "1"}}, {{"--workers", "4"}}, {{"--shard", "1/2"}, {"--shard", "0/2", "--workers", "3"}},
		{{"--shard", "10/11"}, {"optimizer.rho=0.5"}, {"seed=2"}, {}},
	} {
		dir := t.TempDir()
		for _, args := range calls {
			call(t, dir, exitOK, append(args, "--quiet")...)
		}
		out := filepath.Join(dir, "results", "tiny")
		if got := bare(t, out); !slices.Equal(got, want) {
			t.Errorf("%q: other records", calls)
		}
		if n := lines(t, out); n != trials {
			t.Errorf("%q: %d trials trained", calls, n)
		}
	}
}

// Other measures and more seeds of the same configuration are welcome in its folder.
func TestFolderGrows(t *testing.T) {
	notShort(t, "runs a sweep several times")
	t.Parallel()
	dir := t.TempDir()
	_, whole := finished(t)
	out := filepath.Join(dir, "results", "tiny")
	call(t, dir, exitOK, "--quiet", "measures=[gradnorm]")
	call(t, dir, exitOK, "--quiet")
	if !slices.Equal(bare(t, out), bare(t, whole)) {
		t.Error("measures taken later differ from measures taken at once")
	}
	before := lines(t, out)
	o := call(t, dir, exitOK, "seed=1,2,3")
	if lines(t, out) != before+trials/2 || !strings.Contains(o.out, "15 trials: 15 done") {
		t.Errorf("%d lines became %d: %s", before, lines(t, out), o.out)
	}
	if m := manifestOf(t, out); m.Trained != trials/2 || len(m.Trials) != 15 {
		t.Errorf("the manifest counts %d trained of %d", m.Trained, len(m.Trials))
	}
}

// How long a sweep takes is foreseen in little time, however many kinds of trials it has, and is a bound where training may stop sooner.
func TestListForesees(t *testing.T) {
	notShort(t, "times hundreds of kinds of trials")
	t.Parallel()
	o := call(t, t.TempDir(), exitOK, "list", "model.hidden="+widths(600), "measures=[]")
	if !strings.Contains(o.out, " on one worker\n") || !strings.Contains(o.out, "; about ") {
		t.Errorf("it says %.200s", o.out)
	}
	if o := call(t, t.TempDir(), exitOK, "list", "epochs=null", "stop={train_loss: 3, max_epochs: 100000}"); !strings.Contains(o.out, "; at most ") || !strings.Contains(o.out, ", measures aside\n") {
		t.Errorf("it says %s", o.out)
	}
}

// widths is so many networks of different width.
func widths(n int) (list string) {
	for i := range n {
		list += fmt.Sprintf(",[%d]", 9+i)
	}
	return list[1:]
}

// A checkpoint that is older than its trial's record is removed: a process may be stopped between the two. One of a later training is
// not. More workers than trials are as many.
func TestSpentCheckpoints(t *testing.T) {
	t.Parallel()
	dir, out := finished(t)
	if err := os.Mkdir(filepath.Join(out, "checkpoints"), 0o777); err != nil {
		t.Fatal(err)
	}
	const foreign = "0123456789abcdef"
	recs := load(t, out)
	for id, after := range map[string]time.Duration{recs[3].ID: -time.Second, recs[5].ID: time.Second, foreign: -time.Second} {
		path := filepath.Join(out, "checkpoints", id+".safetensors")
		write(t, path, "")
		ended, err := time.Parse(time.RFC3339, recs[3].Run.Ended)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, ended.Add(after), ended.Add(after)); err != nil {
			t.Fatal(err)
		}
	}
	call(t, dir, exitOK, "--out", "out", "--workers", "1000000000", "seed=1,2,3")
	left := slices.Sorted(maps.Keys(tree(t, filepath.Join(out, "checkpoints"))))
	want := []string{foreign + ".safetensors", recs[5].ID + ".safetensors"}
	if slices.Sort(want); !slices.Equal(left, want) || lines(t, out) != trials+trials/2 {
		t.Errorf("left are %q, and %d lines", left, lines(t, out))
	}
}

// A recorded trial that fails when it is trained again stands as it was, and its failure is told as what it is.
func TestFailedAgain(t *testing.T) {
	t.Parallel()
	dir, out := finished(t)
	before := bare(t, out)
	o := call(t, dir, exitFailed, "--out", "out", "--quiet", "measures=[norm]", "time_limit=1ns")
	if !strings.HasSuffix(o.talk, "\ntiny: 10 trials could not be trained again, and logs/ID.log says why; the same command tries once more\n") || !slices.Equal(bare(t, out), before) {
		t.Errorf("it says %q", o.talk)
	}
	if m := manifestOf(t, out); m.Trained != 0 {
		t.Errorf("the manifest counts %d trained", m.Trained)
	}
}

// An experiment built as users build it says where its records come from.
func TestManifest(t *testing.T) {
	notShort(t, "builds an experiment as users build it")
	t.Parallel()
	dir := t.TempDir()
	program, config := filepath.Join(dir, "msweep"), filepath.Join(dir, "tiny.yaml")
	build := exec.CommandContext(t.Context(), "go", "build", "-buildvcs=false", "-o", program, "../msweep")
	if text, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	write(t, config, string(tiny.Config))
	root := filepath.Join("..", "..")
	args := []string{"--config", config, "--out", filepath.Join(dir, "out"), "--workers", "2", "--quiet", "seed=1"}
	c := exec.CommandContext(t.Context(), program, args...)
	c.Dir = root
	began := time.Now().Truncate(time.Second)
	if o := finish(t, c); o.status != exitOK {
		t.Fatal(o)
	}
	m := manifestOf(t, filepath.Join(dir, "out"))
	host, _ := os.Hostname()
	got := []any{m.Name, m.Command, m.Trained, m.Go, m.Cores, m.Workers, m.Host, len(m.Trials), len(m.Data)}
	if want := []any{"tiny", append([]string{"msweep"}, args...), 5, runtime.Version(), runtime.NumCPU(), 2, host, 5, 1}; !reflect.DeepEqual(got, want) {
		t.Errorf("name, command, trained, Go, cores, workers, host, trials, data sets:\n got %q\nwant %q", got, want)
	}
	if m.Kernel == "" || m.CPU == "" || m.Started.Before(began) || !(m.Seconds > 0) {
		t.Errorf("kernel %q, CPU %q, started %v, took %v s", m.Kernel, m.CPU, m.Started, m.Seconds)
	}
	if len(m.Data) == 1 && (m.Data[0].Kind != "spirals" || len(m.Data[0].SHA256) != 64 || m.Data[0].Origin == "") {
		t.Errorf("data %+v", m.Data[0])
	}
	needs, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"gonum.org/v1/gonum", "github.com/sjwhitworth/golearn"} {
		if v := m.Modules[path]; v == "" || !strings.Contains(string(needs), path+" "+v) {
			t.Errorf("module %s at %q", path, v)
		}
	}
	head := exec.CommandContext(t.Context(), "git", "rev-parse", "HEAD")
	head.Dir = root
	rev, err := head.Output()
	if err != nil && !errors.As(err, new(*exec.ExitError)) && !errors.Is(err, exec.ErrNotFound) {
		t.Fatal(err)
	}
	if m.Revision != strings.TrimSpace(string(rev)) {
		t.Errorf("revision %q, git says %q", m.Revision, rev)
	}
}
