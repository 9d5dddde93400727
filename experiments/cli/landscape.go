package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"msharp/harness"
	"msharp/harness/config"
	"msharp/harness/disk"
	"msharp/harness/folder"
	"msharp/harness/record"
)

// landscapeFlags are the flags of landscape.
type landscapeFlags struct {
	harness.View
	workers int
	quiet   bool
	spanned bool // --span was given
}

// Bounds of --points and --span. Farther away there is nothing but a straight rise, and figures have no room for the numbers.
const (
	fewestPoints = 3
	mostPoints   = 1001
	mostSpan     = 1000
)

func (s *session) landscapeCommand() *cobra.Command {
	var f landscapeFlags
	c := &cobra.Command{
		Use:   "landscape [flags] [ID ...] [key=value ...]",
		Short: "losses around trained weights, along lines and planes, and the path of training",
		Long: "Draws the loss and the error over a part of the space of weights, around trials whose weights are kept (keep_weights: true):\n" +
			"  random        two filter-normalised random directions (Li et al. 2018) from a trial; biases stay\n" +
			"  eigenvectors  the two top eigenvectors of the Hessian of a trial's training loss\n" +
			"  line          the line through two trials\n" +
			"  plane         the plane through three trials, its axes orthonormal\n" +
			"  trajectory    the path of a trial's training, on the plane of its first two principal components (Li et al. 2018)\n" +
			"A trial is named by its id, or the beginning of it; overrides name all trials of that configuration: seed=1 optimizer.rho=0.05. Of line\n" +
			"and plane the data are those of the first trial. For a trajectory no weights need be kept: the trial is trained again, and must end with the\n" +
			"same bits. The losses are kept in landscapes/X.csv, from which the same call draws again.",
		RunE: func(c *cobra.Command, words []string) error {
			f.spanned = c.Flags().Changed("span")
			return s.landscape(f, words)
		},
	}
	c.Flags().StringVar(&f.Along, "along", "random", "`random|eigenvectors|line|plane|trajectory`")
	c.Flags().StringVar(&f.Split, "split", "train", "whose loss: `train|val|test`")
	c.Flags().IntVar(&f.Dims, "dims", 0, "1 for the two axes alone, 2 for a map; default 2, of a line 1")
	c.Flags().IntVar(&f.Points, "points", 41, "points on an axis; odd around a solution, which is then one of them")
	c.Flags().Float64Var(&f.Span, "span", 0, "how far the axes go: to either side in filter norms (random, default 1) or in distance of weights\n(eigenvectors, default 0.5), or beyond the solutions or the path as a share of their extent (line, plane, trajectory, default 0.25)")
	c.Flags().IntVar(&f.Draw, "draw", 1, "which random directions: each number is a stream of its own")
	c.Flags().IntVar(&f.workers, "workers", runtime.GOMAXPROCS(0), "points at a time")
	c.Flags().BoolVar(&f.quiet, "quiet", false, "no progress")
	return c
}

// check sets what was left out.
func (f *landscapeFlags) check() error {
	way, ok := harness.Along[f.Along]
	if !ok {
		return usageError{fmt.Errorf("--along %s: expected one of %s", f.Along, strings.Join(slices.Sorted(maps.Keys(harness.Along)), ", "))}
	}
	if f.Dims == 0 {
		f.Dims = way.Dims[0]
	}
	if !f.spanned {
		f.Span = way.Span
	}
	switch {
	case !slices.Contains([]string{"train", "val", "test"}, f.Split):
		return usageError{fmt.Errorf("--split %s: expected train, val or test", f.Split)}
	case !slices.Contains(way.Dims, f.Dims):
		return usageError{fmt.Errorf("--dims %d: expected %s with --along %s", f.Dims, strings.Trim(fmt.Sprint(way.Dims), "[]"), f.Along)}
	case f.Points < fewestPoints || f.Points > mostPoints:
		return usageError{fmt.Errorf("--points %d: expected a number from %d to %d", f.Points, fewestPoints, mostPoints)}
	case way.Centred && f.Points%2 == 0:
		return usageError{fmt.Errorf("--points %d: expected an odd number with --along %s, so that the solution is a point", f.Points, f.Along)}
	case !(f.Span > 0 && f.Span <= mostSpan):
		return usageError{fmt.Errorf("--span %v: expected a number above 0 and at most %d, %s", f.Span, mostSpan, way.Means)}
	case f.Draw < 1:
		return usageError{fmt.Errorf("--draw %d: expected a whole number ≥ 1", f.Draw)}
	case f.workers < 1:
		return usageError{fmt.Errorf("--workers %d: expected a whole number ≥ 1", f.workers)}
	}
	if f.Along != "random" {
		f.Draw = 0
	}
	return nil
}

func (s *session) landscape(f landscapeFlags, words []string) error {
	if err := f.check(); err != nil {
		return err
	}
	out, trials, err := s.chosen(f.View, f.quiet, words)
	if err != nil {
		return err
	}
	ctx, stop := onSignal(func(n int, _ os.Signal) {
		if n > 1 {
			os.Exit(exitInterrupted)
		}
	}, os.Interrupt, syscall.SIGTERM)
	defer stop()
	var recs []record.Record // of a trajectory
	if f.Along == "trajectory" {
		if recs, err = s.load(out); err != nil {
			return err
		}
	}
	for of := range slices.Chunk(trials, f.Solutions()) {
		err := s.landscapeOf(ctx, f, out, recs, of)
		if ctx.Err() != nil {
			return interrupted{fmt.Errorf("stopped; to begin this figure again: %s", commandLine(s.Name, s.args))}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// chosen returns the output folder, and the trials that words name.
func (s *session) chosen(v harness.View, quiet bool, words []string) (out folder.Dir, trials []config.Trial, err error) {
	var ids, overrides []string
	for _, word := range words {
		if strings.Contains(word, "=") {
			overrides = append(overrides, word)
		} else {
			ids = append(ids, word)
		}
	}
	if len(words) == 0 {
		return "", nil, usageError{fmt.Errorf("landscape names no trial; expected %s by id, or overrides such as seed=1 optimizer.rho=0.05; list --json has the ids", record.Plural(v.Solutions(), "trial"))}
	}
	var among []string // of the configuration; nil for all of the folder
	if len(overrides) > 0 {
		sweep, err := s.plan(overrides, quiet)
		if err != nil {
			return "", nil, err
		}
		s.folder, among = string(s.outFolder(sweep.Name)), config.IDs(sweep.Trials)
	}
	if out, err = s.existingFolder(); err != nil {
		return "", nil, err
	}
	plan, _, err := s.planOf(out)
	if err != nil {
		return "", nil, err
	}
	if plan == nil {
		return "", nil, usageError{fmt.Errorf("%s holds no plan.jsonl, which names its trials; run writes it", out)}
	}
	if among == nil {
		among = plan.IDs()
	}
	if ids, err = wholeIDs(ids, among); err != nil {
		return "", nil, err
	}
	if n := v.Solutions(); n > 1 && len(ids) != n {
		return "", nil, usageError{fmt.Errorf("--along %s is of %s; expected %d, these are %d", v.Along, record.Plural(n, "trial"), n, len(ids))}
	}
	trials, _, err = plan.Trials(s.data, ids)
	return out, trials, err
}

// wholeIDs returns the ids that words begin, in their order; all of them without words.
func wholeIDs(words, among []string) (ids []string, err error) {
	if len(words) == 0 {
		return among, nil
	}
	for _, word := range words {
		var found []string
		for _, id := range among {
			if strings.HasPrefix(id, word) {
				found = append(found, id)
			}
		}
		switch {
		case len(found) == 0:
			return nil, usageError{fmt.Errorf("%q is the id of none of %s; expected an id, its beginning, or key=value", word, record.Plural(len(among), "trial"))}
		case len(found) > 1:
			return nil, usageError{fmt.Errorf("%q begins the ids of %s (%s); expected one", word, record.Plural(len(found), "trial"), named(found, 3))}
		case slices.Contains(ids, found[0]):
			return nil, usageError{fmt.Errorf("trial %s is named twice; expected different trials", found[0])}
		}
		ids = append(ids, found[0])
	}
	return ids, nil
}

// landscapeName is that of the files of a view.
func landscapeName(v harness.View, trials []config.Trial) string {
	words := []string{"landscape", v.Along}
	if v.Along != "line" && v.Dims == 1 {
		words = append(words, "lines")
	}
	if v.Split != "train" {
		words = append(words, v.Split)
	}
	if v.Draw > 1 {
		words = append(words, fmt.Sprintf("draw%d", v.Draw))
	}
	return strings.Join(append(words, config.IDs(trials)...), "-")
}

// solutions returns what the view is of: kept weights, or a trial that is to be trained again as it is recorded.
func (s *session) solutions(f landscapeFlags, out folder.Dir, recs []record.Record, trials []config.Trial) ([]*harness.Solution, error) {
	first := trials[0]
	room := func(vectors int) error {
		if err := harness.RoomForView(first, f.View, vectors, f.workers); err != nil {
			return fmt.Errorf("trial %s: %w", first.ID, err)
		}
		return nil
	}
	if f.Along != "trajectory" {
		if err := room(len(trials)); err != nil {
			return nil, err
		}
		return harness.Solutions(trials, out)
	}
	var r record.Record
	if i := slices.IndexFunc(recs, func(r record.Record) bool { return r.ID == first.ID }); i >= 0 {
		r = recs[i]
	}
	trained, err := harness.TrainedOf(first, r)
	if err != nil {
		return nil, err
	}
	if err := room(trained.Points()); err != nil {
		return nil, err
	}
	solution, err := harness.Untrained(first, trained, out)
	return []*harness.Solution{solution}, err
}

// landscapeOf draws the view of a trial, or of several together.
func (s *session) landscapeOf(ctx context.Context, f landscapeFlags, out folder.Dir, recs []record.Record, trials []config.Trial) error {
	generous()
	defer frugal()
	solutions, err := s.solutions(f, out, recs, trials)
	if err != nil {
		return err
	}
	name := landscapeName(f.View, trials)
	path := out.Landscape(name)
	request := harness.RequestOf(f.View, solutions, trials[0].Source.SHA256)
	grid, err := s.keptGrid(path, request)
	if err != nil {
		return err
	}
	if grid == nil {
		if f.Along == "trajectory" {
			if err := solutions[0].TrainAgain(ctx, s.sayDone(f, name, "epochs")); err != nil {
				return err
			}
		}
		if grid, err = harness.Look(ctx, request, solutions, f.workers, s.sayDone(f, name, "points")); err != nil {
			return err
		}
		if err := disk.WriteFile(path, grid.Encode()); err != nil {
			return err
		}
	}
	figure := landscapeFigure(name, grid, trials).Draw()
	if err := out.Exclusively(folder.Drawing, func() error { return figure.Write(out.Figures()) }); err != nil {
		return err
	}
	if n := grid.NotFinite(); n > 0 {
		fmt.Fprintf(s.talk, "the loss of %d of %s is not finite; it is white in the figure\n", n, record.Plural(len(grid.Points), "point"))
	}
	fmt.Fprintf(s.out, "drew %s.png, .svg and .csv, from %s\n", filepath.Join(out.Figures(), name), path)
	return nil
}

// keptGrid returns the grid that a file holds, nil if that is not the one asked for, which is said.
func (s *session) keptGrid(path string, asked harness.Request) (*harness.Grid, error) {
	grid, err := harness.ReadGrid(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case errors.As(err, new(*harness.DamagedGrid)):
		fmt.Fprintf(s.talk, "%v; the losses are computed anew\n", err)
		return nil, nil
	case err != nil:
		return nil, err
	}
	if d := asked.Difference(grid.Request); d != "" {
		fmt.Fprintf(s.talk, "%s has other losses: %s; they are computed anew\n", path, d)
		return nil, nil
	}
	fmt.Fprintf(s.talk, "%s has these losses\n", path)
	return grid, nil
}

// sayDone returns what says how far a grid or a training is, to those who are kept waiting; nothing where that is not wanted.
func (s *session) sayDone(f landscapeFlags, name, what string) func(done, of int) {
	if f.quiet {
		return func(int, int) {}
	}
	var began, said time.Time
	return func(done, of int) {
		at := time.Now()
		if began.IsZero() {
			began, said = at, at // with the first; what came before it, such as eigenvectors, tells nothing of the others
		}
		if at.Sub(said) < betweenLines || done == of {
			return
		}
		said = at
		left := time.Duration(float64(at.Sub(began)) / float64(max(1, done-1)) * float64(of-done))
		fmt.Fprintf(s.talk, "%s: %s of %s %s, %v left\n", name, grouped(done), grouped(of), what, left.Round(time.Second))
	}
}
