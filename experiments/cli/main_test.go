package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"

	"msharp/experiments/claims"
	"msharp/harness/folder"
	"msharp/harness/record"
	"msharp/plots"
)

// tiny is an experiment that trains in milliseconds: ten trials.
var tiny = Experiment{Name: "tiny", Short: "a sweep for tests", Config: []byte(`name: tiny
data: {kind: spirals, n: 300, train: 64, val: 32, test: 64}
model: {kind: mlp, hidden: [8]}
optimizer: {kind: sam, base: {kind: sgd, momentum: 0.9}}
lr: 0.1
epochs: 3
batch_size: 16
measures:
  - {kind: msharp, m: [1, 16, 0], rho: [0.05, 0.2]}
  - gradnorm
sweep:
  optimizer.rho: [0, 0.05, 0.5]
  optimizer.m: [1, 4]
  seed: range(1, 3)
`), Figures: []plots.Figure{plots.Overview{File: "msweep"}, plots.Lines{Base: true}, plots.Curves{}}, Claims: claims.TrainingM(claims.Overall)}

const trials = 10

// With this variable set the test binary is the program; set to undrawn, the program without its figures and claims.
const (
	asProgram = "MSHARP_TEST_AS_PROGRAM"
	undrawn   = "undrawn"
)

func TestMain(m *testing.M) {
	if as := os.Getenv(asProgram); as != "" {
		if as == undrawn {
			tiny.Figures, tiny.Claims = nil, nil
		}
		debug.SetMaxStack(1 << 25) // a recursion without end ends soon
		os.Exit(tiny.Main(os.Args[1:], os.Stdout, os.Stderr))
	}
	status := m.Run()
	if shared.dir != "" {
		os.RemoveAll(shared.dir)
	}
	os.Exit(status)
}

// command is a call of the program in a folder, not yet started. It knows itself as ./tiny, as which a user would call it there.
func command(t testing.TB, dir string, args ...string) *exec.Cmd {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), program, args...)
	c.Args[0] = "./tiny"
	c.Dir = dir
	c.Env = append(os.Environ(), asProgram+"=1")
	return c
}

// quick is command without figures, which take longer than all else.
func quick(t testing.TB, dir string, args ...string) *exec.Cmd {
	t.Helper()
	c := command(t, dir, args...)
	c.Env = append(c.Env, asProgram+"="+undrawn)
	return c
}

// result is what a call leaves.
type result struct {
	status    int
	out, talk string
}

// finish runs a call, started or not, to its end. A call that panics fails the test: its exit status would pass for a usage error.
func finish(t testing.TB, c *exec.Cmd) result {
	t.Helper()
	out, talk := buffers(c)
	err := c.Run()
	return ended(t, c, err, out, talk)
}

func buffers(c *exec.Cmd) (out, talk *bytes.Buffer) {
	out, talk = new(bytes.Buffer), new(bytes.Buffer)
	c.Stdout, c.Stderr = out, talk
	return out, talk
}

func ended(t testing.TB, c *exec.Cmd, err error, out, talk *bytes.Buffer) result {
	t.Helper()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	o := result{c.ProcessState.ExitCode(), out.String(), talk.String()}
	if strings.Contains(o.talk, "goroutine ") {
		first, _, _ := strings.Cut(o.talk, "\n")
		t.Errorf("%q crashed: %s", c.Args[1:], first)
	}
	return o
}

// call runs the program and wants an exit status.
func call(t testing.TB, dir string, status int, args ...string) result {
	t.Helper()
	return ending(t, command(t, dir, args...), status)
}

// ending finishes a call and wants an exit status.
func ending(t testing.TB, c *exec.Cmd, status int) result {
	t.Helper()
	o := finish(t, c)
	if o.status != status {
		t.Fatalf("%q: exit status %d, want %d\n%s%s", c.Args[1:], o.status, status, o.talk, o.out)
	}
	return o
}

// shared is the output folder of a whole run of tiny, made once.
var shared struct {
	sync.Once
	dir string
}

// finished returns a folder with an output folder out, of a whole run of tiny: a copy to do with as one likes.
func finished(t testing.TB) (dir, out string) {
	t.Helper()
	shared.Do(func() {
		var err error
		if shared.dir, err = os.MkdirTemp("", "tiny"); err != nil {
			t.Fatal(err)
		}
		call(t, shared.dir, exitOK, "--out", "out", "--quiet")
	})
	dir = t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(shared.dir)); err != nil {
		t.Fatal(err)
	}
	return dir, filepath.Join(dir, "out")
}

func load(t testing.TB, out string) []record.Record {
	t.Helper()
	recs, warnings, err := record.Load(out)
	if err != nil || len(warnings) > 0 {
		t.Fatal(warnings, err)
	}
	return recs
}

// bare returns the records of an output folder as sorted lines without run: what is promised to be equal.
func bare(t testing.TB, out string) []string {
	t.Helper()
	return withoutRun(t, load(t, out))
}

func withoutRun(t testing.TB, recs []record.Record) (lines []string) {
	t.Helper()
	for _, r := range recs {
		r.Run = nil
		line, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, string(line))
	}
	slices.Sort(lines)
	return lines
}

// lines counts the whole lines in an output folder's record files.
func lines(t testing.TB, out string) (n int) {
	t.Helper()
	for name, text := range tree(t, out) {
		if strings.HasPrefix(name, "records/") && strings.HasSuffix(name, ".jsonl") {
			n += strings.Count(text, "\n")
		}
	}
	return n
}

// tree returns the files under a folder by slashed path, but for the locks.
func tree(t testing.TB, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // a process at work replaced it
		}
		if err != nil || d.IsDir() {
			if d != nil && d.Name() == ".running" {
				return fs.SkipDir
			}
			return err
		}
		text, err := os.ReadFile(filepath.Join(dir, path))
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		files[path] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// differing returns the files that are not the same in two trees.
func differing(a, b map[string]string) (names []string) {
	for _, name := range slices.Sorted(maps.Keys(a)) {
		if text, ok := b[name]; !ok || text != a[name] {
			names = append(names, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(b)) {
		if _, ok := a[name]; !ok {
			names = append(names, name)
		}
	}
	return names
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func manifestOf(t testing.TB, out string) record.Manifest {
	t.Helper()
	m, _, err := folder.Dir(out).Read()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// withoutPlan makes an output folder one of before there were plans: its manifest names its trials.
func withoutPlan(t testing.TB, out string) {
	t.Helper()
	m := manifestOf(t, out)
	if err := errors.Join(os.Remove(filepath.Join(out, "plan.jsonl")), folder.WriteJSON(filepath.Join(out, "manifest.json"), m)); err != nil {
		t.Fatal(err)
	}
}

// held is what a folder holds beside its records.
func held(t testing.TB, out string) folder.Held {
	t.Helper()
	h, err := folder.Dir(out).Held()
	if err != nil {
		t.Fatal(err)
	}
	return h
}
