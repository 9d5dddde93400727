package harness

import (
	"os"
	"path/filepath"
	"strings"

	"msharp/harness/config"
	"msharp/harness/folder"
	"msharp/harness/record"
)

// RemoveSpent removes the checkpoints of trials that have ended: those that are final in recs, ended after the checkpoint was written, and are
// not missing. A process that is stopped after it has recorded a trial and before it removes the checkpoint leaves one. The caller holds the
// lease of these trials.
func RemoveSpent(trials []config.Trial, recs []record.Record, out folder.Dir, missing []config.Trial) {
	dir := filepath.Dir(out.Checkpoint(""))
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
