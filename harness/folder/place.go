package folder

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"msharp/harness/record"
)

// What an output folder holds that no command writes for its user.
var (
	ownFolders = []string{record.Folder, "weights", "checkpoints", "traces", "logs", "slurm", ".running"}
	ownFiles   = []string{"plan.jsonl", "sweep.yaml", "manifest.json"}
)

// MayWrite returns why nothing is to be written to a path that the user names; nil if it may: the path is, or lies in, a part of an output
// folder that is not written anew, such as its records.
func MayWrite(path string) error {
	whole := resolved(path)
	for at := whole; ; at = filepath.Dir(at) {
		around := filepath.Dir(at)
		if around == at {
			return nil
		}
		own := slices.Contains(ownFolders, filepath.Base(at)) || at == whole && slices.Contains(ownFiles, filepath.Base(at))
		if own && Dir(around).isOne() {
			return fmt.Errorf("%s belongs to the output folder %s, which keeps it; expected another place", path, around)
		}
	}
}

// Holds reports whether a path, which need not exist, is the folder or lies in it, by whatever links. A folder that does not exist holds
// nothing.
func (d Dir) Holds(path string) bool {
	whole, err := os.Stat(string(d))
	if err != nil {
		return false
	}
	for at := resolved(path); ; at = filepath.Dir(at) {
		if there, err := os.Stat(at); err == nil && os.SameFile(whole, there) {
			return true
		}
		if at == filepath.Dir(at) {
			return false
		}
	}
}

// Fits returns why d is no place for an output folder, nil if it is one: it is the root, the user's home or a folder of the system, or a part
// of an output folder.
func (d Dir) Fits() error {
	whole := resolved(string(d))
	home, _ := os.UserHomeDir()
	around := filepath.Dir(whole)
	switch {
	case whole == around, home != "" && whole == resolved(home), filepath.Dir(around) == around && !free(whole):
		if !Dir(whole).isOne() {
			return fmt.Errorf("%s holds other things than a sweep; expected a folder of its own, such as %s", d, filepath.Join(string(d), "sweep"))
		}
	}
	return MayWrite(string(d))
}

// free reports whether a path is free for a new folder: there is nothing, or an empty folder.
func free(path string) bool {
	entries, err := os.ReadDir(path)
	return len(entries) == 0 && (err == nil || os.IsNotExist(err))
}

// isOne reports whether a folder is an output folder: it has a folder of records, and a plan, a configuration, a manifest or records.
func (d Dir) isOne() bool {
	if info, err := os.Stat(d.Records()); err != nil || !info.IsDir() {
		return false
	}
	for _, name := range ownFiles {
		if _, err := os.Lstat(d.at(name)); err == nil {
			return true
		}
	}
	entries, _ := os.ReadDir(d.Records())
	return slices.ContainsFunc(entries, func(e os.DirEntry) bool { return strings.Contains(e.Name(), ".jsonl") })
}

// resolved returns a whole path without links, as far as it exists.
func resolved(path string) string {
	whole, err := filepath.Abs(path)
	if err != nil {
		return filepath.Clean(path)
	}
	if there, err := filepath.EvalSymlinks(whole); err == nil {
		return there
	}
	if around := filepath.Dir(whole); around != whole {
		return filepath.Join(resolved(around), filepath.Base(whole))
	}
	return whole
}
