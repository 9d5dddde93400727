package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"msharp/harness/config"
	"msharp/harness/record"
)

// load reads the records of a folder, without some parts of them, and says once what could not be read.
func (s *session) load(out string, without ...record.Without) ([]record.Record, error) {
	recs, warnings, err := record.Load(out, without...)
	for _, w := range warnings {
		if !s.warned[w] {
			fmt.Fprintln(s.talk, "warning:", w)
		}
		s.warned[w] = true
	}
	return recs, err
}

// prepare readies an output folder for a sweep: it refuses a folder of another configuration, and leaves in sweep.yaml and in the
// manifest what the folder will hold, the trials of earlier runs included.
func (s *session) prepare(out string, sweep *config.Sweep, m record.Manifest) error {
	removeTorn(out, "sweep.yaml", "manifest.json")
	old, there, err := s.held(out, sweep)
	if err != nil {
		return err
	}
	if old == nil {
		return s.prepareNew(out, sweep, m)
	}
	if old != sweep {
		both, err := config.Union(old, sweep)
		if err != nil {
			return refused{fmt.Errorf("%s holds what makes no configuration with this: %w; choose another --out", out, err)}
		}
		switch u, err := config.Plan(sweepPath(out), both, nil, s.data); {
		case err != nil:
			return refused{fmt.Errorf("%s holds trials that make no configuration with these: %w; choose another --out", out, err)}
		case !u.Covers(old) || !u.Covers(sweep):
			return refused{fmt.Errorf("%s holds trials that do not make one configuration with these; choose another --out", out)}
		}
		if err := record.WriteFile(sweepPath(out), both); err != nil {
			return err
		}
	}
	if there.Name == "" {
		there = m
	}
	there.Trials, there.Data = union(union(there.Trials, ids(old.Trials)), m.Trials), union(there.Data, m.Data)
	return writeManifest(out, there)
}

func sweepPath(out string) string { return filepath.Join(out, "sweep.yaml") }

// held returns the sweep that a folder holds, sweep itself if that is the very same and nil if the folder has no sweep.yaml, and its
// manifest. A folder of another configuration is refused.
func (s *session) held(out string, sweep *config.Sweep) (old *config.Sweep, there record.Manifest, err error) {
	text, err := os.ReadFile(sweepPath(out))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, there, nil
	} else if err != nil {
		return nil, there, err
	}
	old = sweep
	if !bytes.Equal(text, sweep.Resolved) {
		if old, err = config.Plan(sweepPath(out), text, nil, s.data); err != nil {
			return nil, there, refused{fmt.Errorf("what %s holds cannot be told: %w; without that file a run that plans all its records writes it anew", out, err)}
		}
	}
	if there, err = readManifest(out); err != nil {
		return nil, there, err
	}
	diff := config.Differences(old, sweep)
	if d := otherData(there.Data, sweep.Sources); d != "" && len(diff) == 0 {
		diff = []string{d}
	}
	if len(diff) > 0 {
		return nil, there, refused{fmt.Errorf("%s holds another configuration: %s; choose another --out", out, strings.Join(diff, ", "))}
	}
	return old, there, nil
}

// removeTorn removes what was left of files in a folder, all or those named, that were being written when their process was stopped.
func removeTorn(dir string, names ...string) {
	record.RemoveTorn(dir, func(name string) bool { return names == nil || slices.Contains(names, name) })
}

// prepareNew readies a folder without a sweep.yaml, where any records must be of the sweep's trials.
func (s *session) prepareNew(out string, sweep *config.Sweep, m record.Manifest) error {
	recs, err := s.load(out, record.WithoutEpochs, record.WithoutConfusion, record.WithoutNumbers)
	if err != nil {
		return err
	}
	planned := map[string]bool{}
	for _, id := range m.Trials {
		planned[id] = true
	}
	if n := len(slices.DeleteFunc(recs, func(r record.Record) bool { return planned[r.ID] })); n > 0 {
		return refused{fmt.Errorf("%s holds records of %s that this configuration does not plan, and no sweep.yaml to tell of what; choose another --out", out, record.Plural(n, "trial"))}
	}
	if err := record.WriteFile(sweepPath(out), sweep.Resolved); err != nil {
		return err
	}
	return writeManifest(out, m)
}

// mergeManifest writes m, with the trials and data sets of the manifest that is there.
func mergeManifest(out string, m record.Manifest) error {
	there, err := readManifest(out)
	if err != nil {
		return err
	}
	m.Trials = union(there.Trials, m.Trials)
	m.Data = union(there.Data, m.Data)
	m.Dirty = m.Dirty || there.Dirty && there.Revision == m.Revision
	return writeManifest(out, m)
}

// union returns a and then what b has beyond it.
func union[T comparable](a, b []T) []T {
	has := map[T]bool{}
	for _, x := range a {
		has[x] = true
	}
	return append(slices.Clone(a), slices.DeleteFunc(slices.Clone(b), func(x T) bool { return has[x] })...)
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

func writeManifest(out string, m record.Manifest) error {
	return writeJSON(filepath.Join(out, "manifest.json"), m)
}

// readManifest returns the manifest of a folder, the zero Manifest if there is none.
func readManifest(out string) (m record.Manifest, err error) {
	path := filepath.Join(out, "manifest.json")
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return m, nil
	} else if err != nil {
		return m, err
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return m, fmt.Errorf("%s is no manifest: %w; without that file run writes another", path, record.Fault(err))
	}
	return m, nil
}

// planned returns the trials that a folder's manifest names, or, where it names none, those that are recorded.
func (s *session) planned(out string, m record.Manifest, recs []record.Record) []string {
	if len(m.Trials) > 0 || len(recs) == 0 {
		return m.Trials
	}
	fmt.Fprintf(s.talk, "warning: no manifest.json in %s names its trials: those that are recorded are counted\n", out)
	var ids []string
	for _, r := range recs {
		ids = append(ids, r.ID)
	}
	return ids
}

// writeJSON writes v for eyes: indented, and < as it is.
func writeJSON(path string, v any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err
	}
	return record.WriteFile(path, b.Bytes())
}
