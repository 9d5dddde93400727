package cli

import (
	"fmt"
	"io"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/schollz/progressbar/v3"

	"msharp/harness/config"
	"msharp/harness/record"
)

// progress shows how far a run is: one redrawn bar on a terminal, a line a trial elsewhere.
type progress struct {
	mu      sync.Mutex
	talk    io.Writer
	quiet   bool
	bar     *progressbar.ProgressBar // nil off a terminal
	total   int
	workers int
	pending map[string]pending
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

// newProgress returns the progress of a run of trials. recs say what training one costs.
func newProgress(talk io.Writer, terminal *os.File, quiet bool, training, measuring []config.Trial, recs []record.Record, workers int) *progress {
	p := &progress{talk: talk, quiet: quiet, total: len(training) + len(measuring), workers: workers, pending: make(map[string]pending, len(training)+len(measuring)), warnings: map[string]int{}}
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
		p.bar = progressbar.NewOptions(p.total,
			progressbar.OptionSetWriter(terminal), progressbar.OptionSetWidth(30), progressbar.OptionShowCount(),
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
		if p.bar != nil {
			p.bar.Clear()
		}
		fmt.Fprintf(p.talk, "trial %s failed: %v\n", r.ID, err)
	}
	switch {
	case p.quiet:
	case p.bar != nil:
		p.bar.Describe(p.timeLeft())
		p.bar.Add(1)
	default:
		fmt.Fprintf(p.talk, "%d/%d %s %s %s (%.1f s), %s\n", p.total-len(p.pending), p.total, r.ID, describe(*t.Trial), outcome(r, t.of == &p.measured), seconds(r), p.timeLeft())
	}
}

// timeLeft says when the pending trials will have ended.
func (p *progress) timeLeft() string {
	var sum float64
	for _, w := range []*work{&p.trained, &p.measured} {
		s, known := w.cost.total(w.classes)
		if !known {
			return "time left unknown"
		}
		sum += s
	}
	return "about " + lasting(sum/float64(max(1, min(p.workers, len(p.pending))))) + " left"
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

// describe names a trial by what SAM studies usually sweep.
func describe(t config.Trial) string {
	settings := (record.Record{Config: config.Settings(t.Config)}).Dotted()
	var words []string
	for _, key := range []string{"seed", "optimizer.kind", "optimizer.rho", "optimizer.m"} {
		if v, ok := settings[key]; ok {
			words = append(words, key[strings.LastIndex(key, ".")+1:]+"="+record.Text(v))
		}
	}
	return strings.Join(words, " ")
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
