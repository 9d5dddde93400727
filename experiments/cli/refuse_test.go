package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What a user may get wrong on the command line is exit status 2 and one line that says what is right; nothing is written.
func TestUsage(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, c := range []struct {
		args string
		want string
	}{
		{"--wrokers 2", "unknown flag: --wrokers; did you mean --workers?"},
		{"run --wrokers 2", "unknown flag: --wrokers; did you mean --workers?"},
		{"run --memory 2500mb", "unknown flag: --memory; expected --limit memory=SIZE, such as --limit memory=2GiB"},
		{"list --jsn", "unknown flag: --jsn; did you mean --json?"},
		{"list --zzzzzz", "unknown flag: --zzzzzz\n"},
		{"export --what looks", "--what looks: expected one of trials, epochs, measures, watch\n"},
		{"--log-format xml", "--log-format xml: expected text or json\n"},
		{"lst", `did you mean "list"?`},
		{"statu", `did you mean "status"?`},
		{"--out broken.yaml", "--out broken.yaml: a file; expected a folder"},
		{"exprt", `did you mean "export"?`},
		{"xyzzyx", "no command and no key=value; expected a command"},
		{"--quiet drw", `did you mean "draw"?`},
		{"--workers 0", "--workers 0: expected a whole number ≥ 1"},
		{"--workers -1", "--workers -1: expected a whole number ≥ 1"},
		{"--workers two", `"two"`},
		{"--workers", "--workers"},
		{"--shard 1", "--shard 1: expected I/N, such as 0/4"},
		{"--shard 1/2/3", "--shard 1/2/3: expected I/N"},
		{"--shard 1/2x", "--shard 1/2x: expected I/N"},
		{"--shard x/2", "--shard x/2: expected I/N"},
		{"--shard 2/2", "shard 2/2: expected I/N with 0 ≤ I < N"},
		{"--shard 3/2", "shard 3/2: expected I/N with 0 ≤ I < N"},
		{"--shard -1/2", "shard -1/2: expected I/N with 0 ≤ I < N"},
		{"--on-failure never", "--on-failure never: expected continue or stop"},
		{"export --format xml", "--format xml: expected one of csv, jsonl, parquet\n"},
		{"status now", `status takes no words such as "now"`},
		{"draw seed=1", `draw takes no words such as "seed=1"`},
		{"selftest all", `selftest takes no words such as "all"`},
		{"run run", `override "run": not an override; expected key=value, such as optimizer.rho=0.05`},
		{"optimizer.roh=0.1", `override "optimizer.roh=0.1": optimizer.roh = 0.1: unknown key; expected one of rho, `},
		{"list sead=1", `did you mean "seed"?`},
		{"list optimizer.rho=-1", "optimizer.rho = -1: out of range; expected a finite number ≥ 0"},
		{"list optimizer.rho=1e-400", "optimizer.rho = 1e-400: too small for a float64, which would make it 0; expected a finite number ≥ 0, at least 4.95e-324 in size, or 0\n"},
		{"list optimizer.rho='0.05'", `optimizer.rho = "0.05": a text, for it is in quotes; expected a finite number ≥ 0, without quotes: 0.05` + "\n"},
		{"list optimizer.m=3", "optimizer.m = 3: does not divide the batch"},
		{"list seed=range(3,1)", "seed = range(3,1): not a range"},
		{"list =1", `override "=1": not an override`},
		{"list lr=", `override "lr=": lr: not a value`},
		{"list lr=[", `override "lr=[": lr = [: not a value`},
		{"list .=1", ".: not a key"},
		{"list lr.x=1", "lr.x: lr is 0.1, not a mapping; expected a value of lr"},
		{"--config nosuch.yaml", "--config: open nosuch.yaml"},
		{"list --config .", "--config: . is a folder; expected a regular file"},
		{"list --config broken.yaml", "broken.yaml:1: epoch = 3: unknown key"},
	} {
		write(t, filepath.Join(dir, "broken.yaml"), "epoch: 3\n")
		o := call(t, dir, exitUsage, strings.Fields(c.args)...)
		if !strings.HasPrefix(o.talk, "tiny: ") || strings.Count(o.talk, "\n") != 1 || !strings.Contains(o.talk, c.want) || o.out != "" {
			t.Errorf("%s: says %q and prints %q, want %q", c.args, o.talk, o.out, c.want)
		}
		if files := tree(t, dir); len(files) != 1 {
			t.Fatalf("%s wrote files", c.args)
		}
	}
}

// A world that is not as it should be is exit status 1.
func TestBrokenWorld(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "file"), "")
	for _, c := range []struct{ args, want string }{
		{"list data=mnist --data nowhere", "no data folder nowhere"},
		{"--out file/below", "file"},
	} {
		if o := call(t, dir, exitFailed, strings.Fields(c.args)...); !strings.Contains(o.talk, c.want) || strings.Count(o.talk, "\n") != 1 {
			t.Errorf("%s: says %q", c.args, o.talk)
		}
	}
}

// refusedIn wants a call in a finished folder to be refused with the difference and to change nothing.
func refusedIn(t *testing.T, dir, out, want string, args ...string) {
	t.Helper()
	before := tree(t, out)
	o := call(t, dir, exitUsage, append(args, "--out", "out")...)
	if !strings.Contains(o.talk, "another configuration") || !strings.Contains(o.talk, want) || strings.Count(o.talk, "\n") != 1 {
		t.Errorf("%q: says %q, want %q", args, o.talk, want)
	}
	if d := differing(before, tree(t, out)); len(d) > 0 {
		t.Errorf("%q: refused, but changed %q", args, d)
	}
}

func TestAnotherConfigurationIsRefused(t *testing.T) {
	t.Parallel()
	dir, out := finished(t)
	for words, want := range map[string]string{
		"lr=0.2": "lr is 0.1 there and 0.2 here", "epochs=4": "epochs is 3 there and 4 here", "batch_size=32": "batch_size is 16 there and 32 here",
		"model.hidden=[8,8]": "model.hidden is [8] there and [8,8] here", "lr=0.2,0.3": "lr is 0.1 there and 0.2 here",
		"optimizer.base.momentum=0": "optimizer.base.momentum is 0.9 there and 0 here", "optimizer.base=adam": `optimizer.base.kind is sgd there and adam here`,
		"data.n=301": "data.n is 300 there and 301 here", "schedule=cosine": `schedule.kind is constant there and cosine here`,
		"data.label_noise=0.1": "data.label_noise is 0 there and 0.1 here", "clip=1": "clip is 0 there and 1 here",
	} {
		refusedIn(t, dir, out, want, words)
	}
	// Values beside the old one are more trials of the same configuration.
	call(t, dir, exitOK, "--out", "out", "--quiet", "lr=0.1,0.2", "seed=1", "optimizer.rho=0")
}

// A run to a train loss and a run of a number of epochs are not the same configuration.
func TestAnotherEndOfTrainingIsRefused(t *testing.T) {
	notShort(t, "runs a sweep several times")
	t.Parallel()
	dir, out := finished(t)
	stop := strings.Replace(string(tiny.Config), "epochs: 3", "stop: {train_loss: 0.9, max_epochs: 3}", 1)
	write(t, filepath.Join(dir, "stop.yaml"), stop)
	refusedIn(t, dir, out, "epochs", "--config", "stop.yaml")

	dir = t.TempDir()
	write(t, filepath.Join(dir, "stop.yaml"), stop)
	call(t, dir, exitOK, "--out", "out", "--quiet", "--config", "stop.yaml")
	refusedIn(t, dir, filepath.Join(dir, "out"), "stop", "epochs=3")
}

// The same configuration on other bytes is another configuration.
func TestOtherDataIsRefused(t *testing.T) {
	notShort(t, "runs sweeps on several data sets")
	t.Parallel()
	dir := t.TempDir()
	for i := 1; i <= 2; i++ {
		table := "x,y,class\n"
		for k := range 200 {
			table += fmt.Sprintf("%d,%d,%c\n", k*i, k%7, 'a'+k%2)
		}
		folder := filepath.Join(dir, fmt.Sprint("data", i))
		if err := os.Mkdir(folder, 0o777); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(folder, "t.csv"), table)
	}
	words := []string{"data={kind: csv, file: t.csv, train: 64, val: 32}", "seed=1", "--quiet"}
	call(t, dir, exitOK, append(words, "--out", "out", "--data", "data1")...)
	out := filepath.Join(dir, "out")
	refusedIn(t, dir, out, "the data set csv has sha256 ", append(words, "--data", "data2")...)
	if err := os.Rename(filepath.Join(dir, "data1"), filepath.Join(dir, "moved")); err != nil {
		t.Fatal(err)
	}
	if o := call(t, dir, exitOK, append(words, "--out", "out", "--data", "moved")...); !strings.Contains(o.talk, "recorded") {
		t.Errorf("the same bytes elsewhere are trained again: %s", o.talk)
	}
	call(t, dir, exitOK, "draw", "--out", "out") // needs no data
}

// A document without end, for its aliases lead back to themselves or double ever again, is a fault of the configuration like any other.
func TestDocumentsWithoutEnd(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	double := "seed: &a0 [1, 1]\n"
	for i := range 40 {
		double += fmt.Sprintf("key%d: &a%d [*a%d, *a%d]\n", i, i+1, i, i)
	}
	for _, c := range []struct{ old, new string }{
		{"hidden: [8]", "hidden: &a [*a]"}, {"seed: range(1, 3)", "seed: &a [*a]"}, {"measures:\n", "measures: &a\n  - *a\n"},
		{"optimizer: {kind: sam, base: {kind: sgd, momentum: 0.9}}", "optimizer: &a {kind: sam, base: *a}"}, {"lr: 0.1", "lr: &a {lr: *a}"},
		{"sweep:", double + "sweep:"},
	} {
		text := strings.Replace(string(tiny.Config), c.old, c.new, 1)
		write(t, filepath.Join(dir, "loop.yaml"), text)
		o := finish(t, command(t, dir, "list", "--config", "loop.yaml"))
		if o.status != exitUsage || !strings.HasPrefix(o.talk, "tiny: loop.yaml:") {
			t.Errorf("%q: exit status %d: %.60q", c.new, o.status, o.talk)
		}
	}
}
