package main

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// table prints a report for people.
func table(w io.Writer, r Report) error {
	fmt.Fprintf(w, "%s, %s, peak %.0f GFLOP/s a core\n\n", r.Machine.CPU, r.Machine.Kernel, r.Machine.Peak)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "product m × n × k\tGFLOP/s\tof peak\t")
	for _, g := range r.Gemm {
		fmt.Fprintf(t, "%d × %d × %d\t%.0f\t%.0f %%\t\n", g.M, g.N, g.K, g.GFLOPS, 100*g.Share)
	}
	fmt.Fprintln(t, "\nstep, batch 128\tms\tof SAM\tof peak\t")
	for _, s := range r.Step {
		share := ""
		if s.Share > 0 {
			share = fmt.Sprintf("%.0f %%", 100*s.Share)
		}
		fmt.Fprintf(t, "%s\t%.2f\t%.2f\t%s\t\n", stepName(s.Model, s.Mode, s.M), s.MS, s.VsSAM, share)
	}
	fmt.Fprintf(t, "\nm-sharpness, %d cells\t%.1f ms\t%.1f forward passes\t\n", r.MSharp.Cells, r.MSharp.MS, r.MSharp.Forwards)
	fmt.Fprintf(t, "allocations a step\t%.0f\t\t\n", r.Allocs)
	for _, x := range r.Workers {
		fmt.Fprintf(t, "trials a second, %d workers\t%.1f\t\t\n", x.N, x.Trials)
	}
	scalingTable(t, r.Scaling)
	if len(r.Torch) > 0 {
		torchTable(t, r)
	}
	return t.Flush()
}

func stepName(model, mode string, m int) string {
	if m > 0 {
		return fmt.Sprintf("%s %s m = %d", model, mode, m)
	}
	return model + " " + mode
}

// scalingTable has a row for each width, batch and n. The four modes of a width or batch stand together.
func scalingTable(t io.Writer, all []Scaling) {
	fmt.Fprintln(t, "\nMLP, ms\tSGD\tSAM\tm = 1\tm = 16\t")
	for i, s := range all {
		if s.By == "n" {
			continue
		}
		if i == 0 || all[i-1].By != s.By || all[i-1].At != s.At {
			fmt.Fprintf(t, "%s %d\t", s.By, s.At)
		}
		fmt.Fprintf(t, "%.2f\t", s.MS)
		if i == len(all)-1 || all[i+1].By != s.By || all[i+1].At != s.At {
			fmt.Fprintln(t)
		}
	}
	fmt.Fprintln(t, "\nm-sharpness\tcells\tms\tforward passes\t")
	for _, s := range all {
		if s.By == "n" {
			fmt.Fprintf(t, "n = %d\t%d\t%.1f\t%.1f\t\n", s.At, s.Cells, s.MS, s.Forwards)
		}
	}
}

// torchTable has the times of PyTorch and ours, and how many times ours each of PyTorch's is.
func torchTable(t io.Writer, r Report) {
	fmt.Fprintf(t, "\nCPU ms of a step, ours and PyTorch %s (its products: %.0f GFLOP/s) as users write it, at its best, with our algebra\n",
		r.Machine.Torch, r.Machine.TorchGFLOPS)
	fmt.Fprintln(t, "\tours\tuser\tbest\tlowrank\tuser/ours\tbest/ours\tlowrank/ours\tbest is\t")
	for _, s := range r.Torch {
		lowrank, ratio := "", ""
		if s.LowRankMS > 0 {
			lowrank, ratio = fmt.Sprintf("%.2f", s.LowRankMS), fmt.Sprintf("%.2f", s.LowRankMS/s.OursMS)
		}
		fmt.Fprintf(t, "%s\t%.2f\t%.2f\t%.2f\t%s\t%.2f\t%.2f\t%s\t%s\t\n", stepName(s.Model, s.Mode, s.M),
			s.OursMS, s.UserMS, s.BestMS, lowrank, s.UserMS/s.OursMS, s.BestMS/s.OursMS, ratio, s.BestWay)
	}
}
