// Bench is the speed report: what the arithmetic reaches of the machine's own peak, what a step of m-SAM costs beside one of SAM, and
// what m-sharpness costs in forward passes, all measured in one run.
//
//	go run ./experiments/bench           a table
//	go run ./experiments/bench --json    the same as one JSON object
//
// Times are medians of runs that alternate with the runs they are compared with: ratios hold on a noisy machine, times do not.
// MSWEEP_KERNEL=generic|avx2|avx512 measures another arithmetic.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"

	"github.com/klauspost/cpuid/v2"

	"msharp/models/kernel"
)

// Report is everything measured.
type Report struct {
	Machine Machine  `json:"machine"`
	Gemm    []Gemm   `json:"gemm"`
	Step    []Step   `json:"step"`
	MSharp  MSharp   `json:"msharp"`
	Allocs  float64  `json:"allocs_per_step"`
	Workers []Worker `json:"workers"`
}

// Machine is where it was measured.
type Machine struct {
	CPU    string  `json:"cpu"`
	Kernel string  `json:"kernel"`
	Peak   float64 `json:"peak_gflops"` // of one core: multiply-adds between registers
}

func main() {
	asJSON := flag.Bool("json", false, "one JSON object in place of the table")
	flag.Parse()
	if flag.NArg() > 0 {
		fmt.Fprintf(os.Stderr, "bench: it takes no words such as %q\n", flag.Arg(0))
		os.Exit(2)
	}
	r, err := measure()
	if err == nil && *asJSON {
		enc := json.NewEncoder(os.Stdout)
		enc.SetIndent("", "  ")
		err = enc.Encode(r)
	} else if err == nil {
		err = table(os.Stdout, r)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func measure() (r Report, err error) {
	r.Machine = Machine{CPU: strings.TrimSpace(cpuid.CPU.BrandName), Kernel: kernel.Name(), Peak: peak()}
	r.Gemm = gemms()
	if r.Step, err = steps(); err != nil {
		return r, err
	}
	if r.MSharp, err = msharp(); err != nil {
		return r, err
	}
	if r.Allocs, err = allocs(); err != nil {
		return r, err
	}
	r.Workers, err = workers()
	return r, err
}
