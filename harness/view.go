package harness

import (
	"fmt"
	"math"

	"msharp/harness/config"
	"msharp/harness/record"
	"msharp/models/kernel"
	"msharp/models/rng"
	"msharp/sharpness"
)

// View says which part of a loss landscape is looked at.
type View struct {
	Along  string  `json:"along"`          // a key of Along
	Split  string  `json:"split"`          // whose loss: train, val or test
	Dims   int     `json:"dims"`           // 1: points on each axis; 2: a grid over both
	Points int     `json:"points"`         // on an axis
	Span   float64 `json:"span"`           // how far the axes go, see Along
	Draw   int     `json:"draw,omitempty"` // of random directions; each has its own stream
}

// Way is what sections go along.
type Way struct {
	Solutions int     // that it takes
	Dims      []int   // that it can have, the usual one first
	Centred   bool    // whether the solution is the middle point of its axes
	Span      float64 // the usual one
	Means     string  // what a span is
}

// Along is the ways to look at a landscape.
var Along = map[string]Way{
	"random":       {1, []int{2, 1}, true, 1, "in filter norms, to either side"},
	"eigenvectors": {1, []int{2, 1}, true, .5, "in distance of weights, to either side"},
	"line":         {2, []int{1}, false, .25, "beyond either solution, in units of their distance"},
	"plane":        {3, []int{2}, false, .25, "beyond the solutions on all sides, in units of the longer side of the rectangle around them"},
	"trajectory":   {1, []int{2}, false, .25, "beyond the path on all sides, in units of the longer side of the rectangle around it"},
}

// eigenSteps is the Lanczos steps that eigenvectors are taken from: more than of their values, which are found before them.
const eigenSteps = 40

// Solutions is how many solutions the view is of.
func (v View) Solutions() int { return Along[v.Along].Solutions }

func (v View) need() sharpness.Need {
	if v.Along == "eigenvectors" {
		return sharpness.EigenpairsNeed(2, eigenSteps)
	}
	return sharpness.Need{}
}

// Request is all that the numbers of a grid hang on.
type Request struct {
	View
	Trials  []string `json:"trials"`
	Weights []string `json:"weights"`           // their sha256; none of a trajectory
	Trained *Trained `json:"trained,omitempty"` // of a trajectory
	Data    string   `json:"data"`              // sha256 of what the splits are drawn from
	Results int      `json:"results"`           // the results version
}

// RequestOf is a view of solutions as a request.
func RequestOf(v View, solutions []*Solution, data string) Request {
	r := Request{View: v, Data: data, Results: config.ResultsVersion}
	for _, s := range solutions {
		r.Trials = append(r.Trials, s.ID)
		if r.Trained = s.trained; s.trained == nil {
			r.Weights = append(r.Weights, s.sum())
		}
	}
	return r
}

// Difference names the first key in which two requests differ, with both values; "" of equal ones.
func (r Request) Difference(other Request) string {
	for _, key := range []struct {
		name         string
		there, asked any
	}{
		{"along", other.Along, r.Along}, {"split", other.Split, r.Split}, {"dims", other.Dims, r.Dims}, {"points", other.Points, r.Points},
		{"span", other.Span, r.Span}, {"draw", other.Draw, r.Draw}, {"trials", other.Trials, r.Trials}, {"weights", other.Weights, r.Weights},
		{"trained", other.Trained, r.Trained}, {"data", other.Data, r.Data}, {"results", other.Results, r.Results},
	} {
		if there, asked := text(key.there), text(key.asked); there != asked {
			return fmt.Sprintf("%s is %s there and %s here", key.name, there, asked)
		}
	}
	return ""
}

// Grid is the losses and errors at points of a section.
type Grid struct {
	Request Request
	Found   Found
	Points  []GridPoint
	Path    []PathPoint // of a trajectory
}

// GridPoint is a point of a section; the second coordinate is 0 on a line.
type GridPoint struct{ X, Y, Loss, Error float64 }

// PathPoint is a point of the path of training, projected onto the section. Loss and Error are those of the weights themselves.
type PathPoint struct {
	GridPoint
	Epoch    int     // after so many; 0 is the start
	Distance float64 // of the weights from the section
}

// Found is what is known of a section beside its points.
type Found struct {
	Kernel    string          `json:"kernel"`
	Examples  int             `json:"examples"` // in the split
	Axes      []GridAxis      `json:"axes"`
	Cosine    record.Number   `json:"cosine"` // of the axes' angle; null on a line
	Solutions []FoundSolution `json:"solutions"`
}

// GridAxis is an axis of a section: how long a step of 1 is, of an eigenvector its eigenvalue and residual, and of a principal component its
// share of the variance of the path.
type GridAxis struct {
	Norm     record.Number  `json:"norm"`
	Value    *record.Number `json:"value,omitempty"`
	Residual *record.Number `json:"residual,omitempty"`
	Share    *record.Number `json:"share,omitempty"`
}

// FoundSolution is where a solution lies in the section.
type FoundSolution struct {
	ID    string        `json:"id"`
	X     record.Number `json:"x"`
	Y     record.Number `json:"y"`
	Loss  record.Number `json:"loss"`
	Error record.Number `json:"error"`
}

// section returns the section of a view, what is known of it and where its solutions lie, and the path of a trajectory, without losses.
func section(v View, solutions []*Solution) (s sharpness.Section, f Found, path []PathPoint, err error) {
	first := solutions[0]
	at := [][2]float64{{0, 0}}
	var pairs []sharpness.Eigenpair
	var trajectory sharpness.Trajectory
	switch v.Along {
	case "random":
		s.Origin = first.w
		for k := range 2 {
			r := rng.Stream(first.run.Seed, fmt.Sprintf("landscape/random/%d/%d", v.Draw, k+1))
			s.Axes = append(s.Axes, sharpness.FilterNormalized(first.w, filters(first.arrays), r))
		}
	case "eigenvectors":
		s.Origin = first.w
		land := &landscape{split: first.run.train, w: first.w, init: first.run.init}
		if pairs, err = sharpness.TopEigenpairs(land, 2, eigenSteps, rng.Stream(first.run.Seed, "landscape/eigenvectors")); err != nil {
			return s, f, nil, fmt.Errorf("trial %s: %w", first.ID, err)
		}
		for _, p := range pairs {
			s.Axes = append(s.Axes, p.Vector)
		}
	case "line":
		at = append(at, [2]float64{1, 0})
		s, err = sharpness.Line(first.w, solutions[1].w)
	case "plane":
		var three [3][2]float64
		s, three, err = sharpness.Plane(first.w, solutions[1].w, solutions[2].w)
		at = three[:]
	case "trajectory":
		if trajectory, err = first.trajectory(); err != nil {
			return s, f, nil, fmt.Errorf("trial %s: %w", first.ID, err)
		}
		s, path = trajectory.Section, first.projected(trajectory)
	}
	if err != nil {
		return s, f, nil, err
	}
	f.Kernel, f.Cosine = kernel.Name(), record.Number(math.NaN())
	for k, a := range s.Axes {
		axis := GridAxis{Norm: record.Number(sharpness.Length(a))}
		if pairs != nil {
			value, residual := record.Number(pairs[k].Value), record.Number(pairs[k].Residual)
			axis.Value, axis.Residual = &value, &residual
		}
		if path != nil {
			share := record.Number(trajectory.Share[k])
			axis.Share = &share
		}
		f.Axes = append(f.Axes, axis)
	}
	if len(s.Axes) == 2 {
		f.Cosine = record.Number(sharpness.Cosine(s.Axes[0], s.Axes[1]))
	}
	for i, o := range solutions {
		f.Solutions = append(f.Solutions, FoundSolution{ID: o.ID, X: record.Number(at[i][0]), Y: record.Number(at[i][1])})
	}
	return s, f, path, nil
}

// anchors are the points that a window must hold: those of solutions and of a path.
func anchors(f Found, path []PathPoint) (at [][2]float64) {
	for _, s := range f.Solutions {
		at = append(at, [2]float64{float64(s.X), float64(s.Y)})
	}
	for _, p := range path {
		at = append(at, [2]float64{p.X, p.Y})
	}
	return at
}

// coordinates returns the points of a view, without losses: row by row of a grid, or axis after axis. A plane is a window around its anchors.
func coordinates(v View, anchors [][2]float64) (points []GridPoint) {
	n := v.Points
	switch {
	case v.Along == "line":
		for _, x := range steps(-v.Span, 1+v.Span, n) {
			points = append(points, GridPoint{X: x})
		}
		return points
	case v.Along == "plane" || v.Along == "trajectory":
		xs, ys := window(anchors, v.Span, n)
		return grid(xs, ys)
	}
	xs := make([]float64, n)
	for i := range xs {
		xs[i] = float64(v.Span*float64(2*i-(n-1))) / float64(n-1) // the middle one is exactly 0
	}
	if v.Dims == 2 {
		return grid(xs, xs)
	}
	for _, x := range xs {
		points = append(points, GridPoint{X: x})
	}
	for _, y := range xs {
		points = append(points, GridPoint{Y: y})
	}
	return points
}

// pointsOf is how many points a view has.
func pointsOf(v View) int {
	switch {
	case v.Dims == 2:
		return v.Points * v.Points
	case v.Along == "line":
		return v.Points
	}
	return 2 * v.Points
}

// grid is all pairs, row by row.
func grid(xs, ys []float64) (points []GridPoint) {
	for _, y := range ys {
		for _, x := range xs {
			points = append(points, GridPoint{X: x, Y: y})
		}
	}
	return points
}

// steps are n numbers at even distances from low to high.
func steps(low, high float64, n int) []float64 {
	xs := make([]float64, n)
	for i := range xs {
		xs[i] = low + float64((high-low)*float64(i))/float64(n-1)
	}
	return xs
}

// window is a square around points, so that a step has one length on both axes, with a margin of span times the longer side of the
// rectangle that they fill.
func window(points [][2]float64, span float64, n int) (xs, ys []float64) {
	var low, high [2]float64
	for i, p := range points {
		for k, c := range p {
			if i == 0 {
				low[k], high[k] = c, c
			}
			low[k], high[k] = math.Min(low[k], c), math.Max(high[k], c)
		}
	}
	half := float64(math.Max(high[0]-low[0], high[1]-low[1]) * (.5 + span))
	around := func(k int) []float64 {
		middle := float64((low[k] + high[k]) / 2)
		return steps(middle-half, middle+half, n)
	}
	return around(0), around(1)
}
