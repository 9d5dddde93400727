package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"msharp/harness"
	"msharp/harness/config"
	"msharp/harness/folder"
	"msharp/harness/record"
	"msharp/harness/slurm"
	"msharp/models/kind"
)

// submitFlags are the flags of slurm submit. A flag that is not given is as the configuration has it under slurm.
type submitFlags struct {
	slurm.Options
	pack    time.Duration
	retry   bool
	planned bool
	program string
	given   func(flag string) bool // on the command line
}

func (s *session) slurmSubmitCommand() *cobra.Command {
	var f submitFlags
	c := &cobra.Command{
		Use:   "submit [flags] [key=value ...]",
		Short: "submit what is missing and neither queued nor running, and a job that draws when it has ended",
		Long: "Builds one static binary of the experiment into the output folder, packs the trials that are missing into tasks, and submits these as\n" +
			"job arrays, as large as the site takes. When they have ended, a further job draws. Called again, it submits what is still missing and\n" +
			"neither queued nor running.",
	}
	flags := c.Flags()
	flags.StringVar(&f.Partition, "partition", "", "the tasks' `PARTITION`")
	flags.StringVar(&f.Account, "account", "", "`ACCOUNT` to charge")
	flags.StringVar(&f.Time, "time", "", "`LIMIT` of a task, in Slurm's form: 30 (minutes), 4:00:00, 1-12; it goes on in a new one")
	flags.StringVar(&f.Memory, "memory", "", "`SIZE` of a task's memory, in Slurm's form: 500M, 2G")
	flags.IntVar(&f.CPUs, "cpus", 1, "`N` cores a task, and so trials at a time")
	flags.IntVar(&f.Throttle, "throttle", 0, "at most `N` tasks of the output folder at a time, with those of earlier submissions; 0 is no limit")
	flags.StringArrayVar(&f.Sbatch, "sbatch", nil, "a further `WORD` for sbatch, such as --qos=low; may be given again")
	flags.DurationVar(&f.pack, "pack", defaultPack, "`TIME` that a task should take at least, where the cost of its trials is known")
	flags.BoolVar(&f.retry, "retry-failed", false, "run failed trials again")
	flags.BoolVar(&f.planned, "planned", false, "submit all that was ever asked of the output folder, as its plan.jsonl holds it")
	flags.StringVar(&f.program, "program", "", "static binary of this experiment, as a `FILE`; default: one is built")
	f.given = flags.Changed
	c.RunE = func(_ *cobra.Command, words []string) error { return s.submit(f, words) }
	return c
}

const (
	defaultPack = 5 * time.Minute
	spreadOver  = 64 // tasks, while no trial's cost is known
)

// site is what a sweep asks of a Slurm site.
func site(sweep *config.Sweep) slurm.Options {
	o := slurm.Options(sweep.Execution.Slurm)
	o.CPUs, o.Sbatch = max(1, o.CPUs), slices.Clone(o.Sbatch)
	return o
}

// options returns what the flags ask of the site, and the sweep where they say nothing.
func (f submitFlags) options(sweep *config.Sweep) (slurm.Options, error) {
	o := site(sweep)
	o.Sbatch = append(o.Sbatch, f.Sbatch...)
	for flag, take := range map[string]func(){
		"partition": func() { o.Partition = f.Partition },
		"account":   func() { o.Account = f.Account },
		"time":      func() { o.Time = f.Time },
		"memory":    func() { o.Memory = f.Memory },
		"cpus":      func() { o.CPUs = f.CPUs },
		"throttle":  func() { o.Throttle = f.Throttle },
	} {
		if f.given(flag) {
			take()
		}
	}
	if f.pack <= 0 {
		return o, usageError{fmt.Errorf("--pack %v: expected a time above 0, such as 10m", f.pack)}
	}
	if e := new(kind.Error); errors.As(o.Check(), &e) { // it is about a flag: the configuration has been checked
		return o, usageError{fmt.Errorf("--%s %s: %s; expected %s", e.Key, e.Value, e.Problem, e.Expected)}
	}
	return o, nil
}

func (s *session) submit(f submitFlags, words []string) error {
	var sweep *config.Sweep
	var err error
	if f.planned {
		sweep, err = s.planned(words)
	} else {
		sweep, err = s.plan(words, false)
	}
	if err != nil {
		return err
	}
	options, err := f.options(sweep)
	if err != nil {
		return err
	}
	if f.program != "" {
		if _, err := os.Stat(f.program); err != nil {
			return usageError{fmt.Errorf("--program: %w", err)}
		}
	}
	path, err := filepath.Abs(string(s.outFolder(sweep.Name)))
	if err != nil {
		return err
	}
	out := folder.Dir(path)
	return out.Exclusively(folder.Submitting, func() error { return s.submitTo(out, f, options, sweep) })
}

// submitTo submits the trials of a sweep that a folder lacks. The caller holds the folder's lock Submitting.
func (s *session) submitTo(out folder.Dir, f submitFlags, o slurm.Options, sweep *config.Sweep) error {
	queue, err := slurm.Queue() // before the records: what ends in between counts as running, not as missing
	if err != nil {
		return err
	}
	subs, err := slurm.Load(out.Submissions())
	if err != nil {
		return err
	}
	for _, sub := range subs {
		if sub.Fault != nil && len(sub.Live(queue)) > 0 {
			return usageError{fmt.Errorf("cannot tell what is queued: %w; slurm cancel ends its jobs, and submit then makes a new plan", sub.Fault)}
		}
	}
	recs, held, err := s.recorded(out, record.WithoutEpochs, record.WithoutConfusion)
	if err != nil {
		return err
	}
	all := harness.Missing(sweep.Trials, recs, held, f.retry)
	trials := unqueued(all, slurm.Standings(subs, queue))
	if len(trials) == 0 {
		return s.nothingToSubmit(out, sweep, len(all))
	}
	m := s.manifest(sweep, o.CPUs)
	lease, err := out.Lease(config.IDs(trials), o.CPUs, func() error {
		if f.planned {
			return s.keepPlan(out)
		}
		_, err := s.prepare(out, sweep, m)
		return err
	})
	if err != nil {
		return err
	}
	lease.Release() // it was taken to see that no other process runs these trials; each task takes its own
	if _, err := record.Open(string(out)); err != nil {
		return err
	}
	program, env, err := s.nodeProgram(out.Submissions(), f.program)
	if err != nil {
		return err
	}
	plan := slurm.Plan{
		Command: s.args, Workers: o.CPUs, Retry: f.retry, Tasks: pack(trials, recs, o, f.pack),
		CheckpointAfter: sweep.Execution.CheckpointAfter.Seconds(), TimeLimit: sweep.Execution.TimeLimit.Seconds(),
	}
	if s.data != "" {
		plan.Data, err = filepath.Abs(s.data)
	}
	if f.program != "" && err == nil {
		plan.Program, err = filepath.Abs(f.program)
	}
	if err != nil {
		return err
	}
	sub, err := slurm.Create(out.Submissions(), plan)
	if err != nil {
		return err
	}
	err = sub.Submit(string(out), s.Name, program, env, o, slurm.LiveArrays(subs, queue))
	switch no := new(slurm.Refusal); {
	case len(sub.Jobs) > 0:
		s.sayJobs(sub)
	case errors.As(err, &no):
		os.RemoveAll(sub.Dir)
	}
	return err
}

// unqueued returns the trials that are not in the queue.
func unqueued(trials []config.Trial, standing map[string]slurm.Standing) []config.Trial {
	return slices.DeleteFunc(slices.Clone(trials), func(t config.Trial) bool { return standing[t.ID].State > slurm.Lost })
}

func (s *session) nothingToSubmit(out folder.Dir, sweep *config.Sweep, missing int) error {
	if missing > 0 {
		fmt.Fprintf(s.out, "nothing to submit: the %d missing trials are queued or running; %s says where\n", missing, commandLine(s.Name, s.sibling("status")))
	} else {
		fmt.Fprintf(s.out, "nothing to submit: all %d trials are recorded in %s\n", len(sweep.Trials), out)
	}
	return nil
}

// pack divides trials into tasks of about the wanted length, or of half the tasks' time limit if that is shorter, by what trials like them took.
// If no trial like one of them is recorded, it makes a fixed number of tasks.
func pack(trials []config.Trial, recs []record.Record, o slurm.Options, length time.Duration) []slurm.Task {
	if l := o.Limit(); l > 0 {
		length = min(length, l/2)
	}
	cost := estimated(recs)
	seconds, encoder := make([]float64, len(trials)), config.NewEncoder()
	for i, t := range trials {
		k := class(encoder.Settings(t.Config))
		if !cost.knows(k) {
			return slurm.Spread(config.IDs(trials), spreadOver)
		}
		seconds[i], _ = cost.mean(k)
	}
	return slurm.Pack(config.IDs(trials), seconds, o.CPUs, length)
}

// sayJobs says what Slurm has taken.
func (s *session) sayJobs(sub *slurm.Submission) {
	arrays := sub.Arrays()
	name := "array " + arrays[0]
	if n := len(arrays); n > 1 {
		name = fmt.Sprintf("%d arrays, %s to %s", n, arrays[0], arrays[n-1])
	}
	fmt.Fprintf(s.out, "submitted %s in %s as %s", record.Plural(slurm.Trials(sub.Accepted()), "trial"), record.Plural(len(sub.Accepted()), "task"), name)
	if last := sub.Jobs[len(sub.Jobs)-1]; last.Tasks == 0 {
		fmt.Fprintf(s.out, "; when they have ended, job %s draws", last.ID)
	}
	fmt.Fprintf(s.out, "\nlogs: %s\nhow far it is: %s\n", sub.Dir, commandLine(s.Name, s.sibling("status")))
}

// sibling returns the words that call another slurm command on the same folder.
func (s *session) sibling(name string) []string {
	words := []string{"slurm", name}
	for _, f := range []struct{ flag, value string }{{"--config", s.config}, {"--out", s.folder}} {
		if f.value != "" {
			words = append(words, f.flag, f.value)
		}
	}
	return words
}
