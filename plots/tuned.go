package plots

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// tuned is a method (all runs of one m, or all of ρ = 0) at the setting that the other seeds choose.
type tuned struct {
	values   map[uint64]float64 // y of each seed there
	picked   map[string]int     // settings, and of how many seeds
	rhos     map[float64]int    // their ρ
	lost     int                // seeds whose run at the setting lacks y
	diverged int                // seeds whose run at the setting diverged
}

// tune takes for every seed the setting, ρ and whatever else but without was swept, of lowest mean by over the other seeds, the first of
// equals, and the y of the seed's own run there: the seed has no say in its own setting. by and y are errors: a run that diverged has
// 1, and no run can be worse. A setting that fewer of the others have is taken only where there is no other. With one setting there is
// nothing to choose, and one seed is enough.
func tune(rs []run, by, y Field, without ...string) tuned {
	t := tuned{values: map[uint64]float64{}, picked: map[string]int{}, rhos: map[float64]int{}}
	keys, _ := alsoSwept(rs)
	settings := settingsOf(rs, slices.DeleteFunc(keys, func(k string) bool { return slices.Contains(without, k) }))
	seeds := distinct(rs, seedOf)
	if len(settings) > 1 && !slices.ContainsFunc(rs, func(r run) bool { _, ok := by.finite(r); return ok && !r.diverged }) {
		return t // nothing to choose by
	}
	options := make([]option, len(settings))
	for i, s := range settings {
		options[i] = newOption(s, seeds, by)
	}
	for k, seed := range seeds {
		best := pick(options, k)
		if best < 0 {
			continue
		}
		if v, ok := settings[best].value(seed, y); ok {
			t.values[seed] = v
			t.picked[settings[best].name]++
			t.rhos[settings[best].rho]++
			if slices.ContainsFunc(settings[best].runs[seed], func(r run) bool { return r.diverged }) {
				t.diverged++
			}
		} else {
			t.lost++
		}
	}
	return t
}

// option is a setting to be picked by an error.
type option struct {
	error []float64 // of each seed, NaN where it has none
	sum   float64
	n     int // seeds that have it
}

func newOption(s *settingRuns, seeds []uint64, by Field) option {
	o := option{error: make([]float64, len(seeds))}
	for k, seed := range seeds {
		v, ok := s.value(seed, by)
		if !ok {
			o.error[k] = nan
			continue
		}
		o.error[k], o.sum, o.n = v, o.sum+v, o.n+1
	}
	return o
}

// others is the mean over the seeds but the k-th, and how many of them have the error.
func (o option) others(k int) (mean float64, n int) {
	if math.IsNaN(o.error[k]) {
		return o.sum / float64(o.n), o.n
	}
	return (o.sum - o.error[k]) / float64(o.n-1), o.n - 1
}

// rounding is what means of errors that are equal may differ by.
const rounding = 1e-12

// pick returns what the seeds but the k-th choose: of the options that most of them have, the first of lowest mean; −1 without any. A
// single one is chosen whoever has it.
func pick(of []option, k int) int {
	if len(of) == 1 {
		return 0
	}
	best, least, most := -1, math.Inf(1), 0
	for i, o := range of {
		if mean, n := o.others(k); n > most || n > 0 && n == most && mean < least-rounding {
			best, least, most = i, mean, n
		}
	}
	return best
}

// settingRuns are the runs of one setting.
type settingRuns struct {
	rho  float64
	name string // "ρ = .05, lr .1": ρ and the other keys
	runs map[uint64][]run
}

// settingsOf groups runs by ρ and the given keys, ρ ascending.
func settingsOf(rs []run, keys []string) []*settingRuns {
	found := map[string]*settingRuns{}
	of := map[int]*settingRuns{} // by what else the runs have too
	var order []*settingRuns
	for _, r := range rs {
		s := of[r.setting]
		if s == nil {
			name := "ρ = " + short(r.rho)
			if len(keys) > 0 {
				name += ", " + settingName(r, keys)
			}
			if found[name] == nil {
				found[name] = &settingRuns{r.rho, name, map[uint64][]run{}}
				order = append(order, found[name])
			}
			s = found[name]
			of[r.setting] = s
		}
		s.runs[r.seed] = append(s.runs[r.seed], r)
	}
	slices.SortStableFunc(order, func(a, b *settingRuns) int {
		if a.rho != b.rho {
			return int(math.Copysign(1, a.rho-b.rho))
		}
		return strings.Compare(a.name, b.name)
	})
	return order
}

// value is the mean of x, an error, over the seed's runs, 1 of one that diverged; not ok where one lacks it.
func (s settingRuns) value(seed uint64, x Field) (v float64, ok bool) {
	for _, r := range s.runs[seed] {
		w, has := x.finite(r)
		if r.diverged {
			w, has = 1, true
		}
		if !has {
			return nan, false
		}
		v += w / float64(len(s.runs[seed]))
	}
	return v, len(s.runs[seed]) > 0
}

// rhoText says which ρ were picked: ".1", or ".1 (7), .2 (3)" with the number of seeds.
func (t tuned) rhoText() string {
	var parts []string
	for _, rho := range slices.Sorted(maps.Keys(t.rhos)) {
		if len(t.rhos) == 1 {
			return short(rho)
		}
		parts = append(parts, fmt.Sprintf("%s (%d)", short(rho), t.rhos[rho]))
	}
	return strings.Join(parts, ", ")
}
