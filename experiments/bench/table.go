package main

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// table prints a report for people.
func table(w io.Writer, r Report) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "%s, %s, peak %.0f GFLOP/s a core\n\n", r.Machine.CPU, r.Machine.Kernel, r.Machine.Peak)
	fmt.Fprintln(t, "product m × n × k\tGFLOP/s\tof peak\t")
	for _, g := range r.Gemm {
		fmt.Fprintf(t, "%d × %d × %d\t%.0f\t%.0f %%\t\n", g.M, g.N, g.K, g.GFLOPS, 100*g.Share)
	}
	fmt.Fprintln(t, "\nstep, batch 128\tms\tof SAM\tof peak\t")
	for _, s := range r.Step {
		name := s.Model + " " + s.Mode
		if s.M > 0 {
			name += fmt.Sprintf(" m = %d", s.M)
		}
		share := ""
		if s.Share > 0 {
			share = fmt.Sprintf("%.0f %%", 100*s.Share)
		}
		fmt.Fprintf(t, "%s\t%.2f\t%.2f\t%s\t\n", name, s.MS, s.VsSAM, share)
	}
	fmt.Fprintf(t, "\nm-sharpness, %d cells\t%.1f ms\t%.1f forward passes\t\n", r.MSharp.Cells, r.MSharp.MS, r.MSharp.Forwards)
	fmt.Fprintf(t, "allocations a step\t%.0f\t\t\n", r.Allocs)
	for _, x := range r.Workers {
		fmt.Fprintf(t, "trials a second, %d workers\t%.1f\t\t\n", x.N, x.Trials)
	}
	return t.Flush()
}
