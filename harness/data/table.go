package data

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// table is a CSV file all of whose values have been checked.
type table struct {
	*layout
	classes  []string // their names, in order
	rows     int      // below the header
	text     []byte   // the rows without what is dropped: numbers divided by commas, classes numbered as in codes
	codes    []string // the numbers of the classes in text
	warnings []string
}

// maxClasses is a limit that catches a column of numbers or names chosen as the class column by mistake.
const maxClasses = 1000

// readTable reads a CSV file strictly. Features must be finite numbers within float32's range, or true and false; there must be two classes or
// more. An error names line and column.
func readTable(name string, content []byte, c CSV) (*table, error) {
	if err := checkEncoding(name, content); err != nil {
		return nil, err
	}
	content = bytes.TrimPrefix(content, []byte("\ufeff")) // the mark that spreadsheets put in front of UTF-8
	l, err := newLayout(name, content, c)
	if err != nil {
		return nil, err
	}
	t := &table{layout: l, text: make([]byte, 0, len(content))}
	r := l.reader(content)
	if _, err := r.Read(); err != nil {
		return nil, syntax(name, err)
	}
	names, serials, decimals := newClassNaming(), l.newSerials(), decimalMarks{}
	for {
		row, err := r.Read()
		if err == io.EOF {
			break
		} else if err != nil && !l.lacksLast(row) {
			return nil, syntax(name, err)
		}
		t.rows++
		for j, value := range row {
			value = trim(value)
			place := func(problem string) error {
				line, _ := r.FieldPos(j)
				return fmt.Errorf("%s:%d: column %d%s = %s: %s", name, line, j+1, inBrackets(l.columns[j]), visible(value), problem)
			}
			switch l.role[j] {
			case asDropped:
				continue
			case asClass:
				if isMissing(value) {
					return nil, place("a missing value; expected the name of a class")
				}
				t.text = strconv.AppendInt(t.text, int64(names.add(value)), 10)
			case asFeature:
				text := value
				if l.comma != ',' {
					if text, err = decimals.pointed(value); err != nil {
						return nil, place(err.Error())
					}
				}
				text, x, problem := readFeature(text)
				if problem != "" {
					return nil, place(problem)
				}
				decimals.saw(value, func() int { line, _ := r.FieldPos(j); return line })
				serials.see(j, x)
				t.text = append(t.text, text...)
			}
			t.text = append(t.text, ',')
		}
		t.text[len(t.text)-1] = '\n'
		if len(names.counts) > maxClasses {
			line, _ := r.FieldPos(0)
			return nil, fmt.Errorf("%s:%d: more than %d classes in column %d%s; expected the class column as data.class", name, line, maxClasses, l.class+1, inBrackets(l.columns[l.class]))
		}
	}
	if t.classes = names.sorted(); len(t.classes) < 2 {
		count := []string{"no class", "one class"}[len(t.classes)]
		return nil, fmt.Errorf("%s: %s in column %d%s, %d rows; expected two classes or more", name, count, l.class+1, inBrackets(l.columns[l.class]), t.rows)
	}
	for _, class := range t.classes {
		t.codes = append(t.codes, strconv.Itoa(names.number[class]))
	}
	if decimals.comma != "" {
		t.notes = append(t.notes, fmt.Sprintf("numbers have a decimal comma, as %s in line %d", decimals.comma, decimals.line))
	}
	if joined := names.joined(); joined != "" {
		t.notes = append(t.notes, joined)
	}
	t.warnings = t.suspicions(c, names, serials)
	return t, nil
}

// decimalMarks are the first numbers of a table with a decimal comma and with a decimal point.
type decimalMarks struct {
	comma, point string
	line         int // of the first of them
}

// pointed returns a number with its decimal point. A table has one mark for all its numbers, else a comma may divide thousands.
func (m *decimalMarks) pointed(value string) (string, error) {
	text, comma := pointed(value)
	switch {
	case comma && m.point != "":
		return "", fmt.Errorf("a decimal comma, where line %d has a decimal point (%s); expected one of the two", m.line, m.point)
	case !comma && m.comma != "" && strings.Contains(value, "."):
		return "", fmt.Errorf("a decimal point, where line %d has a decimal comma (%s); expected one of the two", m.line, m.comma)
	}
	return text, nil
}

// saw remembers the mark of the first number that has one.
func (m *decimalMarks) saw(value string, line func() int) {
	if m.comma != "" || m.point != "" {
		return
	}
	if strings.Contains(value, ",") {
		m.comma, m.line = strings.Clone(value), line()
	} else if strings.Contains(value, ".") {
		m.point, m.line = strings.Clone(value), line()
	}
}
