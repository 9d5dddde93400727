package verdict

import (
	"fmt"
	"strings"

	"msharp/harness/record"
	"msharp/harness/stats"
)

// Finding says what was found, in a sentence for each claim that has a Clause, and one that counts the outcomes. Every number in it is the
// verdict's: its estimate, its interval, its seeds. verdicts are those of the claims, in their order.
// A run prints it, and its report begins with it.
func Finding(claims []Claim, verdicts []Verdict) string {
	var sentences []string
	count := map[string]int{}
	told := map[string]bool{} // reasons why there is no estimate
	for i, c := range claims {
		v := verdicts[i]
		count[v.Verdict]++
		if c.Clause == "" {
			continue
		}
		if value, _ := v.Digits(); value == "–" {
			if !told[v.Why] {
				sentences = append(sentences, fmt.Sprintf("No estimate of %s: %s.", v.Claim, v.Why))
			}
			told[v.Why] = true
			continue
		}
		s := strings.Replace(c.Clause, "%s", v.estimate(), 1)
		if v.Part != "" {
			s += v.where()
		}
		sentences = append(sentences, fmt.Sprintf("%s (%s %s, n = %d).", upper(s), v.Claim, v.is(), v.N))
	}
	if len(claims) == 0 {
		return "This experiment makes no claims."
	}
	var outcomes []string
	for _, o := range []string{Reproduces, DoesNotReproduce, Undecided} {
		if n := count[o]; n > 0 {
			outcomes = append(outcomes, fmt.Sprintf("%d %s", n, Outcome(o, n)))
		}
	}
	return strings.Join(append(sentences, fmt.Sprintf("Of %s, %s.", record.Plural(len(claims), "claim"), strings.Join(outcomes, ", "))), " ")
}

// where says which part the estimate is of.
func (v Verdict) where() string {
	if v.Parts > 1 {
		return ", at its weakest, " + v.Part
	}
	return ", " + v.Part
}

// is says what became of the claim, as a verb.
func (v Verdict) is() string {
	if v.Verdict == Undecided {
		return "is undecided"
	}
	return v.Verdict
}

// Outcome is an outcome as n claims have it: "reproduce", "does not reproduce".
func Outcome(o string, n int) string {
	switch {
	case n == 1, o == Undecided:
		return o
	case o == DoesNotReproduce:
		return "do not reproduce"
	}
	return "reproduce"
}

// Digits writes the estimate and its interval, "[low, high]", to two digits of the half width; "–" without an estimate, and no interval
// where there is none.
func (v Verdict) Digits() (value, interval string) {
	return stats.Interval{Mean: float64(v.Estimate), Low: float64(v.Low), High: float64(v.High), N: v.N}.Digits()
}

// estimate is the estimate with its interval: ".113 [.088, .138]".
func (v Verdict) estimate() string {
	value, interval := v.Digits()
	return strings.TrimSpace(value + " " + interval)
}

// upper begins a sentence with s; a symbol stays as it is.
func upper(s string) string {
	if s == "" || s[0] >= 0x80 {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
