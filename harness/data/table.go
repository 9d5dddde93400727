package data

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"msharp/models/kind"
)

// table describes a CSV file all of whose values have been checked.
type table struct {
	columns []string // trimmed, distinct, none empty
	class   int      // which column
	classes []string // sorted
	rows    int      // below the header
}

// maxClasses is a limit that catches a column of numbers or names chosen as the class column by mistake.
const maxClasses = 1000

// checkTable reads a CSV file strictly. The header's names must be distinct and not all numbers, rows as long as the header, and values finite
// numbers within float32's range, except in the class column; there must be two classes or more. An error names line and column.
func checkTable(name string, content []byte, class string) (*table, error) {
	r := csv.NewReader(bytes.NewReader(content))
	r.ReuseRecord = true
	header, err := r.Read()
	if err == io.EOF {
		return nil, fmt.Errorf("%s: the file is empty; expected a header line", name)
	} else if err != nil {
		return nil, syntax(name, err)
	}
	line, _ := r.FieldPos(0)
	t, err := checkHeader(fmt.Sprintf("%s:%d", name, line), header, class)
	if err != nil {
		return nil, err
	}
	classes := map[string]bool{}
	for {
		row, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil && !errors.Is(err, csv.ErrFieldCount) {
			return nil, syntax(name, err) // there is no row to ask for its position
		}
		line, _ := r.FieldPos(0)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %d fields; expected %d as in the header", name, line, len(row), len(t.columns))
		}
		t.rows++
		for j, value := range row {
			value = strings.TrimSpace(value)
			if problem := fault(value, j == t.class); problem != "" {
				line, _ := r.FieldPos(j)
				return nil, fmt.Errorf("%s:%d: column %d (%s) = %s", name, line, j+1, t.columns[j], problem)
			}
			if j == t.class && !classes[value] {
				classes[strings.Clone(value)] = true
			}
		}
		if len(classes) > maxClasses {
			return nil, fmt.Errorf("%s:%d: more than %d classes in column %d (%s)", name, line, maxClasses, t.class+1, t.columns[t.class])
		}
	}
	if t.classes = slices.Sorted(maps.Keys(classes)); len(t.classes) < 2 {
		count := []string{"no class", "one class"}[len(t.classes)]
		return nil, fmt.Errorf("%s: %s in column %d (%s), %d rows; expected two classes or more", name, count, t.class+1, t.columns[t.class], t.rows)
	}
	return t, nil
}

// checkHeader finds the class column; "" means the last. Errors start with the place of the header.
func checkHeader(where string, header []string, class string) (*table, error) {
	t := &table{class: -1}
	numbers, seen := 0, make(map[string]bool, len(header))
	for j, column := range header {
		column = strings.TrimSpace(column)
		switch {
		case column == "":
			return nil, fmt.Errorf("%s: column %d has no name", where, j+1)
		case seen[column]:
			return nil, fmt.Errorf("%s: column %d (%s) has the same name as another column", where, j+1, column)
		case column == class:
			t.class = j
		}
		if _, err := strconv.ParseFloat(column, 64); err == nil {
			numbers++
		}
		column = strings.Clone(column)
		seen[column] = true
		t.columns = append(t.columns, column)
	}
	switch {
	case len(t.columns) < 2:
		return nil, fmt.Errorf("%s: one column; expected a feature and a class at least, divided by commas", where)
	case numbers >= len(t.columns)-1:
		return nil, fmt.Errorf("%s: a line of numbers; expected a header with the names of the columns", where)
	case class == "":
		t.class = len(t.columns) - 1
	case t.class < 0:
		return nil, &kind.Error{Key: "class", Value: class, Problem: "no such column at " + where,
			Expected: "one of " + t.names(), Nearest: kind.Nearest(class, t.columns)}
	}
	return t, nil
}

// names lists the columns: the first of them and how many more there are, if they are too many for a line.
func (t *table) names() string {
	const most = 20
	if n := len(t.columns) - most; n > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(t.columns[:most], ", "), n)
	}
	return strings.Join(t.columns, ", ")
}

// fault returns the value and what is wrong with it, or "".
func fault(value string, class bool) string {
	if value == "" {
		return "(empty): a missing value"
	}
	if class {
		return ""
	}
	x, err := strconv.ParseFloat(value, 64)
	if r := []rune(value); len(r) > 40 {
		value = string(r[:37]) + "..."
	}
	switch {
	case errors.Is(err, strconv.ErrSyntax):
		return value + ": not a number"
	case math.IsNaN(x) || math.Abs(x) > math.MaxFloat32:
		return value + ": not finite; expected a number within ±3.4e38"
	}
	return ""
}

// syntax returns an error of encoding/csv with its place in front.
func syntax(name string, err error) error {
	var e *csv.ParseError
	if errors.As(err, &e) {
		return fmt.Errorf("%s:%d: byte %d of the line: %v", name, e.Line, e.Column, e.Err)
	}
	return fmt.Errorf("%s: %w", name, err)
}
