// Package kernel is the float32 arithmetic under models: matrices, their products, and the few vector loops that training spends
// its time in. Each is defined by a Go loop, which platforms without assembly run; amd64 has AVX-512 and AVX2 assembly, written by the
// generator in asm, and arm64 has NEON, by the one in asm/neon, and all three give the same bits. The Go loops give other bits in products
// and Gram matrices, the same everywhere else, and the same on every machine. NaN in is NaN out.
package kernel

import "fmt"

// Mat is a row-major matrix view: element (i, j) is Data[i*Stride+j]. Rows are contiguous; what lies between Cols and
// Stride belongs to nobody.
type Mat struct {
	Rows, Cols, Stride int
	Data               []float32
}

// New returns a zero matrix.
func New(rows, cols int) Mat {
	return Mat{rows, cols, cols, make([]float32, rows*cols)}
}

// Padded returns a zero matrix whose stride suits the kernels: a multiple of 16 numbers, which is a cache line, and no multiple of 256,
// at which rows would contend for the same few places in the cache.
func Padded(rows, cols int) Mat {
	stride := gapped(cols)
	return Mat{rows, cols, stride, make([]float32, rows*stride)}
}

func gapped(cols int) int {
	stride := (cols + 15) / 16 * 16
	if stride%256 == 0 {
		stride += 16
	}
	return stride
}

// View returns data as a rows × cols matrix without copying. It panics if data is too short.
func View(rows, cols int, data []float32) Mat {
	if rows*cols > len(data) {
		panic(fmt.Sprintf("kernel: %d numbers as %d × %d", len(data), rows, cols))
	}
	return Mat{rows, cols, cols, data[:rows*cols]}
}

// Row returns row i.
func (m Mat) Row(i int) []float32 { return m.Data[i*m.Stride : i*m.Stride+m.Cols : i*m.Stride+m.Cols] }

// Slice returns the view of rows [i, j).
func (m Mat) Slice(i, j int) Mat {
	if i == j {
		return Mat{0, m.Cols, m.Stride, nil}
	}
	return Mat{j - i, m.Cols, m.Stride, m.Data[i*m.Stride : (j-1)*m.Stride+m.Cols]}
}

// reach panics if the last element is not there, room behind the data or not.
func (m Mat) reach() { _ = m.Data[(m.Rows-1)*m.Stride+m.Cols-1] }

// Strided is a matrix read off an array, which may show a number many times: element (i, j) is Data[Rows.at(i)+Cols.at(j)]. The patches
// that a convolution sees are such a matrix.
type Strided struct {
	Rows, Cols Axis
	Data       []float32
}

// Axis is Runs runs of Len indices: the first of a run lie Over numbers apart, those in it Step. Neither is negative.
type Axis struct{ Runs, Len, Over, Step int }

// Strided returns m as one run of rows and columns.
func (m Mat) Strided() Strided {
	return Strided{Axis{1, m.Rows, 0, m.Stride}, Axis{1, m.Cols, 0, 1}, m.Data}
}

// T returns the transpose.
func (s Strided) T() Strided { return Strided{s.Cols, s.Rows, s.Data} }

func (a Axis) size() int { return a.Runs * a.Len }

func (a Axis) at(i int) int { return i/a.Len*a.Over + i%a.Len*a.Step }
