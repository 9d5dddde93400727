package harness

import (
	"errors"
	"path/filepath"
	"strings"
	"syscall"

	"msharp/harness/record"
)

// full reports whether err says that nothing more can be written, which is no fault of a trial's.
func full(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EROFS)
}

// removeTorn removes what was left of trials' files that were being written when their process was stopped.
func (rt *Runtime) removeTorn(trials []Trial) {
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
