package record

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
)

// Folder is the name of the folder of the records in an output folder.
const Folder = "records"

// Store appends records to an output folder, to files records/*.jsonl: one file for each writing process, one write for each record, synced to
// disk before Append returns. No file is ever rewritten, so no crash and no second process loses a record.
type Store struct {
	dir  string
	mu   sync.Mutex
	file *os.File // this process's own; made by the first Append
	size int64    // bytes of whole records in it
}

// Open returns the store of an output folder, and makes the folder if needed.
func Open(out string) (*Store, error) {
	dir := filepath.Join(out, Folder)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	return &Store{dir: dir}, nil
}

// Append writes one record and syncs it. After an error it cuts the file back to whole records, if the file system still allows that.
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
	return nil
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
