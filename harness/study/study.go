// Package study reads the records of a folder as a study. Verdicts, figures and the report read it, and each rule about records stands here
// once.
//
//	t := study.Of(recs)                                          // the final trials
//	cells := t.Cells(study.M, study.Rho, study.TestError)        // the test error by m and ρ, a value a seed
//	curves, missing := t.Curves(study.LastEpoch)                 // the same as curves, for each setting, with their partners at ρ = 0
//	taus := t.Ranking(study.ErrorGap, study.Fitted).By(x).Taus() // how well a Field x ranks the models of each seed
//
// The rules, and where they stand:
//
//   - Seeds and test images are the samples. A statistic is a PerSeed, one value a seed, or Pooled, a number of all; Crossed says how sure.
//   - Divergence (Error): a run that diverged has an error of 1, for that is what its user gets, no other value, and is no model to rank.
//   - Pairing (Trials.Apart): a trial at ρ = 0 is the partner of every trial that it agrees with in all that was swept.
//   - Settings (Trials.Swept, Trials.Settings): what was swept beside ρ, m and the seed, and the trials apart by it.
//   - Tuning (Meet, Contest): each seed chooses the option with the smallest error on its own validation images, which counts by the runs of
//     the other seeds, or, where it is said, has the one with the smallest mean over the other seeds. Only seeds that have every option
//     count. Not tuned is where the least test error lies (BestRho of TestOf), and the ρ at which a figure shows epochs (LowestRho).
//   - Slopes (Slope, LineSlope), the best ρ of a seed (BestRho), the best ρ of all (Trials.LowestRho).
//   - Gates (Gate, Fitted, Stopped): which models are ranked. Ranks (Ranking): Kendall's τ-b within the seed.
//   - Equal is equal (ErrorGap): errors are counts, and what is decided by them is decided as with whole numbers: exact.go
//     turns shares back into counts.
//   - What ranks models beside m-sharpness (Trials.Rivals), by the role that a measure states (sharpness.Column).
//   - Looks along training (Trial.Looks), each with its watched numbers and the train loss that begins there.
package study

import (
	"cmp"
	"fmt"
	"slices"
	"sync"

	"msharp/harness/record"
)

// Level is that of every interval.
const Level = .95

// Trials are final trials of a sweep, or a part of them: by seed first, then m, ρ and id. They may be read from several goroutines.
type Trials struct {
	final    []Trial
	recorded []Trial // those that failed too, in the order of the records; of Of alone

	base, ascent func() *Trials
	swept        func() []sweptKey
	distinct     func() []Trial
	seeds        func() []uint64
	memo         memo

	whole *Trials // of which these lack block left of the test images; nil where they lack none
	left  int
}

// Of reads records in any order. They are not to be written into as long as the Trials are in use. Of several records of one id the
// first counts. The data sets, which a manifest lists, give the records' kinds of data their names.
func Of(recs []record.Record, sources ...record.DataSource) *Trials {
	names := dataNames(sources)
	of, configs := record.Settings(recs)
	beside := besideAxes(configs)
	numbers := rows{columns: map[string]int{}, layouts: map[string]*layout{}}
	seen := make(map[string]bool, len(recs))
	all := make([]Trial, len(recs))
	final := make([]Trial, 0, len(recs))
	for i := range recs {
		rec := &recs[i]
		all[i] = newTrial(rec, configs[of[i]], of[i], beside[of[i]])
		all[i].layout, all[i].row = numbers.read(rec.Values.Numbers)
		all[i].data = names
		if rec.Status.Final() && !seen[rec.ID] {
			seen[rec.ID] = true
			final = append(final, all[i])
		}
	}
	slices.SortStableFunc(final, func(a, b Trial) int {
		return cmp.Or(cmp.Compare(a.Seed, b.Seed), cmp.Compare(a.M, b.M), cmp.Compare(a.Rho, b.Rho), cmp.Compare(a.ID, b.ID))
	})
	t := part(final)
	t.recorded = all
	return t
}

// part makes Trials of some, in the order of a Trials.
func part(final []Trial) *Trials {
	t := &Trials{final: final}
	t.base = sync.OnceValue(func() *Trials { return t.Where(func(r Trial) bool { return r.Rho == 0 }) })
	t.ascent = sync.OnceValue(func() *Trials { return t.Where(func(r Trial) bool { return r.Rho != 0 }) })
	t.swept = sync.OnceValue(t.findSwept)
	t.distinct = sync.OnceValue(func() []Trial { return OneOfEach(final) })
	t.seeds = sync.OnceValue(t.findSeeds)
	return t
}

// Final returns the trials, done or diverged, in their order. The slice is not to be written into.
func (t *Trials) Final() []Trial { return t.final }

// Recorded returns all trials that Of was given, failed ones too, in its order; nil of a part.
func (t *Trials) Recorded() []Trial { return t.recorded }

// Where returns the trials that keep accepts.
func (t *Trials) Where(keep func(Trial) bool) *Trials {
	some := make([]Trial, 0, len(t.final))
	for _, r := range t.final {
		if keep(r) {
			some = append(some, r)
		}
	}
	return part(some)
}

// Base returns the trials of the base optimizer, those at ρ = 0.
func (t *Trials) Base() *Trials { return t.base() }

// Ascent returns the trials with ρ ≠ 0.
func (t *Trials) Ascent() *Trials { return t.ascent() }

// Seeds returns the seeds, ascending.
func (t *Trials) Seeds() []uint64 { return t.seeds() }

func (t *Trials) findSeeds() (out []uint64) {
	for _, r := range t.final {
		if n := len(out); n == 0 || out[n-1] != r.Seed {
			out = append(out, r.Seed)
		}
	}
	return out
}

// Ms returns the sizes of an ascent group that were swept, ascending; 0, which trials at ρ = 0 have, is none.
func (t *Trials) Ms() []float64 { return t.Ascent().Distinct(M) }

// Rhos returns the radii > 0 that were swept, ascending.
func (t *Trials) Rhos() []float64 { return t.Ascent().Distinct(Rho) }

// Distinct returns the values of a field among the trials, ascending, each once.
func (t *Trials) Distinct(f Field) (vs []float64) {
	seen := map[float64]bool{}
	for _, r := range t.final {
		if v, ok := f.Of(r); ok && !seen[v] {
			seen[v] = true
			vs = append(vs, v)
		}
	}
	slices.Sort(vs)
	return vs
}

// Has reports whether some trial has the field.
func (t *Trials) Has(f Field) bool {
	return slices.ContainsFunc(t.final, func(r Trial) bool { _, ok := f.Of(r); return ok })
}

// Diverged counts the trials that diverged.
func (t *Trials) Diverged() (n int) {
	for _, r := range t.final {
		if r.Diverged {
			n++
		}
	}
	return n
}

// Unfinished says why nothing can be said of the trials where none reached its end; empty otherwise.
func (t *Trials) Unfinished() string {
	switch n := len(t.final); {
	case n == 0:
		return "no trial has finished"
	case t.Diverged() < n:
		return ""
	case n == 1:
		return "the one trial diverged"
	default:
		return fmt.Sprintf("all %d trials diverged", n)
	}
}

// With returns the same trials with other values in place of their own: what a simulation of a sweep draws.
func (t *Trials) With(values func(i int, r Trial) record.Values) *Trials {
	out := make([]Trial, len(t.final))
	read := rows{columns: map[string]int{}, layouts: map[string]*layout{}}
	for i, r := range t.final {
		rec, at := *r.Record, *r.reading
		rec.Values = values(i, r)
		at.Record, at.all = &rec, sumsOf(rec.Values)
		at.layout, at.row = read.read(rec.Values.Numbers)
		out[i] = Trial{reading: &at}
	}
	return part(out)
}

// Once computes a fact of the trials once, whoever asks for it by its name, from several goroutines too.
func Once[T any](t *Trials, name string, compute func() T) T {
	m := &t.memo
	m.mu.Lock()
	f, ok := m.known[name]
	if !ok {
		if m.known == nil {
			m.known = map[string]func() any{}
		}
		f = sync.OnceValue(func() any { return compute() })
		m.known[name] = f
	}
	m.mu.Unlock()
	return f().(T)
}

// memo holds facts by name.
type memo struct {
	mu    sync.Mutex
	known map[string]func() any
}
