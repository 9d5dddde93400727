package harness

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

func tracePath(out, id string) string { return filepath.Join(out, "traces", id+".csv") }

// trace is traces/ID.csv, a row a step, which until the trial has ended is traces/ID.csv.part.
type trace struct {
	path string // when it is whole
	file *os.File
	rows *csv.Writer
}

func partOf(trace string) string { return trace + ".part" }

// errShortTrace says that a trace does not reach the step its trial goes on from.
var errShortTrace = errors.New("the trace ends before the checkpoint")

// openTrace opens the trace of a trial that goes on after a number of steps: rows beyond are dropped, for those steps are taken again.
func openTrace(out, id string, steps int) (*trace, error) {
	path := tracePath(out, id)
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(partOf(path), os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, err
	}
	end := int64(0)
	if steps > 0 {
		if end, err = endOf(f, steps); err != nil {
			return nil, errors.Join(fmt.Errorf("%s: %w", path, err), f.Close())
		}
	}
	if err := f.Truncate(end); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	if _, err := f.Seek(end, 0); err != nil {
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

// close leaves the part of a trial that goes on, or is run again.
func (t *trace) close() error { return errors.Join(t.flush(), t.file.Close()) }

// finish closes the trace of a trial that has ended.
func (t *trace) finish() error {
	if err := errors.Join(t.flush(), t.file.Sync(), t.file.Close()); err != nil {
		return err
	}
	return os.Rename(partOf(t.path), t.path)
}
