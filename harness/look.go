package harness

import (
	"context"
	"math"
	"sync"
	"sync/atomic"

	"msharp/harness/record"
)

// place is where a loss is asked for: at the weights themselves, or at a point of the section where they are nil.
type place struct {
	*GridPoint
	w []float32
}

// Look returns the losses and errors of a request, of the solutions that it was made of. Each point is a pass over the whole split in float32,
// workers at a time; the numbers do not depend on how many. told hears how many points are done. Where a loss is NaN, the error is too.
// The error is ctx's, or says that there is no such section.
func Look(ctx context.Context, r Request, solutions []*Solution, workers int, told func(done, of int)) (*Grid, error) {
	batch, err := solutions[0].batch(r.Split)
	if err != nil {
		return nil, err
	}
	s, found, path, err := section(r.View, solutions)
	if err != nil {
		return nil, err
	}
	found.Examples = batch.Len()
	g := &Grid{Request: r, Found: found, Points: coordinates(r.View, anchors(found, path)), Path: path}
	var places []place
	for i := range g.Points {
		places = append(places, place{&g.Points[i], nil})
	}
	ends := make([]GridPoint, len(found.Solutions)) // which need not be points of the grid
	for i, o := range found.Solutions {
		ends[i] = GridPoint{X: float64(o.X), Y: float64(o.Y)}
		places = append(places, place{&ends[i], nil})
	}
	for i := range path { // which need not be in the section
		places = append(places, place{&path[i].GridPoint, solutions[0].path.points[i].w})
	}
	var next, done atomic.Int64
	var saying sync.Mutex
	var wg sync.WaitGroup
	for range min(workers, len(places)) {
		wg.Go(func() {
			of, buffer := newSplit(solutions[0].run.net, batch), make([]float32, len(s.Origin))
			for i := int(next.Add(1)) - 1; i < len(places) && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				p := places[i]
				w := p.w
				if w == nil {
					w = buffer
					s.Point(w, []float64{p.X, p.Y}[:len(s.Axes)]...)
				}
				at := of.score(w)
				if p.Loss, p.Error = at.loss, at.errors; math.IsNaN(p.Loss) {
					p.Error = math.NaN()
				}
				saying.Lock()
				told(int(done.Add(1)), len(places))
				saying.Unlock()
			}
		})
	}
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	for i, p := range ends {
		found.Solutions[i].Loss, found.Solutions[i].Error = record.Number(p.Loss), record.Number(p.Error)
	}
	return g, nil
}
