package folder

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"msharp/harness/disk"
	"msharp/harness/record"
)

// Refusal is a run that would do harm: the folder holds another configuration, or another process runs the same trials.
type Refusal struct{ Why error }

func (r Refusal) Error() string { return r.Why.Error() }
func (r Refusal) Unwrap() error { return r.Why }

// Lease is one process's right to run some trials of a folder: a file in .running that the process keeps locked. The lock goes with the
// process, however the process ends; a lease that nobody locks is dead, and the next lease removes it.
type Lease struct {
	PID     int
	Host    string
	Workers int    // trials at a time
	Started string // as record.Run's Ended
	Trials  []string
	Agenda  `json:"-"`

	lock *flock.Flock
	path string
}

// Agenda is those of a lease's trials that its process is to run. It lies beside the lease, for those who look.
type Agenda struct{ Train, Measure []string }

// Lease takes trials for this process. A Refusal says which other process has some of them. prepare runs before the lease is taken,
// while no other process takes one; its error ends the attempt. What processes that were stopped have left beside the plan, the configuration
// and the manifest is removed before that.
func (d Dir) Lease(trials []string, workers int, prepare func() error) (l *Lease, err error) {
	l = &Lease{PID: os.Getpid(), Workers: workers, Started: record.Time(time.Now()), Trials: trials}
	l.Host, _ = os.Hostname()
	err = d.Exclusively(Guard, func() error {
		if err := d.refuseOverlap(trials); err != nil {
			return err
		}
		disk.RemoveDead(d.running(), func(string) bool { return true })
		removeTorn(d.Sweep(), d.plan(), d.manifest())
		if err := prepare(); err != nil {
			return err
		}
		return l.hold(d.running())
	})
	return l, err
}

// refuseOverlap removes dead leases and refuses to share trials with a living one.
func (d Dir) refuseOverlap(trials []string) error {
	mine := set(trials)
	paths, err := d.leases()
	for _, path := range paths {
		var other Lease
		living, err := locked(path)
		if err == nil && !living {
			os.Remove(agendaPath(path))
			if err = os.Remove(path); err == nil || errors.Is(err, fs.ErrNotExist) {
				continue
			}
		}
		if err != nil {
			return err
		}
		if err := readJSON(path, &other); errors.Is(err, fs.ErrNotExist) {
			continue // it has just ended
		} else if err != nil {
			return err
		}
		shared := 0
		for _, id := range other.Trials {
			if mine[id] {
				shared++
			}
		}
		if shared > 0 {
			return Refusal{fmt.Errorf("process %d on %s is running %d of these trials in the same folder; wait for it, choose another --out, or use disjoint shards (--shard I/N)", other.PID, other.Host, shared)}
		}
	}
	return err
}

// leases returns the files of all leases, dead ones included. There may be none.
func (d Dir) leases() (paths []string, err error) {
	entries, err := os.ReadDir(d.running())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".json") {
			paths = append(paths, filepath.Join(d.running(), e.Name()))
		}
	}
	return paths, err
}

// Leases returns the leases of processes that are at work. It keeps nobody from taking one and writes nothing.
func (d Dir) Leases() (all []Lease, err error) {
	paths, err := d.leases()
	if err != nil {
		return nil, err
	}
	for _, path := range paths {
		living, err := locked(path)
		if err != nil {
			return nil, err
		}
		l := Lease{path: path}
		if living {
			err = readJSON(path, &l)
		}
		switch {
		case !living || errors.Is(err, fs.ErrNotExist):
			continue // it has just ended
		case err != nil:
			return nil, err
		}
		if err := readJSON(agendaPath(path), &l.Agenda); err != nil && !errors.Is(err, fs.ErrNotExist) { // there is none before the process knows it
			return nil, err
		}
		all = append(all, l)
	}
	return all, nil
}

// readJSON reads a file into v. The error names the file.
func readJSON(path string, v any) error {
	text, err := disk.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, v); err != nil {
		return fmt.Errorf("%s: %w", path, record.Fault(err))
	}
	return nil
}

// locked reports whether a process holds a lease. It asks by a shared lock, so that two who ask do not take each other for the holder.
func locked(path string) (living bool, err error) {
	lock := flock.New(path, flock.SetFlag(os.O_RDONLY))
	defer lock.Unlock()
	err = unbroken(func() error {
		free, err := lock.TryRLock()
		living = !free
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil // it has just ended
	} else if err != nil {
		return false, lockFault(lock, err)
	}
	return living, nil
}

// hold writes the lease and locks it.
func (l *Lease) hold(dir string) error {
	text, err := json.Marshal(l)
	if err != nil {
		return err
	}
	l.path = filepath.Join(dir, fmt.Sprintf("lease-%d-%016x.json", l.PID, rand.Uint64()))
	f, err := os.OpenFile(l.path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666) // other users' shards read it
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	l.lock = flock.New(l.path)
	if err = errors.Join(err, f.Close()); err == nil {
		err = hold(l.lock)
	}
	if err != nil {
		os.Remove(l.path)
	}
	return err
}

// InPlace returns an error that wraps record.ErrMoved if the lease no longer lies where other processes look for it.
func (l *Lease) InPlace() error { return inPlace(l.lock) }

// Announce says which trials the process is about to run. A disk that has no room for it stops nothing.
func (l *Lease) Announce(a Agenda) {
	l.Agenda = a
	if text, err := json.Marshal(a); err == nil {
		disk.WriteFile(agendaPath(l.path), text)
	}
}

func agendaPath(lease string) string { return strings.TrimSuffix(lease, ".json") + ".agenda" }

// Release gives the trials back.
func (l *Lease) Release() {
	os.Remove(agendaPath(l.path))
	os.Remove(l.path)
	l.lock.Unlock()
}
