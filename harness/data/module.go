package data

import (
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

// golearn is the module that contains the bundled data files. They are in the module cache of every machine that built this package.
const golearn = "github.com/sjwhitworth/golearn"

// world is what the search for a module looks at.
type world struct {
	buildInfo func() (*debug.BuildInfo, bool)
	getenv    func(string) string
	home      func() (string, error)
	command   func(limit time.Duration, args ...string) ([]byte, error) // runs go, returns its standard output
}

var theWorld = world{debug.ReadBuildInfo, os.Getenv, os.UserHomeDir, runGo}

// findModule returns the module's version and a folder of the module that holds the files. It looks in the module cache for the version in
// the program's own build information, then asks `go list`, then `go mod download`. The error lists what each of them said.
func (w world) findModule(path string, files ...string) (dir, version string, err error) {
	var tried []string
	holds := func(way, dir string) bool {
		for _, f := range files {
			if _, err := os.Stat(filepath.Join(dir, f)); err != nil {
				tried = append(tried, fmt.Sprintf("%s: no %s in %s", way, f, dir))
				return false
			}
		}
		return true
	}

	way := "build information"
	dir, version, err = w.built(path)
	if err != nil {
		tried = append(tried, way+": "+err.Error())
	} else if holds(way, dir) {
		return dir, version, nil
	}

	m, err := w.ask(30*time.Second, "list", "-mod=readonly", "-m", "-json", path)
	way = "go list -m " + path
	if version == "" {
		version = m.Version
	}
	if err == nil && m.Dir == "" {
		err = errors.New("no folder")
	}
	if err != nil {
		tried = append(tried, way+": "+err.Error())
	} else if holds(way, m.Dir) {
		return m.Dir, version, nil
	}

	if version != "" {
		way = "go mod download " + path + "@" + version
		m, err = w.ask(5*time.Minute, "mod", "download", "-json", path+"@"+version)
		if err == nil && m.Dir == "" {
			err = errors.New("no folder")
		}
		if err != nil {
			tried = append(tried, way+": "+err.Error())
		} else if holds(way, m.Dir) {
			return m.Dir, version, nil
		}
	} else {
		tried = append(tried, "go mod download: the version of "+path+" is unknown")
	}
	return "", "", fmt.Errorf("the data inside %s was not found; name a folder with data files by --data, or let one of these succeed:\n\t%s",
		path, strings.Join(tried, "\n\t"))
}

// built returns the module's folder in the module cache, at the version that this program was built with.
func (w world) built(path string) (dir, version string, err error) {
	info, ok := w.buildInfo()
	if !ok {
		return "", "", errors.New("none in this program")
	}
	for _, m := range info.Deps {
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
		cache, err := w.moduleCache()
		if err != nil {
			return "", version, err
		}
		return filepath.Join(cache, filepath.FromSlash(escape(m.Path))+"@"+escape(m.Version)), version, nil
	}
	return "", "", fmt.Errorf("%s is not part of this program", path)
}

// moduleCache returns GOMODCACHE or its default. It does not read what `go env -w` has set; the go command does.
func (w world) moduleCache() (string, error) {
	if dir := w.getenv("GOMODCACHE"); dir != "" {
		return dir, nil
	}
	for _, dir := range filepath.SplitList(w.getenv("GOPATH")) {
		if dir != "" {
			return filepath.Join(dir, "pkg", "mod"), nil
		}
	}
	home, err := w.home()
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

// module is what the go command says of a module.
type module struct{ Version, Dir, Error string }

func (w world) ask(limit time.Duration, args ...string) (m module, err error) {
	out, err := w.command(limit, args...)
	var reply struct {
		Version, Dir string
		Error        json.RawMessage // a text, or an object with the text in Err
	}
	if json.Unmarshal(out, &reply) == nil {
		m.Version, m.Dir = reply.Version, reply.Dir
		var object struct{ Err string }
		if json.Unmarshal(reply.Error, &m.Error) != nil && json.Unmarshal(reply.Error, &object) == nil {
			m.Error = object.Err
		}
	}
	if m.Error != "" {
		err = errors.New(strings.Join(strings.Fields(m.Error), " "))
	}
	return m, err
}

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
