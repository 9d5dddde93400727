package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

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
}

func newProgress(talk io.Writer, quiet bool, missing []harness.Trial, recs []record.Record, workers int) *progress {
	p := &progress{talk: talk, quiet: quiet, total: len(missing), workers: workers, cost: estimate{}, pending: map[string]harness.Trial{}}
	for _, r := range recs {
		p.cost.add(r)
	}
	for _, t := range missing {
		p.pending[t.ID] = t
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
	p.ended++
	p.cost.add(r)
	left := p.cost.left(p.pending, p.workers)
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

// estimate is the mean seconds of a trial by what decides its cost.
type estimate map[string]*struct {
	seconds float64
	n       int
}

func cost(config map[string]any) string {
	d := (record.Record{Config: config}).Dotted()
	var parts []string
	for _, key := range []string{"model.kind", "model.hidden", "model.blocks", "optimizer.kind", "optimizer.m", "batch_size", "data.train"} {
		parts = append(parts, record.Text(d[key]))
	}
	return strings.Join(parts, "|")
}

func (e estimate) add(r record.Record) {
	s := seconds(r)
	if r.Config == nil || s == 0 {
		return
	}
	for _, key := range []string{"", cost(r.Config)} { // "" is all trials
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

// seconds returns what pending trials take one after the other.
func (e estimate) seconds(pending map[string]harness.Trial) (sum float64, known bool) {
	if e[""] == nil {
		return 0, false
	}
	for _, t := range pending {
		c := e[cost(harness.Settings(t.Config))]
		if c == nil {
			c = e[""]
		}
		sum += c.seconds / float64(c.n)
	}
	return sum, true
}

// left says when pending trials will have ended.
func (e estimate) left(pending map[string]harness.Trial, workers int) string {
	sum, known := e.seconds(pending)
	if !known {
		return "time left unknown"
	}
	return "about " + time.Duration(sum/float64(workers)*float64(time.Second)).Round(time.Second).String() + " left"
}
