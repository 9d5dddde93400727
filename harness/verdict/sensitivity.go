package verdict

import (
	"fmt"
	"strings"

	"msharp/harness/record"
)

// compare adds what the claim gives when it is asked in its other ways, and says so where one of them contradicts the verdict.
func (v *Verdict) compare(others []evidence) {
	var against []string
	for i, e := range others {
		other := e.Others[i]
		w := e.verdict(e.p(), 1)
		s := Sensitivity{Name: other.Name, Part: w.Part, Estimate: w.Estimate, Low: w.Low, High: w.High, N: w.N, Unadjusted: record.Number(e.p()), Outcome: w.Verdict}
		if value, _ := w.Digits(); value == "–" {
			s.Missing = w.Why
		}
		v.Sensitivity = append(v.Sensitivity, s)
		if contradicts(v.Verdict, w.Verdict) {
			against = append(against, fmt.Sprintf("%s %s, %s", other.Name, w.estimate(), w.Verdict))
		}
	}
	if len(against) > 0 {
		v.Why += "; asked otherwise it comes out otherwise: " + strings.Join(against, "; ")
	}
}

// contradicts reports that a is a decision, and b another outcome.
func contradicts(a, b string) bool { return a != b && a != Undecided }
