package folder

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"msharp/harness/disk"
	"msharp/harness/record"
)

// Attempts counts, by id, the goes at trials that began and never ended: their process was killed, by the system for want of memory or by
// its user. A trial that is running counts one more.
type Attempts map[string]int

// Often returns the ids of the trials that began twice or more, in order: what they need may be more than there is.
func (a Attempts) Often() (ids []string) {
	const often = 2
	for id, n := range a {
		if n >= often {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

func (d Dir) attempts() string         { return d.at(".running", "attempts") }
func (d Dir) attempt(id string) string { return filepath.Join(d.attempts(), id) }

// Attempts returns the counts of all trials that have one.
func (d Dir) Attempts() (Attempts, error) {
	entries, err := os.ReadDir(d.attempts())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	counts := Attempts{}
	for _, e := range entries {
		text, err := disk.ReadFile(d.attempt(e.Name()))
		if errors.Is(err, fs.ErrNotExist) {
			continue // it has just ended
		} else if err != nil {
			return nil, err
		}
		counts[e.Name()] = bytes.Count(text, []byte("\n"))
	}
	return counts, nil
}

// Begin counts a go at a trial; End takes it back, and those before it. The caller holds the trial's lease.
func (d Dir) Begin(id string) error {
	if err := cmp.Or(disk.Mkdir(d.running()), disk.Mkdir(d.attempts())); err != nil {
		return err
	}
	f, err := disk.Append(d.attempt(id))
	if err != nil {
		return err
	}
	host, _ := os.Hostname()
	_, err = fmt.Fprintf(f, "%s process %d on %s\n", record.Time(time.Now()), os.Getpid(), host)
	return errors.Join(err, f.Close())
}

// End says that a go at a trial has ended, however it did.
func (d Dir) End(id string) { os.Remove(d.attempt(id)) }
