package main

import (
	"fmt"
	"io"
	"math"
	"text/tabwriter"
)

// table prints a report for people.
func table(w io.Writer, r Report) error {
	m := r.Machine
	fmt.Fprintf(w, "%s, %s; peak %.0f GFLOP/s a core, %.0f where the operands live in L2\n", m.CPU, m.Kernel, m.Peak, m.L2)
	of := "CPU time of one thread"
	if m.Clock == "wall" {
		of = "time on the wall, for this system has no clock of CPU time"
	}
	fmt.Fprintf(w, "Medians of %s; fast is the best decile.\n", of)
	fmt.Fprintf(w, "slow: around %d of %d rows the peak or the L2 reference was below %.0f %% of its best in the run.\n\n",
		m.SlowRows, m.Rows, 100*m.SlowBelow)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "product m × n × k\tGFLOP/s\tfast\tof peak\tfast\tof L2\t\t")
	for _, g := range r.Gemm {
		fmt.Fprintf(t, "%s %d × %d × %d\t%.0f\t%.0f\t%.0f %%\t%.0f %%\t%.0f %%\t%s\t\n",
			g.Op, g.M, g.N, g.K, g.GFLOPS, g.FastGFLOPS, 100*g.Share, 100*g.FastShare, 100*g.ShareL2, g.said())
	}
	fmt.Fprintln(t, "\ngradient, batch 128\tms\tfast\tof SAM\tof peak\t\t")
	for _, s := range r.Step {
		share := ""
		if s.Share > 0 {
			share = fmt.Sprintf("%.0f %%", 100*s.Share)
		}
		fmt.Fprintf(t, "%s\t%.2f\t%.2f\t%.2f\t%s\t%s\t\n", stepName(s.Model, s.Mode, s.M), s.MS, s.FastMS, s.VsSAM, share, s.said())
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if err := singles(w, r); err != nil {
		return err
	}
	scalingTable(t, r.Scaling)
	curvatureTable(t, r.Curvature)
	if len(r.Torch) > 0 {
		if err := t.Flush(); err != nil {
			return err
		}
		torchTable(t, r)
	}
	if d := r.Curvature.Torch; d != nil {
		if err := t.Flush(); err != nil {
			return err
		}
		doubleTable(t, *d)
	}
	return t.Flush()
}

// singles are the rows of which there is one of a kind.
func singles(w io.Writer, r Report) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t)
	row := func(a Around, what, median, fast, note string) {
		if a.Slow {
			note += "; " + a.said()
		}
		fmt.Fprintf(t, "%s\t%s\tfast %s\t%s\n", what, median, fast, note)
	}
	num := func(format string, x float64) string { return fmt.Sprintf(format, x) }
	s, x, c := r.MSharp, r.Trial, r.Collapsed
	row(s.Around, fmt.Sprintf("m-sharpness, %d cells", s.Cells), num("%.1f ms", s.MS), num("%.1f", s.FastMS), num("%.1f forward passes", s.Forwards))
	row(x.Around, "a default trial", num("%.2f s", x.Seconds), num("%.2f", x.FastSeconds),
		fmt.Sprintf("gradients %.0f %%, update %.1f %% (%.3f ms a step)", 100*x.Gradient, 100*x.Update, x.UpdateMS))
	row(c.Around, "a collapsed trial's step, at its start", num("%.3f ms", c.StartMS), num("%.3f", c.FastStart),
		fmt.Sprintf("ρ = %v, m = %d, %d epochs", c.Rho, c.M, c.Epochs))
	row(c.Around, "and at its end", num("%.3f ms", c.EndMS), num("%.3f", c.FastEnd), fmt.Sprintf("%.2f × the start, fast %.2f ×", c.Ratio, c.FastRatio))
	for _, x := range r.Workers {
		row(x.Around, fmt.Sprintf("trials a second, %d workers", x.N), num("%.1f", x.Trials), num("%.1f", x.FastTrials), "on the wall")
	}
	fmt.Fprintf(t, "allocations a step\t%.0f\n", r.Allocs)
	return t.Flush()
}

// said is the mark of a row.
func (a Around) said() string {
	if a.Slow {
		return fmt.Sprintf("slow, %.0f %%", math.Floor(100*a.Pace))
	}
	return ""
}

func stepName(model, mode string, m int) string {
	if m > 0 {
		return fmt.Sprintf("%s %s m = %d", model, mode, m)
	}
	return model + " " + mode
}

// scalingTable has a row for each width, batch and n. The four modes of a width or batch stand together, each with its best decile, and one
// mark for all: they ran in alternation.
func scalingTable(t io.Writer, all []Scaling) {
	fmt.Fprintln(t, "\nMLP, ms\tSGD\tfast\tSAM\tfast\tm = 1\tfast\tm = 16\tfast\t\t")
	for i, s := range all {
		if s.By == "n" {
			continue
		}
		if i == 0 || all[i-1].By != s.By || all[i-1].At != s.At {
			fmt.Fprintf(t, "%s %d\t", s.By, s.At)
		}
		fmt.Fprintf(t, "%.2f\t%.2f\t", s.MS, s.FastMS)
		if i == len(all)-1 || all[i+1].By != s.By || all[i+1].At != s.At {
			fmt.Fprintf(t, "%s\t\n", s.said())
		}
	}
	fmt.Fprintln(t, "\nm-sharpness\tcells\tms\tfast\tforward passes\t\t")
	for _, s := range all {
		if s.By == "n" {
			fmt.Fprintf(t, "n = %d\t%d\t%.1f\t%.1f\t%.1f\t%s\t\n", s.At, s.Cells, s.MS, s.FastMS, s.Forwards, s.said())
		}
	}
}

// curvatureTable has products with the Hessian, and what measures of it cost after a trial and during one.
func curvatureTable(t io.Writer, c Curvature) {
	fmt.Fprintln(t, "\nproduct with the Hessian, 256 examples\tms\tfast\tgradients\tfast\t\t")
	for _, p := range c.HessVec {
		fmt.Fprintf(t, "%s\t%.2f\t%.2f\t%.2f\t%.2f\t%s\t\n", p.Model, p.MS, p.FastMS, p.Gradients, p.FastGradients, p.said())
	}
	fmt.Fprintln(t, "\nmeasures of a default trial\tms\tfast\tof its training\t\t")
	for _, m := range c.Measures {
		fmt.Fprintf(t, "%s\t%.1f\t%.1f\t%.0f %%\t%s\t\n", m.Measure, m.MS, m.FastMS, 100*m.Training, m.said())
	}
	w := c.Watch
	fmt.Fprintln(t, "\nλ₁ watched, the whole batch\tms a step\tms a look\tsteps a look\twatched / not\t\t")
	fmt.Fprintf(t, "every %d steps\t%.2f\t%.1f\t%.0f\t%.2f\t%s\t\n", w.Every, w.StepMS, w.LookMS, w.Steps, w.Ratio, w.said())
}

// doubleTable has our products with the Hessian and PyTorch's.
func doubleTable(t io.Writer, d DoubleBackward) {
	fmt.Fprintf(t, "\nCPU ms of %d products with the Hessian on %d examples\tfast\tmedian\tby ours\tas\t\t\n", d.Products, d.Examples)
	fmt.Fprintf(t, "ours, the measure of λ₁ to λ₅\t%.0f\t%.0f\t\t\t%s\t\n", d.OursFastMS, d.OursMS, d.said())
	fmt.Fprintf(t, "PyTorch, graph retained\t%.0f\t%.0f\t%.2f\t%s\t\t\n", d.RetainedFastMS, d.RetainedMS, d.RetainedByOurs, d.RetainedWay)
	fmt.Fprintf(t, "PyTorch, graph rebuilt\t%.0f\t%.0f\t%.2f\t%s\t\t\n", d.RebuiltFastMS, d.RebuiltMS, d.RebuiltByOurs, d.RebuiltWay)
}

// torchTable has the times of PyTorch and ours, and how many times ours each of PyTorch's is.
func torchTable(t io.Writer, r Report) {
	m := r.Machine
	core := "as it found the CPU"
	if m.CoreType != "" {
		core = coreType + "=" + m.CoreType
	}
	fmt.Fprintf(t, "\nCPU ms of a step with its update, ours and PyTorch %s (its products: %.0f GFLOP/s, %.0f %% of the peak; BLAS %s)\n",
		m.Torch, m.TorchGFLOPS, 100*m.TorchShare, core)
	fmt.Fprintln(t, "as users write it, at its best, with our algebra; / ours is the median of ratios in alternation")
	fmt.Fprintln(t, "\tours\tfast\tuser\tfast\tbest\tfast\tlowrank\tfast\tuser/ours\tbest/ours\tlowrank/ours\tbest is\t\t")
	for _, s := range r.Torch {
		lowrank, fast, by := "", "", ""
		if s.LowRankMS > 0 {
			lowrank, fast, by = fmt.Sprintf("%.2f", s.LowRankMS), fmt.Sprintf("%.2f", s.LowRankFastMS), fmt.Sprintf("%.2f", s.LowRankByOurs)
		}
		fmt.Fprintf(t, "%s\t%.2f\t%.2f\t%.2f\t%.2f\t%.2f\t%.2f\t%s\t%s\t%.2f\t%.2f\t%s\t%s\t%s\t\n", stepName(s.Model, s.Mode, s.M),
			s.OursMS, s.OursFastMS, s.UserMS, s.UserFastMS, s.BestMS, s.BestFastMS, lowrank, fast, s.UserByOurs, s.BestByOurs, by, s.BestWay, s.said())
	}
}
