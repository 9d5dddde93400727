package data

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// wanted is the files of a data set in a folder: where they may lie, and under which names.
type wanted struct {
	files [][]string // of each file the names that it may have, the usual one first
	below []string   // folders below the one that the user names, by the slash, in which the files may lie
}

// find returns the path of each file, in order. It looks in dir, then in the folders below it that may hold the files, then in every other
// folder directly in dir. The first that holds one of the files is the place, and must hold all; of the other folders one must hold all.
func (w wanted) find(dir string) (paths []string, err error) {
	if err := checkFolder(dir); err != nil {
		return nil, err
	}
	for _, sub := range append([]string{"."}, w.below...) {
		paths, missing := w.in(filepath.Join(dir, filepath.FromSlash(sub)))
		if missing == "" {
			return paths, nil
		}
		if slices.ContainsFunc(paths, func(p string) bool { return p != "" }) {
			return nil, noFile(missing)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var places []string
	for _, e := range entries {
		if there, missing := w.in(filepath.Join(dir, e.Name())); missing == "" {
			paths, places = there, append(places, e.Name())
		}
	}
	switch len(places) {
	case 0:
		return nil, fmt.Errorf("%w; %s", noFile(filepath.Join(dir, w.files[0][0])), whatLies(dir, entries))
	case 1:
		return paths, nil
	}
	return nil, fmt.Errorf("%s holds more than one folder with such files: %s; name one of them by --data", dir, strings.Join(places, ", "))
}

// in returns where each file lies in a folder, "" for those that are missing, and the usual path of the first of these.
func (w wanted) in(dir string) (paths []string, missing string) {
	for _, names := range w.files {
		path := lies(dir, names)
		if path == "" && missing == "" {
			missing = filepath.Join(dir, names[0])
		}
		paths = append(paths, path)
	}
	return paths, missing
}

// lies returns the path of a file of one of the names in a folder: plain, else .gz, else in a folder of such a name, as some archives
// unpack. What is no regular file counts only where there is nothing else, so that whoever opens it says so.
func lies(dir string, names []string) (path string) {
	for _, in := range append([]string{""}, names...) {
		for _, name := range names {
			for _, end := range []string{"", ".gz"} {
				p := filepath.Join(dir, in, name+end)
				info, err := os.Stat(p)
				if err == nil && info.Mode().IsRegular() {
					return p
				}
				if err == nil && path == "" && !info.IsDir() {
					path = p
				}
			}
		}
	}
	return path
}
