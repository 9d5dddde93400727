package cli

import (
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/schollz/progressbar/v3"

	"msharp/harness/config"
	"msharp/harness/record"
)

// progress shows how far a run is: one redrawn bar on a terminal, a line a trial elsewhere, or a structured record a trial.
type progress struct {
	mu    sync.Mutex
	talk  io.Writer
	quiet bool
	bar   *progressbar.ProgressBar // nil off a terminal

	terminal *os.File
	total    int
	workers  int
	place    place
	pending  map[string]pending
	latest   float64 // test error of the latest trial that was trained; NaN before
	best     float64 // the lowest of them
	failed   int
	// Training and measuring kept weights take different times.
	trained, measured work
	warnings          map[string]int // of each kind
}

// warningsOfAKind are told; the others are counted.
const warningsOfAKind = 10

// pending is a trial that has not ended.
type pending struct {
	*config.Trial
	class string
	of    *work
}

// work is the trials of a run that are trained, or those that are measured.
type work struct {
	done    int            // ended without an error
	classes map[string]int // of the pending ones
	cost    estimate
}

// newProgress returns the progress of a run of trials, each with its place in the sweep. recs say what training one costs.
func newProgress(talk io.Writer, terminal *os.File, quiet bool, place place, training, measuring []config.Trial, recs []record.Record, workers int) *progress {
	p := &progress{talk: talk, quiet: quiet, place: place, total: len(training) + len(measuring), workers: workers,
		pending: make(map[string]pending, len(training)+len(measuring)), latest: math.NaN(), best: math.Inf(1), warnings: map[string]int{}}
	p.trained = work{classes: map[string]int{}, cost: estimated(recs)}
	p.measured = work{classes: map[string]int{}, cost: estimate{}}
	encoder, classes := config.NewEncoder(), map[string]string{}
	add := func(trials []config.Trial, of *work) {
		for i := range trials {
			t := &trials[i]
			c := class(encoder.Settings(t.Config))
			if known, ok := classes[c]; ok {
				c = known // one text for all
			}
			classes[c] = c
			of.classes[c]++
			p.pending[t.ID] = pending{t, c, of}
		}
	}
	add(training, &p.trained)
	add(measuring, &p.measured)
	if terminal != nil && !quiet && p.total > 0 {
		p.terminal = terminal
		p.bar = progressbar.NewOptions(p.total,
			progressbar.OptionSetWriter(terminal), progressbar.OptionFullWidth(), progressbar.OptionShowCount(),
			progressbar.OptionSetPredictTime(false), progressbar.OptionClearOnFinish(), progressbar.OptionUseANSICodes(os.Getenv("NO_COLOR") == ""))
		p.bar.RenderBlank()
	}
	return p
}

// finished counts a trial. It is called by one goroutine at a time.
func (p *progress) finished(r record.Record, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	t := p.pending[r.ID]
	delete(p.pending, r.ID)
	t.of.classes[t.class]--
	t.of.cost.add(t.class, seconds(r))
	if err == nil {
		t.of.done++
	} else {
		p.failed++
		if p.bar != nil {
			p.bar.Clear()
		}
		p.tellFailed(r.ID, err)
	}
	if e, ok := r.Value("test_error"); ok && r.Status == record.Done {
		p.latest, p.best = e, min(p.best, e)
	}
	switch {
	case p.quiet:
	case p.bar != nil:
		p.bar.Describe(p.standing(columns(p.terminal)))
		p.bar.Add(1)
	default:
		p.tell(r, *t.Trial, outcome(r, t.of == &p.measured))
	}
}

// tell says that a trial has ended: a line, or a record with the parts of one.
func (p *progress) tell(r record.Record, t config.Trial, outcome string) {
	ended, place := p.total-len(p.pending), p.place.of(t)
	if l, is := p.talk.(*logged); is {
		attrs := []any{"id", r.ID, "ended", ended, "of", p.total, "place", place, "outcome", outcome, "seconds", seconds(r)}
		if left, known := p.secondsLeft(); known {
			attrs = append(attrs, "seconds_left", left)
		}
		l.log.Info("trial", attrs...)
		return
	}
	words := []string{fmt.Sprintf("%d/%d", ended, p.total), r.ID}
	if place != "" {
		words = append(words, place)
	}
	line := strings.Join(append(words, fmt.Sprintf("%s (%s)", outcome, lasting(seconds(r)))), " ")
	if len(p.pending) > 0 {
		line += ", " + p.timeLeft()
	}
	fmt.Fprintln(p.talk, line)
}

// tellFailed says that a trial has failed, at once.
func (p *progress) tellFailed(id string, err error) {
	if l, is := p.talk.(*logged); is {
		l.log.Error("trial failed", "id", id, "error", err.Error())
		return
	}
	fmt.Fprintf(p.talk, "trial %s failed: %v\n", id, err)
}

// standing is what the bar says: the latest and the lowest test error, failures, and the time left; on a terminal of so many columns what fits
// beside the bar, the last first.
func (p *progress) standing(columns int) string {
	var parts []string
	if p.best <= 1 {
		parts = append(parts, fmt.Sprintf("error %.1f %%", 100*p.latest), fmt.Sprintf("best %.1f %%", 100*p.best))
	}
	if p.failed > 0 {
		parts = append(parts, fmt.Sprintf("%d failed", p.failed))
	}
	parts = append(parts, p.timeLeft())
	const share, bar = len(" 100% |"), len("----| (/) ")
	room := columns - share - bar - 2*len(fmt.Sprint(p.total))
	for columns > 0 && len(parts) > 1 && len(strings.Join(parts, ", ")) > room {
		parts = parts[1:]
	}
	return strings.Join(parts, ", ")
}

// timeLeft says when the pending trials will have ended.
func (p *progress) timeLeft() string {
	if seconds, known := p.secondsLeft(); known {
		return "about " + lasting(seconds) + " left"
	}
	return "time left unknown"
}

func (p *progress) secondsLeft() (seconds float64, known bool) {
	for _, w := range []*work{&p.trained, &p.measured} {
		s, known := w.cost.total(w.classes)
		if !known {
			return 0, false
		}
		seconds += s
	}
	return seconds / float64(max(1, min(p.workers, len(p.pending)))), true
}

// warn prints a warning, of a kind the first ten. Several goroutines may call it.
func (p *progress) warn(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	kind, _, _ := strings.Cut(aTrial.ReplaceAllString(text, ""), ":")
	if p.warnings[kind]++; p.warnings[kind] > warningsOfAKind {
		return
	}
	if p.bar != nil {
		p.bar.Clear()
	}
	fmt.Fprintln(p.talk, "warning:", text)
}

// aTrial is what names a trial in a warning.
var aTrial = regexp.MustCompile(`^trial [0-9a-f]{16}: |[0-9a-f]{16}`)

func (p *progress) close() {
	if p.bar != nil {
		p.bar.Finish()
	}
	for _, kind := range slices.Sorted(maps.Keys(p.warnings)) {
		if n := p.warnings[kind] - warningsOfAKind; n > 0 {
			fmt.Fprintf(p.talk, "warning: %d more: %s\n", n, kind)
		}
	}
}

// left returns how many trials have not ended.
func (p *progress) left() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.pending)
}

// outcome says what became of a trial. For a trial run again, r holds only the columns that were missing.
func outcome(r record.Record, measured bool) string {
	v, ok := r.Value("test_error")
	switch {
	case r.Status == "" && measured:
		return "measured"
	case r.Status == "":
		return "trained again"
	case ok && r.Status == record.Done:
		return fmt.Sprintf("test error %.2f %%", 100*v)
	}
	return string(r.Status)
}

func seconds(r record.Record) float64 {
	if r.Run == nil {
		return 0
	}
	return r.Run.TrainSeconds + r.Run.MeasureSeconds
}
