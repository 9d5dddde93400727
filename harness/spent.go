package harness

import (
	"os"
	"path/filepath"
	"strings"

	"msharp/harness/config"
	"msharp/harness/folder"
	"msharp/harness/record"
)

// RemoveSpent removes what trials have left that have ended: those that are final in recs and are not missing. It is their checkpoints, if they
// ended after the checkpoint was written, and their attempts. A process that is stopped after it has recorded a trial and before it removes
// them leaves them. The caller holds the lease of these trials.
func RemoveSpent(trials []config.Trial, recs []record.Record, out folder.Dir, attempts folder.Attempts, missing []config.Trial) {
	dir := filepath.Dir(out.Checkpoint(""))
	files, _ := os.ReadDir(dir)
	if len(files)+len(attempts) == 0 {
		return
	}
	mine, have := map[string]bool{}, byID(recs)
	for _, t := range trials {
		mine[t.ID] = have[t.ID].Status.Final()
	}
	for _, t := range missing {
		mine[t.ID] = false
	}
	for id := range attempts {
		if mine[id] {
			out.End(id)
			delete(attempts, id)
		}
	}
	for _, f := range files {
		id := strings.TrimSuffix(f.Name(), filepath.Ext(f.Name()))
		info, err := f.Info()
		if err == nil && mine[id] && have[id].Run != nil && record.Time(info.ModTime()) <= have[id].Run.Ended {
			os.Remove(filepath.Join(dir, f.Name()))
		}
	}
}
