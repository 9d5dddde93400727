package cli

import (
	"fmt"
	"slices"
	"time"

	"msharp/harness/folder"
	"msharp/harness/record"
)

// running says what is running in a folder now.
type running struct {
	Trials    int      `json:"running"`
	Processes int      `json:"processes"`
	Left      int      `json:"left_to_them"`    // trials that the processes have yet to end
	Rate      *float64 `json:"trials_a_minute"` // null if nothing runs, or too few trials have ended

	train []string // the trials left to be trained
}

// look finds what is running in a folder whose records are recs. It takes no lock and writes nothing.
func look(out folder.Dir, recs []record.Record, now time.Time) (r running, err error) {
	leases, err := out.Leases()
	if err != nil || len(leases) == 0 {
		return r, err
	}
	ended := map[string]string{} // a trial's latest line
	for _, rec := range recs {
		for _, run := range rec.Runs() {
			ended[rec.ID] = max(ended[rec.ID], run.Ended)
		}
	}
	first := record.Time(now)
	for _, l := range leases {
		r.Processes++
		first = min(first, l.Started)
		hasEnded := func(id string) bool { return ended[id] >= l.Started }
		train, measure := slices.DeleteFunc(l.Train, hasEnded), slices.DeleteFunc(l.Measure, hasEnded)
		r.train = append(r.train, train...)
		left := len(train) + len(measure)
		r.Left += left
		r.Trials += min(left, l.Workers)
	}
	if rate, ok := rate(recs, first, now); ok && r.Processes > 0 {
		r.Rate = &rate
	}
	return r, nil
}

// rate returns how many trials a minute have ended, trained or measured, since a time, within the last ten minutes.
func rate(recs []record.Record, since string, now time.Time) (perMinute float64, ok bool) {
	const window = 10 * time.Minute
	from, to := max(since, record.Time(now.Add(-window))), record.Time(now)
	n := 0
	for _, r := range recs {
		for _, run := range r.Runs() {
			if from <= run.Ended && run.Ended <= to && (r.Status.Final() || run.Error == "") {
				n++
			}
		}
	}
	began, err := time.Parse(time.RFC3339, from)
	minutes := now.Sub(began).Minutes()
	if err != nil || n < 2 || minutes <= 0 {
		return 0, false
	}
	return float64(n) / minutes, true
}

// String is "running: 2 trials in 1 process, 30 trials a minute: about 20 s left".
func (r running) String() string {
	processes := "1 process"
	if r.Processes != 1 {
		processes = fmt.Sprintf("%d processes", r.Processes)
	}
	if r.Left == 0 {
		return "running: " + processes + ", with no trial to run"
	}
	text := fmt.Sprintf("running: %s in %s", record.Plural(r.Trials, "trial"), processes)
	if r.Rate != nil {
		text += fmt.Sprintf(", %.3g trials a minute: about %s left", *r.Rate, lasting(60*float64(r.Left) / *r.Rate))
	}
	return text
}
