package config

import (
	"fmt"
	"strconv"

	"msharp/sharpness"
)

// Watch asks for measures along training: at the start, after every so many steps or epochs, and at the end.
type Watch struct {
	Every    int             `yaml:"every" needed:"yes" in:"[1,1000000]"` // steps or epochs between two looks
	Unit     string          `yaml:"unit" in:"step|epoch"`                // of every
	Measures []sharpness.Any `yaml:"measures" needed:"yes"`               // taken at each look
}

// SetDefaults sets the unit.
func (w *Watch) SetDefaults() { w.Unit = "step" }

// What a trial may watch, so that a record stays below limits.Line.
const (
	mostLooks   = 10_000
	mostWatched = 250 // columns
)

// Columns returns the names of what is watched; none of nil.
func (w *Watch) Columns() []string {
	if w == nil {
		return nil
	}
	return columnsOf(w.Measures)
}

// Same reports whether w and v look at the same times.
func (w *Watch) Same(v *Watch) bool { return w.Every == v.Every && w.Unit == v.Unit }

// Times says in words when w looks: "every 20 steps".
func (w *Watch) Times() string {
	if w.Every == 1 {
		return "every " + w.Unit
	}
	return fmt.Sprintf("every %d %ss", w.Every, w.Unit)
}

// joined returns what w or v watches; nil is nothing. Both must look at the same times.
func (w *Watch) joined(v *Watch) (*Watch, error) {
	switch {
	case v == nil:
		return w, nil
	case w == nil:
		return v, nil
	case !w.Same(v):
		return nil, fmt.Errorf("watch looks %s there and %s here", w.Times(), v.Times())
	}
	both := *w
	var err error
	if both.Measures, err = sharpness.Joined(w.Measures, v.Measures); err != nil {
		return nil, fmt.Errorf("watch: %w", err)
	}
	if n := len(both.Columns()); n > mostWatched {
		return nil, fmt.Errorf("watch: the measures have %d columns together; expected at most %d", n, mostWatched)
	}
	return &both, nil
}

// Looks returns the most looks that a trial takes.
func (c Config) Looks() int {
	if c.Watch == nil {
		return 0
	}
	n := c.MaxEpochs()
	if c.Watch.Unit == "step" {
		n *= c.Data.Spec.Drawn().Train / c.BatchSize
	}
	return 1 + (n+c.Watch.Every-1)/c.Watch.Every
}

// checkWatch says what is wrong with the watch of c beside what CheckMeasures says: a *kind.Error.
func (c Config) checkWatch() error {
	w := c.Watch
	switch {
	case w == nil:
		return nil
	}
	if n := c.Looks(); n > mostLooks {
		return bad("every", strconv.Itoa(w.Every), fmt.Sprintf("%d looks in training", n), fmt.Sprintf("at most %d; a larger number takes fewer", mostLooks))
	}
	if n := len(w.Columns()); n > mostWatched {
		return bad("measures", "", fmt.Sprintf("%d columns", n), fmt.Sprintf("at most %d", mostWatched))
	}
	return nil
}
