package record

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// Store is the records of an output folder: records/*.jsonl, append-only, one file per writing process, one write a record, synced
// to disk before Append returns. No file is ever rewritten, so no crash and no second process loses a record.
type Store struct {
	dir  string
	mu   sync.Mutex
	file *os.File // this process's own; made by the first Append
	size int64    // bytes of whole records in it
}

// Open returns the store of an output folder, making the folder if need be.
func Open(out string) (*Store, error) {
	dir := filepath.Join(out, "records")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	return &Store{dir: dir}, nil
}

// Append writes one record and syncs it. After an error the file holds whole records only, if the file system still lets it.
func (s *Store) Append(r Record) error {
	line, err := json.Marshal(r)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.file == nil {
		host, _ := os.Hostname()
		s.file, err = create(s.dir, fmt.Sprintf("%s-%d-", host, os.Getpid()), ".jsonl")
		if err != nil {
			return err
		}
	}
	n, err := s.file.Write(append(line, '\n'))
	if err == nil {
		err = s.file.Sync()
	}
	if err != nil {
		s.file.Truncate(s.size)
		s.file.Seek(s.size, io.SeekStart)
		return err
	}
	s.size += int64(n)
	return nil
}

// Close closes this process's file.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.file == nil {
		return nil
	}
	return s.file.Close()
}

// Warning is a line of a store that could not be read; the others could.
type Warning struct {
	File   string
	Line   int // from 1; 0 is the whole file
	Reason string
}

func (w Warning) String() string {
	if w.Line == 0 {
		return w.File + ": " + w.Reason
	}
	return fmt.Sprintf("%s:%d: %s", w.File, w.Line, w.Reason)
}

// Load reads all records of an output folder, later measurements joined to their trials, sorted by id. Where a trial stands more
// than once, a final status wins over failed, else the first file and line. A line that is torn or no record is a warning, and so is a
// file that cannot be read: neither hides the others.
func Load(out string) (recs []Record, warnings []Warning, err error) {
	dir := filepath.Join(out, "records")
	entries, err := os.ReadDir(dir) // sorted by name
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, nil, err
	}
	trials := map[string]Record{}
	var later []Record
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), ".jsonl") {
			continue
		}
		warnings = append(warnings, readLines(filepath.Join(dir, entry.Name()), func(r Record) {
			old, seen := trials[r.ID]
			switch {
			case r.Status == "":
				later = append(later, r)
			case !seen || r.Status.Final() && !old.Status.Final():
				trials[r.ID] = r
			}
		})...)
	}
	for _, r := range later {
		t, ok := trials[r.ID]
		if !ok {
			continue // its trial's line was torn; the trial will be trained again
		}
		for k, v := range r.Values.Numbers {
			if _, has := t.Values.Numbers[k]; !has {
				t.Values.Numbers[k] = v
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(trials)) {
		recs = append(recs, trials[id])
	}
	return recs, warnings, nil
}

// readLines calls f with every record of a file.
func readLines(name string, f func(Record)) (warnings []Warning) {
	file, err := os.Open(name)
	if err != nil {
		return []Warning{{name, 0, "not read: " + err.Error()}}
	}
	defer file.Close()
	in := bufio.NewReaderSize(file, 1<<20)
	for n := 1; ; n++ {
		line, err := in.ReadBytes('\n')
		if err == io.EOF {
			if len(line) > 0 {
				warnings = append(warnings, Warning{name, n, "torn last line, dropped: the process that wrote it was stopped"})
			}
			return warnings
		} else if err != nil {
			return append(warnings, Warning{name, n, "not read: " + err.Error()})
		}
		r, err := parseRecord(line)
		if err != nil {
			warnings = append(warnings, Warning{name, n, "not a record, dropped: " + err.Error()})
			continue
		}
		f(r)
	}
}

func parseRecord(line []byte) (r Record, err error) {
	if len(bytes.TrimSpace(line)) == 0 {
		return r, errors.New("empty line")
	}
	if err := json.Unmarshal(line, &r); err != nil {
		return r, err
	}
	switch {
	case r.ID == "":
		return r, errors.New("no id")
	case r.Status != "" && !r.Status.Final() && r.Status != Failed:
		return r, fmt.Errorf("unknown status %q", r.Status)
	}
	if r.Values.Numbers == nil {
		r.Values.Numbers = map[string]Number{}
	}
	return r, nil
}
