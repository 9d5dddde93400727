package cli

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"msharp/harness"
	"msharp/harness/record"
)

func (s *session) listCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "list [--json] [key=value ...]",
		Short: "the plan: how many trials, over what, how long, what is recorded; or the trials with --json",
		RunE: func(_ *cobra.Command, words []string) error {
			sweep, err := s.plan(words)
			if err != nil {
				return err
			}
			if asJSON {
				return s.listJSON(sweep)
			}
			return s.list(sweep)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "the trials as a JSON array")
	return c
}

// list says what run would do, before anything runs.
func (s *session) list(sweep *harness.Sweep) error {
	out := s.outFolder(sweep.Name)
	recs, err := s.load(out, record.WithoutEpochs, record.WithoutConfusion)
	if err != nil {
		return err
	}
	count := countStates(ids(sweep.Trials), recs)
	fmt.Fprintf(s.out, "%s: %s in %s", sweep.Name, count, out)
	if missing := sweep.Missing(recs, out, false); len(missing) > 0 {
		cost := estimate{}
		for _, r := range recs {
			cost.add(r)
		}
		seconds, err := cost.foresee(missing)
		if err != nil {
			return err
		}
		fmt.Fprintf(s.out, "; about %s on one worker", round(seconds))
	}
	fmt.Fprintln(s.out)
	for _, axis := range sweep.Axes {
		fmt.Fprintf(s.out, "  %s: %s\n", axis, values(sweep.Trials, axis))
	}
	fmt.Fprintf(s.out, "\n%s", sweep.Resolved)
	return nil
}

// values says which values a key has over trials, in their order.
func values(trials []harness.Trial, key string) string {
	var all []string
	seen := map[string]bool{}
	for _, t := range trials {
		v, ok := record.Record{Config: harness.Settings(t.Config)}.Setting(key)
		if !ok {
			v = nested(harness.Settings(t.Config), strings.Split(key, "."))
		}
		if text := record.Text(v); v != nil && !seen[text] {
			seen[text] = true
			all = append(all, text)
		}
	}
	const most = 12
	if n := len(all); n > most {
		all = append(all[:most-2], "…", all[n-1])
		return fmt.Sprintf("%d values, %s", n, strings.Join(all, ", "))
	}
	return strings.Join(all, ", ")
}

// nested follows a path through a configuration's mappings; nil where it ends.
func nested(m map[string]any, path []string) any {
	v, ok := m[path[0]]
	if sub, deeper := v.(map[string]any); ok && deeper && len(path) > 1 {
		return nested(sub, path[1:])
	}
	if len(path) > 1 {
		return nil
	}
	return v
}

// listJSON prints [{"id", "config"}, ...].
func (s *session) listJSON(sweep *harness.Sweep) error {
	type trial struct {
		ID     string         `json:"id"`
		Config map[string]any `json:"config"`
	}
	list := []trial{}
	for _, t := range sweep.Trials {
		list = append(list, trial{t.ID, harness.Settings(t.Config)})
	}
	return s.json(list)
}

func (s *session) json(v any) error {
	enc := json.NewEncoder(s.out)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
