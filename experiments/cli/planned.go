package cli

import (
	"fmt"
	"os"
	"strings"

	"msharp/harness/config"
	"msharp/harness/folder"
	"msharp/models/kind"
)

// planned returns all that was ever asked of the output folder as a sweep: the trials of its plan, run as its sweep.yaml and the words say.
func (s *session) planned(words []string) (*config.Sweep, error) {
	for _, word := range words {
		if key, value, _ := strings.Cut(word, "="); !executes(key) {
			return nil, usageError{&kind.Error{File: fmt.Sprintf("override %q", word), Key: key, Value: value, Problem: "given beside --planned", Expected: "keys of how trials are run, such as time_limit or slurm.time"}}
		}
	}
	out, err := s.existingFolder()
	if err != nil {
		return nil, err
	}
	s.folder = string(out)
	plan, _, err := s.planOf(out)
	if err != nil {
		return nil, err
	}
	if plan == nil {
		return nil, usageError{fmt.Errorf("--planned: %s holds no plan.jsonl", out)}
	}
	text, err := os.ReadFile(out.Sweep())
	if err != nil {
		return nil, err
	}
	sweep, err := config.Outline(out.Sweep(), text, words)
	if err != nil {
		return nil, err
	}
	if sweep.Trials, sweep.Sources, err = plan.Trials(s.data, nil); err != nil {
		return nil, err
	}
	return sweep, checkSite(sweep)
}

// executes reports whether a key says how trials are run; of which weights are kept, the plan tells.
func executes(key string) bool { return config.Executes(key) && key != "keep_weights" }

// keepPlan writes the plan of a folder written before there were plans. The caller holds the folder's guard.
func (s *session) keepPlan(out folder.Dir) error {
	plan, _, err := s.planOf(out)
	if err != nil {
		return err
	}
	return plan.Write()
}
