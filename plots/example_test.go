package plots_test

import (
	"fmt"
	"os"

	"msharp/harness/record"
	"msharp/harness/stats"
	"msharp/plots"
)

// cost is a figure that an experiment writes in its own folder: the test error against the seconds of training, a dot a trial, and a
// number from elsewhere.
type cost struct{}

func (cost) Name() string { return "cost" }

func (cost) Draw(t *plots.Trials) (plots.Drawing, error) {
	s := plots.Sheet{Name: "cost", Title: "What a point of test error costs", Caption: "A line through two means; dots: trials."}
	pan := plots.Panel{
		X: plots.LogAxis("seconds (log scale)", 0, 2, 200),
		Y: plots.LinearAxis("test error (%)", 0, 20, 5),
	}
	pan.Add(
		plots.Rule{Name: "as published", Y: plots.Exactly(12)[0], Look: plots.LookGrey},
		plots.Curve{
			Name: "ours", Look: plots.LookOfM(4), Bars: true, X: []float64{.5, 1.5},
			Y: []stats.Interval{{Mean: 14, Low: 12, High: 16, N: 3}, {Mean: 10, Low: 9, High: 25, N: 3}},
		},
		plots.Dots{Name: "a trial", Look: plots.LookOurs, X: []float64{.4, .6, 1.4}, Y: []float64{13, 15, 11}},
	)
	s.Seeds.Add(3)
	s.Header = []string{"seconds", "error_percent"}
	s.Add(pan, []string{"3.2", "14"}, []string{"32", "10"})
	return s.Draw(), nil
}

func ExampleSheet() {
	drawings, err := plots.DrawAll([]plots.Figure{cost{}}, plots.Read([]record.Record{}))
	if err != nil {
		panic(err)
	}
	for _, d := range drawings {
		fmt.Println(d.Caption)
		if err := d.WriteCSV(os.Stdout); err != nil {
			panic(err)
		}
	}
	// Output:
	// A line through two means; dots: trials. Mean over seeds, n = 3; bars: 95 % t interval. Arrowheads: the interval goes on beyond the axis.
	// seconds,error_percent
	// 3.2,14
	// 32,10
}
