//go:build unix

package data

import (
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
)

// noGo leaves the search neither a module cache nor a go command, but for one that prints the file in replies named for its first word.
func noGo(t *testing.T) (replies string) {
	t.Helper()
	for _, name := range []string{"GOMODCACHE", "GOPATH", "HOME"} {
		t.Setenv(name, "")
	}
	replies = t.TempDir()
	t.Setenv("PATH", replies+":/usr/bin:/bin")
	script := "#!/bin/sh\ncat '" + replies + "'/$1\n"
	if err := os.WriteFile(filepath.Join(replies, "go"), []byte(script), 0o777); err != nil {
		t.Fatal(err)
	}
	return replies
}

// reply is what the go command prints for a first word.
func reply(t *testing.T, replies, word, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(replies, word), []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
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
	for name, set := range map[string]func(t *testing.T, dir, replies string, m *debug.Module) (at string){
		"in GOMODCACHE": func(t *testing.T, dir, _ string, _ *debug.Module) string {
			t.Setenv("GOMODCACHE", dir)
			return "a.b/!c@v1"
		},
		"in GOPATH": func(t *testing.T, dir, _ string, _ *debug.Module) string {
			t.Setenv("GOPATH", string(filepath.ListSeparator)+dir)
			return "pkg/mod/a.b/!c@v1"
		},
		"in the home folder": func(t *testing.T, dir, _ string, _ *debug.Module) string {
			t.Setenv("HOME", dir)
			return "go/pkg/mod/a.b/!c@v1"
		},
		"replaced by a module": func(t *testing.T, dir, _ string, m *debug.Module) string {
			t.Setenv("GOMODCACHE", dir)
			m.Replace = &debug.Module{Path: "d", Version: "v2"}
			return "d@v2"
		},
		"replaced by a folder": func(_ *testing.T, dir, _ string, m *debug.Module) string {
			m.Replace = &debug.Module{Path: filepath.Join(dir, "here")}
			return "here"
		},
		"by go list": func(t *testing.T, dir, replies string, m *debug.Module) string {
			m.Path = "another"
			reply(t, replies, "list", `{"Version":"v1","Dir":"`+dir+`/y"}`)
			return "y"
		},
		"by go mod download": func(t *testing.T, dir, replies string, m *debug.Module) string {
			m.Path = "another"
			reply(t, replies, "list", `{"Version":"v1"}`) // under vendoring
			reply(t, replies, "mod", `{"Dir":"`+dir+`/z"}`)
			return "z"
		},
	} {
		t.Run(name, func(t *testing.T) {
			replies, dir, m := noGo(t), t.TempDir(), &debug.Module{Path: "a.b/C", Version: "v1"}
			want := filepath.Join(dir, set(t, dir, replies, m))
			put(t, want)
			got, version, err := findModule(&debug.BuildInfo{Deps: []*debug.Module{m}}, "a.b/C", "x")
			if err != nil || filepath.Clean(got) != want || version != "v1" {
				t.Errorf("found %s %s, %v; want %s v1", got, version, err, want)
			}
		})
	}
}

func TestModuleIsNowhere(t *testing.T) {
	replies, dir := noGo(t), t.TempDir()
	program := &debug.BuildInfo{Deps: []*debug.Module{{Path: "a.b/C", Version: "v1"}}}
	_, _, err := findModule(program, "a.b/C", "x")
	if err == nil || !strings.Contains(err.Error(), "GOMODCACHE, GOPATH and the home folder are all unset") {
		t.Error(err)
	}
	t.Setenv("GOMODCACHE", dir)
	reply(t, replies, "list", `{"Path":"a.b/C","Error":{"Err":"not a known dependency"}}`)
	reply(t, replies, "mod", `{"Error":"proxy:\n no network"}`)
	if _, _, err = findModule(program, "a.b/C", "x"); err == nil {
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
}
