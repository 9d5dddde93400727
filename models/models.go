// Package models is networks as functions of one flat weight vector.
package models

import "msharp/models/kernel"

// Shape is channels × height × width of one example, stored height by width by channels (NHWC). A plain vector of n numbers
// is {n, 1, 1}.
type Shape struct{ C, H, W int }

// Size returns the number of values of one example.
func (s Shape) Size() int { return s.C * s.H * s.W }

// Batch is B examples and their labels.
type Batch struct {
	X kernel.Mat // B × Shape.Size()
	Y []int      // B labels in [0, classes)
}

// Len returns B.
func (b Batch) Len() int { return len(b.Y) }

// Slice returns the view of examples [i, j).
func (b Batch) Slice(i, j int) Batch { return Batch{b.X.Slice(i, j), b.Y[i:j]} }
