package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
)

// With --log-format json each line on standard error is an object with time, level and msg: a trial's with its id, count and seconds, a
// warning's at WARN, the last error's at ERROR.
func TestLogFormatJSON(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	type entry struct {
		Time, Level, Msg, ID, Place, Outcome, Error string
		Ended, Of, Status                           int
		Seconds                                     *float64
		Left                                        *float64 `json:"seconds_left"`
	}
	log := func(status int, args ...string) (entries []entry, o result) {
		t.Helper()
		o = quickly(t, dir, status, append([]string{"--log-format", "json", "--out", "out"}, args...)...)
		for line := range strings.Lines(o.talk) {
			var e entry
			if err := json.Unmarshal([]byte(line), &e); err != nil || e.Time == "" || e.Msg == "" {
				t.Fatalf("%v: %s", err, line)
			}
			entries = append(entries, e)
		}
		return entries, o
	}
	entries, _ := log(exitOK, "seed=1,2", "optimizer.rho=0.1", "optimizer.m=4", "lr=0.1")
	if len(entries) != 2 {
		t.Fatalf("%d entries: %+v", len(entries), entries)
	}
	for i, e := range entries {
		if e.Level != "INFO" || e.Msg != "trial" || e.Ended != i+1 || e.Of != 2 || len(e.ID) != 16 || e.Seconds == nil || e.Left == nil ||
			!strings.HasPrefix(e.Place, "rho=0.1 m=4 seed=") || !strings.HasPrefix(e.Outcome, "test error ") {
			t.Errorf("%+v", e)
		}
	}
	write(t, dir+"/out/records/torn.jsonl", "{\n")
	entries, o := log(exitOK, "status")
	if len(entries) != 1 || entries[0].Level != "WARN" || !strings.HasPrefix(entries[0].Msg, "out/records/torn.jsonl") || !strings.Contains(o.out, "2 done") {
		t.Errorf("a torn record: %s%s", o.talk, o.out)
	}
	if entries, _ := log(exitUsage, "list", "optimizer.rho=-1"); len(entries) != 1 || entries[0].Level != "ERROR" || entries[0].Status != exitUsage ||
		!strings.Contains(entries[0].Msg, "optimizer.rho = -1: out of range") {
		t.Errorf("%+v", entries)
	}
}

// Lines that two goroutines write, as at Ctrl-C, stay whole.
func TestStopIsToldBesideProgress(t *testing.T) {
	t.Parallel()
	for name, of := range map[string]func(io.Writer) io.Writer{
		"wrapped": func(w io.Writer) io.Writer { return &wrapped{w: w, width: func() int { return 80 }} },
		"logged":  func(w io.Writer) io.Writer { return newLogged(w) },
	} {
		var b strings.Builder
		w := of(&b)
		var both sync.WaitGroup
		for _, line := range []string{"stopping: the running trials finish first", "12/410 a trial has ended"} {
			both.Go(func() {
				for range 200 {
					fmt.Fprintln(w, line)
				}
			})
		}
		both.Wait()
		if stops, ends, lines := strings.Count(b.String(), "stopping: the running trials finish first"), strings.Count(b.String(), "12/410 a trial has ended"), strings.Count(b.String(), "\n"); stops != 200 || ends != 200 || lines != 400 {
			t.Errorf("%s: %d and %d on %d lines", name, stops, ends, lines)
		}
	}
}
