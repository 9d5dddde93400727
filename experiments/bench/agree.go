package main

import (
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"

	"msharp/models/kernel"
)

// disagreement is how far our gradient may be from PyTorch's, relative, both in float32. The second step's is taken where weights differ in
// their last bits, so that an example beside a bend of the network may fall on either side of it: a velocity, which would be off by half
// without the momentum, may be further.
const disagreement, strayed = 1e-4, 1e-2

// agree hands a subject's weights and batch to PyTorch and holds the gradients of SGD and of m-SAM at m = 1 against ours, and the velocity
// after two steps of each.
func agree(py *child, s *subject) error {
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, s.name)
	if err := s.load(py, file); err != nil {
		return err
	}
	begin := slices.Clone(s.w)
	for _, m := range []int{0, 1} {
		copy(s.w, begin)
		s.gradient(m)
		v := velocity(make([]float32, len(s.w)))
		stepper := s.optimizer(m)
		for range 2 {
			stepper.Step(s.w, s.problem, rate)
		}
		stepper.Remember(v)
		for _, x := range []struct {
			do, what string
			ours     []float32
			most     float64
		}{{"grad", "gradient", s.g, disagreement}, {"velocity", "velocity after two steps", v, strayed}} {
			if err := py.ask(question{Do: x.do, task: s.task(m), File: file}, &struct{}{}); err != nil {
				return err
			}
			theirs, err := readFloats(file, len(x.ours))
			if err != nil {
				return err
			}
			if off := distance(x.ours, theirs); !(off <= x.most) {
				return fmt.Errorf("the %s of %s is %.1e away from PyTorch's on the same weights and batch, expected <= %.0e; no times compared",
					x.what, stepName(s.name, s.task(m).Mode, m), off, x.most)
			}
		}
	}
	copy(s.w, begin)
	return nil
}

// load hands the weights and the batch to PyTorch, through a file.
func (s *subject) load(py *child, file string) error {
	if err := s.save(file); err != nil {
		return err
	}
	return py.ask(question{Do: "load", task: task{Model: s.name}, Input: []int{s.input.C, s.input.H, s.input.W}, Weights: s.weights(),
		Examples: s.batch.Len(), File: file}, &struct{}{})
}

// velocity takes what SGD remembers.
type velocity []float32

func (v velocity) Vector(_ string, x []float32) { copy(v, x) }
func (v velocity) Count(string, *int)           {}

// save writes weights, inputs and labels as float32.
func (s *subject) save(file string) error {
	var all []float32
	all = append(all, s.w...)
	for i := range s.batch.X.Rows {
		all = append(all, s.batch.X.Row(i)...)
	}
	for _, y := range s.batch.Y {
		all = append(all, float32(y))
	}
	return writeFloats(file, all)
}

func writeFloats(file string, x []float32) error {
	b, err := binary.Append(nil, binary.NativeEndian, x)
	if err != nil {
		return err
	}
	return os.WriteFile(file, b, 0o666)
}

func readFloats(file string, n int) ([]float32, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	if len(b) != 4*n {
		return nil, fmt.Errorf("%d bytes from PyTorch, expected %d float32", len(b), n)
	}
	x := make([]float32, n)
	_, err = binary.Decode(b, binary.NativeEndian, x)
	return x, err
}

// distance returns ‖x − y‖ / ‖y‖.
func distance(x, y []float32) float64 {
	var d2 float64
	for i, v := range x {
		d := float64(v) - float64(y[i])
		d2 += d * d
	}
	return math.Sqrt(d2 / kernel.Dot(y, y))
}
