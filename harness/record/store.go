package record

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"msharp/harness/disk"
)

// Folder is the name of the folder of the records in an output folder.
const Folder = "records"

// Store appends records to an output folder, to files records/*.jsonl: one file for each writing process, one write for each record, synced to
// disk before Append returns. No file is ever rewritten, so no crash and no second process loses a record.
type Store struct {
	dir    string
	folder os.FileInfo // dir, as it was when it was opened
	mu     sync.Mutex
	file   *os.File // this process's own; made by the first Append
	size   int64    // bytes of whole records in it
	n      int      // whole records in it
}

// Open returns the store of an output folder, and makes the folder if needed.
func Open(out string) (*Store, error) {
	dir := filepath.Join(out, Folder)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	info, err := os.Stat(dir)
	if err != nil {
		return nil, err
	}
	return &Store{dir: dir, folder: info}, nil
}

// Append writes one record and syncs it. After an error it cuts the file back to whole records, if the file system still allows that. The
// error wraps ErrMoved if the folder, or this process's file in it, is no longer where it was; it says where the records are.
func (s *Store) Append(r Record) error {
	line, err := json.Marshal(r)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.file == nil {
		if err := s.inPlace(); err != nil {
			return err
		}
		host, _ := os.Hostname()
		s.file, err = disk.Create(s.dir, fmt.Sprintf("%s-%d-", host, os.Getpid()), ".jsonl")
		if err != nil {
			return err
		}
		syncFolder(s.dir)
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
	s.n++
	return s.inPlace()
}

// InPlace returns an error that wraps ErrMoved if the folder, or this process's file in it, is no longer where it was.
func (s *Store) InPlace() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.inPlace()
}

// ErrMoved is what an error wraps that says that an output folder was moved, removed or replaced.
var ErrMoved = errors.New("moved, removed or replaced while the sweep ran")

func (s *Store) inPlace() error {
	same, err := leadsTo(s.dir, s.folder)
	if s.file == nil {
		if err == nil && !same {
			err = fmt.Errorf("%s was %w; this process has recorded nothing in it", s.dir, ErrMoved)
		}
		return err
	}
	own, statErr := s.file.Stat()
	if err = cmp.Or(err, statErr); err == nil && same {
		same, err = leadsTo(s.file.Name(), own)
	}
	switch {
	case err != nil || same:
		return err
	case disk.Links(own) == 0:
		return fmt.Errorf("%s was %w, and %s of this process went with it", s.file.Name(), ErrMoved, Plural(s.n, "record"))
	}
	return fmt.Errorf("%s was %w; safe in %s: %s of this process", s.file.Name(), ErrMoved, disk.Path(s.file), Plural(s.n, "record"))
}

// leadsTo reports whether a path leads to a file.
func leadsTo(path string, file os.FileInfo) (bool, error) {
	there, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil && os.SameFile(there, file), err
}

// syncFolder syncs the names in a folder, so that a new file survives a crash, on systems that can.
func syncFolder(dir string) {
	if d, err := os.Open(dir); err == nil {
		d.Sync()
		d.Close()
	}
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
