package data

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"msharp/harness/disk"
	"msharp/harness/limits"
	"os"
	"path/filepath"
	"strings"
)

// file reads a data file from front to back and unpacks it. It also hashes the bytes, and counts them for error messages.
type file struct {
	name  string // without its folder
	at    int64  // bytes read so far, of the uncompressed content
	most  int64  // bytes that may be read; 0 is no bound
	r     io.Reader
	sum   io.Writer
	close func() error
}

// open opens name in dir, or name.gz if there is no such file; for a path, dir may be "". What is read is also written to sum.
func open(dir, name string, sum io.Writer) (*file, error) {
	path := name
	if !filepath.IsAbs(name) {
		path = filepath.Join(dir, name)
	}
	if err := checkFolder(dir); err != nil {
		return nil, err
	}
	f, err := openPath(path, sum)
	if errors.Is(err, fs.ErrNotExist) {
		if f, err = openPath(path+".gz", sum); errors.Is(err, fs.ErrNotExist) {
			return nil, noFile(path)
		}
	}
	return f, err
}

func noFile(path string) error { return fmt.Errorf("no data file %s, plain or .gz", path) }

// checkFolder returns what is wrong with a folder that the user has named; "" is none.
func checkFolder(dir string) error {
	if dir == "" {
		return nil
	}
	if info, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("no data folder %s", dir)
	} else if err == nil && !info.IsDir() {
		return fmt.Errorf("data folder %s is a file", dir)
	}
	return nil
}

// openPath opens a file, gzipped or not: its bytes tell, and a name that ends in .gz promises it.
func openPath(path string, sum io.Writer) (*file, error) {
	f, err := disk.Open(path)
	if err != nil {
		return nil, err
	}
	in := bufio.NewReaderSize(f, 1<<16)
	d := newFile(filepath.Base(f.Name()), in, sum)
	d.close = f.Close
	d.bound(asRead)
	if gzipped(in) || strings.HasSuffix(d.name, ".gz") {
		z, err := newGunzip(in)
		if err != nil {
			f.Close()
			return nil, d.errorf(0, "not gzip: %v", err)
		}
		d.r = z
	}
	return d, nil
}

// newFile reads the data file of the given name from r.
func newFile(name string, r io.Reader, sum io.Writer) *file {
	return &file{name: name, r: r, sum: sum, close: func() error { return nil }}
}

// How many times the bytes of a file its examples take in memory while they are read.
const (
	asRead  = 3  // kept as they are
	asTable = 12 // numbers as texts, in golearn's instances and in ours
)

// bound bounds the file by the memory that reading it takes.
func (f *file) bound(times int64) { f.most = limits.Memory.Bytes / 10 * 8 / times }

func (f *file) Read(p []byte) (int, error) {
	n, err := f.r.Read(p)
	f.at += int64(n)
	f.sum.Write(p[:n])
	if f.most > 0 && f.at > f.most {
		return n, fmt.Errorf("more than %s, for which the memory does not suffice: %v", disk.Size(f.most), limits.Memory)
	}
	return n, err
}

// atMost reads n bytes, or fewer if the file ends. Memory grows with the bytes that are there.
func (f *file) atMost(n int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(f, n))
	if err != nil {
		return b, f.errorf(f.at, "cannot read on: %v", err)
	}
	return b, nil
}

// errorf returns an error at a byte, counted from 0.
func (f *file) errorf(at int64, format string, args ...any) error {
	return fmt.Errorf("%s: byte %d: %s", f.name, at, fmt.Sprintf(format, args...))
}
