// Package foret2021 holds the published numbers of P. Foret, A. Kleiner, H. Mobahi, B. Neyshabur, "Sharpness-Aware Minimization for
// Efficiently Improving Generalization", ICLR 2021, arXiv:2010.01412, as panels to set beside our own.
//
// error.csv and information.csv were read off pictures, noise.csv was copied from a table; each begins with its source.
//
// They are of other models on other data sets than ours: compare shapes, not heights.
package foret2021

import (
	_ "embed"
	"encoding/csv"
	"math"
	"strconv"
	"strings"

	"msharp/plots"
)

var (
	//go:embed error.csv
	errorCSV string
	//go:embed information.csv
	informationCSV string
	//go:embed noise.csv
	noiseCSV string
)

const (
	figure3 = "Foret et al. 2021, Figure 3 (arXiv:2010.01412)"
	table4  = "Foret et al. 2021, Table 4 (arXiv:2010.01412)"
)

// Error is Figure 3 (middle): the test error in percent of a small ResNet on CIFAR-10 against ρ, by m.
func Error() plots.Extra {
	t := read(errorCSV)
	e := plots.Extra{Source: figure3, Caption: figure3 + ", read off the picture (±.03 points): a small ResNet on CIFAR-10."}
	var rhos []float64
	low, high := math.Inf(1), math.Inf(-1)
	for k, name := range t.columns[1:] {
		m, err := strconv.ParseFloat(strings.TrimPrefix(name, "m"), 64)
		if err != nil {
			panic(err)
		}
		curve := plots.Curve{Name: "m = " + name[1:], Look: plots.LookOfM(m)}
		for _, row := range t.rows {
			rho, percent := row[0], 100*row[k+1]
			if math.IsNaN(percent) {
				continue
			}
			low, high = math.Min(low, percent), math.Max(high, percent)
			if rho == 0 && k > 0 {
				continue // the same for every m
			}
			point := plots.Point{Series: "m=" + name[1:], X: rho, Y: percent}
			if rho == 0 {
				point.Series = "rho=0"
				e.Panel.Add(plots.Rule{Name: "ρ = 0", Y: plots.Exactly(percent)[0], Look: plots.LookBase})
			} else {
				curve.X, curve.Y = append(curve.X, math.Log10(rho)), append(curve.Y, plots.Exactly(percent)...)
			}
			e.Points = append(e.Points, point)
		}
		e.Panel.Add(curve)
	}
	for _, row := range t.rows {
		if row[0] > 0 {
			rhos = append(rhos, row[0])
		}
	}
	pad := .06 * (high - low)
	e.Panel.Title = "Published: test error"
	e.Panel.Notes = []string{"A small ResNet on CIFAR-10, read off Figure 3 of Foret et al. 2021."}
	e.Panel.X = plots.SweptAxis("ρ (log scale)", rhos, length)
	e.Panel.Y = plots.LinearAxis("test error (%)", low-pad, high+pad, 6)
	return e
}

// length is about that of an x axis.
const length = 190

// Information is Figure 3 (right): the mutual information between m-sharpness and generalization on the two public tasks of the PGDL
// competition, over m.
func Information() plots.Extra {
	t := read(informationCSV)
	e := plots.Extra{Source: figure3, Caption: figure3 + ", read off the picture (±.0005 and ±.002): " +
		"mutual information, not τ, on the two public tasks of the PGDL competition. Compare shapes, not heights."}
	var names []string
	high := 0.
	looks := []plots.Look{plots.LookPale, plots.LookDark}
	for k := range t.columns[1:] {
		task := "task " + strconv.Itoa(k+1)
		curve := plots.Curve{Name: "PGDL " + task, Look: looks[k]}
		for i, row := range t.rows {
			if k == 0 {
				names = append(names, strconv.Itoa(int(row[0])))
			}
			curve.X, curve.Y = append(curve.X, float64(i)), append(curve.Y, plots.Exactly(row[k+1])...)
			e.Points = append(e.Points, plots.Point{Series: task, X: row[0], Y: row[k+1]})
			high = max(high, row[k+1])
		}
		e.Panel.Add(curve)
	}
	e.Panel.Title = "Published: mutual information"
	e.Panel.Notes = []string{"Not τ: two PGDL tasks, read off Figure 3 of Foret et al. 2021."}
	e.Panel.X = plots.OrdinalAxis("m of the measure", names, .4)
	e.Panel.Y = plots.LinearAxis("mutual information", 0, 1.08*high, 5)
	return e
}

// Noise is Table 4: the test error in percent of SGD and of SAM on CIFAR-10 against the share of noisy labels, in percent.
func Noise() plots.Extra {
	t := read(noiseCSV)
	e := plots.Extra{Source: table4, Caption: table4 + ", on CIFAR-10: another model and another data set, so compare shapes, not heights."}
	looks := []plots.Look{plots.LookOpenBase, plots.LookOpen}
	for k, name := range t.columns[1:] {
		curve := plots.Curve{Name: strings.ToUpper(name), Look: looks[k]}
		for _, row := range t.rows {
			share, percent := 100*row[0], 100-row[k+1]
			curve.X, curve.Y = append(curve.X, share), append(curve.Y, plots.Exactly(percent)...)
			e.Points = append(e.Points, plots.Point{Series: curve.Name, X: share, Y: percent})
		}
		e.Panel.Add(curve)
	}
	e.Panel.Title = "Published, on CIFAR-10"
	e.Panel.Notes = []string{"Table 4 of Foret et al. 2021."}
	e.Panel.X = plots.LinearAxis("noisy labels (%)", -4, 84, 5)
	e.Panel.Y = plots.LinearAxis("test error (%)", 0, 80, 6)
	return e
}

// table is numbers of a paper; an empty cell is NaN.
type table struct {
	columns []string
	rows    [][]float64
}

// read reads a CSV with comment lines. It panics on a bad one: the files are part of the program.
func read(text string) table {
	r := csv.NewReader(strings.NewReader(text))
	r.Comment = '#'
	lines, err := r.ReadAll()
	if err != nil {
		panic(err)
	}
	t := table{columns: lines[0]}
	for _, line := range lines[1:] {
		row := make([]float64, len(line))
		for i, s := range line {
			if row[i] = math.NaN(); s == "" {
				continue
			}
			if row[i], err = strconv.ParseFloat(s, 64); err != nil {
				panic(err)
			}
		}
		t.rows = append(t.rows, row)
	}
	return t
}
