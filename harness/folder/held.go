package folder

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// Held is what a folder holds of trials beside their records: the ids of those with kept weights, and of those with a whole trace. The zero
// Held holds nothing.
type Held struct{ Weights, Traces map[string]bool }

// Held looks what the folder holds. An error says which part of it cannot be read.
func (d Dir) Held() (h Held, err error) {
	if d == "" {
		return h, nil
	}
	if h.Weights, err = namesLike(d.Weights("")); err == nil {
		h.Traces, err = namesLike(d.Trace(""))
	}
	return h, err
}

// missing reports whether an error says that nothing lies at a path: nor does it where a folder around it is a file.
func missing(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
}

// namesLike returns the names, without their suffix, of the files that lie where path does and have its suffix. There may be no such folder.
func namesLike(path string) (map[string]bool, error) {
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil && !missing(err) {
		return nil, err
	}
	names := map[string]bool{}
	for _, e := range entries {
		if suffix := filepath.Base(path); len(e.Name()) > len(suffix) && filepath.Ext(e.Name()) == suffix {
			names[e.Name()[:len(e.Name())-len(suffix)]] = true
		}
	}
	return names, nil
}
