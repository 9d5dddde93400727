package record_test

import (
	"fmt"
	"os"

	"msharp/harness/record"
)

// Records are appended to a folder, loaded, read and written in one piece.
func Example() {
	out, err := os.MkdirTemp("", "msharp")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(out)
	store, err := record.Open(out)
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, rho := range []float64{0, .05} {
		values := map[string]record.Number{"test_error": []record.Number{.08, .06}[i], "msharp(m=4 rho=0.05)": []record.Number{.3, .2}[i]}
		err := store.Append(record.Record{
			ID:     fmt.Sprintf("trial%d", i),
			Status: record.Done,
			Config: map[string]any{"seed": 1., "optimizer": map[string]any{"kind": "sam", "rho": rho}},
			Values: record.Values{Numbers: values},
		})
		if err != nil {
			fmt.Println(err)
			return
		}
	}
	store.Close()

	recs, warnings, err := record.Load(out)
	fmt.Println(len(recs), "records,", len(warnings), "warnings,", err)
	for _, r := range recs {
		rho, _ := r.Setting("optimizer.rho")
		sharp, _ := r.Value("msharp(m=4 rho=0.05)")
		fmt.Printf("ρ = %v: sharpness %v\n", rho, sharp)
	}
	record.WriteJSONL(os.Stdout, recs) // or a table: record.Trials(recs).WriteCSV
	// Output:
	// 2 records, 0 warnings, <nil>
	// ρ = 0: sharpness 0.3
	// ρ = 0.05: sharpness 0.2
	// {"id":"trial0","status":"done","config":{"optimizer":{"kind":"sam","rho":0},"seed":1},"values":{"msharp(m=4 rho=0.05)":0.3,"test_error":0.08}}
	// {"id":"trial1","status":"done","config":{"optimizer":{"kind":"sam","rho":0.05},"seed":1},"values":{"msharp(m=4 rho=0.05)":0.2,"test_error":0.06}}
}
