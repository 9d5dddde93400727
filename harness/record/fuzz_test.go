package record

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"testing"
)

// Whatever a record file holds, loading it gives records and warnings, no more than there are lines. The records make a table, and written
// again they load unchanged.
func FuzzLoad(f *testing.F) {
	for _, text := range []string{
		line(f, full("a")) + "\n" + line(f, full("b")) + "\n" + line(f, full("c"))[:50],
		`{"id":"a","status":"diverged","values":{"x":null,"confusion":[[1],null]},"epochs":[{},{"epoch":2,"val_error":null}],"run":{}}` + "\n" + `{"id":"a","values":{"y":1e308}}` + "\n",
		"\n\n{}\nnull\n[]\n{\"id\":\"a\",\"status\":\"running\"}\n", "{\"id\":\"\xff\",\"config\":{\"\":{\"a.b\":[{}]}},\"status\":\"failed\"}\n",
		`{"ID":"a","Status":"done","values":{"x":1,"x":2}}` + "\n" + `{"id":"a","status":"done","values":{"x":1e999}}` + "\n",
	} {
		f.Add([]byte(text))
	}
	out := folder(f, "")
	path := filepath.Join(out, "records", "a.jsonl")
	f.Fuzz(func(t *testing.T, text []byte) {
		written := func(text []byte) ([]Record, []Warning, []byte) {
			if err := os.WriteFile(path, text, 0o666); err != nil {
				t.Fatal(err)
			}
			recs, warnings := loaded(t, out)
			var b bytes.Buffer
			if err := WriteJSONL(&b, recs); err != nil {
				t.Fatal(err)
			}
			return recs, warnings, b.Bytes()
		}
		recs, warnings, once := written(text)
		if most := bytes.Count(text, []byte("\n")) + 1; len(recs)+len(warnings) > most {
			t.Fatalf("%d records and %d warnings of %d lines", len(recs), len(warnings), most)
		}
		for _, r := range recs {
			if r.ID == "" || !r.Status.Final() && r.Status != Failed {
				t.Fatalf("record %+v", r)
			}
		}
		var table bytes.Buffer
		if err := Trials(recs).WriteCSV(&table, noSchema); err != nil {
			t.Fatal(err)
		}
		if rows, err := csv.NewReader(&table).ReadAll(); err != nil || len(rows) != 1+len(recs) {
			t.Fatalf("a table of %d rows for %d records: %v", len(rows), len(recs), err)
		}
		if _, warnings, twice := written(once); len(warnings) > 0 || !bytes.Equal(once, twice) {
			t.Fatalf("%s, written again, is %s, warnings %v", once, twice, warnings)
		}
	})
}
