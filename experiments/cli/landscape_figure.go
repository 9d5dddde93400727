package cli

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"msharp/harness"
	"msharp/harness/config"
	"msharp/harness/record"
	"msharp/harness/stats"
	"msharp/plots"
)

// splitWords are how figures name a split.
var splitWords = map[string]string{"train": "training", "val": "validation", "test": "test"}

// oneOfSAM is what names a trial beside its id.
var oneOfSAM = place{"seed", "optimizer.kind", "optimizer.rho", "optimizer.m"}

// landscapeFigure is a grid as a figure.
func landscapeFigure(name string, g *harness.Grid, trials []config.Trial) plots.Landscape {
	v, found := g.Request.View, g.Found
	f := plots.Landscape{Name: name, Split: splitWords[v.Split]}
	letters := len(trials) > 1
	for i, s := range found.Solutions {
		m := plots.LossMark{X: float64(s.X), Y: float64(s.Y), Loss: float64(s.Loss), Error: 100 * float64(s.Error), OnLines: v.Along == "line" || harness.Along[v.Along].Centred}
		which := "Trial " + s.ID
		if letters {
			m.Text = string(rune('A' + i))
			which = m.Text + ": trial " + s.ID
		}
		f.Marks = append(f.Marks, m)
		f.Notes = append(f.Notes, fmt.Sprintf("%s (%s): loss %s, error %s %%.", which, oneOfSAM.of(trials[i]), threeDigits(m.Loss), threeDigits(m.Error)))
	}
	axis := func(k int) string { return threeDigits(float64(found.Axes[k].Norm)) }
	data := fmt.Sprintf("The loss is the mean over %d %s examples", found.Examples, f.Split)
	if letters {
		data += " of A's trial"
	}
	switch v.Along {
	case "random":
		f.Title = "Loss around a solution, along random directions"
		f.XLabel, f.YLabel, f.LineLabel = "step along direction 1 (1 = filter norms of the solution)", "step along direction 2", "step (1 = filter norms of the solution)"
		f.Notes = append(f.Notes, data+".", fmt.Sprintf(
			"Directions are random, draw %d; each filter has the norm of the solution's, and biases stay. A step of 1 is a distance of %s along direction 1 and of %s along direction 2; the cosine of their angle is %s.",
			v.Draw, axis(0), axis(1), threeDigits(float64(found.Cosine))))
	case "eigenvectors":
		f.Title = "Loss around a solution, along the two top eigenvectors of the Hessian"
		f.XLabel, f.YLabel, f.LineLabel = "distance of weights along eigenvector 1", "distance along eigenvector 2", "distance of weights along an eigenvector"
		f.Notes = append(f.Notes, data+".", fmt.Sprintf("The Hessian is that of the training loss: λ₁ = %s, λ₂ = %s, with residuals %s and %s.",
			threeDigits(number(found.Axes[0].Value)), threeDigits(number(found.Axes[1].Value)), threeDigits(number(found.Axes[0].Residual)), threeDigits(number(found.Axes[1].Residual))))
	case "line":
		f.Title = "Loss on the line through two solutions"
		f.LineLabel = "share of the way from A to B"
		f.Notes = append(f.Notes, data+".", fmt.Sprintf("The distance of B from A is %s.", axis(0)))
	case "plane":
		f.Title = "Loss on the plane through three solutions"
		f.XLabel, f.YLabel = "distance of weights, in the direction from A to B", "distance of weights, orthogonal to it"
		f.Notes = append(f.Notes, data+".")
	case "trajectory":
		f.Notes = append(f.Notes, data+".")
		addPath(&f, g)
	}
	f.Caption = f.Title + "."
	n := v.Points
	switch {
	case v.Along == "line":
		f.Lines = []plots.LossLine{lossLine("", g.Points, func(p harness.GridPoint) float64 { return p.X })}
	case v.Dims == 1:
		f.Lines = acrossLines(g, g.Points[:n], g.Points[n:])
	default:
		f.Map = lossMap(g.Points, n)
		if harness.Along[v.Along].Centred {
			var column []harness.GridPoint
			for j := range n {
				column = append(column, g.Points[j*n+n/2])
			}
			f.Lines = acrossLines(g, g.Points[n/2*n:(n/2+1)*n], column)
		}
	}
	return f
}

// addPath adds the path of training to a figure of its plane.
func addPath(f *plots.Landscape, g *harness.Grid) {
	share := func(k int) string { return threeDigits(math.Round(1000*number(g.Found.Axes[k].Share)) / 10) }
	const of = " % of the path's variance"
	f.Title = "Training on the plane of its first two principal components"
	f.XLabel, f.YLabel = "first principal component,\n"+share(0)+of, "second principal component,\n"+share(1)+of
	every := "every epoch"
	if n := g.Request.Trained.Every; n > 1 {
		every = fmt.Sprintf("every %d epochs", n)
	}
	f.Path = &plots.LossPath{Name: "weights at the start and after " + every}
	var farthest harness.PathPoint
	for _, p := range g.Path {
		f.Path.X, f.Path.Y = append(f.Path.X, p.X), append(f.Path.Y, p.Y)
		f.Path.Loss, f.Path.Error = append(f.Path.Loss, p.Loss), append(f.Path.Error, 100*p.Error)
		f.Path.Names = append(f.Path.Names, fmt.Sprintf("path, epoch %d", p.Epoch))
		if p.Distance > farthest.Distance {
			farthest = p
		}
	}
	start, end := g.Path[0], g.Path[len(g.Path)-1]
	f.Marks = []plots.LossMark{{Text: "start", X: start.X, Y: start.Y}, {Text: "end", X: end.X, Y: end.Y}}
	f.Notes = append(f.Notes, fmt.Sprintf(
		"The path is that of %s, from a loss of %s at the start. The components hold %s and %s %% of its variance; their plane goes through the end. The path is projected onto the plane: it is farthest away at epoch %d, by %s, where the loss of its weights is %s.",
		record.Plural(end.Epoch, "epoch"), threeDigits(start.Loss), share(0), share(1),
		farthest.Epoch, threeDigits(farthest.Distance), threeDigits(farthest.Loss)))
}

// acrossLines are the losses along the two axes, with the parabolas of eigenvalues.
func acrossLines(g *harness.Grid, first, second []harness.GridPoint) []plots.LossLine {
	what := map[string]string{"random": "direction", "eigenvectors": "eigenvector"}[g.Request.Along]
	lines := []plots.LossLine{
		lossLine("along "+what+" 1", first, func(p harness.GridPoint) float64 { return p.X }),
		lossLine("along "+what+" 2", second, func(p harness.GridPoint) float64 { return p.Y }),
	}
	for k := range lines {
		value := g.Found.Axes[k].Value
		if value == nil || g.Request.Split != "train" {
			continue
		}
		l := &lines[k]
		l.ParabolaName = fmt.Sprintf("parabola of λ%c", []rune("₁₂")[k])
		for _, x := range l.X {
			l.Parabola = append(l.Parabola, float64(g.Found.Solutions[0].Loss)+float64(*value)*x*x/2)
		}
	}
	return lines
}

func lossLine(name string, points []harness.GridPoint, x func(harness.GridPoint) float64) plots.LossLine {
	l := plots.LossLine{Name: name}
	for _, p := range points {
		l.X, l.Loss, l.Error = append(l.X, x(p)), append(l.Loss, p.Loss), append(l.Error, 100*p.Error)
	}
	return l
}

// lossMap is a grid of n × n points.
func lossMap(points []harness.GridPoint, n int) *plots.LossMap {
	m := &plots.LossMap{Loss: make([][]float64, n), Error: make([][]float64, n)}
	for i, p := range points {
		if i < n {
			m.X = append(m.X, p.X)
		}
		if i%n == 0 {
			m.Y = append(m.Y, p.Y)
		}
		m.Loss[i/n], m.Error[i/n] = append(m.Loss[i/n], p.Loss), append(m.Error[i/n], 100*p.Error)
	}
	return m
}

func number[T ~float64](v *T) float64 {
	if v == nil {
		return math.NaN()
	}
	return float64(*v)
}

// threeDigits writes a number of a note; "not finite" for one that is not.
func threeDigits(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "not finite"
	}
	text := strconv.FormatFloat(v, 'g', 3, 64)
	digits, exponent, small := strings.Cut(text, "e")
	r, err := strconv.ParseFloat(digits, 64)
	e, _ := strconv.Atoi(exponent)
	switch {
	case err != nil:
		return text
	case !small:
		return stats.Short(r)
	}
	up := strings.NewReplacer("-", "⁻", "0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴", "5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹")
	return stats.Short(r) + "·10" + up.Replace(strconv.Itoa(e))
}
