// Msweep trains networks by SAM over a grid of ρ and m and shows how m-sharpness tracks the generalization gap: Figure 3 of Foret
// et al. 2021 (arXiv:2010.01412), with confidence intervals.
//
//	go run ./experiments/msweep                        train, measure, draw into results/msweep
//	go run ./experiments/msweep optimizer.m=1,16       with other values of a key
//	go run ./experiments/msweep list                   the plan
//	go run ./experiments/msweep keys optimizer         what a configuration may hold
//	go run ./experiments/msweep status                 how far it is
//	go run ./experiments/msweep draw                   figures, verdicts and report again, from the records alone
//	go run ./experiments/msweep export --format jsonl  the records
//	go run ./experiments/msweep selftest               the analytic oracles on this machine
//
// The configuration is msweep.yaml beside this file; --config FILE takes another. Of those there are here, each into results/NAME:
//
//	fashion.yaml  Fashion-MNIST
//	cnn.yaml      a convolutional network
//	mnist4k.yaml  a deeper MLP on 4096 images
//	noise20.yaml  a fifth of the labels wrong
//	cifar10.yaml  a convolutional network on CIFAR-10; needs --data
//	csv.yaml      a table: iris, or one of yours
package main

import (
	_ "embed"
	"os"

	"msharp/experiments/cli"
)

//go:embed msweep.yaml
var config []byte

func main() {
	os.Exit(cli.Experiment{
		Name:    "msweep",
		Short:   "m-sharpness against the generalization gap, over ρ and m (Figure 3 of Foret et al. 2021)",
		Config:  config,
		Figures: figures(),
		Claims:  figure3,
	}.Main(os.Args[1:], os.Stdout, os.Stderr))
}
