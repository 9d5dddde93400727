// Bench is the speed report: what the arithmetic reaches of the machine's own peak, what a step of m-SAM costs beside one of SAM, what
// m-sharpness costs in forward passes and curvature in gradients, and how all of that grows, all measured in one run.
//
//	go run ./experiments/bench                     a table
//	go run ./experiments/bench --json              the same as one JSON object
//	go run ./experiments/bench --torch             and the steps of PyTorch, beside ours on the same core
//	go run ./experiments/bench --figure FILE.png   and a figure of it; .svg too
//	go run ./experiments/bench --brief             every row, for a seventh of the time
//	go run ./experiments/bench --once              every row, with one run of each: to see that it runs
//
// Times are CPU time, of one thread on one core; on systems without such a clock, and of pools of workers, they are on the wall. Each is a
// median, and beside it stands the best decile. What is compared runs in alternation, a b c a b c ..., and a ratio is the median of the
// ratios of neighbours: ratios hold on a noisy machine, times do not. In the same alternation run two references, the peak and a product that
// lives in the L2 cache: a row around which one of them fell below 90 % of its best in the run is marked as slow.
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
	Machine   Machine   `json:"machine"`
	Gemm      []Gemm    `json:"gemm"`
	Step      []Step    `json:"step"`
	MSharp    MSharp    `json:"msharp"`
	Allocs    float64   `json:"allocs_per_step"`
	Trial     Trial     `json:"trial"`
	Collapsed Collapsed `json:"collapsed"`
	Workers   []Worker  `json:"workers"`
	Scaling   []Scaling `json:"scaling"`
	Curvature Curvature `json:"curvature"`
	Torch     []Torch   `json:"torch,omitempty"` // with --torch
}

// Machine is where, when and on what it was measured.
type Machine struct {
	CPU         string  `json:"cpu"`
	Kernel      string  `json:"kernel"`
	Clock       string  `json:"clock"`                       // cpu, or wall where the system has no clock of CPU time
	Peak        float64 `json:"peak_gflops"`                 // of one core: multiply-adds between registers, the best around a row of the run
	L2          float64 `json:"l2_gflops"`                   // a product whose operands stay in the L2 cache, likewise
	SlowBelow   float64 `json:"slow_below"`                  // the pace below which a row is marked
	SlowRows    int     `json:"slow_rows"`                   // how many are
	Rows        int     `json:"rows"`                        // of how many
	Date        string  `json:"date"`                        // 2026-11-23
	Torch       string  `json:"torch,omitempty"`             // PyTorch's version
	TorchGFLOPS float64 `json:"torch_gflops,omitempty"`      // of PyTorch's product of two 512 × 512 matrices, best decile
	TorchShare  float64 `json:"torch_share,omitempty"`       // the same as a share of the peak
	CoreType    string  `json:"openblas_coretype,omitempty"` // that PyTorch's BLAS was told; none if it found the faster one by itself
}

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run returns the exit status: 1 is a fault of the world, 2 one of usage.
func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	asJSON := flags.Bool("json", false, "one JSON object in place of the table")
	withTorch := flags.Bool("torch", false, "measure PyTorch too; it needs python3 with torch")
	inBrief := flags.Bool("brief", false, "measure every row for a seventh of the time")
	justOnce := flags.Bool("once", false, "run what every row times once: the times say little")
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
	e := whole
	switch {
	case *justOnce:
		e = single
	case *inBrief:
		e = brief
	}
	r, err := measure(e, *withTorch)
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

func measure(e effort, withTorch bool) (r Report, err error) {
	r.Machine = Machine{
		CPU: cmp.Or(strings.TrimSpace(cpuid.CPU.BrandName), runtime.GOARCH), Kernel: kernel.Name(), Clock: clock, SlowBelow: slowBelow,
		Date: time.Now().Format(time.DateOnly),
	}
	if err := r.onOneCore(e, withTorch); err != nil {
		return r, err
	}
	if r.Workers, err = workers(e); err != nil {
		return r, err
	}
	r.mark()
	return r, nil
}

// onOneCore measures all but the pools of workers.
func (r *Report) onOneCore(e effort, withTorch bool) (err error) {
	defer pin()()
	refs := newReferences()
	var double *DoubleBackward
	if withTorch { // first: it may not be there
		if r.Torch, double, err = torch(e, refs, &r.Machine); err != nil {
			return err
		}
	}
	all := subjects()
	r.Gemm, r.Step, r.MSharp, r.Allocs = gemms(e, refs), steps(e, refs, all), msharp(e, refs), allocs(all)
	if r.Trial, err = trial(e, refs); err != nil {
		return err
	}
	if r.Collapsed, err = collapsed(e, refs); err != nil {
		return err
	}
	if r.Scaling, err = scaling(e, refs); err != nil {
		return err
	}
	r.Curvature, err = curvature(e, refs)
	r.Curvature.Torch = double
	return err
}

// mark says around which rows the machine was slow.
func (r *Report) mark() {
	rows := append([]*Around{&r.MSharp.Around, &r.Trial.Around, &r.Collapsed.Around}, r.Curvature.rows()...)
	for i := range r.Gemm {
		rows = append(rows, &r.Gemm[i].Around)
	}
	for i := range r.Step {
		rows = append(rows, &r.Step[i].Around)
	}
	for i := range r.Workers {
		rows = append(rows, &r.Workers[i].Around)
	}
	for i := range r.Scaling {
		rows = append(rows, &r.Scaling[i].Around)
	}
	for i := range r.Torch {
		rows = append(rows, &r.Torch[i].Around)
	}
	r.Machine.Peak, r.Machine.L2 = mark(rows)
	r.Machine.Rows = len(rows)
	for _, a := range rows {
		if a.Slow {
			r.Machine.SlowRows++
		}
	}
}
