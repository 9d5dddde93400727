package data

import (
	"errors"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
	"time"
)

// fakeWorld has a module only where a test puts it.
func fakeWorld() (w world, env map[string]string, replies map[string]string, info *debug.BuildInfo) {
	env, replies, info = map[string]string{}, map[string]string{}, &debug.BuildInfo{}
	return world{
		buildInfo: func() (*debug.BuildInfo, bool) { return info, true },
		getenv:    func(k string) string { return env[k] },
		home:      func() (string, error) { return "", errors.New("no home") },
		command: func(_ time.Duration, args ...string) ([]byte, error) {
			out, ok := replies[args[0]]
			if !ok {
				return nil, errors.New("no go here")
			}
			return []byte(out), nil
		},
	}, env, replies, info
}

// put makes dir/x, the file that the search looks for.
func put(t *testing.T, dir string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "x"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
}

func TestModuleIsFound(t *testing.T) {
	for name, set := range map[string]func(dir string, env, replies map[string]string, info *debug.BuildInfo) (at string){
		"in GOMODCACHE": func(dir string, env, _ map[string]string, info *debug.BuildInfo) string {
			env["GOMODCACHE"] = dir
			info.Deps = []*debug.Module{{Path: "a.b/C", Version: "v1"}}
			return "a.b/!c@v1"
		},
		"in GOPATH": func(dir string, env, _ map[string]string, info *debug.BuildInfo) string {
			env["GOPATH"] = string(filepath.ListSeparator) + dir
			info.Deps = []*debug.Module{{Path: "a.b/C", Version: "v1"}}
			return "pkg/mod/a.b/!c@v1"
		},
		"replaced by a module": func(dir string, env, _ map[string]string, info *debug.BuildInfo) string {
			env["GOMODCACHE"] = dir
			info.Deps = []*debug.Module{{Path: "a.b/C", Version: "v1", Replace: &debug.Module{Path: "d", Version: "v2"}}}
			return "d@v2"
		},
		"replaced by a folder": func(dir string, _, _ map[string]string, info *debug.BuildInfo) string {
			info.Deps = []*debug.Module{{Path: "a.b/C", Version: "v1", Replace: &debug.Module{Path: filepath.Join(dir, "here")}}}
			return "here"
		},
		"by go list": func(dir string, _, replies map[string]string, _ *debug.BuildInfo) string {
			replies["list"] = `{"Version":"v1","Dir":"` + filepath.ToSlash(dir) + `/y"}`
			return "y"
		},
		"by go mod download": func(dir string, _, replies map[string]string, _ *debug.BuildInfo) string {
			replies["list"] = `{"Version":"v1"}` // under vendoring
			replies["mod"] = `{"Dir":"` + filepath.ToSlash(dir) + `/z"}`
			return "z"
		},
	} {
		t.Run(name, func(t *testing.T) {
			w, env, replies, info := fakeWorld()
			dir := t.TempDir()
			want := filepath.Join(dir, set(dir, env, replies, info))
			put(t, want)
			got, version, err := w.findModule("a.b/C", "x")
			if err != nil || filepath.Clean(got) != want || version != "v1" {
				t.Errorf("found %s %s, %v; want %s v1", got, version, err, want)
			}
		})
	}
}

func TestModuleIsNowhere(t *testing.T) {
	w, env, replies, info := fakeWorld()
	dir := t.TempDir()
	env["GOMODCACHE"] = dir
	info.Deps = []*debug.Module{{Path: "a.b/C", Version: "v1"}}
	replies["list"] = `{"Path":"a.b/C","Error":{"Err":"not a known dependency"}}`
	replies["mod"] = `{"Error":"proxy:\n no network"}`
	_, _, err := w.findModule("a.b/C", "x")
	if err == nil {
		t.Fatal("found")
	}
	for _, want := range []string{
		"the data inside a.b/C was not found; name a folder with data files by --data",
		"build information: no x in " + filepath.Join(dir, "a.b", "!c@v1"),
		"go list -m a.b/C: not a known dependency",
		"go mod download a.b/C@v1: proxy: no network",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v; want %q in it", err, want)
		}
	}

	w, _, _, info = fakeWorld()
	info.Deps = []*debug.Module{{Path: "a.b/C", Version: "v1"}}
	if _, _, err = w.findModule("a.b/C", "x"); !strings.Contains(err.Error(), "GOMODCACHE, GOPATH and the home folder are all unset") {
		t.Error(err)
	}
}
