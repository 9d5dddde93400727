package record

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// spaced reads names such as "msharp(m=4 rho=0.05)" by hand.
func spaced(name string) (measure string, params map[string]any) {
	switch name {
	case "msharp(m=4 rho=0.05)":
		return "msharp", map[string]any{"m": 4.0, "rho": 0.05}
	case "msharp(m=n rho=0.05)":
		return "msharp", map[string]any{"m": ".inf", "rho": 0.05}
	case "hessian_max(steps=20)":
		return "hessian_max", map[string]any{"steps": 20.0}
	case "flatness(relative=true)":
		return "flatness", map[string]any{"relative": true}
	}
	return name, nil
}

func sweep() []Record {
	of := func(id string, seed, rho float64) Record {
		r := full(id)
		r.Config = map[string]any{"lr": 0.05, "seed": seed, "optimizer": map[string]any{"rho": rho, "p": ".inf"}}
		return r
	}
	a, b := of("a", 1, 0), of("b", 1, 0.1)
	a.Config["optimizer"].(map[string]any)["m"] = 16.0
	a.Values.Numbers = numbers("test_error", 0.1, "norm", 2, "msharp(m=4 rho=0.05)", nan)
	a.Epochs[1].ValError = nan
	b.Status = Diverged
	b.Values.Numbers = numbers("test_error", nan, "msharp(m=n rho=0.05)", 1e-7, "flatness(relative=true)", 3)
	b.Watch.Values["gradnorm"] = []Number{inf, 1, 2}
	return []Record{a, b, {ID: "c", Status: Failed, Config: map[string]any{"lr": 0.05, "seed": 2.0}}}
}

// Long tables have a row for each part of a record, and beside it the seed and the keys in which the records differ.
func TestLongTables(t *testing.T) {
	recs := sweep()
	for _, c := range []struct {
		table Table
		want  string
	}{
		{Epochs(recs), `id,status,optimizer.m,optimizer.p,optimizer.rho,seed,epoch,train_loss,perturbed_loss,val_error
a,done,16,inf,0,1,1,2.5,2.75,0.5
a,done,16,inf,0,1,2,1.5,1.5,
b,diverged,,inf,0.1,1,1,2.5,2.75,0.5
b,diverged,,inf,0.1,1,2,1.5,1.5,0.25
`},
		{Measures(recs, spaced), `id,status,optimizer.m,optimizer.p,optimizer.rho,seed,column,measure,m,rho,relative,value
a,done,16,inf,0,1,msharp(m=4 rho=0.05),msharp,4,0.05,,
a,done,16,inf,0,1,norm,norm,,,,2
b,diverged,,inf,0.1,1,flatness(relative=true),flatness,,,true,3
b,diverged,,inf,0.1,1,msharp(m=n rho=0.05),msharp,inf,0.05,,1e-07
`},
		{Looks(recs[1:2], spaced), `id,status,seed,unit,at,column,measure,m,rho,steps,value
b,diverged,1,step,0,gradnorm,gradnorm,,,,
b,diverged,1,step,2,gradnorm,gradnorm,,,,1
b,diverged,1,step,3,gradnorm,gradnorm,,,,2
b,diverged,1,step,0,hessian_max(steps=20),hessian_max,,,20,3
b,diverged,1,step,2,hessian_max(steps=20),hessian_max,,,20,2
b,diverged,1,step,3,hessian_max(steps=20),hessian_max,,,20,1
`},
		{Measures(nil, spaced), "id,status,seed,column,measure,m,rho,value\n"},
	} {
		var b strings.Builder
		real := func(key string) KeyType { return map[string]KeyType{"optimizer.p": KeyReal}[key] }
		if err := c.table.WriteCSV(&b, real); err != nil || b.String() != c.want {
			t.Errorf("%v: got\n%swant\n%s", err, b.String(), c.want)
		}
	}
}

// In Parquet a measure's parameters are numbers, also where one is infinite, and the rows are those of the CSV.
func TestLongParquet(t *testing.T) {
	u := parquetRows(t, Measures(sweep(), spaced), noSchema)
	var got []string
	for k, name := range u.names {
		got = append(got, fmt.Sprintf("%s %s %v", name, u.types[k], u.rows[3][k]))
	}
	want := []string{"id STRING b", "status STRING diverged", "optimizer.m DOUBLE <null>", "optimizer.p STRING .inf", "optimizer.rho DOUBLE 0.1", "seed DOUBLE 1",
		"column STRING msharp(m=n rho=0.05)", "measure STRING msharp", "m DOUBLE +Inf", "rho DOUBLE 0.05", "relative BOOLEAN <null>", "value DOUBLE 1e-07"}
	if !slices.Equal(got, want) || len(u.rows) != 4 {
		t.Errorf("%d rows; the last\n%q, want\n%q", len(u.rows), got, want)
	}
	// m and ρ are numbers too where no measure has any.
	u = parquetRows(t, Measures([]Record{{ID: "a", Values: Values{Numbers: numbers("norm", 1)}}}, spaced), noSchema)
	if i := slices.Index(u.names, "m"); u.types[i] != "DOUBLE" || u.types[i+1] != "DOUBLE" || len(u.rows) != 1 {
		t.Errorf("without m and ρ: %q %q", u.names, u.types)
	}
	u = parquetRows(t, Looks(sweep(), spaced), noSchema)
	if i := slices.Index(u.names, "at"); u.types[i] != "INT(64,true)" || len(u.rows) != 12 {
		t.Errorf("%d rows; at is %s", len(u.rows), u.types[i])
	}
}

// A row is an object with its columns in order.
func TestLongTablesAsLines(t *testing.T) {
	var b strings.Builder
	if err := Measures(sweep()[:2], spaced).WriteJSONL(&b); err != nil {
		t.Fatal(err)
	}
	want := `{"id":"a","status":"done","optimizer.m":16,"optimizer.rho":0,"seed":1,"column":"msharp(m=4 rho=0.05)","measure":"msharp","m":4,"rho":0.05,"relative":null,"value":null}
{"id":"a","status":"done","optimizer.m":16,"optimizer.rho":0,"seed":1,"column":"norm","measure":"norm","m":null,"rho":null,"relative":null,"value":2}
{"id":"b","status":"diverged","optimizer.m":null,"optimizer.rho":0.1,"seed":1,"column":"flatness(relative=true)","measure":"flatness","m":null,"rho":null,"relative":true,"value":3}
{"id":"b","status":"diverged","optimizer.m":null,"optimizer.rho":0.1,"seed":1,"column":"msharp(m=n rho=0.05)","measure":"msharp","m":".inf","rho":0.05,"relative":null,"value":1e-7}
`
	if b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
	if err := Epochs(sweep()).WriteJSONL(&narrow{100}); err == nil {
		t.Error("100 bytes took a whole table")
	}
}
