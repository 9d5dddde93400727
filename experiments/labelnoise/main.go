// Labelnoise trains networks on partly wrong labels by SGD and by SAM at several m, ρ tuned on validation labels as wrong: Table 4 of
// Foret et al. 2021 (arXiv:2010.01412).
//
//	go run ./experiments/labelnoise                       train, measure, draw into results/labelnoise
//	go run ./experiments/labelnoise data.label_noise=0.5  with other values of a key
//	go run ./experiments/labelnoise list                  the plan
//	go run ./experiments/labelnoise status                how far it is
//	go run ./experiments/labelnoise draw                  figures, verdicts and report again, from the records alone
//	go run ./experiments/labelnoise export --format jsonl the records
//
// The configuration is labelnoise.yaml beside this file; --config FILE takes another.
package main

import (
	_ "embed"
	"os"

	"msharp/experiments/cli"
)

//go:embed labelnoise.yaml
var config []byte

func main() {
	os.Exit(cli.Experiment{
		Name:    "labelnoise",
		Short:   "SGD and SAM at several m on wrong labels (Table 4 of Foret et al. 2021)",
		Config:  config,
		Figures: figures(),
		Claims:  table4,
	}.Main(os.Args[1:], os.Stdout, os.Stderr))
}
