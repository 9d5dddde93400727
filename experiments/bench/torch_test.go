package main

import (
	"errors"
	"path/filepath"
	"slices"
	"testing"
)

func TestAlternate(t *testing.T) {
	constant := func(v float64) side {
		return func(reps int) ([]float64, error) { return slices.Repeat([]float64{v}, reps), nil }
	}
	if got, err := alternate([]side{constant(2), constant(.01)}, 0); err != nil || !slices.Equal(got, []float64{2, .01}) {
		t.Error(got, err)
	}
	fault := errors.New("fault")
	if _, err := alternate([]side{constant(2), func(int) ([]float64, error) { return nil, fault }}, 0); !errors.Is(err, fault) {
		t.Error(err)
	}
}

func TestSaveAndDistance(t *testing.T) {
	s := subjects()[0]
	file := filepath.Join(t.TempDir(), "mlp")
	if err := s.save(file); err != nil {
		t.Fatal(err)
	}
	n := len(s.w) + batchSize*784 + batchSize
	got, err := readFloats(file, n)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got[:len(s.w)], s.w) || got[n-1] != float32(s.batch.Y[batchSize-1]) {
		t.Error("other weights or labels than those saved")
	}
	if _, err := readFloats(file, n+1); err == nil {
		t.Error("no error for a file of another length")
	}
	if d := distance([]float32{3, 4}, []float32{3, 5}); d < .171 || d > .172 { // 1/√34
		t.Error(d)
	}
}
