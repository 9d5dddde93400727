package plots

import (
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat"

	"msharp/harness/record"
	"msharp/harness/stats"
)

// smallRho is where "smaller m is better" is claimed: beyond it the curves cross.
const smallRho = .05

// Finding is what the records say, in a sentence or two, with the number of seeds and 95 % intervals: to what their sweep asks. Over
// label noise, what SAM and small m save; over a population without SAM, how well m-sharpness ranks it beside what else does; at
// several settings, learning rates and the like, how the test error changes with m at each, and what is left beside a tuned base;
// else how the test error changes with m at small ρ, and the predictive power of m-sharpness at its first and last m. A change whose
// interval, paired by seed, holds zero is called undecided.
func Finding(t *Trials) string {
	rs := t.runs
	if why := noFinished(rs); why != "" {
		return "No finding: " + why + "."
	}
	_, ascent := split(rs)
	of := settingsApart(rs)
	var s string
	switch {
	case len(distinct(rs, noiseOf)) > 1:
		s = noiseFinding(rs)
	case len(ascent) == 0 && allStop(rs):
		s = predictFinding(t)
	case len(of) > 1:
		s = settingsFinding(rs, of)
	}
	return orText(s, sweepFinding(t))
}

// sweepFinding is of a sweep over ρ and m at one setting.
func sweepFinding(t *Trials) string {
	a, b := errorClause(t.runs), powerClause(t)
	switch {
	case a.text == "" && b.text == "":
		return fmt.Sprintf("No finding: %s, but not two values of m to compare.", record.Plural(len(t.runs), "final trial"))
	case a.text == "":
		a, b = b, a
	}
	s := a.String()
	switch {
	case b.text == "":
	case b.seeds == a.seeds:
		s += "; " + b.text
	default:
		s += "; " + b.String()
	}
	return upper(s) + "."
}

// allStop says that every run was to stop at a train loss.
func allStop(rs []run) bool {
	return !slices.ContainsFunc(rs, func(r run) bool { _, ok := r.config["stop.train_loss"]; return !ok })
}

// clause is a part of the finding, and how many seeds stand behind it.
type clause struct {
	text  string
	seeds int
}

func (c clause) String() string {
	switch c.seeds {
	case 0:
		return c.text
	case 1:
		return "in one seed, without intervals, " + c.text
	}
	return fmt.Sprintf("over %d seeds (95 %% intervals), %s", c.seeds, c.text)
}

// slope is how an error (percent) changes over the index of m at small ρ. Only lines with a value at every m count: a
// line without its diverged run would be a mean over survivors.
type slope struct {
	ms, rhos []float64
	seeds    map[uint64]float64 // the mean slope of the seed's complete lines
	lines    int                // a line is the runs of one seed, one ρ and equal other settings, over m
	left     int                // out of the slope: those that lack an m
	diverged int                // of these, those with a diverged run
}

// slopeOverM takes ρ ≤ smallRho as small; with none swept, the smallest one.
func slopeOverM(rs []run, y Field) slope {
	_, ascent := split(rs)
	s := slope{ms: distinct(ascent, mOf), seeds: map[uint64]float64{}}
	for _, rho := range distinct(ascent, rhoOf) {
		if rho <= smallRho || len(s.rhos) == 0 {
			s.rhos = append(s.rhos, rho)
		}
	}
	if len(s.ms) < 2 {
		return s
	}
	type key struct {
		seed   uint64
		rho    float64
		others string
	}
	type line struct {
		values   map[float64][]float64 // by m
		diverged bool
	}
	lines := map[key]*line{}
	var order []key
	keys, _ := alsoSwept(rs)
	for _, r := range ascent {
		if !slices.Contains(s.rhos, r.rho) {
			continue
		}
		k := key{r.seed, r.rho, ""}
		for _, name := range keys {
			k.others += record.Text(r.config[name]) + "\n"
		}
		if lines[k] == nil {
			lines[k] = &line{values: map[float64][]float64{}}
			order = append(order, k)
		}
		if v, ok := y.finite(r); ok && !r.diverged {
			lines[k].values[r.m] = append(lines[k].values[r.m], 100*v)
		}
		lines[k].diverged = lines[k].diverged || r.diverged
	}
	index := make([]float64, len(s.ms))
	for i := range index {
		index[i] = float64(i)
	}
	slopes := map[uint64][]float64{}
	s.lines = len(order)
	for _, k := range order {
		l := lines[k]
		if l.diverged || len(l.values) < len(s.ms) {
			s.left++
			if l.diverged {
				s.diverged++
			}
			continue
		}
		var ys []float64
		for _, m := range s.ms {
			ys = append(ys, mean(l.values[m]))
		}
		_, b := stat.LinearRegression(index, ys, nil, false)
		slopes[k.seed] = append(slopes[k.seed], b)
	}
	for seed, bs := range slopes {
		s.seeds[seed] = mean(bs)
	}
	return s
}

// leftOut says which lines the slope does without, empty where it has all.
func (s slope) leftOut() string {
	if s.left == 0 {
		return ""
	}
	t := fmt.Sprintf("left out: %d of %d (seed, ρ)", s.left, s.lines)
	if s.diverged > 0 {
		t += fmt.Sprintf(", %d with a diverged run", s.diverged)
	}
	if n := s.left - s.diverged; n > 0 {
		t += fmt.Sprintf(", %d without every m", n)
	}
	return t
}

// small is the radii: "ρ ≤ .05".
func (s slope) small() string {
	if len(s.rhos) == 1 {
		return "ρ = " + short(s.rhos[0])
	}
	return "ρ ≤ " + short(s.rhos[len(s.rhos)-1])
}

// where is what the slope is over, and at: "(1, 4, 16) at ρ ≤ .05".
func (s slope) where() string {
	var names []string
	for _, m := range s.ms {
		names = append(names, mText(m))
	}
	return fmt.Sprintf("(%s) at %s", strings.Join(names, ", "), s.small())
}

func errorClause(rs []run) clause {
	s := slopeOverM(rs, Value("test_error"))
	if s.lines == 0 {
		return clause{}
	}
	if len(s.seeds) == 0 {
		if s.diverged == 0 {
			return clause{}
		}
		return clause{"test error is not compared over m at " + s.small() + " (" + s.leftOut() + ")", 0}
	}
	where := "points per step of m " + s.where()
	if out := s.leftOut(); out != "" {
		where += " (" + out + ")"
	}
	d := stats.MeanT(bySeed(s.seeds), level)
	text := fmt.Sprintf("test error changes by %s %s, undecided", plusMinus(d, 3), where)
	switch direction(d) {
	case +1:
		text = fmt.Sprintf("test error rises by %s %s", plusMinus(d, 3), where)
	case -1:
		text = fmt.Sprintf("test error falls by %s %s", plusMinus(negative(d), 3), where)
	}
	return clause{text, d.N}
}

func powerClause(t *Trials) clause {
	gate := Field{}
	if allStop(t.runs) {
		gate = Stopped
	}
	facts := t.facts(comparedBy(gate))
	ps := slices.DeleteFunc(at(facts.ps, facts.rho), func(p power) bool { return p.within.N == 0 })
	if facts.skipped != "" || len(ps) < 2 {
		return clause{}
	}
	first, last := ps[0], ps[len(ps)-1]
	d := change(ps)
	verb, undecided := "goes", ", undecided"
	switch direction(d.Interval) {
	case +1:
		verb, undecided = "rises", ""
	case -1:
		verb, undecided = "falls", ""
	}
	return clause{fmt.Sprintf("τ of m-sharpness with the error gap %s from %s at m = %s to %s at m = %s%s", verb,
		plusMinus(first.within, 2), mText(first.m), plusMinus(last.within, 2), mText(last.m), undecided), d.N}
}

// direction is the sign of an interval that does not hold zero; 0 where it does, or where there is none.
func direction(i stats.Interval) int {
	switch {
	case i.Low > 0:
		return 1
	case i.High < 0:
		return -1
	}
	return 0
}
