package cli

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

	"msharp/harness/config"
	"msharp/harness/record"
)

// A running process claims its trials by a file under .running/ that it keeps locked. The lock goes with the process, however it
// ends, so a claim that can be locked is dead and is swept away.
type claim struct {
	PID     int
	Host    string
	Workers int    // trials at a time
	Started string // as record.Run's Ended
	Trials  []string
	lock    *flock.Flock
	path    string
}

// claimTrials claims trials in an output folder, or says which process has some of them. prepare runs between, while no other
// process claims: its error ends the claim.
func claimTrials(out string, trials []config.Trial, workers int, prepare func() error) (c *claim, err error) {
	c = &claim{PID: os.Getpid(), Workers: workers, Started: record.Time(time.Now()), Trials: ids(trials)}
	err = exclusively(out, "guard", func() error { return c.in(filepath.Join(out, ".running"), prepare) })
	return c, err
}

// in makes the claim among those of a folder.
func (c *claim) in(dir string, prepare func() error) error {
	c.Host, _ = os.Hostname()
	mine := map[string]bool{}
	for _, id := range c.Trials {
		mine[id] = true
	}
	others, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, other := range others {
		if !strings.HasSuffix(other.Name(), ".json") {
			continue
		}
		if err := refuseOverlap(filepath.Join(dir, other.Name()), mine); err != nil {
			return err
		}
	}
	if err := prepare(); err != nil {
		return err
	}
	return c.hold(dir)
}

// refuseOverlap removes a dead claim and refuses a living one that shares trials.
func refuseOverlap(path string, mine map[string]bool) error {
	if is, err := living(path); err != nil {
		return err
	} else if !is {
		os.Remove(agendaPath(path))
		if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil // it has just ended
	}
	var other claim
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // it has just ended
	} else if err != nil {
		return err
	}
	if err := json.Unmarshal(text, &other); err != nil {
		return fmt.Errorf("%s: %w", path, record.Fault(err))
	}
	shared := 0
	for _, id := range other.Trials {
		if mine[id] {
			shared++
		}
	}
	if shared > 0 {
		return refused{fmt.Errorf("process %d on %s is running %d of these trials in the same folder; wait for it, choose another --out, or use disjoint shards (--shard I/N)", other.PID, other.Host, shared)}
	}
	return nil
}

// living reports whether a process holds a claim. It asks by a shared lock, so that those who ask are not taken for one who holds.
func living(path string) (bool, error) {
	lock := flock.New(path, flock.SetFlag(os.O_RDONLY))
	free, err := lock.TryRLock()
	defer lock.Unlock()
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil // it has just ended
	}
	return err == nil && !free, err
}

// hold writes the claim and locks it.
func (c *claim) hold(dir string) error {
	text, err := json.Marshal(c)
	if err != nil {
		return err
	}
	c.path = filepath.Join(dir, fmt.Sprintf("claim-%d-%016x.json", c.PID, rand.Uint64()))
	f, err := os.OpenFile(c.path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666) // others' shards read it
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Close()); err != nil {
		os.Remove(c.path)
		return err
	}
	c.lock = flock.New(c.path)
	return c.lock.Lock()
}

// release gives the trials back.
func (c *claim) release() {
	os.Remove(agendaPath(c.path))
	os.Remove(c.path)
	c.lock.Unlock()
}

// exclusively runs f while no other process in the folder holds the lock of that name.
func exclusively(out, name string, f func() error) error {
	dir := filepath.Join(out, ".running")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	lock := flock.New(filepath.Join(dir, name), flock.SetPermissions(0o666)) // less what the user's umask takes
	if err := lock.Lock(); errors.As(err, new(*fs.PathError)) {
		return err
	} else if err != nil {
		return fmt.Errorf("%s: this file system has no locks: %w", dir, err)
	}
	defer lock.Unlock()
	return f()
}
