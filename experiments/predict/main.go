// Predict asks how well m-sharpness ranks networks trained without SAM by their generalization gap, and what ranks them as well:
// Figure 3, right, of Foret et al. 2021 (arXiv:2010.01412), over width, depth, batch size, learning rate and weight decay.
//
//	go run ./experiments/predict                          train, measure, draw into results/predict
//	go run ./experiments/predict optimizer.weight_decay=0 with other values of a key
//	go run ./experiments/predict list                     the plan
//	go run ./experiments/predict status                   how far it is
//	go run ./experiments/predict draw                     figures, verdicts and report again, from the records alone
//	go run ./experiments/predict export --format jsonl    the records
//
// The configuration is predict.yaml beside this file; --config FILE takes another.
package main

import (
	_ "embed"
	"os"

	"msharp/experiments/cli"
)

//go:embed predict.yaml
var config []byte

func main() {
	os.Exit(cli.Experiment{
		Name:    "predict",
		Short:   "m-sharpness and other numbers against the generalization gap of networks trained without SAM (Figure 3, right, of Foret et al. 2021)",
		Config:  config,
		Figures: figures(),
		Claims:  predicts,
	}.Main(os.Args[1:], os.Stdout, os.Stderr))
}
