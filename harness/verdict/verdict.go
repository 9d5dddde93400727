// Package verdict judges claims about a study: a Claim gives a statistic, Judge tests it, a Verdict says in words and numbers what became of
// it, and the Finding is made of verdicts. It knows no paper: claims are stated by experiments.
//
//	vs := verdict.Judge(claims, study.Of(recs))
//	fmt.Println(verdict.Finding(claims, vs))
//
// Seeds and test images are the samples, and n is the number of seeds.
package verdict

import (
	"fmt"
	"math"
	"slices"

	"msharp/harness/record"
	"msharp/harness/stats"
	"msharp/harness/study"
)

// Claim is a trend that was published, as a statistic of a study. Its experiment states it.
type Claim struct {
	ID        string
	Text      string  // what is claimed, in one sentence
	Unit      string  // of the statistic: "points of test error a step of m"
	Direction int     // +1 or -1: the sign that is claimed
	Smallest  float64 // the smallest effect of interest, > 0, in Unit
	Clause    string  // what the finding says of it, with %s for the estimate: "test error changes by %s points a step of m"; empty for nothing
	Of        Reading
	Others    []Variant // the same asked in other ways, shown beside the claim; none of them decides it
}

// Reading is how a claim is read from trials: one Part, or several of a claim that holds only where every part of it does, as "each of these
// curves falls". With no parts, missing says what is lacking; with parts, it says in words which records they stand on or do without. Judge
// calls the readings of several claims at the same time, and calls each for the trials without a block of test images too: it then has the
// same parts in the same order.
type Reading func(t *study.Trials) (parts []Part, missing string)

// Variant is a claim asked in another way: with another gate, or tuned otherwise.
type Variant struct {
	Name string // in words: "at train error 0"
	Of   Reading
}

// Single is the reading of a claim of one part.
func Single(of func(t *study.Trials) (bySeed study.PerSeed, missing string)) Reading {
	return func(t *study.Trials) ([]Part, string) {
		bySeed, missing := of(t)
		return []Part{{Statistic: study.Statistic{BySeed: bySeed}}}, missing
	}
}

// Part is one of several statements that make a claim, all in the claim's unit and direction.
type Part struct {
	Name string // in words: "m = 4 left of its best ρ"
	study.Statistic
	// P is one-sided in the claimed direction; nil stands for Student's t of the estimate. It is asked once.
	P func() float64
}

// The outcomes.
const (
	Reproduces       = "reproduces"         // Holm-adjusted p ≤ .05 in the claimed direction
	DoesNotReproduce = "does not reproduce" // the 95 % interval excludes the smallest effect of interest
	Undecided        = "undecided"
)

// Verdict is what became of a claim: one object of verdicts.json. Of a claim with parts, the numbers are those of the
// part that decided it.
type Verdict struct {
	Claim      string        `json:"claim"`
	Text       string        `json:"text"`
	Verdict    string        `json:"verdict"`
	Why        string        `json:"why"` // in words, with the numbers: what decided it, or what is missing
	Unit       string        `json:"unit"`
	Direction  int           `json:"direction"`      // the sign that is claimed
	Smallest   record.Number `json:"smallest"`       // the smallest effect of interest
	Part       string        `json:"part,omitempty"` // which part the numbers are of, in words; empty of a claim of one part without a name
	Parts      int           `json:"parts"`          // there are
	Estimate   record.Number `json:"estimate"`
	Low        record.Number `json:"low"` // of its 95 % interval
	High       record.Number `json:"high"`
	N          int           `json:"n"`                   // seeds
	Blocks     int           `json:"blocks"`              // of test images; 0 where the records do not hold them
	SeedsSE    record.Number `json:"se_seeds"`            // √A, see stats.Crossed
	ImagesSE   record.Number `json:"se_images"`           // √T
	P          record.Number `json:"p"`                   // Holm-adjusted over the experiment's claims
	Unadjusted record.Number `json:"p_unadjusted"`        // of the claim alone: the largest of its parts
	Given      record.Number `json:"p_given_test_images"` // the same by exact sign flips of the values by seed, given these test images

	Sensitivity []Sensitivity `json:"sensitivity,omitempty"` // the claim asked in other ways, in the order of Claim.Others
}

// Sensitivity is what a claim gives when it is asked in another way.
type Sensitivity struct {
	Name       string        `json:"name"`
	Missing    string        `json:"missing,omitempty"` // why there is no estimate
	Part       string        `json:"part,omitempty"`
	Estimate   record.Number `json:"estimate"`
	Low        record.Number `json:"low"`
	High       record.Number `json:"high"`
	N          int           `json:"n"`
	Unadjusted record.Number `json:"p_unadjusted"`
	Outcome    string        `json:"outcome"` // as it would be were this the claim, without Holm
}

const (
	alpha     = .05
	leastSeed = 3 // seeds, for an interval
)

// Judge tests every claim on the records of one experiment.
//
// The estimate of a claim is the mean of its values by seed. Its variance is A + T, A over seeds and T over the blocks of test images that
// all seeds share, and its interval and its p are those of Student's t: see stats.Crossed. Where the records do not hold their results by
// block T is not known, and Why says that the interval is given these test images.
//
// A claim reproduces where p ≤ .05. p is one-sided in the claimed direction, of the t or the part's own, and adjusted by Holm over the claims
// that have one. Of a claim with parts it is the largest of theirs (an intersection-union test, Berger 1982), which needs no adjustment over
// parts. Where the value is the same in every seed and block, p is that of the sign flips of the values by seed (stats.SignFlip).
//
// It does not reproduce where the 95 % interval lies wholly short of the smallest effect of interest in the claimed direction; of a claim
// with k parts, where the 100 − 5/k % interval of one does. Both fail: undecided. A claim that reproduces by less than the smallest effect
// says so, and so does one that another way of asking contradicts.
//
// The numbers of a verdict are those of the part that decided it, and its interval is that of 95 % whatever the number of parts. That is the
// part with the largest p, of equal p the one with the smallest estimate in the claimed direction; of a claim that does not reproduce it is
// the part whose 100 − 5/k % interval ends farthest short of the smallest effect; of one with too few seeds, the part with the fewest.
// p_given_test_images is the largest of the parts, and none where the values by seed of one are not the statistic (study.Pooled).
//
// Values by seed within a billionth of the smallest effect of 0 are 0, and a standard error within that is none: there is no interval then.
// A part's p that is no number is 1. Another way of asking has the verdict that it would have alone, without Holm.
//
// A claim whose records are missing, or that has fewer than 3 seeds, is undecided, has no p, and is not counted among
// the claims.
//
// A run that diverged counts as an error of 1. Where leaving such runs out would change a verdict, its Why says so, with both estimates.
func Judge(claims []Claim, t *study.Trials) []Verdict {
	own, others := weighAll(claims, t)
	vs := settle(own)
	for i := range vs {
		vs[i].compare(others[i])
	}
	if t.Diverged() == 0 || t.Unfinished() != "" {
		return vs
	}
	alone := slices.Clone(claims)
	for i := range alone {
		alone[i].Others = nil
	}
	without, _ := weighAll(alone, t.Where(func(r study.Trial) bool { return !r.Diverged }))
	for i, w := range settle(without) {
		if w.Verdict != vs[i].Verdict {
			vs[i].Why += vs[i].without(w, t.Diverged())
		}
	}
	return vs
}

// without says that a verdict would be w, were runs that diverged left out.
func (v Verdict) without(w Verdict, diverged int) string {
	runs, them := record.Plural(diverged, "diverged run"), "them"
	if diverged == 1 {
		them = "it"
	}
	if v.Estimate == w.Estimate && v.N == w.N {
		return fmt.Sprintf("; no value here is of a run that diverged, but without the %s of this study Holm would give: %s", runs, w.Verdict)
	}
	return fmt.Sprintf("; %s counts %s as an error of 1; without %s the estimate is %s, and the verdict: %s", v.estimate(), runs, them, w.estimate(), w.Verdict)
}

// weighAll returns what the trials say to each claim, and to it when it is asked in each of its other ways.
func weighAll(claims []Claim, t *study.Trials) (own []evidence, others [][]evidence) {
	var all []asked
	for _, c := range claims {
		if c.Direction != 1 && c.Direction != -1 || !(c.Smallest > 0) {
			panic("verdict: claim " + c.ID + " has no direction or no smallest effect")
		}
		all = append(all, asked{c, c.Of})
		for _, o := range c.Others {
			all = append(all, asked{c, o.Of})
		}
	}
	others = make([][]evidence, len(claims))
	if trouble := t.Trouble(); trouble != "" {
		for _, c := range claims {
			own = append(own, evidence{Claim: c, missing: trouble})
		}
		return own, others
	}
	found := weigh(all, t)
	for i, c := range claims {
		own, others[i], found = append(own, found[0]), found[1:1+len(c.Others)], found[1+len(c.Others):]
	}
	return own, others
}

// settle is what becomes of the claims of one experiment.
func settle(all []evidence) []Verdict {
	ps := make([]float64, len(all))
	tested := 0
	for i, e := range all {
		if ps[i] = e.p(); !math.IsNaN(ps[i]) {
			tested++
		}
	}
	out := make([]Verdict, len(all))
	for i, p := range stats.Holm(ps) {
		out[i] = all[i].verdict(p, tested)
	}
	return out
}
