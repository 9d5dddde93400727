package main

import (
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"

	"msharp/models/kernel"
)

// disagreement is how far our gradient may be from PyTorch's, relative, both in float32.
const disagreement = 1e-4

// agree hands a subject's weights and batch to PyTorch and holds the gradients of SGD and of m-SAM at m = 1 against ours.
func agree(py *child, s *subject) error {
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, s.name)
	if err := s.save(file); err != nil {
		return err
	}
	var none struct{}
	if err := py.ask(question{Do: "load", task: task{Model: s.name}, File: file}, &none); err != nil {
		return err
	}
	for _, m := range []int{0, 1} {
		if err := py.ask(question{Do: "grad", task: s.task(m), File: file}, &none); err != nil {
			return err
		}
		theirs, err := readFloats(file, len(s.g))
		if err != nil {
			return err
		}
		s.gradient(m)
		if off := distance(s.g, theirs); !(off <= disagreement) {
			return fmt.Errorf("the gradient of %s is %.1e away from PyTorch's on the same weights and batch, expected <= %.0e; no times compared",
				stepName(s.name, s.task(m).Mode, m), off, disagreement)
		}
	}
	return nil
}

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
	b, err := binary.Append(nil, binary.NativeEndian, all)
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
		return nil, fmt.Errorf("a gradient of %d bytes from PyTorch, expected %d float32", len(b), n)
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
