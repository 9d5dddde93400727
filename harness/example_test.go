package harness_test

import (
	"context"
	"fmt"
	"os"

	"msharp/harness"
	"msharp/harness/config"
	"msharp/harness/folder"
	"msharp/harness/record"
)

// One trial: m-SAM on two spirals, and its sharpness. Train writes nothing.
func Example() {
	sweep, err := config.Plan("spirals.yaml", []byte(`
data: {kind: spirals, train: 64, test: 64}
model: {kind: mlp, hidden: [16]}
optimizer: {kind: sam, rho: 0.05, m: 4}
lr: 0.1
epochs: 100
batch_size: 16
measures: [{kind: msharp, m: [1, 0]}]
`), nil, "")
	if err != nil {
		fmt.Println(err)
		return
	}
	rec, err := harness.Train(sweep.Trials[0], nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	alone, _ := rec.Value("msharp(m=1 rho=0.05)")    // the mean rise of each example's own loss
	together, _ := rec.Value("msharp(m=n rho=0.05)") // the rise of the mean loss
	fmt.Println(rec.Status, "after", len(rec.Epochs), "epochs; m = 1 is sharper than m = n:", alone > together)
	// Output: done after 100 epochs; m = 1 is sharper than m = n: true
}

// A sweep into a folder. Called again, it trains what is missing there.
func ExampleRun() {
	out, err := os.MkdirTemp("", "msharp")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(out)
	sweep, err := config.Plan("rho.yaml", []byte(`
data: {kind: spirals, train: 64, test: 64}
model: {kind: mlp, hidden: [16]}
epochs: 5
batch_size: 16
sweep:
  optimizer: [{kind: sgd}, {kind: sam, rho: 0.05}, {kind: sam, rho: 0.1}]
  seed: [1, 2]
`), nil, "")
	if err != nil {
		fmt.Println(err)
		return
	}
	for range 2 {
		recs, _, err := record.Load(out)
		if err != nil {
			fmt.Println(err)
			return
		}
		held, err := folder.Dir(out).Held()
		if err != nil {
			fmt.Println(err)
			return
		}
		store, err := record.Open(out)
		if err != nil {
			fmt.Println(err)
			return
		}
		missing := harness.Missing(sweep.Trials, recs, held, false)
		failed, err := harness.Run(context.Background(), missing, recs, store, harness.Runtime{Workers: 2, Out: folder.Dir(out)})
		fmt.Println(len(recs), "recorded,", len(missing), "missing,", failed, "failed,", err)
		store.Close()
	}
	// Output:
	// 0 recorded, 6 missing, 0 failed, <nil>
	// 6 recorded, 0 missing, 0 failed, <nil>
}
