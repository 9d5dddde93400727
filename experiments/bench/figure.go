package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"

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
	f := plots.Chart{
		Name: "bench", Title: "The time of m-SAM and of m-sharpness", Columns: 2,
		Notes: []string{fmt.Sprintf("%s, one core, %s kernels, %s. Batch 128 where not stated; MLP 784-256-128-10, CNN conv16-conv32-fc10 on 28 × 28.",
			r.Machine.CPU, r.Machine.Kernel, r.Machine.Date)},
		Panels: []plots.ChartPanel{relative(r.Step)},
	}
	if len(r.Torch) > 0 {
		f.Columns = 3
		f.Notes[0] += fmt.Sprintf(" PyTorch %s, one thread on the same core: as usually written, the best of its tuned ways, and with our algebra.",
			r.Machine.Torch)
		f.Panels = append(f.Panels, beside(r.Torch, "mlp"), beside(r.Torch, "cnn"))
	}
	f.Panels = append(f.Panels, growing(r.Scaling, "width"), growing(r.Scaling, "batch"), measures(r.Scaling))
	return f
}

// add appends a point.
func add(l *plots.ChartLine, x int, y float64) { l.X, l.Y = append(l.X, float64(x)), append(l.Y, y) }

// relative is m-SAM's gradient as a share of SAM's.
func relative(steps []Step) plots.ChartPanel {
	lines := []plots.ChartLine{{Name: "MLP", Look: plots.LookOurs}, {Name: "CNN", Look: plots.LookOursOpen}}
	for _, s := range steps {
		if s.Mode != "msam" {
			continue
		}
		l := &lines[0]
		if s.Model == "cnn" {
			l = &lines[1]
		}
		add(l, s.M, s.VsSAM)
	}
	return plots.ChartPanel{
		Title: "m-SAM relative to SAM", XLabel: "m, examples per ascent group", YLabel: "time of a gradient / SAM's",
		Level: 1, LevelName: "SAM", Lines: lines,
	}
}

// beside is m-SAM's step in PyTorch's ways and in ours.
func beside(all []Torch, model string) plots.ChartPanel {
	user, best := plots.ChartLine{Name: "PyTorch, usual", Look: plots.LookGrey}, plots.ChartLine{Name: "PyTorch, best", Look: plots.LookBlue}
	lowrank, ours := plots.ChartLine{Name: "PyTorch, our algebra", Look: plots.LookGreen}, plots.ChartLine{Name: "ours", Look: plots.LookOurs}
	if model == "cnn" {
		ours.Look = plots.LookOursOpen
	}
	for _, t := range all {
		if t.Model != model || t.Mode != "msam" {
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
		Title: strings.ToUpper(model) + " beside PyTorch", XLabel: "m, examples per ascent group", YLabel: "CPU time of a step (ms)",
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
