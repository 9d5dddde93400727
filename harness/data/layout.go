package data

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"msharp/models/kind"
)

// layout is how a CSV file is divided into columns, and what each of them is.
type layout struct {
	name    string // of the file
	comma   rune   // between columns
	columns []string
	role    []role
	class   int      // which column
	where   string   // the place of the header
	notes   []string // what is left out, and why
}

// role is what a column is.
type role int

const (
	asFeature role = iota
	asClass
	asDropped
)

// newLayout looks through a table once. Names must be distinct and none empty, except for an index in front and an empty column at the end,
// which are dropped; rows must be as long as the header.
func newLayout(name string, content []byte, c CSV) (*layout, error) {
	l := &layout{name: name, class: -1}
	var err error
	if l.comma, err = l.separator(content, c.Separator); err != nil {
		return nil, err
	}
	r := l.reader(content)
	header, err := r.Read()
	if err == io.EOF {
		return nil, fmt.Errorf("%s: the file is empty; expected a header line", name)
	} else if err != nil {
		return nil, syntax(name, err)
	}
	line, _ := r.FieldPos(0)
	l.where = fmt.Sprintf("%s:%d", name, line)
	for _, column := range header {
		l.columns = append(l.columns, strings.Clone(trim(column)))
	}
	l.role = make([]role, len(l.columns))
	if len(l.columns) < 2 {
		return nil, fmt.Errorf("%s: one column; expected a feature and a class at least, divided by commas, semicolons or tabs", l.where)
	}
	seen, err := l.survey(r)
	if err != nil {
		return nil, err
	}
	if noHeader(l.columns, seen.first) {
		return nil, fmt.Errorf("%s: no header: this line holds numbers, as the rows do; expected a line with the names of the columns in front of it, such as %s",
			l.where, exampleHeader(len(l.columns), l.comma))
	}
	if err := l.leaveOut(seen); err != nil {
		return nil, err
	}
	names := map[string]bool{}
	for j, column := range l.columns {
		switch {
		case column == "" && l.role[j] == asDropped:
		case column == "":
			return nil, fmt.Errorf("%s: column %d has no name", l.where, j+1)
		case names[column]:
			return nil, fmt.Errorf("%s: column %d%s has the same name as another column", l.where, j+1, inBrackets(column))
		}
		names[column] = true
	}
	return l, l.choose(c)
}

// reader reads the rows. A row without the field of an empty last column is as good as one with it.
func (l *layout) reader(content []byte) *csv.Reader {
	r := csv.NewReader(bytes.NewReader(content))
	r.Comma = l.comma
	r.ReuseRecord = true
	return r
}

// separator returns the character between columns: the one asked for, else the one that divides the header into the most.
func (l *layout) separator(content []byte, asked string) (rune, error) {
	most, with := 1, []separator{separators[0]}
	for _, s := range separators {
		if s.name == asked || string(s.char) == asked {
			return s.char, nil
		}
		l.comma = s.char
		header, err := l.reader(content).Read()
		switch n := len(header); {
		case err != nil || n < most || n == 1:
		case n == most:
			with = append(with, s)
		default:
			most, with = n, []separator{s}
		}
	}
	if len(with) > 1 {
		return 0, &kind.Error{Key: "separator", Problem: fmt.Sprintf("%s: the header has %d columns divided by %s, and as many divided by %s", l.name, most, with[0].name, with[1].name),
			Expected: "one of the two: " + with[0].name + ", " + with[1].name}
	}
	return with[0].char, nil
}

// surveyed is what the rows below a header say of the columns.
type surveyed struct {
	rows      int
	first     []string // the first row
	index     bool     // the first column holds whole numbers only, or a value of its own in each row
	emptyLast bool     // no row has a value in the last column
}

// survey reads the rows.
func (l *layout) survey(r *csv.Reader) (s surveyed, err error) {
	s.emptyLast = true
	whole, distinct, values := true, true, map[string]bool{}
	for {
		row, err := r.Read()
		if err == io.EOF {
			s.index = whole || distinct
			return s, nil
		}
		if err != nil && !errors.Is(err, csv.ErrFieldCount) {
			return s, syntax(l.name, err) // there is no row to ask for its position
		}
		if err != nil && !l.lacksLast(row) {
			line, _ := r.FieldPos(0)
			return s, fmt.Errorf("%s:%d: %d fields; expected %d as in the header", l.name, line, len(row), len(l.columns))
		}
		if s.rows++; s.rows == 1 {
			for _, value := range row {
				s.first = append(s.first, strings.Clone(trim(value)))
			}
		}
		if s.emptyLast = s.emptyLast && (err != nil || trim(row[len(row)-1]) == ""); l.columns[0] != "" {
			continue
		}
		value := trim(row[0])
		whole = whole && isWhole(value)
		if distinct = distinct && !values[value]; distinct {
			values[strings.Clone(value)] = true
		}
	}
}

// lacksLast reports whether a row has a field for every column but a last one without a name.
func (l *layout) lacksLast(row []string) bool {
	last := len(l.columns) - 1
	return len(row) == last && l.columns[last] == ""
}

// leaveOut drops an index without a name, and a last column without a value.
func (l *layout) leaveOut(s surveyed) error {
	last := len(l.columns) - 1
	if l.columns[0] == "" && s.rows > 0 {
		if !s.index {
			return fmt.Errorf("%s: column 1 has no name, and is no index, for values stand in several rows; expected a name", l.where)
		}
		l.role[0] = asDropped
		l.notes = append(l.notes, "column 1 is left out: an index, for it has no name")
	}
	if s.emptyLast && s.rows > 0 {
		l.role[last] = asDropped
		l.notes = append(l.notes, fmt.Sprintf("column %d%s is left out: it is empty in every row", last+1, inBrackets(l.columns[last])))
	}
	return nil
}

func inBrackets(name string) string {
	if name == "" {
		return ""
	}
	return " (" + visible(name) + ")"
}

// choose takes the columns to drop, and the class column; "" is the last.
func (l *layout) choose(c CSV) error {
	for _, name := range c.Drop {
		j := slices.Index(l.columns, name)
		if j < 0 || name == "" {
			return l.unknown("drop", name)
		}
		if name == c.Class {
			return &kind.Error{Key: "drop", Value: name, Problem: "the class column", Expected: "another column, or another " + kind.Beside("class")}
		}
		l.role[j] = asDropped
	}
	features := 0
	for j, column := range l.columns {
		if l.role[j] == asDropped && (c.Class == "" || column != c.Class) {
			continue
		}
		if c.Class == "" || column == c.Class {
			l.class = j
		}
		features++
	}
	if l.class < 0 {
		return l.unknown("class", c.Class)
	}
	if features < 2 {
		return fmt.Errorf("%s: no feature is left beside the class (%s); expected one at least", l.where, visible(l.columns[l.class]))
	}
	l.role[l.class] = asClass
	return nil
}

// unknown returns the error of a column that is not there.
func (l *layout) unknown(key, name string) error {
	return &kind.Error{Key: key, Value: name, Problem: "no such column at " + l.where, Expected: "one of " + l.names(), Nearest: kind.Nearest(name, l.columns)}
}

// names lists the columns: the first of them and how many more there are, if they are too many for a line.
func (l *layout) names() string {
	names := slices.DeleteFunc(slices.Clone(l.columns), func(name string) bool { return name == "" })
	const most = 20
	if n := len(names) - most; n > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), n)
	}
	return strings.Join(names, ", ")
}

// syntax returns an error of encoding/csv with its place in front.
func syntax(name string, err error) error {
	var e *csv.ParseError
	if errors.As(err, &e) {
		return fmt.Errorf("%s:%d: byte %d of the line: %v", name, e.Line, e.Column, e.Err)
	}
	return fmt.Errorf("%s: %w", name, err)
}
