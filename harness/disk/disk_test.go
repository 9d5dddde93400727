package disk

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func TestReadBounded(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x")
	put(t, path, "12345")
	for most, want := range map[int64]string{4: "", 5: "12345", 6: "12345"} {
		b, err := ReadBounded(path, most)
		if string(b) != want || (want == "") != errors.Is(err, ErrSize) {
			t.Errorf("of at most %d: %q, %v", most, b, err)
		}
	}
	if _, err := ReadFile(filepath.Dir(path)); !errors.Is(err, ErrKind) || err.Error() != filepath.Dir(path)+" is a folder; expected a regular file" {
		t.Error(err)
	}
	if b, err := ReadBounded("/proc/self/status", 1<<20); err == nil && !strings.Contains(string(b), "Pid:") { // a file whose size the system does not tell
		t.Errorf("%q", b)
	}
}

// A file is there whole, or as it was.
func TestWriteWith(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x")
	put(t, path, "old")
	broken := errors.New("broken")
	if err := WriteWith(path, func(w io.Writer) error { io.WriteString(w, "new"); return broken }); !errors.Is(err, broken) {
		t.Error(err)
	}
	if b, _ := os.ReadFile(path); string(b) != "old" {
		t.Errorf("%q", b)
	}
	if err := WriteFile(path, []byte("new")); err != nil {
		t.Error(err)
	}
	if b, _ := os.ReadFile(path); string(b) != "new" {
		t.Errorf("%q", b)
	}
	if err := WriteFile(dir, nil); !errors.Is(err, ErrKind) {
		t.Error(err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("%v is left", entries)
	}
}

// What is left beside a file is removed if its process is dead; under a lock, whoever left it.
func TestRemoveTorn(t *testing.T) {
	dead := exec.Command(os.Args[0], "-test.run=^$")
	if err := dead.Run(); err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{ // whether RemoveDead removes it
		fmt.Sprintf(".x-%s-%d-0badcafe", system(), dead.Process.Pid): true,
		".x-" + mark() + "0badcafe":                                  false, // of this process
		fmt.Sprintf(".x-01234567-%d-0badcafe", dead.Process.Pid):     false, // of another system
		".x-0badcafe": false, // of an earlier version
		fmt.Sprintf(".y-%s-%d-0badcafe", system(), dead.Process.Pid): false, // not ours
	}
	dir := t.TempDir()
	for name := range names {
		put(t, filepath.Join(dir, name), "")
	}
	mine := func(name string) bool { return name == "x" }
	RemoveDead(dir, mine)
	for name, gone := range names {
		if _, err := os.Stat(filepath.Join(dir, name)); (err != nil) != gone {
			t.Errorf("%s: %v", name, err)
		}
	}
	RemoveTorn(dir, mine)
	if entries, _ := os.ReadDir(dir); len(entries) != 1 || !strings.HasPrefix(entries[0].Name(), ".y-") {
		t.Errorf("%v is left", entries)
	}
}

func TestSize(t *testing.T) {
	for n, want := range map[int64]string{0: "0 bytes", 999: "999 bytes", 1 << 20: "1 MiB", 3 << 29: "1.5 GiB", 700_000_000: "668 MiB"} {
		if got := Size(n); got != want {
			t.Errorf("%d is %s, want %s", n, got, want)
		}
	}
}
