//go:build linux || darwin

package record

import (
	"os"
	"syscall"
	"testing"
)

// If the disk takes only half of a write, no half record stays, and the store goes on when there is room again.
func TestHalfAWriteIsTakenBack(t *testing.T) {
	out := t.TempDir()
	s, err := Open(out)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Append(full("a")); err != nil {
		t.Fatal(err)
	}
	size := len(line(t, full("a"))) + 1
	var old syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
		t.Fatal(err)
	}
	limit := old
	limit.Cur = uint64(size + size/2)
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
	err = s.Append(full("b"))
	if restore := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &old); restore != nil {
		t.Fatal(restore)
	}
	if err == nil {
		t.Error("a record larger than the room left was written")
	}
	if info, err := os.Stat(s.file.Name()); err != nil || info.Size() != int64(size) {
		t.Errorf("the file has %v bytes, want %d of one record, error %v", info.Size(), size, err)
	}
	if err := s.Append(full("c")); err != nil {
		t.Error(err)
	}
	if recs, warnings := loaded(t, out); len(recs) != 2 || recs[1].ID != "c" || len(warnings) > 0 {
		t.Errorf("records %q, warnings %v", lines(t, recs), warnings)
	}
}
