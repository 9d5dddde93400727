package plots

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"msharp/harness/stats"
)

// decimals writes v with a fixed number of decimals, a true minus sign and no leading zero: −.71.
func decimals(v float64, places int) string {
	if math.IsNaN(v) {
		return "–"
	}
	s := strconv.FormatFloat(math.Abs(v), 'f', places, 64)
	zero := strings.Trim(s, "0.") == ""
	if rest, ok := strings.CutPrefix(s, "0."); ok {
		s = "." + rest
	}
	if v < 0 && !zero {
		s = "−" + s
	}
	return s
}

// plusMinus writes an interval as "mean ± half", or the mean alone where there is no interval.
func plusMinus(i stats.Interval, places int) string {
	if math.IsNaN(i.Half()) {
		return decimals(i.Mean, places)
	}
	return decimals(i.Mean, places) + " ± " + decimals(i.Half(), places)
}

// short writes a number of an axis or setting in its shortest form, without a leading zero: .05, 128.
func short(v float64) string {
	s := strconv.FormatFloat(math.Abs(v), 'g', 6, 64)
	if rest, ok := strings.CutPrefix(s, "0."); ok {
		s = "." + rest
	}
	if v < 0 {
		s = "−" + s
	}
	return s
}

// mText names a measure's or optimizer's m: "4", or "n" for all examples, which is +Inf here.
func mText(m float64) string {
	if math.IsInf(m, 1) {
		return "n"
	}
	return short(m)
}

// span is "3" or "2–5": the range of a count.
type span struct {
	low, high int
	some      bool // added to
}

func (s *span) add(n int) {
	if !s.some || n < s.low {
		s.low = n
	}
	s.high, s.some = max(s.high, n), true
}

func (s span) String() string {
	if s.low == s.high {
		return strconv.Itoa(s.low)
	}
	return fmt.Sprintf("%d–%d", s.low, s.high)
}

func (s span) seeds() string {
	if s.high == 1 {
		return "1 seed"
	}
	return s.String() + " seeds"
}

// power10 writes 10 to a whole power: 10⁻³.
func power10(exp int) string {
	up := []rune("⁰¹²³⁴⁵⁶⁷⁸⁹")
	s := "10"
	if exp < 0 {
		s, exp = s+"⁻", -exp
	}
	for _, d := range strconv.Itoa(exp) {
		s += string(up[d-'0'])
	}
	return s
}

// cellText is a number in a figure's CSV; empty where there is none.
func cellText(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return ""
	}
	return strconv.FormatFloat(v, 'g', 8, 64)
}

// intervalCells are mean, low, high and N of a CSV.
func intervalCells(i stats.Interval) []string {
	return []string{cellText(i.Mean), cellText(i.Low), cellText(i.High), fmt.Sprint(i.N)}
}

func orText(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}

// upper begins a sentence with s; a symbol stays as it is.
func upper(s string) string {
	if s == "" || s[0] >= utf8.RuneSelf {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
