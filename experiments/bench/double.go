package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"msharp/harness"
	"msharp/sharpness"
)

// DoubleBackward is the CPU time of products with the Hessian of the MLP 784-256-128-10 on many examples: ours are those of the measure of λ₁ to
// λ₅, with all that Lanczos does between them; PyTorch's are double backward, of a graph of the gradient that stays, and of one built
// anew for every product, each in its fastest batches, with a normalisation between them.
type DoubleBackward struct {
	Examples       int     `json:"examples"`
	Products       int     `json:"products"`
	OursMS         float64 `json:"ours_ms"`
	OursFastMS     float64 `json:"ours_fast_ms"`
	RetainedMS     float64 `json:"retained_ms"`
	RetainedFastMS float64 `json:"retained_fast_ms"`
	RetainedByOurs float64 `json:"retained_by_ours"` // the median of its ratio to the turn of ours beside it
	RetainedWay    string  `json:"retained_way"`
	RebuiltMS      float64 `json:"rebuilt_ms"`
	RebuiltFastMS  float64 `json:"rebuilt_fast_ms"`
	RebuiltByOurs  float64 `json:"rebuilt_by_ours"`
	RebuiltWay     string  `json:"rebuilt_way"`
	Around
}

// doubleBackward compares, once both sides have the same product.
func doubleBackward(e effort, refs *references, py *child) (*DoubleBackward, error) {
	const examples, products = 5000, 20
	s := digitsMLP(examples, 256, 128)
	if err := agreeOnProduct(py, s); err != nil {
		return nil, err
	}
	row := DoubleBackward{Examples: examples, Products: products}
	ways := []*string{&row.RetainedWay, &row.RebuiltWay}
	net, hessian := harness.Weigh(s.net, s.w, nil, s.batch, 1), sharpness.Any{Spec: &sharpness.Hessian{K: 5, Steps: products}}
	sides := []side{func(reps int) (seconds []float64, err error) {
		for range reps {
			start := cpuTime()
			if _, err := net.Measure(hessian); err != nil {
				return nil, err
			}
			seconds = append(seconds, (cpuTime() - start).Seconds())
		}
		return seconds, nil
	}}
	for i, mode := range []string{"retained", "rebuilt"} {
		t := task{Model: s.name, Mode: mode}
		var best struct{ Way string }
		if err := py.ask(question{Do: "best", task: t, Span: e.span(time.Second).Seconds()}, &best); err != nil {
			return nil, err
		}
		*ways[i] = best.Way
		sides = append(sides, torchSteps(py, t, "best"))
	}
	r, err := refs.race(pacing{rounds: e.rounds(9), most: 1}, sides...)
	if err != nil {
		return nil, err
	}
	ours, retained, rebuilt := r.rows[0], r.rows[1], r.rows[2]
	row.OursMS, row.OursFastMS, row.Around = 1e3*ours.median(), 1e3*ours.fast(), r.around()
	row.RetainedMS, row.RetainedFastMS, row.RetainedByOurs = 1e3*retained.median(), 1e3*retained.fast(), ratio(retained, ours)
	row.RebuiltMS, row.RebuiltFastMS, row.RebuiltByOurs = 1e3*rebuilt.median(), 1e3*rebuilt.fast(), ratio(rebuilt, ours)
	return &row, py.ask(question{Do: "forget", task: task{Model: s.name}}, &struct{}{})
}

// agreeOnProduct hands a subject's weights and batch to PyTorch and holds a product with the Hessian against ours.
func agreeOnProduct(py *child, s *subject) error {
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	file, v := filepath.Join(dir, "product"), s.direction()
	if err := s.load(py, file); err != nil {
		return err
	}
	if err := writeFloats(file, v); err != nil {
		return err
	}
	if err := py.ask(question{Do: "hessvec", task: task{Model: s.name}, File: file}, &struct{}{}); err != nil {
		return err
	}
	theirs, err := readFloats(file, len(v))
	if err != nil {
		return err
	}
	s.problem.HessVec(s.g, s.w, v)
	if off := distance(s.g, theirs); !(off <= disagreement) {
		return fmt.Errorf("the product of %s with its Hessian is %.1e away from PyTorch's on the same weights, batch and vector, expected <= %.0e; no times compared",
			s.name, off, disagreement)
	}
	return nil
}
