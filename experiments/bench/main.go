// Bench is the speed report: what the arithmetic reaches of the machine's own peak, what a step of m-SAM costs beside one of SAM, what
// m-sharpness costs in forward passes, and how all of that grows, all measured in one run.
//
//	go run ./experiments/bench                     a table
//	go run ./experiments/bench --json              the same as one JSON object
//	go run ./experiments/bench --torch             and the steps of PyTorch, beside ours on the same core
//	go run ./experiments/bench --figure FILE.png   and a figure of it; .svg too
//
// Times are medians of runs that alternate with the runs they are compared with: ratios hold on a noisy machine, times do not.
// MSHARP_KERNEL=generic|avx2|avx512|neon measures another arithmetic.
package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/klauspost/cpuid/v2"

	"msharp/models/kernel"
)

// Report is everything measured.
type Report struct {
	Machine Machine   `json:"machine"`
	Gemm    []Gemm    `json:"gemm"`
	Step    []Step    `json:"step"`
	MSharp  MSharp    `json:"msharp"`
	Allocs  float64   `json:"allocs_per_step"`
	Workers []Worker  `json:"workers"`
	Scaling []Scaling `json:"scaling"`
	Torch   []Torch   `json:"torch,omitempty"` // with --torch
}

// Machine is where, when and on what it was measured.
type Machine struct {
	CPU         string  `json:"cpu"`
	Kernel      string  `json:"kernel"`
	Peak        float64 `json:"peak_gflops"`            // of one core: multiply-adds between registers
	Date        string  `json:"date"`                   // 2026-11-23
	Torch       string  `json:"torch,omitempty"`        // PyTorch's version
	TorchGFLOPS float64 `json:"torch_gflops,omitempty"` // of PyTorch's product of two 512 × 512 matrices
}

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run returns the exit status: 1 is a fault of the world, 2 one of usage.
func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	asJSON := flags.Bool("json", false, "one JSON object in place of the table")
	withTorch := flags.Bool("torch", false, "measure PyTorch too; it needs python3 with torch")
	figure := flags.String("figure", "", "draw the report into this `file`, .png or .svg")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return 0
	} else if err != nil {
		return 2 // which Parse has said
	}
	if flags.NArg() > 0 {
		fmt.Fprintf(stderr, "bench: it takes no words such as %q\n", flags.Arg(0))
		return 2
	}
	if err := checkFigure(*figure); err != nil {
		fmt.Fprintln(stderr, "bench:", err)
		return 2
	}
	r, err := measure(*withTorch)
	if err == nil && *figure != "" {
		err = writeFigure(*figure, r)
	}
	if err == nil && *asJSON {
		err = encode(stdout, r)
	} else if err == nil {
		err = table(stdout, r)
	}
	if err != nil {
		fmt.Fprintln(stderr, "bench:", err)
		return 1
	}
	return 0
}

func encode(w io.Writer, r Report) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(r)
}

func measure(withTorch bool) (r Report, err error) {
	r.Machine = Machine{CPU: cmp.Or(strings.TrimSpace(cpuid.CPU.BrandName), runtime.GOARCH), Kernel: kernel.Name(), Peak: peak(), Date: time.Now().Format(time.DateOnly)}
	if withTorch { // first: it may not be there
		if r.Torch, err = torch(&r.Machine); err != nil {
			return r, err
		}
	}
	r.Gemm, r.Step, r.MSharp, r.Allocs = gemms(), steps(), msharp(), allocs()
	if r.Workers, err = workers(); err != nil {
		return r, err
	}
	r.Scaling, err = scaling()
	return r, err
}
