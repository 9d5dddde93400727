package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"msharp/harness"
	"msharp/harness/record"
)

// progress shows how far a run is: one redrawn bar on a terminal, a line a trial elsewhere.
type progress struct {
	mu      sync.Mutex
	talk    io.Writer
	quiet   bool
	bar     *progressbar.ProgressBar // nil off a terminal
	total   int
	ended   int
	workers int
	cost    estimate
	pending map[string]harness.Trial
	classes map[string]int // of the pending ones
}

func newProgress(talk io.Writer, quiet bool, missing []harness.Trial, recs []record.Record, workers int) *progress {
	p := &progress{talk: talk, quiet: quiet, total: len(missing), workers: workers, cost: estimate{}, pending: map[string]harness.Trial{}, classes: map[string]int{}}
	for _, r := range recs {
		p.cost.add(r)
	}
	for _, t := range missing {
		p.pending[t.ID] = t
		p.classes[class(harness.Settings(t.Config))]++
	}
	if f, ok := talk.(*os.File); ok && term.IsTerminal(int(f.Fd())) && !quiet && p.total > 0 {
		p.bar = progressbar.NewOptions(p.total,
			progressbar.OptionSetWriter(f), progressbar.OptionSetWidth(30), progressbar.OptionShowCount(),
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
	p.classes[class(harness.Settings(t.Config))]--
	p.ended++
	p.cost.add(r)
	left := p.cost.left(p.classes, p.workers)
	if err != nil {
		if p.bar != nil {
			p.bar.Clear()
		}
		fmt.Fprintf(p.talk, "trial %s failed: %v\n", r.ID, err)
	}
	switch {
	case p.quiet:
	case p.bar != nil:
		p.bar.Describe(left)
		p.bar.Add(1)
	default:
		fmt.Fprintf(p.talk, "%d/%d %s %s%s (%.1f s), %s\n", p.ended, p.total, r.ID, describe(t), outcome(r), seconds(r), left)
	}
}

// warn says what a trial's user should know; it may be called from several goroutines.
func (p *progress) warn(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar != nil {
		p.bar.Clear()
	}
	fmt.Fprintln(p.talk, "warning:", text)
}

func (p *progress) close() {
	if p.bar != nil {
		p.bar.Finish()
	}
}

// left returns how many trials have not ended.
func (p *progress) left() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.pending)
}

// describe names a trial by what SAM studies usually sweep.
func describe(t harness.Trial) string {
	settings := (record.Record{Config: harness.Settings(t.Config)}).Dotted()
	var words []string
	for _, key := range []string{"seed", "optimizer.kind", "optimizer.rho", "optimizer.m"} {
		if v, ok := settings[key]; ok {
			words = append(words, key[strings.LastIndex(key, ".")+1:]+"="+record.Text(v))
		}
	}
	return strings.Join(words, " ")
}

func outcome(r record.Record) string {
	if v, ok := r.Value("test_error"); ok && r.Status == record.Done {
		return fmt.Sprintf(" test error %.2f %%", 100*v)
	}
	return " " + string(r.Status)
}

func seconds(r record.Record) float64 {
	if r.Run == nil {
		return 0
	}
	return r.Run.TrainSeconds + r.Run.MeasureSeconds
}
