package cli

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"msharp/harness/config"
	"msharp/harness/folder"
	"msharp/harness/record"
)

// A folder's plan holds all that was ever asked of it, sweep.yaml what was asked last; every run finds its own trials there.
func TestPlanGrows(t *testing.T) {
	t.Parallel()
	dir, out := finished(t)
	first := tree(t, out)
	o := quickly(t, dir, exitOK, "--out", "out", "--quiet", "seed=3", "keep_weights=true", "optimizer.rho=0.5", "measures=[norm]")
	if !strings.HasSuffix(strings.TrimSpace(o.out), "see out/report.html") || !strings.Contains(o.out, "2 trials: 2 done") {
		t.Errorf("it says %s", o.out)
	}
	files := tree(t, out)
	if !strings.HasPrefix(files["plan.jsonl"], first["plan.jsonl"]) || strings.Count(files["plan.jsonl"], "\n") != trials+2 {
		t.Errorf("the plan is\n%s", files["plan.jsonl"])
	}
	sweep, err := config.Plan("sweep.yaml", []byte(files["sweep.yaml"]), nil, "")
	if err != nil || len(sweep.Trials) != 2 || !sweep.Execution.KeepWeights {
		t.Errorf("sweep.yaml is\n%s", files["sweep.yaml"])
	}
	if o := quickly(t, dir, exitOK, "status", "--out", "out"); !strings.Contains(o.out, "12 trials: 12 done") || o.talk != "" {
		t.Errorf("status: %+v", o)
	}
	for _, words := range []string{"", "seed=3 optimizer.rho=0.5 measures=[norm] keep_weights=true", "seed=1"} {
		if o := quickly(t, dir, exitOK, append(strings.Fields(words), "--out", "out")...); !strings.Contains(o.talk, " trials are recorded in out\n") {
			t.Errorf("%q: %s", words, o.talk)
		}
	}
	if again := tree(t, out)["plan.jsonl"]; again != files["plan.jsonl"] {
		t.Errorf("the plan became\n%s", again)
	}
}

// A folder written before there were plans opens, draws, resumes and grows; the first run plans it.
func TestFoldersWithoutPlan(t *testing.T) {
	t.Parallel()
	dir, out := finished(t)
	plan := tree(t, out)["plan.jsonl"]
	withoutPlan(t, out)
	before := tree(t, out)
	for _, args := range []string{"status", "status --json", "list", "list seed=3", "export", "draw"} {
		if o := call(t, dir, exitOK, append(strings.Fields(args), "--out", "out")...); o.talk != "" || strings.Contains(o.out, "refuses") {
			t.Errorf("%s: %+v", args, o)
		}
	}
	if d := differing(before, tree(t, out)); len(d) > 0 {
		t.Errorf("changed are %q", d)
	}
	if st := statusOf(t, dir); st.Done != trials || st.Missing != 0 {
		t.Errorf("it stands %+v", st)
	}
	refusedIn(t, dir, out, "lr is 0.1 there and 0.2 here", "lr=0.2")
	quickly(t, dir, exitOK, "--out", "out", "seed=1", "optimizer.rho=0")
	if files := tree(t, out); files["plan.jsonl"] != plan || lines(t, out) != trials || strings.Contains(files["manifest.json"], `"trials": [`) {
		t.Errorf("it left %s\n%s", files["manifest.json"], files["plan.jsonl"])
	}
	withoutPlan(t, out)
	write(t, filepath.Join(out, "sweep.yaml"), before["sweep.yaml"])
	quickly(t, dir, exitOK, "--out", "out", "seed=1,2,3")
	if st := statusOf(t, dir); st.Done != trials+trials/2 || st.Missing != 0 {
		t.Errorf("it stands %+v", st)
	}
}

// Records of trials that the plan does not hold are named, with what to do, and never lost.
func TestUnplannedRecords(t *testing.T) {
	t.Parallel()
	dir, out := finished(t)
	path := filepath.Join(out, "plan.jsonl")
	plan := strings.SplitAfter(tree(t, out)["plan.jsonl"], "\n")
	id := plan[3][len(`{"id":"`):][:16]
	write(t, path, strings.Join(slices.Delete(slices.Clone(plan), 3, 4), ""))
	want := "warning: out holds records of 1 trial that its plan does not (" + id + "): they are drawn but not counted; a run that asks for these trials plans them\n"
	if o := quickly(t, dir, exitOK, "status", "--out", "out"); o.talk != want || !strings.Contains(o.out, "9 trials: 9 done") {
		t.Errorf("status: %+v", o)
	}
	if o := quickly(t, dir, exitOK, "--out", "out", "--quiet", "optimizer.rho=0"); !strings.HasPrefix(o.talk, want) || len(load(t, out)) != trials {
		t.Errorf("run: %s", o.talk)
	}
	if o := quickly(t, dir, exitOK, "--out", "out", "--quiet"); strings.Contains(o.talk, "warning") || len(load(t, out)) != trials {
		t.Errorf("run of all: %s", o.talk)
	}
	if o := quickly(t, dir, exitOK, "status", "--out", "out"); o.talk != "" || !strings.Contains(o.out, "10 trials: 10 done") {
		t.Errorf("status: %+v", o)
	}
}

// The time left is told from the plan, without the data.
func TestStatusNeedsNoData(t *testing.T) {
	t.Parallel()
	dir, out := finished(t)
	plan, err := folder.Dir(out).ReadPlan()
	if err != nil {
		t.Fatal(err)
	}
	plan.Lines = append(plan.Lines, plan.Lines[0])
	plan.Lines[trials].ID = "0123456789abcdef"
	plan.Lines[trials].Config = config.Text{strings.ReplaceAll(plan.Lines[0].Config.String(), `"kind":"spirals"`, `"kind":"csv","file":"nowhere.csv"`)}
	if err := plan.Write(); err != nil {
		t.Fatal(err)
	}
	if o := quickly(t, dir, exitOK, "status", "--out", "out"); !strings.Contains(o.out, "11 trials: 10 done, 1 missing, about ") || o.talk != "" {
		t.Errorf("%+v", o)
	}
	recs := load(t, out)
	if len(recs) != trials || recs[0].Status != record.Done {
		t.Error(recs)
	}
	if err := os.Remove(filepath.Join(out, "sweep.yaml")); err != nil {
		t.Fatal(err)
	}
	quickly(t, dir, exitOK, "status", "--out", "out")
}
