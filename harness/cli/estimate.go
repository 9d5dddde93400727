package cli

import (
	"fmt"
	"strings"
	"time"

	"msharp/harness"
	"msharp/harness/record"
)

// estimate is the mean seconds of a trial, its measures included, by its class, and of all under "".
type estimate map[string]*struct {
	seconds float64
	n       int
}

// class is what decides the cost of a trial.
func class(config map[string]any) string {
	d := (record.Record{Config: config}).Dotted()
	var parts []string
	for _, key := range []string{
		"model.kind", "model.hidden", "model.blocks", "optimizer.kind", "optimizer.m", "optimizer.steps", "optimizer.p", "batch_size",
		"data.train", "epochs", "stop.max_epochs",
	} {
		parts = append(parts, record.Text(d[key]))
	}
	return strings.Join(parts, "|")
}

// estimated returns the estimate that records allow.
func estimated(recs []record.Record) estimate {
	e := estimate{}
	for _, r := range recs {
		if r.Config != nil {
			e.add(class(r.Config), seconds(r))
		}
	}
	return e
}

// add counts a trial of a class. Seconds that a clock which was set back has told are none.
func (e estimate) add(class string, s float64) {
	if s <= 0 {
		return
	}
	for _, key := range []string{"", class} {
		if e[key] == nil {
			e[key] = new(struct {
				seconds float64
				n       int
			})
		}
		e[key].seconds += s
		e[key].n++
	}
}

// mean returns the seconds of a trial of a class, of any trial if none of the class is known.
func (e estimate) mean(class string) (seconds float64, known bool) {
	c := e[class]
	if c == nil {
		c = e[""]
	}
	if c == nil {
		return 0, false
	}
	return c.seconds / float64(c.n), true
}

// total returns what trials take one after the other, of each class so many.
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

// foresee returns what training trials takes, one after the other. Of a class that no record tells, some steps of a trial are timed;
// timed says that there are such, whose measures are left out.
func (e estimate) foresee(trials []harness.Trial) (sum float64, timed bool, err error) {
	const look = 30 * time.Millisecond
	paces := map[string]float64{}
	for _, t := range trials {
		k := class(harness.Settings(t.Config))
		if c := e[k]; c != nil {
			sum += c.seconds / float64(c.n)
			continue
		}
		if _, seen := paces[k]; !seen {
			if paces[k], err = t.Pace(look); err != nil {
				return 0, false, err
			}
		}
		sum += paces[k]
	}
	return sum, len(paces) > 0, nil
}

// lasting is a duration for eyes: 1.97 s, 26 s, 2 min 27 s, 12 h 6 min.
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
	case d < 10*time.Second:
		return fmt.Sprintf("%.3g s", seconds)
	case d < time.Minute-time.Second/2:
		return fmt.Sprintf("%.0f s", seconds)
	case d < time.Hour-time.Second/2:
		return parts(time.Minute, "min", time.Second, "s")
	case d < 48*time.Hour:
		return parts(time.Hour, "h", time.Minute, "min")
	}
	return parts(24*time.Hour, "d", time.Hour, "h")
}
