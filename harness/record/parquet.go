package record

import (
	"fmt"
	"io"
	"reflect"
	"slices"

	"github.com/parquet-go/parquet-go"
)

// WriteParquet writes the rows under the columns of WriteCSV.
//
// A configuration key is an int64, a double, a bool or a string, as the schema says. A list is a string, its JSON. Metrics, measures and seconds
// are doubles, epochs and looks int64, all other columns strings. A value that a row does not have is null, and so is one that was not finite.
func (t Table) WriteParquet(w io.Writer, schema Schema) error {
	cs := append(slices.Clip(t.columns), t.origin...)
	types := make([]cellType, len(cs))
	for i, c := range cs {
		types[i] = cellTypes[c.typeIn(t.rows, schema)]
	}
	table, err := newParquetTable(cs, types)
	if err != nil {
		return err
	}
	out := parquet.NewGenericWriter[any](w, parquet.NewSchema("record", table), parquet.Compression(&parquet.Snappy))
	cells := make(parquet.Row, len(cs))
	for r := range t.rows {
		for k, c := range cs {
			if cell := c.cell(r); cell == nil {
				cells[k] = parquet.NullValue().Level(0, 0, k)
			} else {
				cells[k] = types[k].value(cell).Level(0, 1, k)
			}
		}
		if _, err := out.WriteRows([]parquet.Row{cells}); err != nil {
			return err
		}
	}
	return out.Close()
}

// cellType is the Parquet type of a column's cells.
type cellType struct {
	node  parquet.Node
	value func(cell any) parquet.Value
}

var cellTypes = map[KeyType]cellType{
	KeyText:  {parquet.Encoded(parquet.String(), &parquet.RLEDictionary), func(cell any) parquet.Value { return parquet.ByteArrayValue([]byte(Text(cell))) }},
	KeyTruth: {parquet.Leaf(parquet.BooleanType), func(cell any) parquet.Value { return parquet.BooleanValue(cell.(bool)) }},
	KeyWhole: {parquet.Encoded(parquet.Int(64), &parquet.RLEDictionary), func(cell any) parquet.Value { return parquet.Int64Value(int64(real(cell))) }},
	KeyReal:  {parquet.Leaf(parquet.DoubleType), func(cell any) parquet.Value { return parquet.DoubleValue(real(cell)) }},
}

// parquetTable is a group of optional columns in the order of the table; parquet.Group would sort them by name.
type parquetTable struct {
	parquet.Group
	columns []parquet.Field
}

func newParquetTable(cs []column, types []cellType) (t parquetTable, err error) {
	if len(cs) > parquet.MaxColumnIndex {
		return t, fmt.Errorf("%d columns are more than a Parquet file holds", len(cs))
	}
	t.Group = parquet.Group{}
	for i, c := range cs {
		if t.Group[c.name] != nil {
			return t, fmt.Errorf("two columns have the name %q, which a Parquet file does not allow", c.name)
		}
		t.Group[c.name] = parquet.Optional(types[i].node)
	}
	named := map[string]parquet.Field{}
	for _, f := range t.Group.Fields() {
		named[f.Name()] = f
	}
	for _, c := range cs {
		t.columns = append(t.columns, named[c.name])
	}
	return t, nil
}

func (t parquetTable) Fields() []parquet.Field { return t.columns }

// GoType is a map, because not every column name can name the field of a struct.
func (t parquetTable) GoType() reflect.Type { return reflect.TypeFor[map[string]any]() }
