package verdict

import (
	"fmt"
	"math"
	"strings"
)

// Robust asks of Figure3's claims about training m whether they hang on the learning rate, and whether SAM has anything
// to add to tuned SGD. It is of Figure3's sweep at several settings, as learning rate and weight decay, and of SGD
// (ρ = 0) over a grid of these. A claim about training m has parts of its own for each setting with SAM, and holds only
// where it does at every one.
func Robust() []Claim { return claims(robust) }

var robust = append(atEverySetting(trainingM(apiece)), published{Claim: Claim{
	ID:        "sam-beats-tuned-sgd",
	Text:      "SAM, with its setting, m and ρ tuned, has a lower test error than SGD with its setting tuned.",
	Unit:      "points of test error",
	Direction: +1,
	Smallest:  .2, // as in u-shape
}, parts: samBeatsTunedSGD})

func atEverySetting(ps []published) []published {
	for i, p := range ps {
		ps[i].Text = "At every setting: " + strings.ToLower(p.Text[:1]) + p.Text[1:]
	}
	return ps
}

// samBeatsTunedSGD is the test error of SGD minus that of SAM, in points. Both have the option of the other seeds'
// smallest mean validation error, SGD among its settings, SAM among its settings, m and ρ.
func samBeatsTunedSGD(t table) ([]Part, string) {
	families, missing := t.families()
	if missing != "" {
		return nil, missing
	}
	sgd, sam := t.sgd(), options(families)
	if missing = t.untunable(sgd); missing != "" {
		return nil, missing
	}
	lead, seeds := meet(t.seeds(), []float64{100, -100}, sgd, sam)
	if len(lead.seeds) == 0 {
		return nil, "needs, in two seeds, every run of SGD and of SAM with a validation error"
	}
	said := "SGD, of " + lead.chose(0, sgd) + "; SAM, of " + lead.chose(1, sam)
	return []Part{{BySeed: lead.bySeed(), P: lower(sgd, sam, lead.seeds)}},
		join(said, seeds.text("seeds", "a run or its validation error"))
}

// lower is p against "no option of SAM has a lower expected test error than the best of SGD's". Whichever of SGD's that
// is, some option of SAM has to beat it: p is the largest, over SGD's options, of the p of a search for one that does (an
// intersection-union test, Berger 1982, of max-T tests). It is of test errors alone, and so valid whatever validation
// chooses: of simulated sweeps in which m and ρ do nothing it finds an effect in 2 %, sign flips of the tuned values in
// 10 %. To reverse sides is no test here, where one has options that the other lacks, and many more.
func lower(sgd, sam side, seeds []uint64) (p float64) {
	for _, runs := range sgd {
		s := search{}
		for _, seed := range seeds {
			s.add(seed, runs[seed], sam)
		}
		p = math.Max(p, s.p())
	}
	return p
}

// sgd is the runs at ρ = 0 as a side, an option for each of their settings.
func (t table) sgd() side {
	keys := t.settings(base)
	s := side{}
	for _, r := range t {
		if p, ok := r.point(); base(r) && ok && !math.IsNaN(p.val) {
			k := choice{setting: r.named(keys)}
			if s[k] == nil {
				s[k] = map[uint64]point{}
			}
			s[k][r.seed] = p
		}
	}
	return s
}

// options is SAM as one side, at all settings, m and ρ.
func options(families []curves) side {
	s := side{}
	for _, c := range families {
		for k, runs := range c.side(every, c.ms...) {
			if k.setting = c.setting; len(c.ms) == 1 {
				k.m = c.ms[0]
			}
			s[k] = runs
		}
	}
	return s
}

// untunable says why SGD and SAM cannot be tuned over what was swept; empty where they can.
func (t table) untunable(sgd side) string {
	if lone := t.lone(); lone != "" {
		return lone
	}
	for _, k := range t.settings(func(trial) bool { return true }) {
		if strings.HasPrefix(k, "data.") {
			return k + " was swept, which is nothing to tune"
		}
	}
	if len(sgd) < 2 {
		return fmt.Sprintf("SGD (ρ = 0) has %s with a validation error, needs two to be tuned", plural(len(sgd), "setting"))
	}
	return ""
}

// chose is how many options the i-th side has, and the one that most seeds choose.
func (c contest) chose(i int, options side) string {
	k, n := c.favourite(i)
	text := k.setting
	if k.rho > 0 {
		text = strings.TrimPrefix(fmt.Sprintf("%s, m = %s, ρ = %s", text, num(k.m), num(k.rho)), ", ")
	}
	return fmt.Sprintf("%d options, at %s for %d of %d seeds", len(options), text, n, len(c.seeds))
}
