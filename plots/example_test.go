package plots_test

import (
	"fmt"
	"math"
	"os"

	"msharp/harness/record"
	"msharp/harness/study"
	"msharp/plots"
)

// records are what record.Load reads from a folder; these are three seeds of SAM at three m and two learning rates.
func records() (recs []record.Record) {
	for seed := 1.; seed <= 3; seed++ {
		for _, m := range []float64{1, 16, 128} {
			for _, lr := range []float64{.01, .1} {
				loss := .02 + .001*seed + .01*math.Log2(m)
				recs = append(recs, record.Record{
					ID: fmt.Sprint(seed, m, lr), Status: record.Done,
					Config: map[string]any{"seed": seed, "lr": lr, "batch_size": 128., "optimizer": map[string]any{"kind": "sam", "rho": .05, "m": m}},
					Values: record.Values{Numbers: map[string]record.Number{
						"train_loss": record.Number(loss), "test_error": record.Number(.1 + loss/2 - lr/10),
					}},
				})
			}
		}
	}
	return recs
}

// lossOverM is a figure that an experiment writes in its own folder: the train loss over m, a mean over seeds.
type lossOverM struct{}

func (lossOverM) Name() string { return "loss_over_m" }

func (lossOverM) Draw(t *study.Trials) (plots.Drawing, error) {
	s := plots.Sheet{Name: "loss_over_m", Title: "Train loss over m", Caption: "The train loss at the last epoch.", Header: []string{"m", "train_loss", "low", "high"}}
	if s.Skipped = t.Unfinished(); s.Skipped != "" {
		return s.Draw(), nil
	}
	line := plots.Curve{Name: "ρ = .05", Look: plots.LookOurs, Bars: true}
	for _, c := range t.Ascent().Cells(study.Same, study.M, study.TrainLoss) {
		mean := c.Mean()
		line.X, line.Y = append(line.X, math.Log10(c.X)), append(line.Y, mean)
		s.Seeds.Add(mean.N)
		s.Rows = append(s.Rows, []string{fmt.Sprint(c.X), fmt.Sprintf("%.3f", mean.Mean), fmt.Sprintf("%.3f", mean.Low), fmt.Sprintf("%.3f", mean.High)})
	}
	panel := plots.Panel{X: plots.SweptAxis("m (log scale)", t.Ms(), 250), Y: plots.LinearAxis("train loss (nats)", 0, .15, 4)}
	panel.Add(line)
	s.Add(panel)
	return s.Draw(), nil
}

// A figure of one's own is a type with a name that draws a study.
func ExampleFigure() {
	drawings, err := plots.DrawAll([]plots.Figure{lossOverM{}}, study.Of(records()))
	if err != nil {
		panic(err)
	}
	for _, d := range drawings { // plots.Write(dir, drawings) writes the PNG, the SVG and the CSV of each
		fmt.Println(d.Caption)
		if err := d.WriteCSV(os.Stdout); err != nil {
			panic(err)
		}
	}
	// Output:
	// The train loss at the last epoch. Mean over seeds, n = 3; bars: 95 % t interval over seeds.
	// m,train_loss,low,high
	// 1,0.022,0.020,0.024
	// 16,0.062,0.060,0.064
	// 128,0.092,0.090,0.094
}

// Any number over any key that was swept: the test error over the learning rate, a line for each m.
func ExampleLines() {
	d, err := plots.Lines{File: "error_over_lr", X: study.Key("lr"), Series: study.M}.Draw(study.Of(records()))
	if err != nil {
		panic(err)
	}
	fmt.Println(d.Title)
	fmt.Println(d.Caption)
	for _, row := range d.Rows {
		fmt.Println(row[:3])
	}
	// Output:
	// Test error against lr, by m
	// Test error (%) against lr. Mean over seeds, n = 3; bands: 95 % t interval over seeds, given these test images.
	// [1 0.01 11]
	// [1 0.1 10.1]
	// [16 0.01 13]
	// [16 0.1 12.1]
	// [128 0.01 14.5]
	// [128 0.1 13.6]
}
