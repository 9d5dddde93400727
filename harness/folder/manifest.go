package folder

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"msharp/harness/config"
	"msharp/harness/disk"
	"msharp/harness/record"
)

// Read returns the manifest of the folder, the zero Manifest if there is none, and its plan, nil if there is none. The manifest's Trials
// are those of the plan, and so are its Data if it has none; a folder written before there were plans names them in manifest.json.
func (d Dir) Read() (m record.Manifest, p *Plan, err error) {
	if m, err = d.readManifest(); err != nil {
		return m, nil, err
	}
	if p, err = d.ReadPlan(); p != nil {
		m.Trials = p.IDs()
		if len(m.Data) == 0 {
			m.Data = p.data()
		}
	}
	return m, p, err
}

func (d Dir) readManifest() (m record.Manifest, err error) {
	text, err := disk.ReadFile(d.manifest())
	if errors.Is(err, fs.ErrNotExist) {
		return m, nil
	} else if err != nil {
		return m, err
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return m, fmt.Errorf("%s is no manifest: %w; without that file run writes another", d.manifest(), record.Fault(err))
	}
	for i, s := range m.Data {
		m.Data[i].Name = cmp.Or(s.Name, config.DataName(s.Kind, s.SHA256))
	}
	return m, nil
}

// BeginManifest writes m if the folder has no manifest; else it adds m's data sets to the one that is there. The caller holds
// Guard.
func (d Dir) BeginManifest(m record.Manifest) error {
	there, err := d.readManifest()
	if err != nil {
		return err
	}
	if there.Name == "" {
		there = m
	}
	there.Data = dataOf(there.Data, m.Data)
	return d.writeManifest(there)
}

// MergeManifest writes m, with the data sets of the manifest that is there. The caller holds Guard.
func (d Dir) MergeManifest(m record.Manifest) error {
	there, err := d.readManifest()
	if err != nil {
		return err
	}
	m.Data = dataOf(there.Data, m.Data)
	m.Dirty = m.Dirty || there.Dirty && there.Revision == m.Revision
	return d.writeManifest(m)
}

func (d Dir) writeManifest(m record.Manifest) error {
	m.Trials = nil // the plan names them
	return WriteJSON(d.manifest(), m)
}

// dataOf returns the data sets of a folder's manifest, then those that a run reads beside them. The latest label of the same data counts.
func dataOf(there, now []record.DataSource) []record.DataSource {
	there, now = slices.Clone(there), slices.Clone(now)
	for i, n := range now {
		for j, t := range there {
			switch {
			case t.Kind != n.Kind || t.SHA256 != n.SHA256:
			case n.Name == config.DataName(n.Kind, n.SHA256):
				now[i].Name = t.Name
			default:
				there[j].Name = n.Name
			}
		}
	}
	return record.JoinData(there, now)
}

// WriteJSON writes v for people to read: indented, and with < unescaped.
func WriteJSON(path string, v any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err
	}
	return disk.WriteFile(path, b.Bytes())
}

// union returns a, then the elements that only b has.
func union[T comparable](a, b []T) []T {
	has := set(a)
	return append(slices.Clone(a), slices.DeleteFunc(slices.Clone(b), func(x T) bool { return has[x] })...)
}

func set[T comparable](list []T) map[T]bool {
	has := make(map[T]bool, len(list))
	for _, x := range list {
		has[x] = true
	}
	return has
}
