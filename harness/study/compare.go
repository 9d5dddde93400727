package study

import (
	"math"
	"slices"
	"strings"

	"msharp/harness/record"
	"msharp/harness/stats"
)

// Comparison is two studies side by side, trial by trial.
type Comparison struct {
	Apart  []Apart      // what tells the studies apart, by key
	Pairs  int          // trials of one with a partner in the other: equal configurations, but for Apart
	Alone  [2]int       // trials of each without a partner
	Equal  int          // pairs whose numbers are equal to the bit, in all columns that both have, and not none
	Lost   [3]int       // pairs that diverged in the first alone, in the second alone, in both
	Values []Difference // of every column that is finite in both of a pair, by name
}

// Apart is a configuration key that has one value in all trials of each study, and not the same.
type Apart struct {
	Key  string
	A, B string // as they read, "" in quotes; – where the study has no such key
}

func orNone(value string, there bool) string {
	switch {
	case !there:
		return "–"
	case value == "":
		return `""`
	}
	return value
}

// Difference is a number in the second study less that in the first.
type Difference struct {
	Name    string
	Pairs   int            // in which both are finite
	Equal   int            // of them, to the bit
	Mean    stats.Interval // over the means of the seeds, with Student's t interval over these
	Largest float64        // the difference furthest from 0
	At      string         // the id of its trial in the first study; "" where no difference is but 0
}

// Compare pairs the trials of two studies that have equal configurations, the seed among them, but for what tells the studies apart.
func Compare(a, b *Trials) (c Comparison) {
	c.Alone = [2]int{len(a.final), len(b.final)}
	if c.Alone[0] == 0 || c.Alone[1] == 0 {
		return c
	}
	throughout := [2]map[string]string{a.throughout(), b.throughout()}
	apart := map[string]bool{}
	for _, key := range sortedKeys(throughout[0], throughout[1]) {
		va, inA := throughout[0][key]
		vb, inB := throughout[1][key]
		if (inA || !a.hasKey(key)) && (inB || !b.hasKey(key)) && (inA != inB || va != vb) {
			apart[key] = true
			c.Apart = append(c.Apart, Apart{key, orNone(va, inA), orNone(vb, inB)})
		}
	}
	partners := map[string]Trial{}
	for _, r := range b.final {
		partners[r.beyond(apart)] = r
	}
	values := map[string]*differences{}
	for _, r := range a.final {
		other, ok := partners[r.beyond(apart)]
		if !ok {
			continue
		}
		c.Pairs++
		c.Alone[0]--
		c.Alone[1]--
		same, numbers := r.Status == other.Status, false
		switch {
		case r.Diverged && other.Diverged:
			c.Lost[2]++
		case other.Diverged:
			c.Lost[1]++
		case r.Diverged:
			c.Lost[0]++
		}
		for name, v := range r.Values.Numbers {
			w, both := other.Values.Numbers[name]
			if !both {
				continue
			}
			if values[name] == nil {
				values[name] = &differences{Difference: Difference{Name: name}}
			}
			equal, finite := values[name].add(r, float64(v), float64(w))
			same, numbers = same && equal, numbers || finite
		}
		if same && numbers {
			c.Equal++
		}
	}
	for _, d := range values {
		if d.Pairs > 0 {
			d.Mean = d.means.PerSeed().Mean()
			c.Values = append(c.Values, d.Difference)
		}
	}
	slices.SortFunc(c.Values, func(x, y Difference) int { return strings.Compare(x.Name, y.Name) })
	return c
}

// differences gathers a Difference.
type differences struct {
	Difference
	means Means
}

// add adds a pair. It reports whether the numbers are equal to the bit, or neither is finite; and whether both are finite.
func (d *differences) add(r Trial, v, w float64) (same, finite bool) {
	if one, other := v-v == 0, w-w == 0; !one || !other {
		return one == other, false
	}
	d.Pairs++
	d.means.Add(r.Seed, w-v)
	if math.Abs(w-v) > math.Abs(d.Largest) {
		d.Largest, d.At = w-v, r.ID
	}
	if v == w {
		d.Equal++
	}
	return v == w, true
}

// throughout returns the keys that have one value in all trials, as it reads.
func (t *Trials) throughout() map[string]string {
	values, n := map[string]string{}, map[string]int{}
	each := OneOfEach(t.final)
	for _, r := range each {
		for key, v := range r.config {
			text := record.Text(v)
			if before, seen := values[key]; seen && before != text {
				n[key] = math.MinInt32 // never all
			}
			values[key] = text
			n[key]++
		}
	}
	for key := range values {
		if n[key] != len(each) {
			delete(values, key)
		}
	}
	return values
}

// hasKey reports whether a trial has the key.
func (t *Trials) hasKey(key string) bool {
	return slices.ContainsFunc(OneOfEach(t.final), func(r Trial) bool { _, ok := r.config[key]; return ok })
}

// beyond is the trial's seed and configuration as a text, some keys left out.
func (r Trial) beyond(keys map[string]bool) string {
	var b strings.Builder
	b.WriteString(record.Text(r.Config["seed"]))
	for _, key := range sortedKeys(r.config) {
		if !keys[key] {
			b.WriteString("\n" + key + "=" + record.Text(r.config[key]))
		}
	}
	return b.String()
}

// sortedKeys returns the keys of maps, each once.
func sortedKeys[V any](maps ...map[string]V) (keys []string) {
	for _, m := range maps {
		for key := range m {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}
