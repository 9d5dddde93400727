package cli

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"msharp/harness/folder"
)

var trainSeconds = regexp.MustCompile(`"train_seconds":[0-9.e-]+`)

// setBack makes an output folder one of a clock that ran years ahead, and was set back while its trials ran.
func setBack(t *testing.T, out string, years int) {
	t.Helper()
	m := manifestOf(t, out)
	m.Started, m.Seconds = m.Started.AddDate(years, 0, 0), -5
	if err := folder.WriteJSON(filepath.Join(out, "manifest.json"), m); err != nil {
		t.Fatal(err)
	}
	for name, text := range tree(t, filepath.Join(out, "records")) {
		write(t, filepath.Join(out, "records", name), trainSeconds.ReplaceAllString(text, `"train_seconds":-5`))
	}
	at := time.Now().AddDate(years, 0, 0)
	err := filepath.WalkDir(out, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Chtimes(path, at, at)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A sweep goes on whatever the clock said before: no record is lost or trained again, a checkpoint is gone on from, and no time that is
// told is below nothing.
func TestClockSetBack(t *testing.T) {
	notShort(t, "runs a sweep several times")
	t.Parallel()
	_, whole := keptRun(t)
	want := bare(t, whole)
	for _, years := range []int{-60, 60} {
		dir := t.TempDir()
		out := filepath.Join(dir, "out")
		args := []string{"--out", "out", "--quiet", "--workers", "1"}
		quickly(t, dir, exitOK, append(args, "--shard", "0/2")...)
		quickly(t, dir, exitFailed, append(args, "--shard", "1/2", "--on-failure", "stop", "time_limit=1ns")...) // leaves a checkpoint
		setBack(t, out, years)

		if o := quickly(t, dir, exitOK, "status", "--out", "out"); strings.Contains(o.out, "-") || o.talk != "" {
			t.Errorf("%d years: status says %q, %q", years, o.out, o.talk)
		}
		if o := quickly(t, dir, exitOK, "list", "--out", "out"); strings.Contains(o.out, "about -") || o.talk != "" {
			t.Errorf("%d years: list says %q", years, o.out)
		}
		quickly(t, dir, exitOK, "draw", "--out", "out")
		if o := quickly(t, dir, exitOK, append(args[:2:2], "--workers", "1", "--retry-failed")...); strings.Contains(o.talk, "about -") {
			t.Errorf("%d years: run says %q", years, o.talk)
		}
		if got := bare(t, out); !slices.Equal(got, want) || lines(t, out) != trials+1 { // the failed one stands twice
			t.Errorf("%d years: %d lines, or other records", years, lines(t, out))
		}
		if m := manifestOf(t, out); time.Since(m.Started).Abs() > time.Hour || m.Seconds < 0 || m.Trained != trials/2 {
			t.Errorf("%d years: started %v, took %v s, trained %d", years, m.Started, m.Seconds, m.Trained)
		}
		logs := ""
		for _, log := range tree(t, filepath.Join(out, "logs")) {
			logs += log
		}
		if n := strings.Count(logs, "continuing after epoch 1"); n != 1 {
			t.Errorf("%d years: %d trials went on from checkpoints", years, n)
		}
		quickly(t, dir, exitOK, "export", "--format", "csv", "--out", "out", "-o", "table.csv")
	}
}

// Trials whose clock was set back while they ran do not tell how long others take.
func TestTimesBelowNothingAreNone(t *testing.T) {
	cost := estimate{}
	for _, seconds := range []float64{-5, 0, 3} {
		cost.add("a class", seconds)
	}
	if mean, known := cost.mean(""); mean != 3 || !known {
		t.Errorf("%v s, %v", mean, known)
	}
}
