package record

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Warning names a line or file of a store that holds no record, or whose record Load left out. It reads all others.
type Warning struct {
	File   string
	Line   int // from 1; 0 means the whole file
	Reason string
}

func (w Warning) String() string {
	if w.Line == 0 {
		return w.File + ": " + w.Reason
	}
	return fmt.Sprintf("%s:%d: %s", w.File, w.Line, w.Reason)
}

// Without is a part of the records that Load leaves out, to save time and memory.
type Without int

const (
	WithoutEpochs    Without = 1 << iota // and without the values of a watch, of which the columns stay
	WithoutConfusion                     // counts
	WithoutNumbers                       // metrics and measures, the results by block, and the watch
)

// from returns r without the parts.
func (w Without) from(r Record) Record {
	if w&WithoutEpochs != 0 {
		r.Epochs = nil
		r.Watch = r.Watch.bare()
	}
	if w&WithoutConfusion != 0 {
		r.Values.Confusion = nil
	}
	if w&WithoutNumbers != 0 {
		r.Values.Numbers, r.Values.Blocks = map[string]Number{}, Blocks{}
		r.Watch = Watch{}
	}
	return r
}

// Load reads all records of an output folder, records/*.jsonl and, packed, records/*.jsonl.gz. It adds later measurements to their trials and
// sorts the trials by id.
//
// If a trial has several records, a final status wins over failed, and of failures the one that ended last; otherwise the first file and
// line wins. Load warns if two final records contradict each other, or if a later measurement contradicts its trial. It also warns of a line
// that is torn, is not a record or is longer than limits.Line, and of a packed file that is damaged; it still reads all other files and lines. After ten warnings of a kind
// it counts the others. A file that cannot be opened or read is an error: what it holds is not missing.
//
// The parts named in without are left empty; they matter only for the check that records agree. Records may share parts of their
// configurations, so callers must not change a map or list inside a Config.
func Load(out string, without ...Without) (recs []Record, warnings []Warning, err error) {
	const ofAKind = 10
	var all Without
	for _, w := range without {
		all |= w
	}
	return load(out, all, ofAKind)
}

// load is Load with so many warnings of a kind.
func load(out string, without Without, ofAKind int) ([]Record, []Warning, error) {
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
	j := joiner{trials: map[string]int{}, kinds: map[string]int{}, ofAKind: ofAKind}
	if err := eachBlock(files, without, j.add); err != nil {
		return nil, nil, err
	}
	j.join()
	for _, kind := range slices.Sorted(maps.Keys(j.kinds)) {
		if n := j.kinds[kind] - ofAKind; n > 0 {
			j.warnings = append(j.warnings, Warning{File: dir, Reason: fmt.Sprintf("%d more: %s", n, kind)})
		}
	}
	return j.recs, j.warnings, nil
}

// dropped says what becomes of a line that is no record.
const dropped = "not a record, dropped: "

// joiner makes one record a trial from the lines of all files, in their order.
type joiner struct {
	recs     []Record       // one a trial, in the order of their first lines
	trials   map[string]int // the index in recs, by id
	later    []measurement
	warnings []Warning
	kinds    map[string]int // warnings of each kind: of what a reason says before its first colon
	ofAKind  int            // warnings of a kind that are kept

	file string // being read
	line int    // its last line that was read
}

// measurement is a later measurement, and its place.
type measurement struct {
	Record
	file string
	line int
}

// add adds the lines of the next block.
func (j *joiner) add(b *block) {
	if b.file != j.file {
		j.file, j.line = b.file, 0
	}
	for _, l := range b.lines {
		j.line++
		if l.err != nil {
			j.warn(dropped+l.err.Error(), l.times)
			j.line += l.times - 1
		} else {
			j.record(l.Record)
		}
	}
	if b.end != "" {
		if !b.whole {
			j.line++
		}
		j.warn(b.end, 1)
	}
}

// warn warns of lines in a row, the first of them the one that was read last.
func (j *joiner) warn(reason string, times int) {
	kind, _, _ := strings.Cut(reason, ":")
	for i := range min(times, max(0, j.ofAKind-j.kinds[kind])) {
		j.warnings = append(j.warnings, Warning{j.file, j.line + i, reason})
	}
	j.kinds[kind] += times
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
		j.warn(fmt.Sprintf("dropped: an earlier line has other values of trial %s", r.ID), 1)
	}
}

// ended returns when the record's run ended, "" if the record does not say.
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
			continue // the trial's own line was torn; the trial will be trained again
		}
		if r.Run != nil {
			j.recs[i].Measured = append(j.recs[i].Measured, *r.Run)
		}
		numbers := j.recs[i].Values.Numbers
		var others []string
		if there, more := j.recs[i].Values.Blocks, r.Values.Blocks; !there.equal(more) {
			others = append(others, blocks)
		} else if more.ErrorsAtBestVal != nil {
			j.recs[i].Values.Blocks = more
		}
		for k, v := range r.Values.Numbers {
			if there, has := numbers[k]; !has {
				numbers[k] = v
			} else if !same(there, v) {
				others = append(others, k)
			}
		}
		if !j.recs[i].Watch.add(r.Watch) {
			others = append(others, watch)
		}
		if len(others) > 0 {
			slices.Sort(others)
			reason := fmt.Sprintf("left out: %s; the record of trial %s has other values", strings.Join(others, ", "), r.ID)
			j.file, j.line = r.file, r.line
			j.warn(reason, 1)
		}
	}
	slices.SortFunc(j.recs, func(a, b Record) int { return cmp.Compare(a.ID, b.ID) })
}

// contradict reports whether two records of one trial cannot both be right. One may lack columns of the other.
func contradict(a, b Record) bool {
	for name, x := range a.Values.Numbers {
		if y, ok := b.Values.Numbers[name]; ok && !same(x, y) {
			return true
		}
	}
	return a.Status != b.Status || !slices.EqualFunc(a.Epochs, b.Epochs, sameEpoch) ||
		!slices.EqualFunc(a.Values.Confusion, b.Values.Confusion, slices.Equal) || !a.Values.Blocks.equal(b.Values.Blocks) ||
		!a.Watch.agrees(b.Watch)
}

func sameEpoch(a, b Epoch) bool {
	return a.Epoch == b.Epoch && same(a.TrainLoss, b.TrainLoss) && same(a.PerturbedLoss, b.PerturbedLoss) && same(a.ValError, b.ValError)
}

// same reports whether two numbers are equal, or both not finite.
func same(a, b Number) bool {
	return a == b || math.IsNaN(float64(a)) && math.IsNaN(float64(b))
}
