//go:build unix

package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// With squeue there and sbatch not, nothing is submitted, and nothing is left of the attempt but what a further one needs.
func TestSlurmWithoutSbatch(t *testing.T) {
	t.Parallel()
	c, dir := newFakeSlurm(t), t.TempDir()
	c.path = t.TempDir() // nothing else, not even what the scripts of the others use
	if err := os.WriteFile(filepath.Join(c.path, "squeue"), []byte("#!/bin/sh\n"), 0o777); err != nil {
		t.Fatal(err)
	}
	o := c.submit(t, dir, exitFailed)
	if o.talk != "tiny: sbatch is not on PATH: Slurm's commands are there on a cluster's login nodes\n" || o.out != "" {
		t.Errorf("it says %q and prints %q", o.talk, o.out)
	}
	if plans, err := filepath.Glob(filepath.Join(dir, "out", "slurm", "*", "plan.json")); err != nil || len(plans) > 0 {
		t.Errorf("it left %q, %v", plans, err)
	}
}

// What was noted as submitted and cannot be read is a warning of status, which goes by the queue; what is queued must be known before
// more is submitted.
func TestDamagedSubmissions(t *testing.T) {
	notShort(t, "damages every file of a submission in turn")
	t.Parallel()
	const uncounted = "warning: the trials of its tasks do not count as submitted: FILE: "
	for _, e := range []struct{ file, old, new, want string }{
		{"jobs.json", "", "", "unexpected end of JSON input"},
		{"jobs.json", "", "{}", "an object; expected a list"},
		{"jobs.json", `"101"`, `101`, "job is a number; expected a text"},
		{"jobs.json", `"101"`, `"101; rm"`, `job "101; rm" runs 10 tasks from task 0; the plan has 10`},
		{"jobs.json", `"tasks": 10`, `"tasks": 11`, `job "101" runs 11 tasks from task 0; the plan has 10`},
		{"jobs.json", `"tasks": 10`, `"tasks": 10, "share": -1`, `job "101" has a share of -1; expected a whole number ≥ 0`},
		{"plan.json", "", "", "EOF"},
		{"plan.json", "", "[]", "a list; expected an object"},
		{"plan.json", `"version": 1`, `"version": "one"`, "version is a text; expected a whole number"},
		{"plan.json", `"workers": 1`, `"worker": 1`, `unknown field "worker"`},
	} {
		c, dir := newFakeSlurm(t), t.TempDir()
		c.submit(t, dir, exitOK)
		paths, err := filepath.Glob(filepath.Join(dir, "out", "slurm", "*", e.file))
		if err != nil || len(paths) != 1 {
			t.Fatal(paths, err)
		}
		if e.old == "" {
			write(t, paths[0], e.new)
		} else {
			edited(e.file, e.old, e.new)(t, filepath.Dir(paths[0]))
		}
		fault := paths[0] + ": " + e.want + "; a plan is not to be edited"
		o := c.call(t, dir, exitOK, "slurm", "status", "--out", "out")
		if said := strings.Replace(uncounted, "FILE: ", fault, 1) + "\n"; o.talk != said {
			t.Errorf("status says %swant %s", o.talk, said)
		}
		o = c.submit(t, dir, exitUsage)
		if said := "tiny: cannot tell what is queued: " + fault + "; slurm cancel ends its jobs, and submit then makes a new plan\n"; o.talk != said || o.out != "" {
			t.Errorf("submit says %swant %s", o.talk, said)
		}
		if o := c.call(t, dir, exitOK, "slurm", "cancel", "--out", "out"); o.out != "cancelled 101, 102; what is recorded stays\n" {
			t.Errorf("cancel says %q", o.out)
		}
		c.submit(t, dir, exitOK)
	}
}
