package plots

import (
	"cmp"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"msharp/harness/stats"
	"msharp/harness/study"
)

// Span is the range of a count, mostly of the seeds behind points: "3" or "2–5". The zero value has no counts.
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

// upper begins a sentence with s; a symbol stays as it is.
func upper(s string) string {
	if s == "" || s[0] >= utf8.RuneSelf {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// edgeText is a value beyond an axis, in two digits: 6.7, 90, .012, 2·10⁻⁵.
func edgeText(v float64) string {
	size := math.Abs(v)
	if size >= 1e-3 && size < 1e4 {
		return stats.Decimals(v, edgePlaces(size))
	}
	if !(size > 0) || math.IsInf(v, 0) {
		return stats.Decimals(v, 0)
	}
	e := math.Floor(math.Log10(size))
	return stats.Decimals(v/math.Pow(10, e), 0) + "·" + power10(int(e))
}

// pastText is edgeText of a value past the end of an axis, with as many digits as it takes to be past it: 11.3 where the axis ends at 11.2.
func pastText(v, end float64) string {
	size := math.Abs(v)
	if !(size >= 1e-3 && size < 1e4) {
		return edgeText(v)
	}
	for places := edgePlaces(size); places < 6; places++ {
		unit := math.Pow(10, float64(places))
		if cmp.Compare(math.Round(v*unit)/unit, end) == cmp.Compare(v, end) {
			return stats.Decimals(v, places)
		}
	}
	return edgeText(v)
}

// edgePlaces is how many decimals two digits have.
func edgePlaces(size float64) int { return max(0, 1-int(math.Floor(math.Log10(size)+.0022))) } // 9.95 is 10

// signedText is edgeText with the sign of a difference: +13.
func signedText(v float64) string {
	if v > 0 {
		return "+" + edgeText(v)
	}
	return edgeText(v)
}

// differenceText is "−1.42 [−1.60, −1.24]".
func differenceText(d stats.Interval) string {
	if d.N == 0 {
		return "–"
	}
	s := stats.Interval{Mean: d.Mean, Low: nan, High: nan}.SignedPlusMinus(2)
	if math.IsNaN(d.Half()) {
		return s
	}
	return fmt.Sprintf("%s [%s, %s]", s, stats.Decimals(d.Low, 2), stats.Decimals(d.High, 2))
}

// pText is a p in words.
func pText(p float64) string {
	if p < .001 {
		return "p < .001"
	}
	return "p = " + stats.Decimals(p, 3)
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
	return "m=" + study.GroupText(m)
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
