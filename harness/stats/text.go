package stats

import (
	"math"
	"strconv"
	"strings"
)

// Decimals writes v with a fixed number of decimals, a true minus sign and no leading zero: −.71; "–" for NaN.
func Decimals(v float64, places int) string {
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

// PlusMinus writes an interval as "mean ± half", or the mean alone where there is no interval.
func (i Interval) PlusMinus(places int) string {
	if math.IsNaN(i.Half()) {
		return Decimals(i.Mean, places)
	}
	return Decimals(i.Mean, places) + " ± " + Decimals(i.Half(), places)
}

// SignedPlusMinus is PlusMinus with a plus before a mean above 0, as differences are written: +.12 ± .05.
func (i Interval) SignedPlusMinus(places int) string {
	if i.Mean > 0 {
		return "+" + i.PlusMinus(places)
	}
	return i.PlusMinus(places)
}

// Digits writes the mean and the interval as "[low, high]", to two digits of the half width; the mean to three decimals where there is no
// interval, and "–" without a finite mean.
func (i Interval) Digits() (mean, interval string) {
	if math.IsNaN(i.Mean) || math.IsInf(i.Mean, 0) {
		return "–", ""
	}
	places := 3
	if i.High > i.Low && !math.IsInf(i.High-i.Low, 0) {
		places = max(0, min(8, 1-int(math.Floor(math.Log10(i.Half())))))
		interval = "[" + Decimals(i.Low, places) + ", " + Decimals(i.High, places) + "]"
	}
	return Decimals(i.Mean, places), interval
}

// Short writes a number of an axis or setting in its shortest form of up to six digits, without a leading zero: .05, 128.
func Short(v float64) string {
	s := strconv.FormatFloat(math.Abs(v), 'g', 6, 64)
	if rest, ok := strings.CutPrefix(s, "0."); ok {
		s = "." + rest
	}
	if v < 0 {
		s = "−" + s
	}
	return s
}
