package verdict

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"msharp/harness/parallel"
	"msharp/harness/record"
	"msharp/harness/stats"
)

// gate says which models are compared; where none could be, missing says why.
type gate struct {
	text    string                                   // "at train error 0"
	of      func(t *table) (passes func(i int) bool) // of the i-th trial
	missing func(t *table) string
}

// fitted keeps the models whose train error is exactly 0, whose error gap is their test error.
var fitted = gate{
	text: "at train error 0",
	of: func(t *table) func(i int) bool {
		errors := t.columns("train_error")[0]
		return func(i int) bool { return errors[i] == 0 && !t.trials[i].diverged }
	},
	missing: func(*table) string { return "" },
}

// measure is a column of m-sharpness: one ascent step, the Euclidean norm.
type measure struct {
	column string
	m      float64 // +Inf for n, all training examples
	rho    float64
}

var msharp = regexp.MustCompile(`^msharp\(m=(\d+|n) rho=([-+.\deE]+)\)$`)

// msharps returns all columns of m-sharpness, by name.
func (t *table) msharps() map[string]measure {
	found := map[string]measure{}
	var merge sync.Mutex
	parallel.Spans(len(t.trials), func(from, to int) {
		names := map[string]bool{}
		for _, r := range t.trials[from:to] {
			for name := range r.Values.Numbers {
				if strings.HasPrefix(name, "msharp(") {
					names[name] = true
				}
			}
		}
		merge.Lock()
		defer merge.Unlock()
		for name := range names {
			if m, ok := parseMeasure(name); ok {
				found[name] = m
			}
		}
	})
	return found
}

// parseMeasure reads the name of a column; not ok where it is of something else.
func parseMeasure(name string) (m measure, ok bool) {
	f := msharp.FindStringSubmatch(name)
	if f == nil {
		return m, false
	}
	rho, err := strconv.ParseFloat(f[2], 64)
	size := math.Inf(1)
	if f[1] != "n" && err == nil {
		size, err = strconv.ParseFloat(f[1], 64)
	}
	return measure{name, size, rho}, err == nil
}

// findMeasures returns the columns of m-sharpness at one measured ρ, by m: at .05 where it was measured, else at the middle
// one. Where all examples are asked for both as m = n and by their number, n stands for both.
func (t *table) findMeasures() (ms []measure) {
	found := t.msharps()
	sizes := map[float64]bool{}
	for _, r := range t.distinct() {
		size, _ := r.number("data.train")
		sizes[size] = true
	}
	if len(found) == 0 {
		return nil
	}
	var rhos []float64
	for _, m := range found {
		rhos = append(rhos, m.rho)
	}
	slices.Sort(rhos)
	rhos = slices.Compact(rhos)
	rho := rhos[len(rhos)/2]
	if slices.Contains(rhos, smallRho) {
		rho = smallRho
	}
	for name, m := range found {
		_, all := found["msharp(m=n "+name[strings.Index(name, "rho="):]]
		twice := all && len(sizes) == 1 && sizes[m.m]
		if m.rho == rho && !twice {
			ms = append(ms, m)
		}
	}
	slices.SortFunc(ms, func(a, b measure) int { return cmp.Or(cmp.Compare(a.m, b.m), cmp.Compare(a.column, b.column)) })
	return ms
}

// columns are the names of ms.
func columns(ms []measure) (names []string) {
	for _, m := range ms {
		names = append(names, m.column)
	}
	return names
}

// taus returns, by seed, τ-b between each of the columns and the gap, over the seed's models that pass the gate and have
// them all, so that every τ is of the same models. A seed where one is undefined, as where all gaps are equal, has none.
// said names the models it stands on, or why there are none.
func (t *table) taus(names []string, gap string, g gate) (bySeed map[uint64][]float64, said string) {
	if missing := g.missing(t); missing != "" {
		return nil, missing
	}
	models, passing, lack, lacked := t.models(append(names[:len(names):len(names)], gap), g)
	all := parallel.Map(len(models), func(k int) (taus []float64) {
		columns := models[k].columns
		for _, x := range columns[:len(names)] {
			taus = append(taus, stats.TauB(x, columns[len(names)]))
		}
		return taus
	})
	bySeed = make(map[uint64][]float64, len(models))
	fewest, most, same := math.MaxInt, 0, 0
	for k, taus := range all {
		if slices.ContainsFunc(taus, math.IsNaN) {
			same++
			continue
		}
		n := len(models[k].columns[0])
		bySeed[models[k].seed] = taus
		fewest, most = min(fewest, n), max(most, n)
	}
	said = fmt.Sprintf("%d of %s %s", passing, record.Plural(len(t.trials), "model"), g.text)
	if len(bySeed) > 0 {
		said += fmt.Sprintf(", %s a seed", whole(fewest, most))
	}
	if lack > 0 {
		said += fmt.Sprintf("; %d of them lack a measure or the gap (%s)", lack, mostly(lacked))
	}
	if same > 0 {
		said += fmt.Sprintf("; left out: %s with fewer than two models, or with one gap or one sharpness in all", record.Plural(same, "seed"))
	}
	return bySeed, said
}

// models are those of a seed.
type models struct {
	seed    uint64
	columns [][]float64 // [column][model]
}

// newModels has room for those among trials, which begin with the seed's.
func newModels(seed uint64, columns int, trials []trial) models {
	n := slices.IndexFunc(trials, func(r trial) bool { return r.seed != seed })
	if n < 0 {
		n = len(trials)
	}
	m := models{seed, make([][]float64, columns)}
	for k := range m.columns {
		m.columns[k] = make([]float64, 0, n)
	}
	return m
}

// models returns by seed, ascending, the models that pass the gate and have all columns. Of those that pass, lack do not,
// lacked counts by column.
func (t *table) models(names []string, g gate) (all []models, passing, lack int, lacked map[string]int) {
	columns, passes := t.columns(names...), g.of(t)
	lacked = map[string]int{}
	for i, r := range t.trials {
		if !passes(i) {
			continue
		}
		passing++
		whole := true
		for k, name := range names {
			if math.IsNaN(columns[k][i]) {
				lacked[name]++
				whole = false
			}
		}
		if !whole {
			lack++
			continue
		}
		if n := len(all); n == 0 || all[n-1].seed != r.seed {
			all = append(all, newModels(r.seed, len(names), t.trials[i:]))
		}
		to := all[len(all)-1].columns
		for k, column := range columns {
			to[k] = append(to[k], column[i])
		}
	}
	return all, passing, lack, lacked
}

// mostly names the columns that are lacked, the most often first, three of them.
func mostly(lacked map[string]int) string {
	names := slices.SortedFunc(maps.Keys(lacked), func(a, b string) int {
		return cmp.Or(cmp.Compare(lacked[b], lacked[a]), cmp.Compare(a, b))
	})
	var ts []string
	for _, n := range names[:min(3, len(names))] {
		ts = append(ts, fmt.Sprintf("%s: %d", n, lacked[n]))
	}
	if len(names) > 3 {
		ts = append(ts, "…")
	}
	return strings.Join(ts, ", ")
}

// powerFalls is the slope of τ-b between m-sharpness and the gap, within the seed, over the index of the measure's m.
func powerFalls(gap string, g gate) func(t *table) (map[uint64]float64, string) {
	return func(t *table) (map[uint64]float64, string) {
		ms := t.measures()
		if len(ms) < 2 {
			return nil, fewMeasures(ms)
		}
		taus, said := t.taus(columns(ms), gap, g)
		out := map[uint64]float64{}
		for seed, ys := range taus {
			out[seed] = slope(ys)
		}
		return out, said
	}
}

func fewMeasures(ms []measure) string {
	if len(ms) == 0 {
		return "no record has a measure msharp(m=… rho=…)"
	}
	return fmt.Sprintf("one m of the measure (%s), needs two", ms[0].column)
}
