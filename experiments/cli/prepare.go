package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"msharp/harness/config"
	"msharp/harness/disk"
	"msharp/harness/folder"
	"msharp/harness/record"
	"msharp/models/kind"
)

// load reads the records of a folder, without some parts of them, and says once what could not be read.
func (s *session) load(out folder.Dir, without ...record.Without) ([]record.Record, error) {
	recs, warnings, err := record.Load(string(out), without...)
	for _, w := range warnings {
		if !s.warned[w] {
			fmt.Fprintln(s.talk, "warning:", w)
		}
		s.warned[w] = true
	}
	return recs, err
}

// recorded returns the records of a folder, without some parts of them, and what it holds beside them.
func (s *session) recorded(out folder.Dir, without ...record.Without) (recs []record.Record, held folder.Held, err error) {
	if recs, err = s.load(out, without...); err == nil {
		held, err = out.Held()
	}
	return recs, held, err
}

// prepare prepares an output folder for a sweep: it adds the sweep's trials to the folder's plan and leaves the sweep's configuration in
// sweep.yaml. It returns the plan. It refuses a folder of another configuration. The caller holds the folder's guard.
func (s *session) prepare(out folder.Dir, sweep *config.Sweep, m record.Manifest) (*folder.Plan, error) {
	plan, old, err := s.joined(out, sweep)
	if err == nil && old == nil {
		err = s.refuseUnplanned(out, plan)
	}
	if err != nil {
		return nil, err
	}
	if err := plan.Write(); err != nil {
		return nil, err
	}
	if err := disk.WriteFile(out.Sweep(), sweep.Resolved); err != nil {
		return nil, err
	}
	return plan, out.BeginManifest(m)
}

// joined returns the plan of a folder with the trials of a sweep added, and the plan as it is, nil if the folder has none. A folder of
// another configuration is refused. Nothing is written.
func (s *session) joined(out folder.Dir, sweep *config.Sweep) (plan, old *folder.Plan, err error) {
	asked, err := out.Planned(sweep)
	if err != nil {
		return nil, nil, err
	}
	old, m, err := s.planOf(out)
	if err != nil || old == nil {
		return asked, nil, err
	}
	diff := old.Differences(asked)
	if d := otherData(m.Data, sweep.Sources); d != "" && len(diff) == 0 {
		diff = []string{d}
	}
	if len(diff) > 0 {
		return nil, nil, folder.Refusal{Why: fmt.Errorf("%s holds another configuration: %s; choose another --out", out, strings.Join(diff, ", "))}
	}
	plan, err = old.Joined(asked)
	return plan, old, err
}

// planOf returns the plan of a folder, nil if it has none, and its manifest. A folder written before there were plans is planned from
// its sweep.yaml.
func (s *session) planOf(out folder.Dir) (plan *folder.Plan, m record.Manifest, err error) {
	m, plan, err = out.Read()
	if plan != nil || err != nil {
		return plan, m, err
	}
	text, err := disk.ReadFile(out.Sweep())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, m, nil
	} else if err != nil {
		return nil, m, err
	}
	held := func(string) []string { return sums(m) }
	sweep, err := config.PlanWith(out.Sweep(), text, nil, config.Means{Dir: s.data, Held: held})
	if err != nil {
		return nil, m, folder.Refusal{Why: fmt.Errorf("cannot read the configuration in %s: %w; without that file, a run that plans all its records writes it anew", out, err)}
	}
	plan, err = out.Planned(sweep)
	return plan, m, err
}

// heldBy returns the sha256 of the data that the output folder of a sweep holds records of. What is wrong with the folder is told by those who
// need more of it.
func (s *session) heldBy(sweep string) []string {
	m, _, err := s.outFolder(sweep).Read()
	if err != nil {
		return nil
	}
	return sums(m)
}

func sums(m record.Manifest) (sums []string) {
	for _, d := range m.Data {
		sums = append(sums, d.SHA256)
	}
	return sums
}

// refuseUnplanned refuses a folder without a plan whose records are not all of the planned trials.
func (s *session) refuseUnplanned(out folder.Dir, plan *folder.Plan) error {
	recs, err := s.load(out, record.WithoutEpochs, record.WithoutConfusion, record.WithoutNumbers)
	if err != nil {
		return err
	}
	if ids := unplanned(recs, plan.IDs()); len(ids) > 0 {
		return folder.Refusal{Why: fmt.Errorf("%s holds records of %s that this configuration does not plan (%s), and neither a plan.jsonl nor a sweep.yaml that does; choose another --out", out, record.Plural(len(ids), "trial"), named(ids, 3))}
	}
	return nil
}

// unplanned returns the recorded trials that are not among those planned.
func unplanned(recs []record.Record, planned []string) (ids []string) {
	has := map[string]bool{}
	for _, id := range planned {
		has[id] = true
	}
	for _, r := range recs {
		if !has[r.ID] {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// sayUnplanned warns of records of trials that the folder's plan, if it has one, does not hold.
func (s *session) sayUnplanned(out folder.Dir, plan *folder.Plan, recs []record.Record) {
	if plan == nil {
		return
	}
	if ids := unplanned(recs, plan.IDs()); len(ids) > 0 {
		fmt.Fprintf(s.talk, "warning: %s holds records of %s that its plan does not (%s): they are drawn but not counted; a run that asks for these trials plans them\n",
			out, record.Plural(len(ids), "trial"), named(ids, 3))
	}
}

// otherData says which data set has other bytes than those recorded.
func otherData(old []record.DataSource, now []config.Origin) string {
	for _, o := range old {
		for _, n := range now {
			if o.Kind == n.Kind && o.SHA256 != n.SHA256 && !slices.ContainsFunc(old, func(x record.DataSource) bool { return x.SHA256 == n.SHA256 }) {
				return fmt.Sprintf("the data set %s has sha256 %.12s… there and %.12s… here", o.Kind, o.SHA256, n.SHA256)
			}
		}
	}
	return ""
}

// counted returns the trials that were ever asked of a folder: those of its plan or its manifest or, if neither names any, the recorded
// ones.
func (s *session) counted(out folder.Dir, m record.Manifest, recs []record.Record) []string {
	if len(m.Trials) > 0 || len(recs) == 0 {
		return m.Trials
	}
	fmt.Fprintf(s.talk, "warning: neither plan.jsonl nor manifest.json in %s names its trials: those that are recorded are counted\n", out)
	return unplanned(recs, nil)
}

// planned returns every trial ever asked of the output folder as one sweep: those of its plan, run as its sweep.yaml and the words say.
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
	text, err := disk.ReadFile(out.Sweep())
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

// executes reports whether a key says how trials are run. keep_weights does not: the plan says which weights are kept.
func executes(key string) bool { return config.Executes(key) && key != "keep_weights" }

// keepPlan writes the plan of a folder written before there were plans. The caller holds the folder's guard.
func (s *session) keepPlan(out folder.Dir) error {
	plan, _, err := s.planOf(out)
	if err != nil {
		return err
	}
	return plan.Write()
}
