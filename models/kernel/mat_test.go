package kernel

import (
	"slices"
	"testing"
)

func numbered(n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(i)
	}
	return x
}

func TestMatsAreViews(t *testing.T) {
	x := numbered(12)
	m := View(3, 4, x)
	if row := m.Row(1); !slices.Equal(row, []float32{4, 5, 6, 7}) {
		t.Errorf("row 1 is %v", row)
	}
	m.Row(2)[3] = 70
	if x[11] != 70 {
		t.Error("a view is a copy")
	}
	s := m.Slice(1, 3)
	if s.Rows != 2 || s.Cols != 4 || !slices.Equal(s.Row(1), []float32{8, 9, 10, 70}) {
		t.Errorf("rows [1, 3) are %+v", s)
	}
	s.Row(0)[0] = 40
	if x[4] != 40 {
		t.Error("a slice is a copy")
	}
	if e := m.Slice(2, 2); e.Rows != 0 || e.Cols != 4 {
		t.Errorf("rows [2, 2) are %+v", e)
	}
	if longer := View(2, 4, x); len(longer.Data) != 8 {
		t.Errorf("a view of 2 × 4 holds %d numbers", len(longer.Data))
	}
}

// Rows of a matrix with a gap stand Stride apart, and no append to one reaches the next.
func TestRowsWithAGap(t *testing.T) {
	m := Mat{3, 2, 5, numbered(12)} // the last row needs no gap behind it
	for i, want := range [][]float32{{0, 1}, {5, 6}, {10, 11}} {
		if got := m.Row(i); !slices.Equal(got, want) {
			t.Errorf("row %d is %v, want %v", i, got, want)
		}
	}
	if got := m.Slice(1, 3).Row(1); !slices.Equal(got, []float32{10, 11}) {
		t.Errorf("row 1 of rows [1, 3) is %v", got)
	}
	_ = append(m.Row(0), 99)
	if m.Data[2] != 2 {
		t.Error("an append to a row wrote behind it")
	}
}

func TestNewIsZero(t *testing.T) {
	m := New(3, 5)
	if m.Rows != 3 || m.Cols != 5 || m.Stride != 5 || len(m.Data) != 15 || slices.ContainsFunc(m.Data, func(v float32) bool { return v != 0 }) {
		t.Errorf("%+v", m)
	}
}

func TestViewRefusesTooLittleData(t *testing.T) {
	for _, n := range []int{0, 5} {
		if panics(func() { View(2, 3, make([]float32, n)) }) == nil {
			t.Errorf("2 × 3 of %d numbers was accepted", n)
		}
	}
}
