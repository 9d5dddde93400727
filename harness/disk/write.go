package disk

import (
	"bufio"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"sync"
	"syscall"
)

// WriteFile writes bytes as WriteWith does.
func WriteFile(path string, b []byte) error {
	return WriteWith(path, func(w io.Writer) error { _, err := w.Write(b); return err })
}

// WriteWith writes a file completely or not at all: it writes another file beside it and renames that. It makes the last folder of the path if needed. If path
// is a link or a device, WriteWith writes into it instead; a folder, a pipe or a socket is an error that wraps ErrKind. The error names the
// file.
func WriteWith(path string, write func(io.Writer) error) error {
	if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() {
		if info, err := os.Stat(path); err == nil && !writable(info.Mode()) {
			return NotRegular(path, info.Mode())
		}
		return WriteInto(path, write)
	}
	if err := Mkdir(filepath.Dir(path)); err != nil {
		return err
	}
	tmp, err := Create(filepath.Dir(path), "."+filepath.Base(path)+"-"+mark(), "")
	if err != nil {
		return naming(path, err)
	}
	if err = buffered(tmp, write); err == nil {
		err = tmp.Sync() // otherwise a crash could keep the name and lose the bytes
	}
	if err = errors.Join(err, tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		os.Remove(tmp.Name())
	}
	return naming(path, err)
}

// Mkdir makes a folder if there is none, but none around it: what lay around it was moved, and the name is not to be taken again.
func Mkdir(dir string) error {
	if err := os.Mkdir(dir, 0o777); err == nil || !errors.Is(err, fs.ErrExist) {
		return err
	}
	info, err := os.Stat(dir)
	if err == nil && !info.IsDir() {
		err = &fs.PathError{Op: "mkdir", Path: dir, Err: syscall.ENOTDIR}
	}
	return err
}

// WriteInto writes into what path names, whatever it is.
func WriteInto(path string, write func(io.Writer) error) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(buffered(file, write), file.Close())
}

func buffered(w io.Writer, write func(io.Writer) error) error {
	b := bufio.NewWriterSize(w, 1<<16)
	if err := write(b); err != nil {
		return err
	}
	return b.Flush()
}

// naming returns err with path in place of the name of the file beside it.
func naming(path string, err error) error {
	var p *fs.PathError
	var l *os.LinkError
	switch {
	case errors.As(err, &p) && torn(filepath.Base(p.Path)) != nil:
		return &fs.PathError{Op: p.Op, Path: path, Err: p.Err}
	case errors.As(err, &l):
		return &fs.PathError{Op: l.Op, Path: path, Err: l.Err}
	}
	return err
}

// Create makes a new file with a unique name, with the modes that the user's umask allows.
func Create(dir, prefix, suffix string) (*os.File, error) {
	for {
		f, err := os.OpenFile(filepath.Join(dir, fmt.Sprintf("%s%08x%s", prefix, rand.Uint32(), suffix)), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o666)
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
}

// mark stands in the name of a file beside another that this process is writing: the system and the process.
func mark() string { return fmt.Sprintf("%s-%d-", system(), os.Getpid()) }

// system is this host and its process numbers, in eight hexadecimal digits.
var system = sync.OnceValue(func() string {
	host, _ := os.Hostname()
	return fmt.Sprintf("%.4x", sha256.Sum256([]byte(host+" "+here())))
})

// marked is the name of the file beside one that is being written; old is such a name without a mark, as earlier versions gave it.
var (
	marked = regexp.MustCompile(`^\.(.+)-([0-9a-f]{8})-([0-9]+)-[0-9a-f]{8}$`)
	old    = regexp.MustCompile(`^\.(.+)-[0-9a-f]{8}$`)
)

// torn takes the name of a file beside one that is being written apart: that one's name, the system, the process. It is nil for any other
// name.
func torn(name string) []string {
	if m := marked.FindStringSubmatch(name); m != nil {
		return m[1:]
	}
	if m := old.FindStringSubmatch(name); m != nil {
		return []string{m[1], "", ""}
	}
	return nil
}

// RemoveTorn removes what stopped writers have left in a folder beside the files whose names are mine. Nobody may be writing those files.
func RemoveTorn(dir string, mine func(name string) bool) {
	removeTorn(dir, mine, func([]string) bool { return true })
}

// RemoveDead is RemoveTorn where others may be writing: it leaves alone what it cannot tell to be a dead process's.
func RemoveDead(dir string, mine func(name string) bool) {
	removeTorn(dir, mine, func(parts []string) bool {
		pid, err := strconv.Atoi(parts[2])
		return err == nil && parts[1] == system() && !alive(pid)
	})
}

func removeTorn(dir string, mine func(name string) bool, dead func(parts []string) bool) {
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if parts := torn(e.Name()); parts != nil && mine(parts[0]) && dead(parts) {
			os.Remove(filepath.Join(dir, e.Name()))
		}
	}
}
