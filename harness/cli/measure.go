package cli

import (
	"fmt"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"msharp/harness"
	"msharp/harness/record"
)

func (s *session) measureCommand() *cobra.Command {
	f := runFlags{onFailure: "continue", shard: "0/1", kept: true}
	c := &cobra.Command{
		Use:   "measure [flags] [key=value ...]",
		Short: "new measures on kept weights, without training again",
		Long: "Takes the measures that the records lack of trials whose weights were kept (keep_weights: true), and draws. Measures are those of\n" +
			"the configuration, or an override: measures='[gradnorm, {kind: msharp, m: [1, 8], rho: [0.1]}]'.",
		RunE: func(_ *cobra.Command, words []string) error {
			if _, _, err := f.check(); err != nil {
				return err
			}
			sweep, err := s.plan(words)
			if err != nil {
				return err
			}
			s.folder = s.outFolder(sweep.Name)
			if _, err := s.existingFolder(); err != nil {
				return err
			}
			ctx, stop := s.interruptible()
			defer stop()
			return s.train(ctx, f, sweep, sweep.Trials)
		},
	}
	c.Flags().IntVar(&f.workers, "workers", runtime.GOMAXPROCS(0), "trials at a time")
	c.Flags().BoolVar(&f.quiet, "quiet", false, "no progress")
	return c
}

// sayLeft says which of the missing trials are left to be trained, as their weights were not kept, and returns how many of them are
// recorded.
func (s *session) sayLeft(missing, kept []harness.Trial, recs []record.Record) (recorded int) {
	needs := map[string]bool{}
	for _, id := range ids(missing) {
		needs[id] = true
	}
	for _, id := range ids(kept) {
		delete(needs, id)
	}
	left := slices.DeleteFunc(ids(missing), func(id string) bool { return !needs[id] })
	if n := len(left); n > 0 {
		const most = 10
		names := strings.Join(first(left, most), ", ")
		if n > most {
			names += fmt.Sprintf(" and %d more", n-most)
		}
		fmt.Fprintf(s.talk, "left to run, for no weights were kept or more is missing than measures: %s\n", names)
	}
	if len(kept) == 0 {
		fmt.Fprintln(s.talk, "no measures are missing of kept weights")
	}
	for _, r := range recs {
		if needs[r.ID] {
			recorded++
		}
	}
	return recorded
}
