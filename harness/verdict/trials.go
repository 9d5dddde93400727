package verdict

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"msharp/harness/record"
)

// trial is one final trial, its axes read once.
type trial struct {
	*record.Record
	config   map[string]any // dotted, but for the seed
	setting  int            // which config: trials share those that read the same
	seed     uint64
	rho      float64 // of the ascent; 0 without
	m        float64 // examples per ascent group, the batch size for all of it; 0 at ρ = 0
	diverged bool
}

func ascends(r trial) bool { return r.rho > 0 }
func base(r trial) bool    { return r.rho == 0 }
func either(trial) bool    { return true }

// read takes the final trials out of recs; with none that a claim could rest on it says why.
func read(recs []record.Record) (t *table, missing string) {
	of, configs := record.Settings(recs)
	blank := make([]trial, len(configs)) // of each setting, without what differs
	for i, config := range configs {
		blank[i] = blankTrial(config, i)
	}
	seen := make(map[string]bool, len(recs))
	trials := make([]trial, 0, len(recs))
	diverged := 0
	for i := range recs {
		rec := &recs[i]
		if !rec.Status.Final() || seen[rec.ID] {
			continue
		}
		seen[rec.ID] = true
		r := blank[of[i]]
		r.Record, r.diverged = rec, rec.Status == record.Diverged
		if s, ok := record.Float(rec.Config["seed"]); ok {
			r.seed = uint64(s)
		}
		if r.diverged {
			diverged++
		}
		trials = append(trials, r)
	}
	slices.SortFunc(trials, func(a, b trial) int {
		return cmp.Or(cmp.Compare(a.seed, b.seed), cmp.Compare(a.m, b.m), cmp.Compare(a.rho, b.rho), cmp.Compare(a.ID, b.ID))
	})
	switch {
	case len(trials) == 0:
		return nil, "no trial has finished"
	case diverged == len(trials):
		return nil, fmt.Sprintf("all %s diverged", record.Plural(diverged, "trial"))
	}
	t = newTable(trials, lastEpoch)
	return t, t.twice()
}

// blankTrial is the trials of a setting, as far as it says.
func blankTrial(config map[string]any, setting int) trial {
	r := trial{config: config, setting: setting}
	if rho, ok := r.number("optimizer.rho"); ok && rho != 0 {
		r.rho = rho
		if r.m, ok = r.number("optimizer.m"); !ok || r.m == 0 {
			r.m, _ = r.number("batch_size")
		}
	}
	return r
}

// number reads a number of the configuration.
func (r trial) number(key string) (float64, bool) { return record.Float(r.config[key]) }

// named is the values of the given keys in words: "lr = 0.1, weight decay = 0".
func (r trial) named(keys []string) string {
	var ts []string
	for _, k := range keys {
		name := strings.ReplaceAll(k[strings.LastIndexByte(k, '.')+1:], "_", " ")
		ts = append(ts, name+" = "+record.Text(r.config[k]))
	}
	return strings.Join(ts, ", ")
}

// text is a value of a configuration as it reads; not there where the configuration lacks the key.
type text struct {
	value string
	there bool
}

// texts are the values of the given keys.
func (r trial) texts(keys []string) []text {
	out := make([]text, len(keys))
	for i, k := range keys {
		if v, ok := r.config[k]; ok {
			out[i] = text{record.Text(v), true}
		}
	}
	return out
}

// lines are the values of the given keys, one a line; of a key that the configuration lacks it is empty.
func (r trial) lines(keys []string) string {
	var b strings.Builder
	for _, t := range r.texts(keys) {
		b.WriteString(t.value)
		b.WriteByte('\n')
	}
	return b.String()
}

// agree reports that values are equal where both are there.
func agree(a, b []text) bool {
	for i := range a {
		if a[i].there && b[i].there && a[i].value != b[i].value {
			return false
		}
	}
	return true
}

// whole is a range of counts in words: "3", "3 to 5".
func whole(low, high int) string {
	if low == high {
		return fmt.Sprint(low)
	}
	return fmt.Sprintf("%d to %d", low, high)
}
