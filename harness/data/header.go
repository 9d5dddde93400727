package data

import (
	"fmt"
	"strings"
)

// noHeader reports whether a line that should hold names is one of numbers: it has a number wherever the row below it has one. Without a row
// below, it has numbers in all columns but one.
func noHeader(header, row []string) bool {
	numbers := 0
	for j, name := range header {
		if name == "" || row != nil && (j >= len(row) || !isValue(row[j])) {
			continue
		}
		switch {
		case !isValue(name) && row != nil:
			return false
		case isValue(name) && !isMissing(name):
			numbers++
		}
	}
	if row == nil {
		return numbers >= len(header)-1
	}
	return numbers > 0
}

// exampleHeader is a header of n columns.
func exampleHeader(n int, comma rune) string {
	var names []string
	for j := 1; j < n; j++ {
		names = append(names, fmt.Sprint("x", j))
	}
	if n > 8 {
		names = append(names[:2:2], "…", names[n-2])
	}
	return strings.Join(append(names, "class"), string(comma))
}
