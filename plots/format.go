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

// Span is the range of a count, of the seeds behind points above all: "3" or "2–5". The zero value is of no counts.
type Span struct {
	low, high int
	some      bool // added to
}

// Add widens the range to hold n.
func (s *Span) Add(n int) {
	if !s.some || n < s.low {
		s.low = n
	}
	s.high, s.some = max(s.high, n), true
}

// join widens the range to hold another.
func (s *Span) join(of Span) {
	if of.some {
		s.Add(of.low)
		s.Add(of.high)
	}
}

func (s Span) String() string {
	if s.low == s.high {
		return strconv.Itoa(s.low)
	}
	return fmt.Sprintf("%d–%d", s.low, s.high)
}

func (s Span) seeds() string {
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

// signed writes a difference with its sign: +.12 ± .05.
func signed(d stats.Difference, places int) string {
	if d.N == 0 {
		return "–"
	}
	s := plusMinus(d.Interval, places)
	if d.Mean > 0 {
		s = "+" + s
	}
	return s
}

// pText writes a p value.
func pText(p float64) string {
	switch {
	case math.IsNaN(p):
		return "–"
	case p < .001:
		return "< .001"
	}
	return decimals(p, 3)
}

// differenceText is "−1.42 [−1.60, −1.24]".
func differenceText(d stats.Interval) string {
	if d.N == 0 {
		return "–"
	}
	s := signed(stats.Difference{Interval: stats.Interval{Mean: d.Mean, Low: nan, High: nan, N: d.N}}, 2)
	if math.IsNaN(d.Half()) {
		return s
	}
	return fmt.Sprintf("%s [%s, %s]", s, decimals(d.Low, 2), decimals(d.High, 2))
}

// keyName is the last part of a dotted key, in words.
func keyName(key string) string {
	return strings.ReplaceAll(key[strings.LastIndex(key, ".")+1:], "_", " ")
}

func keyNames(keys []string) string {
	var names []string
	for _, k := range keys {
		names = append(names, keyName(k))
	}
	return andText(names)
}

// andText lists words: "a", "a and b", "a, b and c".
func andText(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// seriesOf names ρ = 0, which m 0 stands for, or an m in a CSV.
func seriesOf(m float64) string {
	if m == 0 {
		return "rho=0"
	}
	return "m=" + mText(m)
}

// exactly is a value without an interval.
func exactly(v float64) stats.Interval { return stats.Interval{Mean: v, Low: nan, High: nan} }

// nan stands for "no value".
var nan = math.NaN()

// spread widens [low, high] to hold the vs that are numbers.
func spread(low, high float64, vs ...float64) (float64, float64) {
	for _, v := range vs {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			low, high = math.Min(low, v), math.Max(high, v)
		}
	}
	return low, high
}
