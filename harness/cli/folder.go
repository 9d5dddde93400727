package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"msharp/harness"
	"msharp/harness/record"
)

// load reads the records of a folder and says what could not be read.
func (s *session) load(out string) ([]record.Record, error) {
	recs, warnings, err := record.Load(out)
	for _, w := range warnings {
		fmt.Fprintln(s.talk, "warning:", w)
	}
	return recs, err
}

// prepare readies an output folder for a sweep: it refuses a folder of another configuration, and leaves in sweep.yaml what the folder
// will hold, the trials of earlier runs included. It returns the ids of all those.
func (s *session) prepare(out string, sweep *harness.Sweep) (planned []string, err error) {
	path := filepath.Join(out, "sweep.yaml")
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return ids(sweep.Trials), record.WriteFile(path, sweep.Resolved)
	} else if err != nil {
		return nil, err
	}
	old, err := harness.Plan(path, text, nil, s.data)
	if err != nil {
		return nil, refused{fmt.Errorf("what %s holds cannot be told: %w", out, err)}
	}
	m, err := readManifest(out)
	if err != nil {
		return nil, err
	}
	diff, err := differences(old, sweep)
	if err != nil {
		return nil, err
	}
	if d := otherData(m.Data, sweep.Sources); d != "" {
		diff = append(diff, d)
	}
	if len(diff) > 0 {
		return nil, refused{fmt.Errorf("%s holds another configuration: %s; choose another --out", out, strings.Join(diff, ", "))}
	}
	both, err := harness.Union(old, sweep)
	if err != nil {
		return nil, err
	}
	planned = ids(old.Trials)
	for _, id := range ids(sweep.Trials) {
		if !slices.Contains(planned, id) {
			planned = append(planned, id)
		}
	}
	return planned, record.WriteFile(path, both)
}

// differences says in what two sweeps are not the same configuration: their fixed keys. Other measures, more values of a swept key, and
// a key newly swept that keeps the old value are the same configuration.
func differences(old, asked *harness.Sweep) (diff []string, err error) {
	there, err := settingsOf(old.Resolved)
	if err != nil {
		return nil, err
	}
	here, err := settingsOf(asked.Resolved)
	if err != nil {
		return nil, err
	}
	// The fields of a thing whose kind is swept are those of one of its kinds.
	swept := func(key string) bool {
		for _, axis := range slices.Concat(old.Axes, asked.Axes) {
			if top, ok := strings.CutSuffix(axis, ".kind"); ok && strings.HasPrefix(key, top+".") || strings.HasPrefix(key, axis+".") {
				return true
			}
		}
		return false
	}
	keys := maps.Clone(there)
	maps.Copy(keys, here)
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		if a, b := there[key], here[key]; !swept(key) && !a.agrees(b) {
			diff = append(diff, fmt.Sprintf("%s is %s there and %s here", key, a, b))
		}
	}
	return diff, nil
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

// setting is the value of a key, or the values it is swept over.
type setting struct {
	values []any
	swept  bool
}

// agrees reports whether two settings may be of one configuration. nil is a key that is not there.
func (s *setting) agrees(t *setting) bool {
	switch {
	case s == nil || t == nil:
		return s == t
	case s.swept && t.swept:
		return true
	case s.swept:
		return contains(s.values, t.values)
	case t.swept:
		return contains(t.values, s.values)
	}
	return reflect.DeepEqual(s.values, t.values)
}

func (s *setting) String() string {
	if s == nil {
		return "absent"
	}
	b, _ := json.Marshal(s.values)
	if !s.swept {
		b, _ = json.Marshal(s.values[0])
	}
	return string(b)
}

func contains(all, some []any) bool {
	for _, v := range some {
		if !slices.ContainsFunc(all, func(w any) bool { return reflect.DeepEqual(v, w) }) {
			return false
		}
	}
	return true
}

// settingsOf returns the dotted keys of a resolved configuration that decide what is trained.
func settingsOf(text []byte) (map[string]*setting, error) {
	var doc map[string]any
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, err
	}
	out := map[string]*setting{}
	grids, ok := doc["sweep"].([]any)
	if !ok {
		grids = []any{doc["sweep"]}
	}
	for _, key := range []string{"name", "sweep", "measures", "trace"} {
		delete(doc, key)
	}
	for key, v := range (record.Record{Config: doc}).Dotted() {
		out[key] = &setting{values: []any{numeric(v)}}
	}
	for _, g := range grids {
		grid, _ := g.(map[string]any)
		for key, v := range grid {
			if out[key] == nil || !out[key].swept {
				out[key] = &setting{swept: true}
			}
			values, _ := v.([]any)
			for _, v := range values {
				out[key].values = append(out[key].values, numeric(v))
			}
		}
	}
	return out, nil
}

// numeric makes whole numbers of either kind equal.
func numeric(v any) any {
	if i, ok := v.(int); ok {
		return float64(i)
	}
	return v
}

func writeManifest(out string, m record.Manifest) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(m); err != nil {
		return err
	}
	return record.WriteFile(filepath.Join(out, "manifest.json"), b.Bytes())
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
