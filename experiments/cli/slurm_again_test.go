//go:build unix

package cli

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// next returns the command line that slurm status recommends after the given text.
func (c *fakeSlurm) next(t *testing.T, dir, text string) string {
	t.Helper()
	o := c.call(t, dir, exitOK, "slurm", "status", "--out", "out")
	_, line, ok := strings.Cut(o.out, "next, "+text+": ")
	if !ok {
		t.Fatalf("it says %q, not %q", o.out, text)
	}
	return strings.TrimSuffix(line, "\n")
}

// shell runs a command line as a user would who copies it.
func (c *fakeSlurm) shell(t *testing.T, dir, line string) result {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(program, filepath.Join(dir, "tiny")); err != nil && !os.IsExist(err) {
		t.Fatal(err)
	}
	e := c.command(t, dir)
	e.Path, e.Args = "/bin/sh", []string{"sh", "-c", line}
	return finish(t, e)
}

// What an earlier, wider submission has lost is submitted by the words that status prints, with what the newest asked of the site.
func TestSlurmAgain(t *testing.T) {
	notShort(t, "runs a sweep on the fake cluster many times")
	t.Parallel()
	c, dir := newFakeSlurm(t), t.TempDir()
	out := filepath.Join(dir, "out")
	if err := os.Mkdir(filepath.Join(dir, "data"), 0o777); err != nil {
		t.Fatal(err)
	}
	c.submit(t, dir, exitOK, "slurm={partition: cpu}", "--time", "1:00:00", "--memory", "1G")
	c.end(t, "101", "FAILED")
	c.submit(t, dir, exitOK, "seed=11", "slurm.partition=gpu", "--time=4:00:00", "--data", "data", "--sbatch", "--qos=low", "--sbatch=--comment=it's (lost)",
		"--retry-failed", "--throttle", "3", "keep_weights=true")
	line := c.next(t, dir, "to submit the 10 trials that the queue does not have")
	if want := regexp.MustCompile(`^\./tiny slurm submit --planned --out out --data ` + regexp.QuoteMeta(dir) +
		`/data --program \S+ --sbatch --qos=low --sbatch .* --throttle 3 --time 4:00:00 slurm\.partition=gpu$`); !want.MatchString(line) {
		t.Errorf("it says %q", line)
	}
	if o := c.shell(t, dir, line); o.status != exitOK || !strings.HasPrefix(o.out, "submitted 10 trials in 10 tasks as array 105") {
		t.Fatalf("%q: %+v", line, o)
	}
	again := strings.Join(c.jobs(t)[4], " ")
	for _, want := range []string{" --partition=gpu ", " --time=4:00:00 ", " --qos=low ", " --comment=it's (lost) ", " --array=0-9%3 --"} {
		if !strings.Contains(again, want) {
			t.Errorf("sbatch gets %q, not %q", again, want)
		}
	}
	if strings.Contains(again, "--mem=") {
		t.Errorf("sbatch gets %q, which the newest submission does not ask for", again)
	}
	if o := c.shell(t, dir, line); !strings.HasPrefix(o.out, "nothing to submit: the 15 missing trials are queued or running") {
		t.Errorf("once more: %+v", o)
	}
	for array, tasks := range map[int]int{103: 5, 105: 10} {
		for i := range tasks {
			if o := c.run(t, c.jobs(t)[array-101], "x", i); o.status != exitOK {
				t.Fatalf("%+v", o)
			}
		}
	}
	if o := c.call(t, dir, exitOK, "slurm", "status", "--out", "out"); !strings.Contains(o.out, "out: 15 trials: 15 done\nall trials are recorded") || len(load(t, out)) != 15 {
		t.Errorf("it says %q", o.out)
	}
}

// Failed trials are run again by the words that status prints; while a task that does so is queued or running, there is nothing to do.
func TestSlurmRetrying(t *testing.T) {
	notShort(t, "runs a sweep on the fake cluster many times")
	t.Parallel()
	c, dir := newFakeSlurm(t), t.TempDir()
	// A trial fails after its first epoch, for the time, and its second run ends it.
	const late, epochs = "time_limit=1ns", "epochs=2"
	status := func(want ...string) {
		t.Helper()
		o := c.call(t, dir, exitOK, "slurm", "status", "--out", "out")
		for _, text := range want {
			if !strings.Contains(o.out, text) {
				t.Errorf("it says %q, not %q", o.out, text)
			}
		}
	}
	c.submit(t, dir, exitOK, late, epochs)
	for i := range trials {
		c.run(t, c.jobs(t)[0], "101", i)
	}
	// The tasks that are in the queue do not run them again.
	if st := c.report(t, dir); st.Failed != trials || st.Retrying != 0 {
		t.Fatalf("it stands %+v", st)
	}
	if line := c.next(t, dir, "to run the failed trials again"); !strings.HasSuffix(line, " --retry-failed") {
		t.Errorf("it says %q", line)
	}
	c.end(t, "101", "COMPLETED")
	c.submit(t, dir, exitOK, late, epochs, "seed=1", "--retry-failed", "--pack", "1ns")
	if st := c.report(t, dir); st.Failed != trials || st.Retrying != trials/2 || st.Missing+st.Queued+st.Running != 0 {
		t.Errorf("it stands %+v", st)
	}
	status("failed, and run again: 5 queued in 5 tasks, PENDING (Priority)\n")
	line := c.next(t, dir, "to run the other 5 failed trials again")
	if strings.Count(line, "--retry-failed") != 1 {
		t.Errorf("it says %q", line)
	}
	if o := c.shell(t, dir, line); o.status != exitOK || !strings.HasPrefix(o.out, "submitted 5 trials in 5 tasks as array 105") {
		t.Fatalf("%q: %+v", line, o)
	}
	c.set(t, "queue", strings.ReplaceAll(c.get(t, "queue"), "103_0|PENDING|Priority", "103_0|RUNNING|None"))
	status("failed, and run again: 9 queued in 9 tasks, PENDING (Priority); 1 running in 1 task\nnext: wait; nothing is lost\n")
	c.set(t, "queue", strings.ReplaceAll(c.get(t, "queue"), "103_1|PENDING|Priority", "103_1|PENDING|JobHeldUser"))
	status("next: Slurm holds 1 task", "scontrol release 103_1\n")

	// A task that is lost leaves its trials failed.
	c.end(t, "103", "FAILED")
	if st := c.report(t, dir); st.Retrying != trials/2 {
		t.Errorf("it stands %+v", st)
	}
	c.shell(t, dir, c.next(t, dir, "to run the other 5 failed trials again"))
	for _, array := range []int{105, 107} {
		for i := range trials / 2 {
			if o := c.run(t, c.jobs(t)[array-101], "x", i); o.status != exitOK {
				t.Fatalf("%+v", o)
			}
		}
	}
	if st := c.report(t, dir); st.Done != trials || st.Retrying != 0 {
		t.Errorf("it stands %+v", st)
	}
	status("all trials are recorded")
}

// All that was ever asked is submitted again, measures that were asked for later among it, so that no trial is trained twice for them.
func TestSlurmPlanned(t *testing.T) {
	notShort(t, "submits and ends many jobs")
	t.Parallel()
	c, dir := newFakeSlurm(t), t.TempDir()
	c.submit(t, dir, exitOK, "seed=1", "measures=[gradnorm]", "slurm.time=2:00:00")
	c.end(t, "101", "FAILED")
	c.submit(t, dir, exitOK, "seed=2", "measures=[norm]", "optimizer.rho=0")
	c.submit(t, dir, exitOK, "seed=1", "measures=[norm]", "keep_weights=true", "optimizer.rho=0")
	for i := range 5 {
		if o := c.run(t, c.jobs(t)[0], "101", i); o.status != exitOK {
			t.Fatalf("%+v", o)
		}
	}
	with, kept := 0, 0
	for _, r := range load(t, filepath.Join(dir, "out")) {
		if _, ok := r.Value("norm"); ok {
			with++
		}
		if _, ok := r.Value("gradnorm"); !ok {
			t.Errorf("%s has no gradnorm", r.ID)
		}
		if _, err := os.Stat(filepath.Join(dir, "out", "weights", r.ID+".safetensors")); err == nil {
			kept++
		}
	}
	if with != 1 || kept != 1 {
		t.Errorf("%d trials have the norm, and %d their weights; one was asked for both", with, kept)
	}
	if o := c.submit(t, dir, exitOK, "--planned"); !strings.HasPrefix(o.out, "nothing to submit: the 1 missing trials are queued or running") {
		t.Errorf("it says %s", o.out)
	}
	c.end(t, "103", "FAILED")
	c.end(t, "105", "FAILED")
	if o := c.submit(t, dir, exitOK, "--planned", "slurm.time=30"); !strings.HasPrefix(o.out, "submitted 1 trial in 1 task") {
		t.Errorf("it says %s", o.out)
	}
	for args, want := range map[string]string{
		"slurm submit --planned --out out seed=3":            `override "seed=3": seed = 3: given beside --planned; expected keys of how trials are run, such as time_limit or slurm.time`,
		"slurm submit --planned --out out keep_weights=true": `override "keep_weights=true": keep_weights = true: given beside --planned; expected`,
		"slurm submit --planned --out none":                  "none holds no records; run first, or name a folder with --out",
	} {
		if o := c.call(t, dir, exitUsage, strings.Fields(args)...); !strings.Contains(o.talk, want) {
			t.Errorf("%s: it says %q", args, o.talk)
		}
	}
}
