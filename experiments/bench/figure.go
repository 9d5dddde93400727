package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"msharp/harness/disk"
	"msharp/plots"
)

// checkFigure says what is wrong with the name of a figure's file, before anything is measured.
func checkFigure(file string) error {
	if file == "" {
		return nil
	}
	if ext := filepath.Ext(file); ext != ".png" && ext != ".svg" {
		return fmt.Errorf("--figure %s: the extension is %q, expected .png or .svg", file, ext)
	}
	if _, err := os.Stat(filepath.Dir(file)); err != nil {
		return fmt.Errorf("--figure %s: its folder: %w", file, err)
	}
	return nil
}

func writeFigure(file string, r Report) error {
	d := figure(r).Draw()
	write := d.WritePNG
	if filepath.Ext(file) == ".svg" {
		write = d.WriteSVG
	}
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return err
	}
	return disk.WriteFile(file, b.Bytes())
}

// figure is the report as panels: against m, beside PyTorch where it was measured, and as networks, batches and data grow.
func figure(r Report) plots.Chart {
	m := r.Machine
	f := plots.Chart{
		Name: "bench", Title: "The time of m-SAM and of m-sharpness", Columns: 2,
		Notes: []string{
			fmt.Sprintf("%s, one core, %s kernels, peak %.0f GFLOP/s, %s. Medians of %s. Batch 128 where not stated; MLPs and the CNN on 28 × 28 × 1, "+
				"the CIFAR CNN on 32 × 32 × 3.", m.CPU, m.Kernel, m.Peak, m.Date, clockName(m.Clock)),
		},
		Panels: []plots.ChartPanel{relative(r.Step)},
	}
	if len(r.Torch) > 0 {
		f.Columns = 3
		f.Notes = append(f.Notes, fmt.Sprintf("PyTorch %s, one thread on the same core, its products at %.0f %% of the peak: as usually written, the best of "+
			"its tuned ways, and with our algebra. Steps include the update of SGD with momentum.", m.Torch, 100*m.TorchShare))
		for _, s := range titles {
			if p := beside(r.Torch, s.model, s.title); len(p.Lines[0].X) > 0 {
				f.Panels = append(f.Panels, p)
			}
		}
	}
	if m.SlowRows > 0 {
		f.Notes = append(f.Notes, fmt.Sprintf("Around %d of %d rows the machine ran below %.0f %% of its best.", m.SlowRows, m.Rows, 100*m.SlowBelow))
	}
	f.Panels = append(f.Panels, growing(r.Scaling, "width"), growing(r.Scaling, "batch"), measures(r.Scaling))
	return f
}

func clockName(clock string) string {
	if clock == "wall" {
		return "wall time"
	}
	return "CPU time"
}

// titles are the networks as people know them, in the figure's order, each with its look where all stand together.
var titles = []struct {
	model, title string
	plots.Look
}{
	{"mlp", "MLP 256-128", plots.LookOurs}, {"mlp512", "MLP 512-512", plots.LookBlue}, {"mlp1024", "MLP 1024-1024", plots.LookUsual},
	{"cnn", "CNN 16-32", plots.LookOursOpen}, {"cifar", "CIFAR CNN 64-128-256", plots.LookGreen},
}

// add appends a point.
func add(l *plots.ChartLine, x int, y float64) { l.X, l.Y = append(l.X, float64(x)), append(l.Y, y) }

// relative is m-SAM's gradient as a share of SAM's.
func relative(steps []Step) plots.ChartPanel {
	var lines []plots.ChartLine
	for _, t := range titles {
		l := plots.ChartLine{Name: t.title, Look: t.Look}
		for _, s := range steps {
			if s.Mode == "msam" && s.Model == t.model {
				add(&l, s.M, s.VsSAM)
			}
		}
		lines = append(lines, l)
	}
	return plots.ChartPanel{
		Title: "m-SAM relative to SAM", XLabel: "m, examples per ascent group", YLabel: "time of a gradient / SAM's",
		Level: 1, LevelName: "SAM", Lines: lines,
	}
}

// beside is m-SAM's step in PyTorch's ways and in ours. The note has that of SGD, which has no m.
func beside(all []Torch, model, title string) plots.ChartPanel {
	user, best := plots.ChartLine{Name: "PyTorch, usual", Look: plots.LookGrey}, plots.ChartLine{Name: "PyTorch, best", Look: plots.LookBlue}
	lowrank, ours := plots.ChartLine{Name: "PyTorch, our algebra", Look: plots.LookGreen}, plots.ChartLine{Name: "ours", Look: plots.LookOurs}
	var notes []string
	for _, t := range all {
		if t.Model != model {
			continue
		}
		if t.Mode == "sgd" {
			notes = []string{fmt.Sprintf("SGD: ours %.3g ms, PyTorch %.3g and %.3g.", t.OursMS, t.UserMS, t.BestMS)}
			continue
		}
		add(&user, t.M, t.UserMS)
		add(&best, t.M, t.BestMS)
		add(&ours, t.M, t.OursMS)
		if t.LowRankMS > 0 {
			add(&lowrank, t.M, t.LowRankMS)
		}
	}
	lines := []plots.ChartLine{user, best, lowrank, ours}
	if len(lowrank.X) == 0 {
		lines = []plots.ChartLine{user, best, ours}
	}
	return plots.ChartPanel{
		Title: title, Notes: notes, XLabel: "m, examples per ascent group", YLabel: "time of a step (ms)",
		LogY: true, Lines: lines,
	}
}

// growing is the gradients' time against the width or the batch.
func growing(all []Scaling, by string) plots.ChartPanel {
	lines := []plots.ChartLine{
		{Name: "SAM", Look: plots.LookUsual}, {Name: "m = 16", Look: plots.LookOfM(16)}, {Name: "m = 1", Look: plots.LookOfM(1)},
		{Name: "SGD", Look: plots.LookBase},
	}
	index := map[string]int{"sam 0": 0, "msam 16": 1, "msam 1": 2, "sgd 0": 3}
	for _, s := range all {
		if i, ok := index[fmt.Sprintf("%s %d", s.Mode, s.M)]; ok && s.By == by {
			add(&lines[i], s.At, s.MS)
		}
	}
	p := plots.ChartPanel{
		Title: "Width: MLP 784-h-h-10", XLabel: "h, width of the hidden layers", YLabel: "time of a gradient (ms)", LogY: true, Lines: lines,
	}
	if by == "batch" {
		p.Title, p.XLabel = "Batch: MLP 784-256-128-10", "examples in the batch"
	}
	return p
}

// measures is m-sharpness against n, beside one forward pass.
func measures(all []Scaling) plots.ChartPanel {
	cells, forward := plots.ChartLine{Name: "all cells", Look: plots.LookOfM(1)}, plots.ChartLine{Name: "one forward pass", Look: plots.LookBase}
	for _, s := range all {
		if s.By == "n" {
			add(&cells, s.At, s.MS)
			add(&forward, s.At, s.MS/s.Forwards)
		}
	}
	return plots.ChartPanel{
		Title:  "m-sharpness of the MLP",
		Notes:  []string{"Cells: ρ = .01, .05, .2 at each m of 1, 4, 16, 64, 256, 1024 that divides n."},
		XLabel: "n, examples measured", YLabel: "time (ms)", LogY: true, Lines: []plots.ChartLine{cells, forward},
	}
}
