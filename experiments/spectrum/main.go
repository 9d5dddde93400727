// Spectrum asks at what curvature SGD and m-SAM end, over m and ρ, and how much of m's effect on the test error goes through it.
//
//	go run ./experiments/spectrum                     train, measure, draw into results/spectrum
//	go run ./experiments/spectrum optimizer.rho=0.05  with other values of a key
//	go run ./experiments/spectrum list                the plan
//	go run ./experiments/spectrum status              how far it is
//	go run ./experiments/spectrum draw                figures, verdicts and report again, from the records alone
//	go run ./experiments/spectrum export --format csv the records
//
// The configuration is spectrum.yaml beside this file; --config FILE takes another.
package main

import (
	_ "embed"
	"os"

	"msharp/experiments/cli"
)

//go:embed spectrum.yaml
var config []byte

func main() {
	os.Exit(cli.Experiment{
		Name:    "spectrum",
		Short:   "the curvature at which SGD and m-SAM end, and how much of m's effect on the test error goes through it",
		Config:  config,
		Figures: figures(),
		Claims:  curvature,
	}.Main(os.Args[1:], os.Stdout, os.Stderr))
}
