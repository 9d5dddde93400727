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

	"msharp/harness"
	"msharp/harness/record"
)

// load reads the records of a folder, without some parts of them, and says what could not be read.
func (s *session) load(out string, without ...record.Without) ([]record.Record, error) {
	recs, warnings, err := record.Load(out, without...)
	for _, w := range warnings {
		fmt.Fprintln(s.talk, "warning:", w)
	}
	return recs, err
}

// prepare readies an output folder for a sweep: it refuses a folder of another configuration, and leaves in sweep.yaml and in the
// manifest what the folder will hold, the trials of earlier runs included.
func (s *session) prepare(out string, sweep *harness.Sweep, m record.Manifest) error {
	path := filepath.Join(out, "sweep.yaml")
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := record.WriteFile(path, sweep.Resolved); err != nil {
			return err
		}
		return writeManifest(out, m)
	} else if err != nil {
		return err
	}
	old := sweep
	if !bytes.Equal(text, sweep.Resolved) {
		if old, err = harness.Plan(path, text, nil, s.data); err != nil {
			return refused{fmt.Errorf("what %s holds cannot be told: %w", out, err)}
		}
	}
	there, err := readManifest(out)
	if err != nil {
		return err
	}
	diff := harness.Differences(old, sweep)
	if d := otherData(there.Data, sweep.Sources); d != "" && len(diff) == 0 {
		diff = []string{d}
	}
	if len(diff) > 0 {
		return refused{fmt.Errorf("%s holds another configuration: %s; choose another --out", out, strings.Join(diff, ", "))}
	}
	if old != sweep {
		both, err := harness.Union(old, sweep)
		if err != nil {
			return err
		}
		if u, err := harness.Plan(path, both, nil, s.data); err != nil || !u.Covers(old) || !u.Covers(sweep) {
			return refused{fmt.Errorf("%s holds trials that do not make one configuration with these; choose another --out", out)}
		}
		if err := record.WriteFile(path, both); err != nil {
			return err
		}
	}
	if there.Name == "" {
		there = m
	}
	there.Trials, there.Data = union(union(there.Trials, ids(old.Trials)), m.Trials), union(there.Data, m.Data)
	return writeManifest(out, there)
}

// mergeManifest writes m, with the trials and data sets of the manifest that is there.
func mergeManifest(out string, m record.Manifest) error {
	there, err := readManifest(out)
	if err != nil {
		return err
	}
	m.Trials = union(there.Trials, m.Trials)
	m.Data = union(there.Data, m.Data)
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
func otherData(old []record.DataSource, now []harness.Origin) string {
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
		return m, fmt.Errorf("%s: %w", path, err)
	}
	return m, nil
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
