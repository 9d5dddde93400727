// Robust asks whether what msweep shows of Figure 3 of Foret et al. 2021 (arXiv:2010.01412) hangs on its learning rate: its sweep
// at half and at twice that rate, and against SGD tuned over learning rate and weight decay.
//
//	go run ./experiments/robust                        train, measure, draw into results/robust
//	go run ./experiments/robust lr=0.05                with other values of a key
//	go run ./experiments/robust list                   the plan
//	go run ./experiments/robust status                 how far it is
//	go run ./experiments/robust draw                   figures, verdicts and report again, from the records alone
//	go run ./experiments/robust export --format jsonl  the records
//
// The configuration is robust.yaml beside this file; --config FILE takes another.
package main

import (
	_ "embed"
	"os"

	"msharp/experiments/cli"
)

//go:embed robust.yaml
var config []byte

func main() {
	os.Exit(cli.Experiment{
		Name:    "robust",
		Short:   "m-SAM at other learning rates and against tuned SGD (Figure 3 of Foret et al. 2021)",
		Config:  config,
		Figures: figures(),
		Claims:  robust,
	}.Main(os.Args[1:], os.Stdout, os.Stderr))
}
