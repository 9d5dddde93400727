package study

import (
	"math"

	"msharp/harness/record"
)

// Trial is one trial, its axes and numbers read once.
type Trial struct {
	*reading
	without int // which block of test images is left out, from 1; 0 for none, see Trials.WithoutBlock
}

type reading struct {
	*record.Record
	Seed     uint64
	Rho      float64 // radius of the optimizer's ascent; 0 without
	M        float64 // examples per ascent group, the batch size for the whole batch; 0 at ρ = 0, where the trial serves every m, or unknown
	Diverged bool

	config  map[string]any // dotted, without the seed; not to be written into
	setting int            // equal where config is
	beside  int            // equal where config is, ρ and m aside
	layout  *layout        // of row, the record's numbers
	row     []float64
	data    map[string]string // names of data sets, by kind
	all     sums
}

// newTrial reads a record whose configuration, the seed aside, is config.
func newTrial(rec *record.Record, config map[string]any, setting, beside int) Trial {
	r := Trial{reading: &reading{Record: rec, Diverged: rec.Status == record.Diverged, config: config, setting: setting, beside: beside, all: sumsOf(rec.Values)}}
	if s, ok := record.Float(rec.Config["seed"]); ok {
		r.Seed = uint64(s)
	}
	if rho, ok := r.finite("optimizer.rho"); ok && rho != 0 {
		r.Rho = rho
		if r.M, ok = r.finite("optimizer.m"); !ok || r.M <= 0 {
			r.M, _ = r.finite("batch_size")
		}
	}
	return r
}

// finite returns a number of the configuration; not ok, and 0, where it is none that is finite.
func (r Trial) finite(key string) (float64, bool) {
	if v, ok := r.Number(key); ok && !math.IsNaN(v) && !math.IsInf(v, 0) {
		return v, true
	}
	return 0, false
}

// Key returns the value of a dotted key of the configuration, nil without.
func (r Trial) Key(key string) any {
	if key == "seed" {
		return r.Config[key]
	}
	return r.config[key]
}

// Keys returns the configuration by dotted key, without the seed. It is not to be written into.
func (r Trial) Keys() map[string]any { return r.config }

// Number returns a number of the configuration by dotted key; not ok where it is none.
func (r Trial) Number(key string) (float64, bool) { return record.Float(r.config[key]) }

// text is a value of a configuration as it reads; not there where the configuration lacks the key.
type text struct {
	value string
	there bool
}

// texts are the values of the given keys.
func (r Trial) texts(keys []string) []text {
	out := make([]text, len(keys))
	for i, k := range keys {
		if v, ok := r.config[k]; ok {
			out[i] = text{record.Text(v), true}
		}
	}
	return out
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

// Setting numbers the trials of a study by their configurations: equal where these are, the seed aside.
func (r Trial) Setting() int { return r.setting }

// OneOfEach returns one trial of every setting, in their order.
func OneOfEach(ts []Trial) (out []Trial) {
	seen := map[int]bool{}
	for _, r := range ts {
		if !seen[r.setting] {
			seen[r.setting] = true
			out = append(out, r)
		}
	}
	return out
}
