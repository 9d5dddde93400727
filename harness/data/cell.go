package data

import (
	"errors"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// trim takes what cannot be seen from both ends of a value: white space, non-breaking and of zero width too.
func trim(value string) string { return strings.TrimFunc(value, unseen) }

func unseen(r rune) bool {
	switch r {
	case '\u200b', '\u200c', '\u200d', '\u200e', '\u200f', '\u2060', '\ufeff', '\u180e':
		return true
	}
	return unicode.IsSpace(r)
}

// missingWords are the texts that stand for no value, beside the empty one: those of R, pandas, SQL, Weka and spreadsheets.
var missingWords = []string{"NA", "N/A", "n/a", "NaN", "nan", "NULL", "Null", "null", "?", "#N/A", "<NA>"}

func isMissing(value string) bool { return value == "" || slices.Contains(missingWords, value) }

// truth returns 1 for true, 0 for false.
func truth(value string) (number string, ok bool) {
	switch value {
	case "true", "True", "TRUE":
		return "1", true
	case "false", "False", "FALSE":
		return "0", true
	}
	return "", false
}

// decimalComma matches a number with a comma for its point.
var decimalComma = regexp.MustCompile(`^[-+]?[0-9]*,[0-9]+([eE][-+]?[0-9]+)?$`)

// pointed returns a number with a decimal comma with its point; any other value as it is.
func pointed(value string) (text string, comma bool) {
	if strings.IndexByte(value, ',') >= 0 && decimalComma.MatchString(value) {
		return strings.Replace(value, ",", ".", 1), true
	}
	return value, false
}

// isValue reports whether a text is what stands below a feature's name: a number, a truth value, or a sign that it is missing.
func isValue(value string) bool {
	value, _ = pointed(value)
	_, err := strconv.ParseFloat(value, 64)
	_, is := truth(value)
	return isMissing(value) || is || !errors.Is(err, strconv.ErrSyntax)
}

// readFeature returns what a feature's value says, as a text that strconv reads. If it says nothing, problem is why not.
func readFeature(value string) (text string, x float64, problem string) {
	if isMissing(value) {
		return "", 0, "a missing value; expected a number, or this column in data.drop"
	}
	if number, ok := truth(value); ok {
		value = number
	}
	x, err := strconv.ParseFloat(value, 64)
	switch {
	case errors.Is(err, strconv.ErrSyntax):
		return "", 0, "not a number; expected one, or this column in data.drop or as data.class"
	case math.IsNaN(x) || math.Abs(x) > math.MaxFloat32:
		return "", 0, "not finite; expected a number within ±3.4e38"
	}
	return value, x, ""
}

// visible is a value in a message: shortened, and with what cannot be seen as \u200b.
func visible(value string) string {
	if value == "" {
		return "(empty)"
	}
	if r := []rune(value); len(r) > 40 {
		value = string(r[:37]) + "..."
	}
	if strings.IndexFunc(value, func(r rune) bool { return !unicode.IsPrint(r) }) < 0 {
		return value
	}
	quoted := strconv.QuoteToGraphic(value)
	return quoted[1 : len(quoted)-1]
}
