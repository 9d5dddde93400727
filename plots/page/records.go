package page

import (
	"cmp"
	"html/template"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"msharp/harness/record"
	"msharp/harness/study"
	"msharp/plots"
)

// pageRecords is the records as the page's script reads them, packed.
type pageRecords struct {
	Shown   string        // of how many there are; empty where that is all
	Table   template.HTML // [pageColumn ...]
	Trials  template.HTML // pageTrials
	Figures template.HTML // [[pageShown ...] ...], a list for each figure of the page
}

// pageTrials is what the page shows of one trial at a time.
type pageTrials struct {
	Curves    []*pageCurves  `json:"curves"`
	Watched   []*pageWatched `json:"watched,omitempty"` // nil where no trial watched
	Confusion [][][]int      `json:"confusion"`
	Classes   [][]string     `json:"classes,omitempty"` // lists of names
	Named     []int          `json:"named,omitempty"`   // which of them names the classes of a trial; -1 for none. All numbers are 0 where it is left out
}

// pageColumn is one column of the table, a cell a trial: a number, text, or null for none.
type pageColumn struct {
	Name  string    `json:"name"`
	Group pageGroup `json:"group"`
	Cells []any     `json:"cells"`
}

// pageGroup is the columns that are shown or hidden together.
type pageGroup string

const (
	groupTrial   pageGroup = "trial"   // id and status
	groupSwept   pageGroup = "swept"   // the settings that differ between trials
	groupResult  pageGroup = "result"  // record.Metrics
	groupMeasure pageGroup = "measure" // every other value
	groupSetting pageGroup = "setting" // the settings that do not differ
	groupRun     pageGroup = "run"     // where and how fast
)

// mostRecords is how many trials the table of a page has; of more it shows a sample.
const mostRecords = 5000

// newPageRecords turns the records into columns, sorted by what was swept; drawn are the figures of the page.
func newPageRecords(t *study.Trials, data []record.DataSource, drawn []plots.Drawing) (p pageRecords, err error) {
	rows := slices.Clone(study.Some(t.Recorded(), mostRecords))
	p.Shown = study.SomeText(len(rows), len(t.Recorded()), "trials")
	swept, constant := settings(rows)
	sortBySettings(rows, swept)

	var columns []pageColumn
	add := func(g pageGroup, name string, cell func(r study.Trial) any) {
		c := pageColumn{Name: name, Group: g, Cells: make([]any, len(rows))}
		for i, r := range rows {
			c.Cells[i] = cell(r)
		}
		columns = append(columns, c)
	}
	addSettings := func(g pageGroup, keys []string) {
		for _, key := range keys {
			add(g, key, func(r study.Trial) any { return settingCell(r.Key(key)) })
		}
	}
	addValues := func(g pageGroup, names []string) {
		for _, name := range names {
			add(g, name, func(r study.Trial) any { return valueCell(r, name) })
		}
	}
	have := study.ValueNames(t.Recorded())
	isMetric := func(name string) bool { return slices.Contains(record.Metrics, name) }
	add(groupTrial, "id", func(r study.Trial) any { return r.ID })
	add(groupTrial, "status", func(r study.Trial) any { return r.Status })
	addSettings(groupSwept, swept)
	addValues(groupResult, slices.DeleteFunc(slices.Clone(record.Metrics), func(n string) bool { return !slices.Contains(have, n) }))
	addValues(groupMeasure, slices.DeleteFunc(have, isMetric))
	addSettings(groupSetting, constant)
	for _, of := range []struct {
		name string
		cell func(r record.Run) any
	}{
		{"train_seconds", func(r record.Run) any { return numberCell(r.TrainSeconds) }},
		{"measure_seconds", func(r record.Run) any { return numberCell(r.MeasureSeconds) }},
		{"revision", func(r record.Run) any { return textCell(r.Revision) }},
		{"kernel", func(r record.Run) any { return textCell(r.Kernel) }},
		{"host", func(r record.Run) any { return textCell(r.Host) }},
		{"error", func(r record.Run) any { return textCell(r.Error) }},
	} {
		add(groupRun, of.name, func(r study.Trial) any {
			if r.Run == nil {
				return nil
			}
			return of.cell(*r.Run)
		})
	}
	columns = slices.DeleteFunc(columns, func(c pageColumn) bool { // of the run, what no record says
		return c.Group == groupRun && !slices.ContainsFunc(c.Cells, func(cell any) bool { return cell != nil })
	})
	if p.Table, err = packed(columns); err != nil {
		return p, err
	}

	if p.Trials, err = packed(newPageTrials(rows, data)); err != nil {
		return p, err
	}
	p.Figures, err = packed(newPageShown(drawn))
	return p, err
}

func newPageTrials(rows []study.Trial, data []record.DataSource) pageTrials {
	p := pageTrials{Curves: make([]*pageCurves, len(rows)), Confusion: make([][][]int, len(rows))}
	named, one := make([]int, len(rows)), true
	for i, r := range rows {
		if w := newPageWatched(r); w != nil {
			if p.Watched == nil {
				p.Watched = make([]*pageWatched, len(rows))
			}
			p.Watched[i] = w
		}
		if p.Curves[i], p.Confusion[i] = newPageCurves(r.Epochs), r.Values.Confusion; p.Confusion[i] == nil {
			continue // nothing to name
		}
		names := record.ClassNames(data, record.Text(r.Key("data.kind")), record.Text(r.Key("data.class")), len(r.Values.Confusion))
		if named[i] = slices.IndexFunc(p.Classes, func(x []string) bool { return slices.Equal(x, names) }); named[i] < 0 && names != nil {
			named[i] = len(p.Classes)
			p.Classes = append(p.Classes, names)
		}
		one = one && named[i] == 0
	}
	if len(p.Classes) > 0 && !one {
		p.Named = named
	}
	return p
}

// settings returns the keys that have several values among rows, the seed last, and those that have one. The name is neither.
func settings(rows []study.Trial) (swept, constant []string) {
	values := map[string]map[string]bool{}
	add := func(key string, v any) {
		if values[key] == nil {
			values[key] = map[string]bool{}
		}
		if v != nil {
			values[key][record.Text(v)] = true
		}
	}
	for _, r := range study.OneOfEach(rows) {
		for key, v := range r.Keys() {
			add(key, v)
		}
	}
	for _, r := range rows {
		if v, ok := r.Config["seed"]; ok {
			add("seed", v)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(values)) {
		switch {
		case key == "name":
		case len(values[key]) > 1:
			swept = append(swept, key)
		default:
			constant = append(constant, key)
		}
	}
	slices.SortStableFunc(swept, func(a, b string) int { return compareTruth(a == "seed", b == "seed") })
	return swept, constant
}

// sortBySettings sorts by the values of the keys, of which the seed is the last, and then by id.
func sortBySettings(rows []study.Trial, swept []string) {
	compare := func(a, b study.Trial) int {
		for _, key := range swept {
			if key == "seed" {
				continue // of one setting
			}
			if c := compareSettings(a.Key(key), b.Key(key)); c != 0 {
				return c
			}
		}
		return 0
	}
	ordered := study.OneOfEach(rows)
	slices.SortStableFunc(ordered, compare)
	place := map[int]int{} // of a setting among them; equal where the keys do not tell them apart
	for i, r := range ordered {
		if place[r.Setting()] = i; i > 0 && compare(ordered[i-1], r) == 0 {
			place[r.Setting()] = place[ordered[i-1].Setting()]
		}
	}
	slices.SortStableFunc(rows, func(a, b study.Trial) int {
		if c := cmp.Compare(place[a.Setting()], place[b.Setting()]); c != 0 {
			return c
		}
		return cmp.Or(compareSettings(a.Key("seed"), b.Key("seed")), cmp.Compare(a.ID, b.ID))
	})
}

// compareSettings puts nothing before numbers and numbers before text.
func compareSettings(a, b any) int {
	x, isX := record.Float(a)
	y, isY := record.Float(b)
	switch {
	case a == nil || b == nil:
		return compareTruth(a != nil, b != nil)
	case isX && isY:
		return cmp.Compare(x, y)
	case isX || isY:
		return compareTruth(!isX, !isY)
	}
	return strings.Compare(record.Text(a), record.Text(b))
}

// compareTruth puts false before true.
func compareTruth(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// settingCell is a setting as a number where JavaScript holds it exactly, else as text.
func settingCell(v any) any {
	if v == nil {
		return nil
	}
	if x, ok := record.Float(v); ok && finite(x) && math.Abs(x) <= 1<<53 {
		return x
	}
	return record.Text(v)
}

func valueCell(r study.Trial, name string) any {
	v, ok := r.Value(name)
	if !ok {
		return nil
	}
	return numberCell(v)
}

// numberCell is a measured number, rounded, if it is finite.
func numberCell(v float64) any {
	if !finite(v) {
		return nil
	}
	return rounded(v)
}

func textCell(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// roundTo is how many digits a page shows of a measured number.
const roundTo = 5

// rounded is a finite number written to so many digits.
type rounded float64

func (v rounded) MarshalJSON() ([]byte, error) {
	return strconv.AppendFloat(nil, float64(v), 'g', roundTo, 64), nil
}
