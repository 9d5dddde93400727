package claimstest

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"msharp/harness/record"
	"msharp/harness/study"
	"msharp/harness/verdict"
)

// True tests that claims reproduce on the records of a sweep in which they are true, all but those named, and that neither the order of the
// records nor the number of processors matters.
func True(t *testing.T, claims []verdict.Claim, recs []record.Record, not ...string) {
	t.Helper()
	vs := verdict.Judge(claims, study.Of(recs))
	for _, v := range vs {
		t.Logf("%s: %s %.3g [%.3g, %.3g] n %d p %.2g: %s", v.Claim, v.Verdict, v.Estimate, v.Low, v.High, v.N, v.P, v.Why)
		if (v.Verdict == verdict.Reproduces) == slices.Contains(not, v.Claim) {
			t.Errorf("%+v", v)
		}
	}
	shuffled := slices.Clone(recs)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	for _, processors := range []int{1, 7} {
		before := runtime.GOMAXPROCS(processors)
		again := verdict.Judge(claims, study.Of(shuffled))
		runtime.GOMAXPROCS(before)
		if fmt.Sprintf("%+v", again) != fmt.Sprintf("%+v", vs) { // NaN and all
			t.Errorf("shuffled records on %d processors give %+v, not %+v", processors, again, vs)
		}
	}
}

// Whole tests that claims have all that a verdict and a finding need.
func Whole(t *testing.T, claims []verdict.Claim) {
	t.Helper()
	ids := map[string]bool{}
	clauses := 0
	for _, c := range claims {
		if c.ID == "" || ids[c.ID] || !strings.HasSuffix(c.Text, ".") || c.Unit == "" || c.Of == nil {
			t.Errorf("%+v", c)
		}
		if c.Clause != "" {
			clauses++
			if strings.Count(c.Clause, "%s") != 1 {
				t.Errorf("%s: the clause %q has no one place for the estimate", c.ID, c.Clause)
			}
		}
		ids[c.ID] = true
	}
	if clauses == 0 {
		t.Error("the finding would name no claim")
	}
}
