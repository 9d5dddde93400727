package cli

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"msharp/harness"
	"msharp/harness/config"
	"msharp/harness/record"
)

// estimate is the mean seconds of a trial, its measures included, by its class, and of all under "".
type estimate map[string]cost

// cost is the seconds of so many trials.
type cost struct {
	seconds float64
	n       int
}

// class is what decides the cost of a trial.
func class(config map[string]any) string {
	r := record.Record{Config: config}
	var parts []string
	for _, key := range []string{
		"model.kind", "model.hidden", "model.blocks", "optimizer.kind", "optimizer.m", "optimizer.steps", "optimizer.p", "batch_size",
		"data.train", "epochs", "stop.max_epochs",
	} {
		v, _ := r.Setting(key)
		parts = append(parts, record.Text(v))
	}
	return strings.Join(parts, "|")
}

// estimated returns the estimate from the records.
func estimated(recs []record.Record) estimate {
	e := estimate{}
	for _, r := range recs {
		if r.Config != nil {
			e.add(class(r.Config), seconds(r))
		}
	}
	return e
}

// add counts a trial of a class. Seconds ≤ 0 come from a clock that was set back and do not count.
func (e estimate) add(class string, s float64) {
	if s <= 0 {
		return
	}
	for _, key := range []string{"", class} {
		c := e[key]
		e[key] = cost{c.seconds + s, c.n + 1}
	}
}

// knows reports whether a trial of the class has been timed.
func (e estimate) knows(class string) bool { return e[class].n > 0 }

// mean returns the seconds of a trial of a class, of any trial if none of the class is known.
func (e estimate) mean(class string) (seconds float64, known bool) {
	if !e.knows(class) {
		class = ""
	}
	c := e[class]
	return c.seconds / float64(max(1, c.n)), e.knows(class)
}

// total returns the seconds of so many trials of each class, one after the other.
func (e estimate) total(classes map[string]int) (sum float64, known bool) {
	for k, n := range classes {
		if n == 0 {
			continue
		}
		s, ok := e.mean(k)
		if !ok {
			return 0, false
		}
		sum += s * float64(n)
	}
	return sum, true
}

// foresight is how long trials will take, one after the other.
type foresight struct {
	seconds float64
	timed   bool // some were timed by a few steps, which leaves out their measures
	most    bool // some may stop sooner
}

// String is "about 12 s on one worker, measures aside".
func (f foresight) String() string {
	text := "about "
	if f.most {
		text = "at most "
	}
	text += lasting(f.seconds) + " on one worker"
	if f.timed {
		text += ", measures aside"
	}
	return text
}

// foresee returns how long training the trials will take. For a class without a record it times some steps of a trial. When the time for that
// is used up, the other classes get the mean of those timed.
func (e estimate) foresee(trials []config.Trial) (f foresight, err error) {
	const one, all = 30 * time.Millisecond, 2 * time.Second
	classes, some := map[string]int{}, map[string]config.Trial{}
	encoder := config.NewEncoder()
	for _, t := range trials {
		k := class(encoder.Settings(t.Config))
		classes[k]++
		if _, seen := some[k]; !seen {
			some[k] = t
		}
	}
	paces, began := estimate{}, time.Now()
	for _, k := range slices.Sorted(maps.Keys(classes)) {
		if e.knows(k) {
			continue
		}
		t := some[k]
		f.timed = f.timed || len(t.Config.Measures) > 0 || t.Config.Watch != nil
		f.most = f.most || t.Config.Stop != nil
		if len(paces) > 0 && time.Since(began) > all {
			continue
		}
		pace, err := harness.Pace(t, one)
		if err != nil {
			return f, err
		}
		paces.add(k, pace)
	}
	for k, n := range classes {
		of := paces
		if e.knows(k) {
			of = e
		}
		mean, _ := of.mean(k)
		f.seconds += mean * float64(n)
	}
	return f, nil
}

// lasting is a duration for eyes, in whole units but under a second: 0.3 s, 10 s, 2 min 27 s, 12 h 6 min.
func lasting(seconds float64) string {
	d := time.Duration(seconds * float64(time.Second))
	parts := func(large time.Duration, name string, small time.Duration, rest string) string {
		d := d.Round(small)
		s := fmt.Sprintf("%d %s", d/large, name)
		if k := d % large / small; k > 0 {
			s += fmt.Sprintf(" %d %s", k, rest)
		}
		return s
	}
	switch {
	case d < 950*time.Millisecond:
		return fmt.Sprintf("%.1g s", seconds)
	case d < time.Minute-time.Second/2:
		return fmt.Sprintf("%.0f s", seconds)
	case d < time.Hour-time.Second/2:
		return parts(time.Minute, "min", time.Second, "s")
	case d < 48*time.Hour:
		return parts(time.Hour, "h", time.Minute, "min")
	}
	return parts(24*time.Hour, "d", time.Hour, "h")
}
