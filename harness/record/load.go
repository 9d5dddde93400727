package record

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Warning is a line of a store that could not be read, or was not taken; the others were.
type Warning struct {
	File   string
	Line   int // from 1; 0 is the whole file
	Reason string
}

func (w Warning) String() string {
	if w.Line == 0 {
		return w.File + ": " + w.Reason
	}
	return fmt.Sprintf("%s:%d: %s", w.File, w.Line, w.Reason)
}

// Without is a part of the records that a reader leaves out, for time and memory.
type Without int

const (
	WithoutEpochs    Without = 1 << iota
	WithoutConfusion         // counts
	WithoutNumbers           // metrics and measures
)

// from returns r less the parts.
func (w Without) from(r Record) Record {
	if w&WithoutEpochs != 0 {
		r.Epochs = nil
	}
	if w&WithoutConfusion != 0 {
		r.Values.Confusion = nil
	}
	if w&WithoutNumbers != 0 {
		r.Values.Numbers = map[string]Number{}
	}
	return r
}

// Load reads all records of an output folder, records/*.jsonl and, packed, records/*.jsonl.gz, later measurements joined to their
// trials, sorted by id. Where a trial stands more than once, a final status wins over failed, of failures the one that ended last, else
// the first file and line; where both are final and contradict each other, that is a warning, and so is a later measurement that
// contradicts what is there of its trial. A line that is torn or no record is a warning, and so is a file that cannot be read or unpacked to
// its end: neither hides the others, nor the lines before.
//
// The parts named are left empty; which lines are read, joined and warned of hangs on them in nothing but contradictions. Records may
// share what their configurations hold: no map or list inside a Config is to be written into.
func Load(out string, without ...Without) (recs []Record, warnings []Warning, err error) {
	dir := filepath.Join(out, Folder)
	entries, err := os.ReadDir(dir) // sorted by name
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, nil, err
	}
	var files []string
	for _, entry := range entries {
		if name := strings.TrimSuffix(entry.Name(), packed); strings.HasSuffix(name, ".jsonl") {
			files = append(files, filepath.Join(dir, entry.Name()))
		}
	}
	var all Without
	for _, w := range without {
		all |= w
	}
	j := joiner{trials: map[string]int{}}
	eachBlock(files, all, j.add)
	j.join()
	return j.recs, j.warnings, nil
}

// joiner makes one record a trial of the lines of all files, in their order.
type joiner struct {
	recs     []Record       // of trials, in the order of their first lines
	trials   map[string]int // where in recs, by id
	later    []measurement
	warnings []Warning

	file string // under way
	line int    // of it, the last that was read
}

// measurement is a later one, and where it stands.
type measurement struct {
	Record
	file string
	line int
}

// add takes the lines of the next block.
func (j *joiner) add(b *block) {
	if b.file != j.file {
		j.file, j.line = b.file, 0
	}
	for _, l := range b.lines {
		j.line++
		if l.err != nil {
			j.warn("not a record, dropped: " + l.err.Error())
		} else {
			j.record(l.Record)
		}
	}
	if b.end != "" {
		if !b.unopened {
			j.line++
		}
		j.warn(b.end)
	}
}

func (j *joiner) warn(reason string) {
	j.warnings = append(j.warnings, Warning{j.file, j.line, reason})
}

func (j *joiner) record(r Record) {
	if r.Status == "" {
		j.later = append(j.later, measurement{r, j.file, j.line})
		return
	}
	i, seen := j.trials[r.ID]
	if !seen {
		j.trials[r.ID] = len(j.recs)
		j.recs = append(j.recs, r)
		return
	}
	switch old := j.recs[i]; {
	case !old.Status.Final() && (r.Status.Final() || r.ended() > old.ended()):
		j.recs[i] = r
	case r.Status.Final() && contradict(r, old):
		j.warn(fmt.Sprintf("dropped: an earlier line has other values of trial %s", r.ID))
	}
}

// ended is when a record says that its run ended, "" if it does not.
func (r Record) ended() string {
	if r.Run == nil {
		return ""
	}
	return r.Run.Ended
}

// join adds the later measurements to their trials and sorts the trials.
func (j *joiner) join() {
	for _, r := range j.later {
		i, ok := j.trials[r.ID]
		if !ok {
			continue // its trial's line was torn; the trial will be trained again
		}
		if r.Run != nil {
			j.recs[i].Measured = append(j.recs[i].Measured, *r.Run)
		}
		numbers := j.recs[i].Values.Numbers
		var others []string
		for k, v := range r.Values.Numbers {
			if there, has := numbers[k]; !has {
				numbers[k] = v
			} else if !same(there, v) {
				others = append(others, k)
			}
		}
		if len(others) > 0 {
			slices.Sort(others)
			j.warnings = append(j.warnings, Warning{r.file, r.line, fmt.Sprintf("left out: %s, of which trial %s has another value", strings.Join(others, ", "), r.ID)})
		}
	}
	slices.SortFunc(j.recs, func(a, b Record) int { return cmp.Compare(a.ID, b.ID) })
}

// contradict reports whether two records of one trial cannot both be right. One may have columns that the other lacks.
func contradict(a, b Record) bool {
	for name, x := range a.Values.Numbers {
		if y, ok := b.Values.Numbers[name]; ok && !same(x, y) {
			return true
		}
	}
	return a.Status != b.Status || !slices.EqualFunc(a.Epochs, b.Epochs, sameEpoch) ||
		!slices.EqualFunc(a.Values.Confusion, b.Values.Confusion, slices.Equal)
}

func sameEpoch(a, b Epoch) bool {
	return a.Epoch == b.Epoch && same(a.TrainLoss, b.TrainLoss) && same(a.PerturbedLoss, b.PerturbedLoss) && same(a.ValError, b.ValError)
}

// same holds for equal numbers, and for two that are not finite.
func same(a, b Number) bool {
	return a == b || math.IsNaN(float64(a)) && math.IsNaN(float64(b))
}
