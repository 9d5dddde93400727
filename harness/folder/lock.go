package folder

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/gofrs/flock"

	"msharp/harness/record"
)

// The locks of a folder.
const (
	Guard      = "guard"   // on plan.jsonl, sweep.yaml, manifest.json and the leases
	Drawing    = "drawing" // on records.csv, figures/, verdicts.json and report.html
	Submitting = "submit"  // on what is submitted to Slurm
)

// Exclusively runs f while no other process in the folder holds the lock of that name. It does not run f if the folder was moved, removed
// or replaced while it waited: the error then wraps record.ErrMoved.
func (d Dir) Exclusively(name string, f func() error) error {
	if err := os.MkdirAll(d.running(), 0o777); err != nil {
		return err
	}
	lock := flock.New(filepath.Join(d.running(), name), flock.SetPermissions(0o666)) // less what the user's umask takes
	if err := hold(lock); err != nil {
		return err
	}
	defer lock.Unlock()
	return f()
}

// hold waits for a lock until it has it. The error names the file.
func hold(lock *flock.Flock) error {
	if err := unbroken(lock.Lock); err != nil {
		return lockFault(lock, err)
	}
	if err := inPlace(lock); err != nil {
		return errors.Join(err, lock.Unlock())
	}
	return nil
}

// unbroken calls f again as long as a signal breaks into it.
func unbroken(f func() error) error {
	for {
		if err := f(); !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}

// lockFault says why a lock cannot be had.
func lockFault(lock *flock.Flock, err error) error {
	if errors.As(err, new(*fs.PathError)) {
		return err
	}
	for _, none := range []error{syscall.ENOLCK, syscall.ENOSYS, errors.ErrUnsupported} {
		if errors.Is(err, none) {
			return fmt.Errorf("%s: this file system has no locks: %w", filepath.Dir(lock.Path()), err)
		}
	}
	return &fs.PathError{Op: "lock", Path: lock.Path(), Err: err}
}

// inPlace returns an error that wraps record.ErrMoved if the path of a lock that is held no longer leads to it.
func inPlace(lock *flock.Flock) error {
	held, err := lock.Stat()
	if err != nil {
		return err
	}
	there, err := os.Stat(lock.Path())
	switch {
	case err == nil && os.SameFile(held, there):
		return nil
	case err == nil || errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s was %w", filepath.Dir(lock.Path()), record.ErrMoved)
	}
	return err
}
