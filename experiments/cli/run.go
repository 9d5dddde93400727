package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"time"

	"al.essio.dev/pkg/shellescape"
	"github.com/spf13/cobra"

	"msharp/harness"
	"msharp/harness/config"
	"msharp/harness/folder"
	"msharp/harness/record"
	"msharp/harness/verdict"
	"msharp/models/kind"
)

// runFlags are the flags of run alone.
type runFlags struct {
	workers   int
	shard     string
	retry     bool
	onFailure string
	quiet     bool
	dry       bool

	halt    context.Context // when done, trials under way stop at the end of their epoch, saved; nil is never
	noDraw  bool            // whether drawing is left to another process
	kept    bool            // whether only kept weights are measured
	planned bool            // whether the trials come from the folder's plan
}

func (s *session) runCommand() *cobra.Command {
	var f runFlags
	c := &cobra.Command{
		Use:   "run [flags] [key=value ...]",
		Short: "train what is missing, measure, draw, report",
		RunE:  func(_ *cobra.Command, words []string) error { return s.run(f, words) },
	}
	c.Flags().BoolVar(&f.dry, "dry-run", false, "the plan, as list prints it, and nothing else")
	c.Flags().IntVar(&f.workers, "workers", runtime.GOMAXPROCS(0), "trials at a time")
	c.Flags().StringVar(&f.shard, "shard", "0/1", "run every N-th trial from the I-th, I < N, as `I/N`")
	c.Flags().BoolVar(&f.retry, "retry-failed", false, "run failed trials again")
	c.Flags().StringVar(&f.onFailure, "on-failure", "continue", "what a failed trial does to the others: `continue|stop`")
	c.Flags().BoolVar(&f.quiet, "quiet", false, "no progress")
	return c
}

func (s *session) run(f runFlags, words []string) error {
	if f.dry {
		sweep, err := s.plan(words, f.quiet)
		if err != nil {
			return err
		}
		return s.list(sweep)
	}
	sweep, trials, err := s.shard(f, words)
	if err != nil {
		return err
	}
	ctx, stop := s.interruptible()
	defer stop()
	return s.train(ctx, f, sweep, trials)
}

// shard plans a sweep and returns the trials of it that the flags choose.
func (s *session) shard(f runFlags, words []string) (*config.Sweep, []config.Trial, error) {
	i, n, err := f.check()
	if err != nil {
		return nil, nil, err
	}
	sweep, err := s.plan(words, f.quiet)
	if err != nil {
		return nil, nil, err
	}
	trials, err := harness.Shard(sweep.Trials, i, n)
	if err != nil {
		return nil, nil, usageError{err}
	}
	if !f.quiet {
		for _, line := range tables(sweep) {
			fmt.Fprintln(s.talk, line)
		}
	}
	return sweep, trials, nil
}

// train runs those of the given trials that are missing, and draws. When ctx is done, it lets the running trials finish; if some are then
// left, the error is interrupted.
func (s *session) train(ctx context.Context, f runFlags, sweep *config.Sweep, trials []config.Trial) error {
	out := s.outFolder(sweep.Name)
	store, err := record.Open(string(out))
	if err != nil {
		return err
	}
	defer store.Close()
	began, m := time.Now(), s.manifest(sweep, f.workers)
	var plan *folder.Plan // stays nil if the trials come from the folder's plan
	lease, err := out.Lease(config.IDs(trials), f.workers, func() (err error) {
		switch {
		case f.planned:
		case f.kept:
			plan, err = s.prepareMeasuring(out, sweep, m)
		default:
			plan, err = s.prepare(out, sweep, m)
		}
		return err
	})
	if err != nil {
		return err
	}
	defer lease.Release()
	recs, held, err := s.recorded(out)
	if err != nil {
		return err
	}
	attempts, err := out.Attempts()
	if err != nil {
		return err
	}
	s.sayUnplanned(out, plan, recs)
	missing := harness.Missing(trials, recs, held, f.retry)
	harness.RemoveSpent(trials, recs, out, attempts, missing)
	measuring, training := harness.Divide(missing, recs, held, !f.kept)
	left := 0
	if f.kept {
		left = s.sayLeft(missing, measuring, recs, held)
		missing, training = measuring, nil
		f.noDraw = len(missing) == 0
	} else if again := trainedAgain(training, recs, held); again != "" && !f.quiet {
		fmt.Fprintln(s.talk, again)
	}
	if len(missing) == 0 {
		if !f.kept {
			fmt.Fprintf(s.talk, "all %d trials are recorded in %s\n", len(trials), out)
		}
	} else if err := out.Exclusively(folder.Guard, func() error { return out.MergeManifest(m) }); err != nil {
		return err
	}

	lease.Announce(folder.Agenda{Train: config.IDs(training), Measure: config.IDs(measuring)})
	s.sayUnended(attempts)
	inPlace := func() error { return cmp.Or(store.InPlace(), lease.InPlace()) }
	generous()
	progress := newProgress(s.talk, s.terminal, f.quiet, placing(sweep.Trials, sweep.Axes), training, measuring, recs, f.workers)
	failed, err := harness.Run(ctx, missing, recs, store, harness.Runtime{
		CheckpointAfter: sweep.Execution.CheckpointAfter, TimeLimit: sweep.Execution.TimeLimit,
		Workers: f.workers, Stop: f.onFailure == "stop", Measure: f.kept, Out: out, InPlace: inPlace, Halt: f.halt,
		Run:      record.Run{Revision: m.Revision, Dirty: m.Dirty, Host: m.Host},
		Finished: progress.finished, Warn: progress.warn,
	})
	progress.close()
	frugal()
	if err = cmp.Or(err, inPlace()); errors.Is(err, record.ErrMoved) {
		return fmt.Errorf("%w; no further trial was run", err)
	} else if err != nil {
		return fmt.Errorf("%w; no further trial was run; the records are safe, and the same command continues", err)
	}
	if (ctx.Err() != nil || f.halt != nil && f.halt.Err() != nil) && progress.left() > 0 {
		return interrupted{fmt.Errorf("stopped with %s left; to continue: %s", record.Plural(progress.left(), "trial"), commandLine(s.Name, s.args))}
	}
	if len(missing) > 0 {
		m.Seconds, m.Trained, m.Measured = time.Since(began).Seconds(), progress.trained.done, progress.measured.done
		if err := out.Exclusively(folder.Guard, func() error { return out.MergeManifest(m) }); err != nil {
			return err
		}
	}
	var verdicts []verdict.Verdict
	if !f.noDraw {
		if verdicts, err = s.drawFolder(out); err != nil {
			return fmt.Errorf("%w; the records are safe; draw draws them", err)
		}
	}
	if err := s.conclude(f, out, trials, failed, verdicts); err != nil || left == 0 {
		return err
	}
	return fmt.Errorf("%s left: kept weights cannot give what these trials lack; use `run`", record.Plural(left, "trial"))
}

// check returns the shard.
func (f runFlags) check() (i, n int, err error) {
	if f.workers < 1 {
		return 0, 0, usageError{fmt.Errorf("--workers %d: expected a whole number ≥ 1", f.workers)}
	}
	if f.onFailure != "continue" && f.onFailure != "stop" {
		return 0, 0, usageError{fmt.Errorf("--on-failure %s: expected continue or stop", f.onFailure)}
	}
	var rest string
	if k, _ := fmt.Sscanf(f.shard+" ", "%d/%d%1s", &i, &n, &rest); k != 2 {
		return 0, 0, usageError{fmt.Errorf("--shard %s: expected I/N, such as 0/4", f.shard)}
	}
	return i, n, nil
}

// plan plans a sweep, and warns of what looks like a mistake.
func (s *session) plan(words []string, quiet bool) (*config.Sweep, error) {
	name, text, err := s.text()
	if err != nil {
		return nil, err
	}
	sweep, err := config.PlanWith(name, text, words, config.Means{Dir: s.data, Held: s.heldBy, Tell: s.planning(quiet)})
	if err != nil {
		return nil, err
	}
	if err := checkSite(sweep); err != nil {
		return nil, err
	}
	for _, warning := range sweep.Warnings {
		fmt.Fprintln(s.talk, "warning:", warning)
	}
	return sweep, nil
}

// checkSite refuses what a sweep asks of a Slurm site and no site would accept.
func checkSite(sweep *config.Sweep) error {
	if err := site(sweep).Check(); err != nil {
		return sweep.Locate(kind.Under("slurm", err))
	}
	return nil
}

// interruptible returns a context that the first Ctrl-C ends; the second ends the program.
func (s *session) interruptible() (context.Context, func()) {
	return onSignal(func(n int, _ os.Signal) {
		switch n {
		case 1:
			fmt.Fprintln(s.talk, "\nstopping: the running trials finish first; press Ctrl-C again to stop now")
		default:
			fmt.Fprintf(s.talk, "\nstopped; to continue: %s\n", commandLine(s.Name, s.args))
			os.Exit(exitInterrupted)
		}
	}, os.Interrupt, syscall.SIGTERM)
}

// onSignal returns a context that ends at the first of some signals, and what stops listening. It tells hear of each signal, the first as 1.
func onSignal(hear func(n int, which os.Signal), which ...os.Signal) (context.Context, func()) {
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, which...)
	go func() {
		n := 0
		for which := range signals {
			n++
			hear(n, which)
			cancel()
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(signals)
		cancel()
	}
}

// conclude says what was found and what became of the trials.
func (s *session) conclude(f runFlags, out folder.Dir, trials []config.Trial, failedNow int, verdicts []verdict.Verdict) error {
	recs, err := s.load(out, record.WithoutEpochs, record.WithoutConfusion, record.WithoutNumbers)
	if err != nil {
		return err
	}
	count := record.Count(config.IDs(trials), states(recs))
	if f.noDraw {
		fmt.Fprintln(s.out, count)
	} else {
		fmt.Fprintln(s.out, verdict.Finding(s.Claims, verdicts))
		s.say(verdicts)
		fmt.Fprintf(s.out, "%s; see %s\n", count, out.Report())
	}
	switch {
	case failedNow > 0 && f.kept:
		return fmt.Errorf("%s could not be measured", record.Plural(failedNow, "trial"))
	case failedNow > 0 && count.Failed == 0:
		return fmt.Errorf("%s could not be trained again, and logs/ID.log says why; the same command tries once more", record.Plural(failedNow, "trial"))
	case failedNow > 0:
		return fmt.Errorf("%s failed; --retry-failed runs them again", record.Plural(failedNow, "trial"))
	case count.Failed > 0:
		return fmt.Errorf("%s failed in an earlier run; --retry-failed runs them again", record.Plural(count.Failed, "trial"))
	case count.Missing == 1:
		return errors.New("1 trial was not run")
	case count.Missing > 0:
		return fmt.Errorf("%d trials were not run", count.Missing)
	}
	return nil
}

// commandLine returns the words that call this program with args in a shell.
func commandLine(name string, args []string) string {
	program := shellescape.Quote(os.Args[0])
	if byGoRun(os.Args[0]) {
		program = "go run " + shellescape.Quote("./experiments/"+name)
	}
	return strings.TrimSuffix(program+" "+shellescape.QuoteCommand(args), " ")
}

// built matches the name of a folder of go's build cache that holds an executable.
var built = regexp.MustCompile(`^[0-9a-f]{64}-d$`)

// byGoRun reports whether a program lies where go run keeps what it builds.
func byGoRun(program string) bool {
	return strings.Contains(program, "go-build") || built.MatchString(filepath.Base(filepath.Dir(program)))
}
