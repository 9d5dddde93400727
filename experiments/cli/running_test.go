//go:build unix

package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"msharp/harness/config"
	"msharp/harness/folder"
	"msharp/harness/record"
)

// standingNow is what status --json says.
type standingNow struct {
	tally
	running
}

func statusOf(t testing.TB, dir string) (st standingNow) {
	t.Helper()
	if err := json.Unmarshal([]byte(quickly(t, dir, exitOK, "status", "--json", "--out", "out").out), &st); err != nil {
		t.Fatal(err)
	}
	return st
}

// Failed trials that are run again, and kept weights that are measured, are what runs and what is left, though each has its record.
func TestStatusOfWhatIsRunAgain(t *testing.T) {
	notShort(t, "trains until it is told to stop")
	t.Parallel()
	for name, c := range map[string]struct {
		before, again []string
		status        int
		left          bool // whether it is time to train
	}{
		"retried":  {[]string{"time_limit=1ns"}, []string{"--retry-failed"}, exitFailed, true},
		"measured": {[]string{"keep_weights=true"}, []string{"measures=[{kind: msharp, m: [1], rho: [0.1, 0.2, 0.3, 0.4], steps: 64}]"}, exitOK, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			out := filepath.Join(dir, "out")
			args := append([]string{"--out", "out", "data={kind: spirals, n: 3000, train: 1024, val: 32, test: 64}", "seed=1,2"}, long...)
			if name == "measured" {
				args[len(args)-len(long)] = "epochs=2"
			}
			quickly(t, dir, c.status, append(args, c.before...)...)
			if st := statusOf(t, dir); st.Processes != 0 || st.Left != 0 || st.Rate != nil || st.Missing != 0 {
				t.Errorf("nothing runs: %+v", st)
			}
			run := quick(t, dir, append(args, c.again...)...)
			wait := stoppable(t, run)
			until(t, "a second line", func() bool { return lines(t, out) >= trials+2 })
			send(t, run, syscall.SIGSTOP)
			st, had := statusOf(t, dir), lines(t, out)-trials
			if st.Processes != 1 || st.running.Trials != 1 || st.Left != trials-had || st.Rate == nil || (*st.Seconds > 0) != c.left {
				t.Errorf("after %d: %+v", had, st)
			}
			if o := quickly(t, dir, exitOK, "status", "--out", "out"); !strings.Contains(o.out, "\nrunning: 1 trial in 1 process, ") || !strings.Contains(o.out, " trials a minute: about ") {
				t.Errorf("it says %s", o.out)
			}
			send(t, run, syscall.SIGCONT)
			send(t, run, syscall.SIGINT)
			wait()
			if left, _ := filepath.Glob(filepath.Join(out, ".running", "lease-*")); len(left) > 0 {
				t.Errorf("it left %q", left)
			}
		})
	}
}

// The rate is that of what ended since the processes began, of the last ten minutes, whatever clocks say.
func TestRate(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, c := range []struct {
		since  time.Duration // before
		before []time.Duration
		want   float64 // 0 is unknown
	}{
		{time.Hour, nil, 0}, {time.Hour, []time.Duration{time.Minute}, 0}, {2 * time.Minute, []time.Duration{time.Minute, 0}, 1},
		{2 * time.Minute, []time.Duration{5 * time.Minute, 3 * time.Minute}, 0}, {time.Hour, []time.Duration{11 * time.Minute, 9 * time.Minute, time.Minute}, .2},
		{0, []time.Duration{0, 0}, 0}, {time.Minute, []time.Duration{-time.Hour, time.Second, time.Second, time.Second}, 3},
	} {
		recs := []record.Record{{ID: "without"}, {ID: "older", Run: &record.Run{}}, {ID: "foreign", Run: &record.Run{Ended: "yesterday"}},
			{ID: "failed", Status: record.Failed, Run: &record.Run{Ended: record.Time(at), Error: "disk"}}}
		for i, b := range c.before {
			run := record.Run{Ended: record.Time(at.Add(-b))}
			if i%2 > 0 { // measured
				recs = append(recs, record.Record{ID: fmt.Sprint(i), Status: record.Done, Measured: []record.Run{run}})
			} else {
				recs = append(recs, record.Record{ID: fmt.Sprint(i), Status: record.Done, Run: &run})
			}
		}
		if got, ok := rate(recs, record.Time(at.Add(-c.since)), at); ok != (c.want > 0) || got != c.want {
			t.Errorf("since %v, %v: %g a minute, %v; want %g", c.since, c.before, got, ok, c.want)
		}
	}
}

// Those who look at leases stop no process from taking or giving back its own, dead ones beside it or not.
func TestLookersStopNobody(t *testing.T) {
	notShort(t, "takes and gives back a folder thousands of times")
	t.Parallel()
	out := t.TempDir()
	dir := filepath.Join(out, ".running")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	sweep, err := config.Plan("tiny.yaml", tiny.Config, nil, "")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	done := make(chan struct{})
	for range 2 {
		wg.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
					if _, err := look(folder.Dir(out), nil, time.Now()); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	dead, _ := json.Marshal(folder.Lease{PID: 1, Host: "h", Workers: 1, Trials: config.IDs(sweep.Trials)})
	for i := range 2000 {
		if i%2 > 0 {
			write(t, filepath.Join(dir, "lease-1-dead.json"), string(dead))
		}
		l, err := folder.Dir(out).Lease(config.IDs(sweep.Trials), 1, func() error { return nil })
		if err != nil {
			t.Fatalf("start %d: %v", i, err)
		}
		l.Announce(folder.Agenda{Train: config.IDs(sweep.Trials)})
		l.Release()
	}
	close(done)
	wg.Wait()
	if left, _ := filepath.Glob(filepath.Join(dir, "*lease-*")); len(left) > 0 {
		t.Errorf("left are %q", left)
	}
}
