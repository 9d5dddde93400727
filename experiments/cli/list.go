package cli

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"msharp/harness"
	"msharp/harness/config"
	"msharp/harness/disk"
	"msharp/harness/folder"
	"msharp/harness/limits"
	"msharp/harness/record"
)

func (s *session) listCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "list [--json] [key=value ...]",
		Short: "the plan: how many trials, over what, how long, what is recorded; or the trials with --json",
		RunE: func(_ *cobra.Command, words []string) error {
			sweep, err := s.plan(words, false)
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

// list says what run would do.
func (s *session) list(sweep *config.Sweep) error {
	out := s.outFolder(sweep.Name)
	recs, held, err := s.recorded(out, record.WithoutEpochs, record.WithoutConfusion)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%s: %s in %s", sweep.Name, record.Count(config.IDs(sweep.Trials), states(recs)), out)
	text, err := foreseen(sweep, recs, held)
	if err != nil {
		return err
	}
	fmt.Fprintln(s.out, text)
	if _, _, err := s.joined(out, sweep); errors.As(err, new(folder.Refusal)) {
		fmt.Fprintln(s.out, "  run refuses:", oneLine(err.Error()))
	} else if err != nil {
		return err
	}
	for _, line := range tables(sweep) {
		fmt.Fprintf(s.out, "  %s\n", line)
	}
	for i, text := range values(sweep.Trials, sweep.Axes) {
		fmt.Fprintf(s.out, "  %s: %s\n", sweep.Axes[i], text)
	}
	for _, o := range sweep.Sources {
		fmt.Fprintf(s.out, "  data: %s, %s; %s, sha256 %.12s…\n", cmp.Or(o.Name, o.Kind), o.Amount(), o.Origin, o.SHA256)
	}
	for _, line := range costs(sweep.Trials) {
		fmt.Fprintf(s.out, "  %s\n", line)
	}
	fmt.Fprintf(s.out, "  memory: %s\n\n%s", largest(sweep.Trials), sweep.Resolved)
	return nil
}

// foreseen says how long the missing trials will take, and why some recorded ones are among them.
func foreseen(sweep *config.Sweep, recs []record.Record, held folder.Held) (text string, err error) {
	missing := harness.Missing(sweep.Trials, recs, held, false)
	measuring, training := harness.Divide(missing, recs, held, true)
	if len(training) > 0 {
		cost, err := estimated(recs).foresee(training)
		if err != nil {
			return "", err
		}
		text = "; " + cost.String()
	}
	if n := len(measuring); n > 0 {
		text += fmt.Sprintf("; %s with kept weights to measure", record.Plural(n, "trial"))
	}
	if again := trainedAgain(training, recs, held); again != "" {
		text += "; " + again
	}
	return text, nil
}

// largest says how much memory the trials take, and whether it is there.
func largest(trials []config.Trial) string {
	type kind struct { // of trials that take the same; those of a sweep share what they have in common
		data, model, optimizer any
		batch, epochs          int
	}
	needs, most, room, large := map[kind]int64{}, int64(0), harness.Room(trials), 0
	for _, t := range trials {
		k := kind{t.Config.Data.Spec, t.Config.Model.Spec, t.Config.Optimizer.Spec, t.Config.BatchSize, t.Config.MaxEpochs()}
		need, known := needs[k]
		if !known {
			need = harness.Memory(t)
			needs[k] = need
		}
		most = max(most, need)
		if need > room {
			large++
		}
	}
	text := "a trial takes at most about " + disk.Size(most)
	if large > 0 {
		text += fmt.Sprintf(", and %s will fail for want of it", record.Plural(large, "trial"))
	}
	return text + fmt.Sprintf("; the limit is %v", limits.Memory)
}

// trainedAgain says how many of the trials to be trained are recorded already, and for what they are trained again; "" if none is.
func trainedAgain(training []config.Trial, recs []record.Record, held folder.Held) string {
	final := map[string]record.Record{}
	for _, r := range recs {
		if r.Status.Final() {
			final[r.ID] = r
		}
	}
	n, lacking := 0, map[string]bool{}
	for _, t := range training {
		if r, ok := final[t.ID]; ok {
			n++
			for _, what := range harness.Lacking(t, r, held) {
				lacking[what] = true
			}
		}
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%s of those recorded to train again, for %s", record.Plural(n, "trial"), named(slices.Sorted(maps.Keys(lacking)), 3))
}

// values says which values each key has over trials: numbers ascending, others in the trials' order.
func values(trials []config.Trial, keys []string) (texts []string) {
	all, seen := make([][]string, len(keys)), map[[2]string]bool{} // by key and value
	encoder := config.NewEncoder()
	for _, t := range trials {
		settings := encoder.Settings(t.Config)
		for i, key := range keys {
			v, _ := record.Lookup(settings, key)
			text := record.Text(v)
			if at := [2]string{key, text}; v != nil && !seen[at] {
				seen[at] = true
				all[i] = append(all[i], text)
			}
		}
	}
	const most = 12
	for _, of := range all {
		ascend(of)
		text := strings.Join(of, ", ")
		if n := len(of); n > most {
			text = fmt.Sprintf("%d values, %s", n, strings.Join(append(of[:most-2:most-2], "…", of[n-1]), ", "))
		}
		texts = append(texts, text)
	}
	return texts
}

// ascend sorts texts that are all numbers; it leaves others as they are.
func ascend(texts []string) {
	numbers := make(map[string]float64, len(texts))
	for _, text := range texts {
		v, err := strconv.ParseFloat(strings.TrimPrefix(text, "."), 64) // .inf is a number
		if err != nil {
			return
		}
		numbers[text] = v
	}
	slices.SortStableFunc(texts, func(a, b string) int { return cmp.Compare(numbers[a], numbers[b]) })
}

// listJSON prints [{"id", "config"}, ...].
func (s *session) listJSON(sweep *config.Sweep) error {
	type trial struct {
		ID     string         `json:"id"`
		Config map[string]any `json:"config"`
	}
	encoder := config.NewEncoder()
	before := "[\n  "
	for _, t := range sweep.Trials {
		text, err := json.MarshalIndent(trial{t.ID, encoder.Settings(t.Config)}, "  ", "  ")
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(s.table, "%s%s", before, text); err != nil {
			return err
		}
		before = ",\n  "
	}
	_, err := fmt.Fprintln(s.table, "\n]")
	return err
}

func (s *session) json(v any) error {
	enc := json.NewEncoder(s.table)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// named is a list in words: "a, b and 3 more".
func named(list []string, most int) string {
	text := strings.Join(first(list, most), ", ")
	if n := len(list) - most; n > 0 {
		text += fmt.Sprintf(" and %d more", n)
	}
	return text
}

// first returns at most n items.
func first[T any](list []T, n int) []T { return list[:min(n, len(list))] }
