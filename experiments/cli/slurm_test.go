//go:build unix

package cli

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A sweep goes through a cluster: submitted, run by the tasks, looked after and submitted again, its records are those of a run here.
func TestSlurm(t *testing.T) {
	t.Parallel()
	_, whole := finished(t)
	want := bare(t, whole)
	c, dir := newFakeSlurm(t), t.TempDir()
	out := filepath.Join(dir, "out")

	o := c.submit(t, dir, exitOK, "slurm={partition: cpu, account: lab, memory: 2G, throttle: 5}", "--partition", "gpu", "--time", "4:00:00", "--sbatch", "--qos=low")
	if !strings.HasPrefix(o.out, "submitted 10 trials in 10 tasks as array 101; when they have ended, job 102 draws\n") || !strings.Contains(o.out, "./tiny slurm status --out out\n") {
		t.Errorf("it says %q", o.out)
	}
	jobs := c.jobs(t)
	if len(jobs) != 2 {
		t.Fatalf("%q were submitted", jobs)
	}
	for _, word := range []string{"--parsable", "--array=0-9%5", "--partition=gpu", "--time=4:00:00", "--mem=2G", "--account=lab", "--qos=low", "--requeue", "--open-mode=append", "--signal=B:USR1@90"} {
		if !slices.Contains(jobs[0], word) {
			t.Errorf("sbatch gets %q, not %s", jobs[0], word)
		}
	}
	if !slices.Contains(jobs[1], "--dependency=afterany:101") || !slices.Contains(jobs[1], "--partition=gpu") {
		t.Errorf("the job that draws: %q", jobs[1])
	}
	if st := c.report(t, dir); st.Missing != 10 || st.Queued != 10 || st.Running+len(st.Lost)+st.Unsubmitted != 0 {
		t.Errorf("all are queued, not %+v", st)
	}
	if o := c.submit(t, dir, exitOK); !strings.HasPrefix(o.out, "nothing to submit: the 10 missing trials are queued or running") || len(c.jobs(t)) != 2 {
		t.Errorf("a second submission: %q", o.out)
	}

	for i := range 6 {
		if o := c.run(t, jobs[0], "101", i); o.status != exitOK {
			t.Fatalf("task %d: %+v", i, o)
		}
	}
	if got := len(load(t, out)); got != 6 {
		t.Errorf("%d records", got)
	}
	queue := strings.NewReplacer("101_6|PENDING|Priority", "101_6|RUNNING|None", "101_7|PENDING|Priority", "101_7|FAILED|JobLaunchFailure",
		"101_8|PENDING|Priority", "101_8|PENDING|launch failed requeued held").Replace(c.get(t, "queue"))
	for i := range 6 {
		queue = strings.Replace(queue, "101_"+string(rune('0'+i))+"|PENDING", "101_"+string(rune('0'+i))+"|COMPLETED", 1)
	}
	c.set(t, "queue", queue)
	st := c.report(t, dir)
	if st.Done != 6 || st.Missing != 4 || st.Queued != 2 || st.Running != 1 || len(st.Lost) != 1 || st.Lost[0].Task != "101_7" {
		t.Errorf("it stands %+v", st)
	}
	o = c.call(t, dir, exitOK, "slurm", "status", "--out", "out")
	for _, want := range []string{"out: 10 trials: 6 done, 4 missing\n", "missing: 2 queued in 2 tasks, PENDING (Priority), PENDING (launch failed requeued held); 1 running in 1 task; 1 lost with 1 task\n",
		"lost " + st.Lost[0].ID + ", task 101_7, FAILED (JobLaunchFailure); log " + st.Lost[0].Log, "scontrol release 101_8\n"} {
		if !strings.Contains(o.out, want) {
			t.Errorf("it says %q, not %q", o.out, want)
		}
	}

	// What is lost is submitted again, and nothing else.
	if o := c.submit(t, dir, exitOK); !strings.HasPrefix(o.out, "submitted 1 trial in 1 task as array 103") {
		t.Errorf("it says %q", o.out)
	}
	jobs = c.jobs(t)
	if o := c.run(t, jobs[2], "103", 0); o.status != exitOK {
		t.Fatalf("%+v", o)
	}
	// The others are cancelled, and then nothing is queued.
	if o := c.call(t, dir, exitOK, "slurm", "cancel", "--out", "out"); o.out != "cancelled 101, 102, 103, 104; what is recorded stays\n" {
		t.Errorf("it says %q", o.out)
	}
	if o := c.call(t, dir, exitOK, "slurm", "cancel", "--out", "out"); !strings.HasPrefix(o.out, "nothing submitted from out is queued or running") {
		t.Errorf("it says %q", o.out)
	}
	if st := c.report(t, dir); st.Done != 7 || len(st.Lost) != 3 || st.Lost[0].Said != "CANCELLED" {
		t.Errorf("after cancel it stands %+v", st)
	}
	o = c.submit(t, dir, exitOK, "--pack", "1h")
	jobs = c.jobs(t)
	if !strings.HasPrefix(o.out, "submitted 3 trials in 1 task as array 105") {
		t.Errorf("trials of known cost are packed: %q", o.out)
	}
	if o := c.run(t, jobs[4], "105", 0); o.status != exitOK {
		t.Fatalf("%+v", o)
	}
	if got := bare(t, out); !slices.Equal(got, want) || lines(t, out) != trials {
		t.Errorf("%d lines, other records", lines(t, out))
	}
	if o := c.submit(t, dir, exitOK); !strings.HasPrefix(o.out, "nothing to submit: all 10 trials are recorded") {
		t.Errorf("it says %q", o.out)
	}
	if o := c.call(t, dir, exitOK, "slurm", "status", "--out", "out"); !strings.Contains(o.out, "out: 10 trials: 10 done\nall trials are recorded") {
		t.Errorf("it says %q", o.out)
	}
	draw := jobs[5]
	if o := c.run(t, append(draw, ""), "106", 0); o.status != exitOK || tree(t, out)["report.html"] == "" {
		t.Errorf("the job that draws: %+v", o)
	}
}

// What the site's limits refuse is submitted in smaller arrays; what they refuse altogether, by the same command later.
func TestSlurmLimits(t *testing.T) {
	notShort(t, "runs a sweep on the fake cluster many times")
	t.Parallel()
	c, dir := newFakeSlurm(t), t.TempDir()
	c.set(t, "array.size", "4\n")
	c.set(t, "sbatch.banner", "")
	o := c.submit(t, dir, exitOK, "--throttle", "5")
	if !strings.HasPrefix(o.out, "submitted 10 trials in 10 tasks as 3 arrays, 101 to 103; when they have ended, job 104 draws\n") {
		t.Errorf("it says %q", o.out)
	}
	jobs := c.jobs(t)
	for i, want := range []string{"--array=0-3%2", "--array=0-3%2", "--array=0-1%1", "--dependency=afterany:101:102:103"} {
		if !slices.Contains(jobs[i], want) {
			t.Errorf("sbatch gets %q, not %s", jobs[i], want)
		}
	}
	for a, tasks := range []int{4, 4, 2} {
		for i := range tasks {
			if o := c.run(t, jobs[a], "x", i); o.status != exitOK {
				t.Fatalf("%+v", o)
			}
		}
	}
	if n := len(load(t, filepath.Join(dir, "out"))); n != trials {
		t.Errorf("%d records", n)
	}

	c, dir = newFakeSlurm(t), t.TempDir()
	c.set(t, "submit.limit", "7\n")
	o = c.submit(t, dir, exitFailed)
	if !strings.Contains(o.talk, "7 of 10 tasks are submitted, and no more were taken: sbatch: QOSMaxSubmitJobPerUserLimit; ") || !strings.HasSuffix(o.talk, "; the same command submits the rest\n") {
		t.Errorf("it says %q", o.talk)
	}
	if st := c.report(t, dir); st.Queued != 7 || st.Unsubmitted != 3 {
		t.Errorf("it stands %+v", st)
	}
	c.set(t, "submit.limit", "1000\n")
	if o = c.submit(t, dir, exitOK); !strings.HasPrefix(o.out, "submitted 3 trials in 3 tasks") {
		t.Errorf("it says %q", o.out)
	}
	if st := c.report(t, dir); st.Queued != 10 || st.Unsubmitted != 0 {
		t.Errorf("it stands %+v", st)
	}
}

// What --throttle allows is handed out once: a further array waits for an earlier one, and arrays of earlier submissions count.
func TestSlurmThrottle(t *testing.T) {
	notShort(t, "calls the fake cluster many times")
	t.Parallel()
	c, dir := newFakeSlurm(t), t.TempDir()
	c.set(t, "array.size", "4\n")
	c.submit(t, dir, exitOK, "--throttle", "2", "--sbatch", "--dependency=afterok:77")
	has := func(first int, want ...string) {
		t.Helper()
		jobs := c.jobs(t)
		if len(jobs) != first+len(want) {
			t.Fatalf("%d jobs, want %d", len(jobs), first+len(want))
		}
		for i, words := range want {
			var got []string
			for _, w := range jobs[first+i] {
				if strings.HasPrefix(w, "--array=") || strings.HasPrefix(w, "--dependency=") {
					got = append(got, w)
				}
			}
			if strings.Join(got, " ") != words {
				t.Errorf("sbatch gets %q, want %q", got, words)
			}
		}
	}
	has(0, "--dependency=afterok:77 --array=0-3%1", "--dependency=afterok:77 --array=0-3%1",
		"--dependency=afterok:77 --array=0-1%1 --dependency=afterok:77,afterany:101",
		"--dependency=afterok:77 --dependency=afterany:101:102:103")
	waiting := "missing: 10 queued in 10 tasks, PENDING (Dependency), PENDING (Dependency: after array 101, to keep within the throttle)\n"
	if o := c.call(t, dir, exitOK, "slurm", "status", "--out", "out"); !strings.Contains(o.out, waiting) {
		t.Errorf("it says %q, not %q", o.out, waiting)
	}

	c.end(t, "102", "FAILED")
	c.submit(t, dir, exitOK, "--throttle", "2")
	has(4, "--array=0-1%1", "--array=0-1%1 --dependency=afterany:103:101", "--dependency=afterany:105:106")
	c.end(t, "101", "FAILED")
	c.submit(t, dir, exitOK, "--throttle", "2")
	has(7, "--array=0-1%1 --dependency=afterany:105", "--array=0-1%1 --dependency=afterany:106:103", "--dependency=afterany:108:109")
}

// Of two submissions at once the second knows what the first has submitted.
func TestSlurmTwoSubmissions(t *testing.T) {
	notShort(t, "waits for a slow fake cluster")
	t.Parallel()
	c, dir := newFakeSlurm(t), t.TempDir()
	c.set(t, "squeue.slow", "")
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	other := c.command(t, dir, "slurm", "submit", "--out", "out", "--program", program)
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	c.submit(t, dir, exitOK)
	if err := other.Wait(); err != nil {
		t.Fatal(err)
	}
	if n := len(c.jobs(t)); n != 2 {
		t.Errorf("%d jobs, want an array and the job that draws", n)
	}
}

// A Slurm that is not there, refuses or answers nonsense is exit status 1 and a line that quotes it; nothing counts as submitted.
func TestSlurmTrouble(t *testing.T) {
	notShort(t, "calls the fake cluster many times")
	t.Parallel()
	c, dir := newFakeSlurm(t), t.TempDir()
	refused := func(want string) {
		t.Helper()
		o := c.submit(t, dir, exitFailed)
		if !strings.Contains(o.talk, want) || strings.Count(o.talk, "\n") != 1 || o.out != "" {
			t.Errorf("it says %q and prints %q, want %q", o.talk, o.out, want)
		}
		folders, err := filepath.Glob(filepath.Join(dir, "out", "slurm", "*", "plan.json"))
		if err != nil || len(folders) > 0 {
			t.Errorf("it left %q, %v", folders, err)
		}
	}
	c.set(t, "sbatch.refuses", "sbatch: error: invalid partition specified: gpu\nsbatch: error: Batch job submission failed: Invalid partition name specified\n")
	refused("tiny: sbatch: invalid partition specified: gpu; Batch job submission failed: Invalid partition name specified")
	if err := os.Remove(filepath.Join(c.dir, "sbatch.refuses")); err != nil {
		t.Fatal(err)
	}
	c.set(t, "array.size", "0\n")
	refused("this site takes no job arrays: its MaxArraySize is 0")
	c.set(t, "squeue.fails", "")
	refused("squeue: slurm_load_jobs error: Unable to contact slurm controller (connect failure)")
	c.path = dir
	refused("squeue is not on PATH: Slurm's commands are there on a cluster's login nodes")
}

// An answer without a job's id is quoted. What was submitted all the same is known by its name in the queue.
func TestSlurmMumbles(t *testing.T) {
	notShort(t, "calls the fake cluster many times")
	t.Parallel()
	c, dir := newFakeSlurm(t), t.TempDir()
	c.set(t, "sbatch.mumbles", "Please use the new portal.\n12 jobs\n")
	if o := c.submit(t, dir, exitFailed); o.talk != "tiny: sbatch gave no job id; it said \"Please use the new portal. 12 jobs\"\n" || o.out != "" {
		t.Errorf("it says %q and prints %q", o.talk, o.out)
	}
	if st := c.report(t, dir); st.Queued != trials {
		t.Errorf("it stands %+v", st)
	}
	if o := c.submit(t, dir, exitOK); !strings.HasPrefix(o.out, "nothing to submit: the 10 missing trials are queued") {
		t.Errorf("it says %q", o.out)
	}
	if o := c.call(t, dir, exitOK, "slurm", "cancel", "--out", "out"); o.out != "cancelled 101; what is recorded stays\n" {
		t.Errorf("it says %q", o.out)
	}
	c.set(t, "sbatch.mumbles", "")
	if o := c.submit(t, dir, exitFailed); o.talk != "tiny: sbatch gave no job id; it said \"\"\n" {
		t.Errorf("it says %q", o.talk)
	}
}

// Without squeue, status shows the records and says what it cannot.
func TestSlurmStatusWithoutQueue(t *testing.T) {
	notShort(t, "calls the fake cluster many times")
	t.Parallel()
	c, dir := newFakeSlurm(t), t.TempDir()
	c.submit(t, dir, exitOK)
	c.run(t, c.jobs(t)[0], "101", 0)
	c.set(t, "squeue.fails", "")
	o := c.call(t, dir, exitFailed, "slurm", "status", "--out", "out")
	if o.out != "out: 10 trials: 1 done, 9 missing\n" || !strings.Contains(o.talk, "cannot tell where the missing trials are: squeue: slurm_load_jobs error: Unable to contact") {
		t.Errorf("it says %q, %q", o.out, o.talk)
	}
	c.call(t, dir, exitFailed, "slurm", "cancel", "--out", "out")
}

// A plan edited by hand, and a task that it does not have, are exit status 2 and a line; no trial is run.
func TestSlurmEditedPlan(t *testing.T) {
	notShort(t, "runs a sweep on the fake cluster many times")
	t.Parallel()
	c, dir := newFakeSlurm(t), t.TempDir()
	c.submit(t, dir, exitOK)
	plans, err := filepath.Glob(filepath.Join(dir, "out", "slurm", "*", "plan.json"))
	if err != nil || len(plans) != 1 {
		t.Fatal(plans, err)
	}
	path := plans[0]
	text := tree(t, filepath.Dir(path))["plan.json"]
	id := text[strings.Index(text, `"trials": [`)+len(`"trials": [`):]
	id = id[strings.Index(id, `"`)+1:][:16]
	job := c.jobs(t)[0]
	for _, e := range []struct {
		status         int
		old, new, want string
	}{
		{exitFailed, id, "0123456789abcdef", "/out/plan.jsonl does not hold trial 0123456789abcdef; a run that asks for it plans it again"},
		{exitUsage, id, "trial 1", `task 0: "trial 1" is no trial's id`},
		{exitUsage, `"version": 1`, `"version": 9`, "version 9; expected 1"},
		{exitUsage, "{", "", "a plan is not to be edited"},
	} {
		write(t, path, strings.Replace(text, e.old, e.new, 1))
		o := c.run(t, job, "101", 0)
		if o.status != e.status || !strings.Contains(o.talk, path+": ") || !strings.Contains(o.talk, e.want) || strings.Count(o.talk, "\n") != 1 {
			t.Errorf("%+v, want %q", o, e.want)
		}
	}
	// It may be queued, which a further submission must know; status goes by what can be read.
	if o := c.submit(t, dir, exitUsage); !strings.Contains(o.talk, "cannot tell what is queued: "+path) {
		t.Errorf("it says %q", o.talk)
	}
	if o := c.call(t, dir, exitOK, "slurm", "status", "--out", "out"); !strings.Contains(o.talk, "warning: ") || !strings.Contains(o.out, "10 not submitted") {
		t.Errorf("it says %q, %q", o.talk, o.out)
	}
	if o := c.call(t, dir, exitOK, "slurm", "cancel", "--out", "out"); o.out != "cancelled 101, 102; what is recorded stays\n" {
		t.Errorf("it says %q", o.out)
	}
	c.submit(t, dir, exitOK)

	write(t, path, text)
	if o := c.run(t, job, "101", 10); o.status != exitUsage || !strings.Contains(o.talk, "task 10 of "+path+": expected 0 to 9") {
		t.Errorf("%+v", o)
	}
	if o := c.call(t, dir, exitUsage, "slurm", "task", "nosuch.json", "0"); !strings.Contains(o.talk, "nosuch.json") {
		t.Errorf("it says %q", o.talk)
	}
	if n := len(load(t, filepath.Join(dir, "out"))); n > 0 {
		t.Errorf("%d trials were run", n)
	}
}

// What a user may get wrong is exit status 2 and one line; nothing is asked of the cluster or written.
func TestSlurmUsage(t *testing.T) {
	notShort(t, "calls the program dozens of times")
	t.Parallel()
	c, dir := newFakeSlurm(t), t.TempDir()
	long62 := strings.Repeat("a", 62)
	for args, want := range map[string]string{
		"slurm":                                        "slurm: expected one of submit, status, cancel",
		"slurm sumbit":                                 `did you mean "submit"?`,
		"slurm submit --time 4h":                       "--time 4h: not a time limit; expected Slurm's form",
		"slurm submit --memory 2GB":                    "--memory 2GB: not a size; expected Slurm's form, 2G\n",
		"slurm submit --memory 2500mb":                 "--memory 2500mb: not a size; expected Slurm's form, 2500M\n",
		"slurm submit --cpus 0":                        "--cpus 0: out of range",
		"slurm submit --throttle -2":                   "--throttle -2: out of range",
		"slurm submit --pack 0s":                       "--pack 0s: expected a time above 0",
		"slurm submit sead=1":                          `did you mean "seed"?`,
		"slurm submit slurm.memory=much":               "slurm.memory = much: not a size; expected",
		"slurm submit slurm.time=4h":                   "slurm.time = 4h: not a time limit; expected",
		"slurm submit slurm.prtition=x":                `did you mean "slurm.partition"?`,
		"slurm submit --partiton x":                    "unknown flag: --partiton",
		"slurm submit --program nosuch":                "nosuch",
		"slurm status now":                             `status takes no words such as "now"`,
		"slurm status":                                 "holds no records",
		"slurm cancel":                                 "holds no records",
		"slurm task":                                   "slurm task takes a plan and the number of a task",
		"k8s":                                          "k8s: expected one of manifest",
		"k8s manifset":                                 `did you mean "manifest"?`,
		"k8s manifest --volume c":                      `--image "": expected an image`,
		"k8s manifest --image i":                       `--volume "": expected a persistent volume claim`,
		"k8s manifest --image i --volume A":            `--volume "A": expected`,
		"k8s manifest --image i --volume c --name a_b": `--name "a_b": expected`,
		"k8s manifest --image i --volume c --name " + long62: `expected at most 61 letters, digits and dashes, for the last pod is aaaa`,
		"k8s manifest --image i --volume c --memory 2GB":     `--memory "2GB": expected Kubernetes' form, 2Gi` + "\n",
		"k8s manifest --image i --volume c --memory 2500mb":  `--memory "2500mb": expected Kubernetes' form, 2500Mi` + "\n",
		"k8s manifest --image i --volume c --cpus 0":         `--cpus "0": expected`,
		"k8s manifest --image i --volume c --data somewhere": `--pod-data "": expected`,
		"k8s manifest --image i --volume c lr=x":             "lr = x: not a number",
	} {
		o := c.call(t, dir, exitUsage, strings.Fields(args)...)
		if !strings.HasPrefix(o.talk, "tiny: ") || strings.Count(o.talk, "\n") != 1 || !strings.Contains(o.talk, want) || o.out != "" {
			t.Errorf("%s: says %q and prints %q, want %q", args, o.talk, o.out, want)
		}
	}
	if c.get(t, "jobs") != "" || len(tree(t, dir)) > 0 {
		t.Error("jobs were submitted, or files written")
	}
	// A folder to which nothing was submitted.
	dir, _ = finished(t)
	if o := c.call(t, dir, exitUsage, "slurm", "status", "--out", "out"); !strings.Contains(o.talk, "nothing was submitted from out") {
		t.Errorf("it says %q", o.talk)
	}
	if o := c.submit(t, dir, exitUsage, "lr=0.2"); !strings.Contains(o.talk, "out holds another configuration: lr is 0.1 there and 0.2 here") {
		t.Errorf("it says %q", o.talk)
	}
}
