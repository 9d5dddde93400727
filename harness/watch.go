package harness

import (
	"fmt"

	"msharp/harness/config"
	"msharp/harness/record"
	"msharp/models/rng"
	"msharp/sharpness"
)

// look takes the watched measures at the weights, once at a time. Training sees nothing of it: the training split has buffers of its own, and
// every measure has its own random stream for every look, named for its first column and for the steps taken.
func (t *training) look() error {
	if t.Watch == nil {
		return nil
	}
	now := t.steps
	if t.Watch.Unit == "epoch" {
		now = len(t.epochs)
	}
	seen := &t.watch
	if n := len(seen.At); n > 0 && seen.At[n-1] == now {
		return nil
	}
	if seen.IsZero() {
		*seen = record.Watch{Every: t.Watch.Every, Unit: t.Watch.Unit, Values: map[string][]record.Number{}}
	}
	land := t.landscape(t.Watch.Measures)
	for _, m := range t.Watch.Measures {
		names := sharpness.Names(m.Spec)
		values, err := measuredBy(m, land, rng.Stream(t.Seed, fmt.Sprintf("watch/%d/%s", t.steps, names[0])))
		if err != nil {
			return fmt.Errorf("watch at %s %d: %w", t.Watch.Unit, now, err)
		}
		for i, v := range values {
			seen.Values[names[i]] = append(seen.Values[names[i]], record.Number(v))
		}
	}
	seen.At = append(seen.At, now)
	return nil
}

// lookAfter is look where one is due after so many steps or epochs.
func (t *training) lookAfter(unit string, n int) error {
	if t.Watch == nil || t.Watch.Unit != unit || n%t.Watch.Every != 0 {
		return nil
	}
	return t.look()
}

// unwatched reports whether a watch is asked for that a record does not have.
func unwatched(t config.Trial, r record.Record) bool {
	w := t.Config.Watch
	return w != nil && !r.Watch.Has(w.Every, w.Unit, w.Columns())
}

// watchesOtherwise is why a trial's watch cannot be added to its record: that holds looks at other times.
func watchesOtherwise(t config.Trial, old record.Record) error {
	w := t.Config.Watch
	there := &config.Watch{Every: old.Watch.Every, Unit: old.Watch.Unit}
	if w == nil || old.Watch.IsZero() || w.Same(there) {
		return nil
	}
	return fmt.Errorf("its record holds a watch %s; %s was asked for: choose another --out", there.Times(), w.Times())
}

// watchedBytes is the size of what a trial watches, with its text on its way into a checkpoint and a record.
func watchedBytes(c config.Config) float64 {
	return ofWatched * float64(c.Looks()) * float64(len(c.Watch.Columns())+1)
}
