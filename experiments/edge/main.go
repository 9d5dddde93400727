// Edge asks whether gradient descent, SAM and unnormalised SAM on the whole batch ride their edges of stability: the largest curvature that
// a step of each stands (Cohen et al. 2021, arXiv:2103.00065; Long and Bartlett 2023, arXiv:2309.12488; Agarwala and Dauphin 2023,
// arXiv:2302.08692), and whether the critical sharpness tells of it (Kalra et al. 2026, arXiv:2601.16979).
//
//	go run ./experiments/edge                             train, look, draw into results/edge
//	go run ./experiments/edge lr=0.02 epochs=1000         with other values of a key
//	go run ./experiments/edge list                        the plan
//	go run ./experiments/edge status                      how far it is
//	go run ./experiments/edge draw                        figures, verdicts and report again, from the records alone
//	go run ./experiments/edge export --format jsonl       the records
//
// The configuration is edge.yaml beside this file; --config FILE takes another.
package main

import (
	_ "embed"
	"os"

	"msharp/experiments/cli"
)

//go:embed edge.yaml
var config []byte

func main() {
	os.Exit(cli.Experiment{
		Name:    "edge",
		Short:   "the edges of stability of gradient descent and SAM on the whole batch (Cohen et al. 2021; Long and Bartlett 2023)",
		Config:  config,
		Figures: figures(),
		Claims:  edges,
	}.Main(os.Args[1:], os.Stdout, os.Stderr))
}
