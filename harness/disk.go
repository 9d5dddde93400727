package harness

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"msharp/harness/config"
	"msharp/harness/record"
)

// full reports whether err says that nothing more can be written, which is no fault of a trial's.
func full(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EROFS)
}

// removeTorn removes what was left of trials' files that were being written when their process was stopped.
func (rt *Runtime) removeTorn(trials []config.Trial) {
	if rt.Out == "" {
		return
	}
	mine := map[string]bool{}
	for _, t := range trials {
		mine[t.ID] = true
	}
	for _, path := range []string{checkpointPath(rt.Out, ""), weightsPath(rt.Out, "")} {
		record.RemoveTorn(filepath.Dir(path), func(name string) bool { return mine[strings.TrimSuffix(name, filepath.Ext(name))] })
	}
}

// RemoveSpent removes from folder out the checkpoints of trials that need none: they are final in recs, which say that they ended
// later, and are not missing. A process that was stopped between recording a trial and removing its checkpoint leaves one. Nobody else may be
// running these trials.
func RemoveSpent(trials []config.Trial, out string, recs []record.Record, missing []config.Trial) {
	dir := filepath.Dir(checkpointPath(out, ""))
	files, _ := os.ReadDir(dir)
	if len(files) == 0 {
		return
	}
	mine, have := map[string]bool{}, byID(recs)
	for _, t := range trials {
		mine[t.ID] = have[t.ID].Status.Final()
	}
	for _, t := range missing {
		mine[t.ID] = false
	}
	for _, f := range files {
		id := strings.TrimSuffix(f.Name(), filepath.Ext(f.Name()))
		info, err := f.Info()
		if err == nil && mine[id] && have[id].Run != nil && record.Time(info.ModTime()) <= have[id].Run.Ended {
			os.Remove(filepath.Join(dir, f.Name()))
		}
	}
}
