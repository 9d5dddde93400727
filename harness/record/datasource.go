package record

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// DataSource names a data set that was read.
type DataSource struct {
	Kind     string   `json:"kind"`
	Name     string   `json:"name,omitempty"`     // for people: "Fashion-MNIST"
	Origin   string   `json:"origin"`             // where the bytes were found
	SHA256   string   `json:"sha256"`             // of the uncompressed bytes, in reading order
	Class    string   `json:"class,omitempty"`    // the class column; "" if the data set is no table
	Classes  []string `json:"classes,omitempty"`  // names, in the order of the confusion counts
	Notes    []string `json:"notes,omitempty"`    // what was done to the file to read it
	Warnings []string `json:"warnings,omitempty"` // what looks like a mistake of the user's
}

// About says how a table was read: "class species: 3 classes (setosa, versicolor, virginica)", and what was done to the file; "" of what is no
// table.
func (d DataSource) About() string {
	if d.Class == "" {
		return ""
	}
	const most = 12
	var names []string
	for _, name := range d.Classes {
		names = append(names, plainly(name))
	}
	if n := len(names); n > most {
		names = append(names[:most-2:most-2], "…", names[n-1])
	}
	text := fmt.Sprintf("class %s: %d classes (%s)", plainly(d.Class), len(d.Classes), strings.Join(names, ", "))
	return strings.Join(append([]string{text}, d.Notes...), "; ")
}

// plainly is a name on one line and in a list: in quotes where it would not be understood without.
func plainly(name string) string {
	if strings.Contains(name, ",") || strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return strconv.QuoteToGraphic(name)
	}
	return name
}

// JoinData returns the data sets of a and those of b. Where b has one of a's, it is as in b: it may say more.
func JoinData(a, b []DataSource) []DataSource {
	all := slices.Clone(a)
	for _, d := range b {
		same := func(x DataSource) bool {
			return x.Kind == d.Kind && x.Origin == d.Origin && x.SHA256 == d.SHA256 && (x.Class == d.Class && slices.Equal(x.Classes, d.Classes) || x.Classes == nil)
		}
		if i := slices.IndexFunc(all, same); i >= 0 {
			all[i] = d
		} else {
			all = append(all, d)
		}
	}
	return all
}

// ClassNames returns the names of the classes of a trial whose confusion counts are of so many, by its settings; nil if the data sets do not say
// them, or several do and differ.
func ClassNames(data []DataSource, kind, class string, n int) (names []string) {
	for _, d := range data {
		if d.Kind != kind || len(d.Classes) != n || class != "" && class != d.Class {
			continue
		}
		if names != nil && !slices.Equal(names, d.Classes) {
			return nil
		}
		names = d.Classes
	}
	return names
}
