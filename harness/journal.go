package harness

import (
	"bytes"
	"cmp"
	"fmt"
	"path/filepath"
	"time"

	"msharp/harness/disk"
	"msharp/harness/folder"
)

// journal is the log of a trial: what became of it, attempt after attempt. Lines are written once a second.
type journal struct {
	path    string // "" keeps nothing
	lines   bytes.Buffer
	written time.Time
	err     error // the first
}

func openJournal(out folder.Dir, id string) *journal {
	j := &journal{written: time.Now()}
	if out != "" {
		j.path = out.Log(id)
	}
	return j
}

func (j *journal) say(format string, args ...any) {
	if j.path == "" {
		return
	}
	fmt.Fprintf(&j.lines, "%s %s\n", time.Now().UTC().Format("2006-01-02T15:04:05.000Z"), fmt.Sprintf(format, args...))
	if time.Since(j.written) >= time.Second {
		j.flush()
	}
}

func (j *journal) flush() {
	j.written = time.Now()
	if j.lines.Len() == 0 || j.err != nil {
		return
	}
	if j.err = disk.Mkdir(filepath.Dir(j.path)); j.err != nil {
		return
	}
	f, err := disk.Append(j.path)
	if err == nil {
		_, err = j.lines.WriteTo(f)
		err = cmp.Or(err, f.Close())
	}
	j.err = err
}

// close writes what is left and tells warn of the first error.
func (j *journal) close(warn func(string)) {
	j.flush()
	if j.err != nil {
		warn("no log: " + j.err.Error())
	}
}
