package record

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
)

// WriteFile writes bytes as WriteWith does.
func WriteFile(path string, b []byte) error {
	return WriteWith(path, func(w io.Writer) error { _, err := w.Write(b); return err })
}

// WriteWith writes a file completely or not at all: it writes another file beside it and renames that. It makes the folder if needed. If path
// is a link, a pipe or a device, WriteWith writes into it instead. The error names the file.
func WriteWith(path string, write func(io.Writer) error) error {
	if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() {
		file, err := os.Create(path)
		if err != nil {
			return err
		}
		return errors.Join(buffered(file, write), file.Close())
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	tmp, err := create(filepath.Dir(path), "."+filepath.Base(path)+"-", "")
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

// naming returns err with path in place of the name of the file beside it.
func naming(path string, err error) error {
	if p := new(fs.PathError); errors.As(err, &p) && torn.MatchString(filepath.Base(p.Path)) {
		return &fs.PathError{Op: p.Op, Path: path, Err: p.Err}
	}
	return err
}

// torn is the name of the file beside one that is being written.
var torn = regexp.MustCompile(`^\.(.+)-[0-9a-f]{8}$`)

// RemoveTorn removes what stopped writers have left in a folder beside the files whose names are mine. Nobody may be writing those files.
func RemoveTorn(dir string, mine func(name string) bool) {
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if m := torn.FindStringSubmatch(e.Name()); m != nil && mine(m[1]) {
			os.Remove(filepath.Join(dir, e.Name()))
		}
	}
}

func buffered(w io.Writer, write func(io.Writer) error) error {
	b := bufio.NewWriterSize(w, 1<<16)
	if err := write(b); err != nil {
		return err
	}
	return b.Flush()
}

// create makes a new file with a unique name, with the modes that the user's umask allows.
func create(dir, prefix, suffix string) (*os.File, error) {
	for {
		f, err := os.OpenFile(filepath.Join(dir, fmt.Sprintf("%s%08x%s", prefix, rand.Uint32(), suffix)), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o666)
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
}
