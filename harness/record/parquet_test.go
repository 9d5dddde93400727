package record

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
)

// unpackedTable holds a Parquet file as read.
type unpackedTable struct {
	names, types []string
	rows         []parquet.Row
}

// noSchema knows no key.
func noSchema(string) KeyType { return KeyUnknown }

func parquetOf(t *testing.T, recs []Record, schema Schema) (u unpackedTable) {
	t.Helper()
	return parquetRows(t, Trials(recs), schema)
}

func parquetRows(t *testing.T, table Table, schema Schema) (u unpackedTable) {
	t.Helper()
	var b bytes.Buffer
	if err := table.WriteParquet(&b, schema); err != nil {
		t.Fatal(err)
	}
	file, err := parquet.OpenFile(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range file.Schema().Fields() {
		if !f.Optional() || !f.Leaf() {
			t.Errorf("%s is no plain column", f.Name())
		}
		u.names, u.types = append(u.names, f.Name()), append(u.types, f.Type().String())
	}
	for _, g := range file.RowGroups() {
		rows := g.Rows()
		for more := true; more; {
			buf := make([]parquet.Row, 100)
			n, err := rows.ReadRows(buf)
			for _, row := range buf[:n] {
				u.rows = append(u.rows, row.Clone())
			}
			if more = err == nil; !more && err != io.EOF {
				t.Fatal(err)
			}
		}
		if err := rows.Close(); err != nil {
			t.Error(err)
		}
	}
	return u
}

// The Parquet table has the columns of the CSV in the same order, and the same cells to all digits.
func TestParquetIsTheCSV(t *testing.T) {
	recs := []Record{full("x"), {ID: "y", Status: Failed}}
	for i := range 3 * perSetting {
		recs = append(recs, synthetic{}.record(40*perSetting*i))
	}
	var b strings.Builder
	if err := Trials(recs).WriteCSV(&b, noSchema); err != nil {
		t.Fatal(err)
	}
	csv, err := csv.NewReader(strings.NewReader(b.String())).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	u := parquetOf(t, recs, noSchema)
	if want := append(slices.Clone(csv[0]), "revision", "kernel", "host"); !slices.Equal(u.names, want) {
		t.Fatalf("columns\n%q, want\n%q", u.names, want)
	}
	if len(u.rows) != len(recs) {
		t.Fatalf("%d rows", len(u.rows))
	}
	for i, row := range u.rows {
		for k, v := range row {
			if k >= len(csv[0]) {
				continue
			}
			want := csv[i+1][k]
			if got := cellText(v, strings.HasSuffix(u.names[k], "_seconds")); got != want {
				t.Errorf("%s of record %d is %q, want %q", u.names[k], i, got, want)
			}
		}
	}
}

// cellText returns a cell as the CSV writes it.
func cellText(v parquet.Value, seconds bool) string {
	switch {
	case v.IsNull():
		return ""
	case v.Kind() == parquet.Double && seconds:
		return strconv.FormatFloat(v.Double(), 'f', 3, 64)
	case v.Kind() == parquet.Double:
		return strconv.FormatFloat(v.Double(), 'g', -1, 64)
	case v.Kind() == parquet.Int64:
		return strconv.FormatFloat(float64(v.Int64()), 'g', -1, 64)
	}
	return v.String()
}

// A configuration key has the type that the schema says, whatever its values, unless they do not fit. Of a key that no schema knows, numbers are
// doubles. What is not finite is null.
func TestParquetTypes(t *testing.T) {
	of := func(id string, config map[string]any, values map[string]Number) Record {
		return Record{ID: id, Status: Done, Config: config, Values: Values{Numbers: values}}
	}
	recs := []Record{
		of("a", map[string]any{"whole": 1.0, "real": 1.0, "truth": true, "text": "x", "list": []any{1.0, 2.0}, "infinite": ".inf", "large": 1 << 53, "uint": uint64(7), "rare": nil, "never": nil, "never.real": nil, "never.truth": nil,
			"widened": 1.0, "worded": 1.0, "worded truth": true, "text .inf": ".inf", "number": 1.0, "bool": true, "word": "x", "number or word": 0.5, "bool or number": true, "list or number": []any{1.0}, "none": nil,
			"a, b": map[string]any{"c.d": -3.0}}, numbers("null", nan, "inf", inf, "there", 1)),
		of("b", map[string]any{"whole": -2.0, "real": 2.0, "truth": false, "text": "", "list": []any{}, "infinite": 2.0, "large": -1 << 53, "uint": 8, "rare": 5.0, "never": nil,
			"widened": 0.5, "worded": "auto", "worded truth": 1.0, "text .inf": "y", "number": 2.0, "bool": false, "word": "", "number or word": "auto", "bool or number": 2.0, "list or number": 3.0, "none": nil}, numbers("there", 2)),
		{ID: "c", Status: Failed, Run: &Run{Host: "h", TrainSeconds: 1.23456}},
	}
	types := map[string]KeyType{"whole": KeyWhole, "real": KeyReal, "truth": KeyTruth, "text": KeyText, "list": KeyText, "infinite": KeyReal, "large": KeyWhole, "uint": KeyWhole, "rare": KeyWhole,
		"never": KeyWhole, "never.real": KeyReal, "never.truth": KeyTruth, "widened": KeyWhole, "worded": KeyReal, "worded truth": KeyTruth, "text .inf": KeyText}
	want := []string{
		"id STRING a b c", "status STRING done done failed",
		`a, b.c.d DOUBLE -3 <null> <null>`, "bool BOOLEAN true false <null>", "bool or number STRING true 2 <null>", "infinite DOUBLE +Inf 2 <null>",
		"large INT(64,true) 9007199254740992 -9007199254740992 <null>", "list STRING [1,2] [] <null>", "list or number STRING [1] 3 <null>",
		"never INT(64,true) <null> <null> <null>", "never.real DOUBLE <null> <null> <null>", "never.truth BOOLEAN <null> <null> <null>",
		"none STRING <null> <null> <null>", "number DOUBLE 1 2 <null>", "number or word STRING 0.5 auto <null>",
		"rare INT(64,true) <null> 5 <null>", "real DOUBLE 1 2 <null>", "text STRING x  <null>", "text .inf STRING .inf y <null>", "truth BOOLEAN true false <null>", "uint INT(64,true) 7 8 <null>",
		"whole INT(64,true) 1 -2 <null>", "widened DOUBLE 1 0.5 <null>", "word STRING x  <null>", "worded STRING 1 auto <null>", "worded truth STRING true 1 <null>",
	}
	for _, name := range Metrics {
		want = append(want, name+" DOUBLE <null> <null> <null>")
	}
	want = append(want, "train_seconds DOUBLE <null> <null> 1.23456", "measure_seconds DOUBLE <null> <null> 0",
		"inf DOUBLE <null> <null> <null>", "null DOUBLE <null> <null> <null>", "there DOUBLE 1 2 <null>",
		"revision STRING <null> <null> <null>", "kernel STRING <null> <null> <null>", "host STRING <null> <null> h")
	u := parquetOf(t, recs, func(key string) KeyType { return types[key] })
	var got []string
	for k, name := range u.names {
		column := name + " " + u.types[k]
		for _, row := range u.rows {
			column += fmt.Sprintf(" %v", row[k])
		}
		got = append(got, column)
	}
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			t.Errorf("column %d of %d:\n got %s\nwant %s", i, len(want), got[min(i, len(got)-1)], want[min(i, len(want)-1)])
		}
	}
}

func TestParquetOfNothing(t *testing.T) {
	if u := parquetOf(t, nil, noSchema); len(u.rows) != 0 || len(u.names) != 2+len(Metrics)+2+3 {
		t.Errorf("%d rows of %q", len(u.rows), u.names)
	}
}

func TestParquetSaysWhatItCannotWrite(t *testing.T) {
	r := full("a")
	for _, n := range []int{0, 100, 1000} {
		if err := Trials([]Record{r, r}).WriteParquet(&narrow{n}, noSchema); err == nil {
			t.Errorf("%d bytes took a whole table", n)
		}
	}
	r.Config["host"] = "mine"
	if err := Trials([]Record{r}).WriteParquet(io.Discard, noSchema); err == nil || !strings.Contains(err.Error(), `two columns have the name "host"`) {
		t.Errorf("two columns of one name: %v", err)
	}
}
