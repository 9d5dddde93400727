package record

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"iter"
	"strconv"
)

// Table is records as rows and columns, for tools that read tables. Trials, Epochs, Measures and Looks make one.
type Table struct {
	columns []column
	origin  []column // which a Parquet file has beside them, for they may differ between records of equal ids
	rows    iter.Seq[row]
}

// row is a record or, in a long table, a part of one.
type row struct {
	*Record
	epoch *Epoch
	look  int    // which one of the watch
	name  string // of a value's column
	value Number
}

// column is one column of a table.
type column struct {
	name string
	kind cellKind
	cell func(row) any // nil if the row has none, or one that is not finite
}

// cellKind is the type of a column's cells.
type cellKind int

const (
	ofText      cellKind = iota // string
	ofSetting                   // of any type
	ofParameter                 // of a measure: a number, a text or a bool
	ofRadius                    // of a measure, m or ρ: a number
	ofCount                     // int
	ofValue                     // Number
	ofSeconds                   // float64
)

// WriteCSV writes the rows under the columns' names. A value that is missing or null is an empty cell; +∞ of a key that the schema says is real,
// or of a measure's parameter, is inf.
func (t Table) WriteCSV(w io.Writer, schema Schema) error {
	cells := make([]string, len(t.columns))
	reals := make([]bool, len(t.columns))
	for i, c := range t.columns {
		cells[i] = c.name
		reals[i] = c.kind == ofParameter || c.kind == ofRadius || c.kind == ofSetting && schema(c.name) == KeyReal
	}
	out := csv.NewWriter(w)
	out.Write(cells)
	for r := range t.rows {
		for k, c := range t.columns {
			cells[k] = c.text(r, reals[k])
		}
		if out.Write(cells) != nil {
			break // which Error returns
		}
	}
	out.Flush()
	return out.Error()
}

// text returns the cell of a row as text.
func (c column) text(r row, isReal bool) string {
	v := c.cell(r)
	if isReal && v == infinity {
		return "inf"
	}
	if s, ok := v.(float64); ok && c.kind == ofSeconds {
		return strconv.FormatFloat(s, 'f', 3, 64)
	}
	return Text(v)
}

// WriteJSONL writes a row as an object, a line each, with the columns in their order. A value that is missing or not finite is null; +∞ of a key or
// of a measure's parameter is the text .inf, as in the store.
func (t Table) WriteJSONL(w io.Writer) error {
	out := json.NewEncoder(w)
	for r := range t.rows {
		line := []byte("{")
		for i, c := range t.columns {
			if i > 0 {
				line = append(line, ',')
			}
			cell, err := json.Marshal(c.cell(r))
			if err != nil {
				return err
			}
			line = append(append(strconv.AppendQuote(line, c.name), ':'), cell...)
		}
		if err := out.Encode(json.RawMessage(append(line, '}'))); err != nil {
			return err
		}
	}
	return nil
}

// WriteJSONL writes one record a line, in the form of the store.
func WriteJSONL(w io.Writer, recs []Record) error {
	enc := json.NewEncoder(w)
	for _, r := range recs {
		if err := enc.Encode(r); err != nil {
			return err
		}
	}
	return nil
}
