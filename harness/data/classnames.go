package data

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// classNaming is the classes of a table, by name.
type classNaming struct {
	counts map[string]int    // examples of each
	number map[string]int    // of each, in the order in which they come
	texts  map[string]string // the class of each text that stands for one
}

func newClassNaming() *classNaming {
	return &classNaming{map[string]int{}, map[string]int{}, map[string]string{}}
}

// add counts an example of the class that a text names, and returns the class's number in the order in which they come.
func (n *classNaming) add(text string) int {
	name, known := n.texts[text]
	if !known {
		text = strings.Clone(text)
		name = canonical(text)
		n.texts[text] = name
		if _, ok := n.number[name]; !ok {
			n.number[name] = len(n.number)
		}
	}
	n.counts[name]++
	return n.number[name]
}

// sorted returns the names: numbers by size, then the others as texts.
func (n *classNaming) sorted() []string {
	return slices.SortedFunc(maps.Keys(n.counts), func(a, b string) int {
		x, isX := numeral(a)
		y, isY := numeral(b)
		switch {
		case isX && isY:
			return cmp.Or(cmp.Compare(x, y), cmp.Compare(a, b))
		case isX:
			return -1
		case isY:
			return 1
		}
		return cmp.Compare(a, b)
	})
}

// joined says which texts are one class, "" if each is its own.
func (n *classNaming) joined() string {
	of := map[string][]string{}
	for _, text := range slices.Sorted(maps.Keys(n.texts)) {
		of[n.texts[text]] = append(of[n.texts[text]], visible(text))
	}
	var groups []string
	for _, name := range n.sorted() {
		if texts := of[name]; len(texts) > 1 {
			groups = append(groups, strings.Join(texts, " and "))
		}
	}
	if len(groups) == 0 {
		return ""
	}
	return fmt.Sprintf("one class each, for they are one number: %s", listed(groups))
}

// decimal matches a number without an exponent.
var decimal = regexp.MustCompile(`^([-+]?)([0-9]*)(?:\.([0-9]*))?$`)

// canonical returns the name of a class: one for all texts of the same decimal number, 1 for 01 and 1.0 and 1.000e+00, and any other text
// itself.
func canonical(text string) string {
	plain, _ := pointed(text)
	if strings.ContainsAny(plain, "eE") {
		if x, ok := numeral(plain); ok && math.Abs(x) < 1<<53 {
			plain = strconv.FormatFloat(x, 'f', -1, 64)
		}
	}
	m := decimal.FindStringSubmatch(plain)
	if m == nil || m[2]+m[3] == "" {
		return text
	}
	whole, part := strings.TrimLeft(m[2], "0"), strings.TrimRight(m[3], "0")
	name := cmp.Or(whole, "0")
	if part != "" {
		name += "." + part
	}
	if m[1] == "-" && name != "0" {
		name = "-" + name
	}
	return name
}

// scientific matches a decimal number, with an exponent or without.
var scientific = regexp.MustCompile(`^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?$`)

// numeral returns the number that a class's name is.
func numeral(name string) (x float64, ok bool) {
	if !scientific.MatchString(name) {
		return 0, false
	}
	x, _ = strconv.ParseFloat(name, 64) // ±∞ sorts as it should
	return x, true
}

// isWhole reports whether a text is a whole number ≥ 0.
func isWhole(text string) bool { return text != "" && strings.Trim(text, "0123456789") == "" }

// listed is a list in words: the first ten, and how many more there are.
func listed(items []string) string {
	const most = 10
	if n := len(items) - most; n > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(items[:most], ", "), n)
	}
	return strings.Join(items, ", ")
}
