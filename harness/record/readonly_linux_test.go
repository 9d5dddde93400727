package record

import (
	"errors"
	"io/fs"
	"msharp/harness/disk"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// withoutRights makes the folders of out read-only, runs f as a user whom that stops, and makes them writable again. It skips the test if
// everybody may write everywhere.
func withoutRights(t *testing.T, out string, f func()) {
	t.Helper()
	for d := filepath.Join(out, "records"); d != os.TempDir() && d != "/"; d = filepath.Dir(d) {
		if err := os.Chmod(d, 0o555); err != nil {
			t.Fatal(err)
		}
		defer os.Chmod(d, 0o755)
	}
	if os.Getuid() == 0 {
		runtime.LockOSThread() // in Linux it has a user of its own where files are concerned
		defer runtime.UnlockOSThread()
		const nobody = 65534
		if err := syscall.Setfsuid(nobody); err != nil {
			t.Skip(err)
		}
		defer syscall.Setfsuid(0)
	}
	if _, err := os.Stat(out); err != nil {
		t.Skip(err)
	}
	f()
}

// In a read-only folder the error of a write names the file, and reading works.
func TestReadOnlyFolder(t *testing.T) {
	out := folder(t, line(t, full("a"))+"\n")
	withoutRights(t, out, func() {
		s, err := Open(out)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Append(full("b")); !errors.Is(err, fs.ErrPermission) || !strings.Contains(err.Error(), filepath.Join(out, "records")) {
			t.Errorf("a record in a read-only folder: %v", err)
		}
		new := filepath.Join(out, "new")
		if _, err := Open(new); !errors.Is(err, fs.ErrPermission) || !strings.Contains(err.Error(), new) {
			t.Errorf("a folder in a read-only folder: %v", err)
		}
		if err := disk.WriteFile(filepath.Join(out, "sweep.yaml"), nil); !errors.Is(err, fs.ErrPermission) || !strings.Contains(err.Error(), "sweep.yaml") {
			t.Errorf("a file in a read-only folder: %v", err)
		}
		if recs, warnings, err := Load(out); len(recs) != 1 || len(warnings) > 0 || err != nil {
			t.Errorf("%d records, warnings %v, error %v", len(recs), warnings, err)
		}
	})
}

// A record file without read permission is an error that says so: what it holds is not missing.
func TestUnreadableFile(t *testing.T) {
	out := folder(t, line(t, full("a"))+"\n")
	name := filepath.Join(out, "records", "a.jsonl")
	if err := os.Chmod(name, 0); err != nil {
		t.Fatal(err)
	}
	withoutRights(t, out, func() {
		err := split(name, func(b *block) { t.Errorf("%d lines, %q", len(b.lines), b.end) }) // which Load does on another thread
		if !errors.Is(err, fs.ErrPermission) || !strings.Contains(err.Error(), name) {
			t.Errorf("error %v", err)
		}
	})
}
