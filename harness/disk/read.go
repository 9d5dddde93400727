// Package disk reads and writes whole files: regular ones alone, of bounded size, completely or not at all.
package disk

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
)

// Most is the bound of a file that has no bound of its own: larger than any that is read whole.
const Most = 4 << 30

// ErrKind is what an error wraps that says that a name is not a regular file's.
var ErrKind = errors.New("expected a regular file")

// ErrSize is what an error wraps that says that a file is larger than its bound.
var ErrSize = errors.New("too large")

// Open opens a regular file to read it. Anything else, such as a folder, a pipe or a device, is an error that wraps ErrKind; nobody
// waits for a pipe.
func Open(path string) (*os.File, error) {
	return opened(path, os.O_RDONLY, fs.FileMode.IsRegular)
}

// Append opens a file to write behind its end, and makes it if there is none. A device takes what is written; a folder, a pipe or a
// socket is an error that wraps ErrKind.
func Append(path string) (*os.File, error) {
	return opened(path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, writable)
}

// OpenBoth opens a regular file to read and write it, and makes it if there is none.
func OpenBoth(path string) (*os.File, error) {
	return opened(path, os.O_RDWR|os.O_CREATE, fs.FileMode.IsRegular)
}

// writable reports whether what is written to a file of a mode goes somewhere without a second program.
func writable(m fs.FileMode) bool { return m.IsRegular() || m&fs.ModeDevice != 0 }

func opened(path string, flag int, fits func(fs.FileMode) bool) (*os.File, error) {
	// Who is asked first is not opened: opening a device may do something, and a pipe without a reader cannot be.
	if info, err := os.Stat(path); err == nil && !fits(info.Mode()) {
		return nil, NotRegular(path, info.Mode())
	}
	f, err := os.OpenFile(path, flag|nonblock, 0o666)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !fits(info.Mode()) {
		err = NotRegular(path, info.Mode())
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// NotRegular is the error of a file whose mode is not a regular one. It wraps ErrKind.
func NotRegular(path string, m fs.FileMode) error {
	what := "a device"
	switch {
	case m.IsDir():
		what = "a folder"
	case m&fs.ModeNamedPipe != 0:
		what = "a pipe"
	case m&fs.ModeSocket != 0:
		what = "a socket"
	}
	return fmt.Errorf("%s is %s; %w", path, what, ErrKind)
}

// ReadFile is ReadBounded with the bound Most.
func ReadFile(path string) ([]byte, error) { return ReadBounded(path, Most) }

// ReadBounded reads a regular file of at most so many bytes. The error names the file; it wraps ErrSize if there are more.
func ReadBounded(path string, most int64) ([]byte, error) {
	f, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	size := int64(0)
	if info, err := f.Stat(); err == nil {
		size = info.Size()
	}
	if size > most {
		return nil, TooLarge(path, most)
	}
	b := make([]byte, 0, size+1) // one more, so that the end is found without growing
	for {
		if len(b) == cap(b) {
			b = append(b, 0)[:len(b)]
		}
		n, err := f.Read(b[len(b):cap(b)])
		b = b[:len(b)+n]
		switch {
		case int64(len(b)) > most:
			return nil, TooLarge(path, most)
		case err == io.EOF:
			return b, nil
		case err != nil:
			return nil, err
		}
	}
}

// TooLarge is the error of a file of more than so many bytes. It wraps ErrSize.
func TooLarge(path string, most int64) error {
	return fmt.Errorf("%s is %w: expected at most %s", path, ErrSize, Size(most))
}

// Size is a number of bytes for people: 512 bytes, 64 MiB, 1.5 GiB.
func Size(bytes int64) string {
	units := []string{"bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"}
	v, u := float64(bytes), 0
	for math.Abs(v) >= 1000 && u < len(units)-1 {
		v, u = v/1024, u+1
	}
	return fmt.Sprintf("%.3g %s", v, units[u])
}

// Path returns where an open file is now, as far as the system tells, else the name by which it was opened.
func Path(f *os.File) string {
	if path, err := os.Readlink(fmt.Sprintf("/proc/self/fd/%d", f.Fd())); err == nil {
		return path
	}
	return f.Name()
}
