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

// sameConfiguration refuses a folder that holds another configuration: one whose fixed keys or data differ. Other measures, more
// values of a swept key, and a key newly swept that keeps the old value are the same configuration.
func sameConfiguration(out string, s *harness.Sweep) error {
	text, err := os.ReadFile(filepath.Join(out, "sweep.yaml"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	}
	old, err := settingsOf(text)
	if err != nil {
		return refused{fmt.Errorf("%s: %w", filepath.Join(out, "sweep.yaml"), err)}
	}
	asked, err := settingsOf(s.Resolved)
	if err != nil {
		return err
	}
	var diff []string
	for _, key := range slices.Sorted(maps.Keys(old)) {
		a, b := old[key], asked[key]
		if b == nil || a.swept && b.swept || reflect.DeepEqual(a.values, b.values) ||
			a.swept && contains(a.values, b.values) || b.swept && contains(b.values, a.values) {
			continue
		}
		diff = append(diff, fmt.Sprintf("%s is %s there and %s here", key, a, b))
	}
	m, err := readManifest(out)
	if err != nil {
		return err
	}
	if d := otherData(m.Data, s.Sources); d != "" {
		diff = append(diff, d)
	}
	if len(diff) > 0 {
		return refused{fmt.Errorf("%s holds another configuration: %s; choose another --out", out, strings.Join(diff, ", "))}
	}
	return nil
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

func (s *setting) String() string {
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

// writeFile writes a file whole or not at all.
func writeFile(path string, b []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(b)
	if err = errors.Join(err, tmp.Chmod(0o666&^umask), tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}

// umask is what new files of the user leave out, as far as it can be guessed without changing it.
const umask fs.FileMode = 0o022

func writeManifest(out string, m record.Manifest) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(m); err != nil {
		return err
	}
	return writeFile(filepath.Join(out, "manifest.json"), b.Bytes())
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
