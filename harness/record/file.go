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
)

// WriteFile is WriteWith for a file in memory.
func WriteFile(path string, b []byte) error {
	return WriteWith(path, func(w io.Writer) error { _, err := w.Write(b); return err })
}

// WriteWith writes a file whole or not at all, by way of another beside it, and makes its folder if need be. What is there and is no
// regular file, a link, a pipe or a device, is written into.
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
		return err
	}
	if err = errors.Join(buffered(tmp, write), tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		os.Remove(tmp.Name())
	}
	return err
}

func buffered(w io.Writer, write func(io.Writer) error) error {
	b := bufio.NewWriterSize(w, 1<<16)
	if err := write(b); err != nil {
		return err
	}
	return b.Flush()
}

// create makes a new file with a name of its own, with the modes that the user's umask leaves.
func create(dir, prefix, suffix string) (*os.File, error) {
	for {
		f, err := os.OpenFile(filepath.Join(dir, fmt.Sprintf("%s%08x%s", prefix, rand.Uint32(), suffix)), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o666)
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
}
