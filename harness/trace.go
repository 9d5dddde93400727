package harness

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"msharp/harness/disk"
	"os"
	"path/filepath"
	"strconv"
)

// trace is a table of steps, a row each. Until the trial ends it lies in a file with the suffix .part.
type trace struct {
	path string // of the whole table
	file *os.File
	rows *csv.Writer
}

func partOf(trace string) string { return trace + ".part" }

// errShortTrace says that a trace ends before the step from which its trial continues.
var errShortTrace = errors.New("the trace ends before the checkpoint")

// openTrace opens the trace of a trial that continues after a number of steps. Later rows are dropped: those steps are taken again.
func openTrace(path string, steps int) (*trace, error) {
	if err := disk.Mkdir(filepath.Dir(path)); err != nil {
		return nil, err
	}
	f, err := disk.OpenBoth(partOf(path))
	if err != nil {
		return nil, err
	}
	end := int64(0)
	if steps > 0 {
		if end, err = endOf(f, steps); err != nil {
			err = fmt.Errorf("%s: %w", path, err)
		}
	}
	if err == nil {
		err = f.Truncate(end)
	}
	if err == nil {
		_, err = f.Seek(end, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	t := &trace{path, f, csv.NewWriter(f)}
	if end == 0 {
		t.rows.Write([]string{"step", "epoch", "lr", "clean_loss", "perturbed_loss", "sharpness"})
	}
	return t, nil
}

// endOf returns where the row of a step ends.
func endOf(f *os.File, step int) (end int64, err error) {
	in := bufio.NewReader(f)
	for row := 0; row <= step; row++ {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return 0, errShortTrace
		}
		end += int64(len(line))
		if row == step && !bytes.HasPrefix(line, []byte(strconv.Itoa(step)+",")) {
			return 0, errShortTrace
		}
	}
	return end, nil
}

func (t *trace) step(s Step) {
	number := func(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
	t.rows.Write([]string{
		strconv.Itoa(s.Step), strconv.Itoa(s.Epoch), number(s.LR), number(s.Clean), number(s.Perturbed), number(s.Perturbed - s.Clean),
	})
}

func (t *trace) flush() error {
	t.rows.Flush()
	return t.rows.Error()
}

// close leaves the .part of a trial that will continue or run again.
func (t *trace) close() error { return errors.Join(t.flush(), t.file.Close()) }

// finish closes the trace of a trial that has ended.
func (t *trace) finish() error {
	if err := errors.Join(t.flush(), t.file.Sync(), t.file.Close()); err != nil {
		return err
	}
	return os.Rename(partOf(t.path), t.path)
}
