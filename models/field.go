package models

import "msharp/models/kernel"

// field is what a convolution sees of one image: the image in a border of zeros, and its outputs laid over it. Patches are not
// copied: the values under one row of the kernel are contiguous, and from one output to the next they move on by a stride, so that
// a run of outputs is a matrix product with overlapping rows.
type field struct {
	Conv
	in, out Shape
	width   int        // pixels of a row of the image with its border
	image   []float32  // the image with its border, NHWC
	wide    kernel.Mat // stride 1: outputs in rows of width, so that all are one run; else no data
	cols    kernel.Mat // the patches copied out, where they are
}

// run is outputs [out, out+n), the first with the corner of its patch at pixel in of the bordered image.
type run struct{ out, n, in int }

// gathers reports whether patches are copied out after all: with few channels, products over one row of the kernel are too short.
func (l Conv) gathers(in Shape) bool { return l.Size*in.C < 16 }

// field takes the scratch of a call.
func (l Conv) field(p Pass) field {
	f := field{Conv: l, in: p.In, out: p.Out, width: p.In.W + 2*l.Pad}
	f.image = p.Scratch.Float32s((p.In.H + 2*l.Pad) * f.width * p.In.C)
	clear(f.image)
	if l.Stride == 1 {
		f.wide = p.Scratch.Mat(p.Out.H*f.width, p.Out.C)
		clear(f.wide.Data)
	}
	if l.gathers(p.In) {
		f.cols = p.Scratch.Mat(l.patch(p.In), p.Out.H*p.Out.W)
	}
	return f
}

// runs returns how many runs cover the outputs.
func (f *field) runs() int {
	if f.Stride == 1 {
		return 1
	}
	return f.out.H
}

func (f *field) run(i int) run {
	if f.Stride == 1 {
		return run{0, f.out.H*f.width - (f.Size - 1), 0}
	}
	return run{i * f.out.W, f.out.W, i * f.Stride * f.width}
}

// interior returns the pixels of row y of the image inside its border.
func (f *field) interior(y int) []float32 {
	return f.image[((y+f.Pad)*f.width+f.Pad)*f.in.C:][:f.in.W*f.in.C]
}

// read puts x into the border.
func (f *field) read(x []float32) {
	for y := range f.in.H {
		copy(f.interior(y), x[y*f.in.W*f.in.C:])
	}
}

// unread takes x out of the border.
func (f *field) unread(x []float32) {
	for y := range f.in.H {
		copy(x[y*f.in.W*f.in.C:], f.interior(y))
	}
}

// patches returns the values under row ky of the kernel for the outputs of a run: n × Size·in.C, rows overlapping.
func (f *field) patches(r run, ky int) kernel.Mat {
	return kernel.Mat{Rows: r.n, Cols: f.Size * f.in.C, Stride: f.Stride * f.in.C, Data: f.image[(r.in+ky*f.width)*f.in.C:]}
}

// seen returns the pixels under pixel k of the kernel for the outputs of a run: n × in.C.
func (f *field) seen(r run, k int) kernel.Mat {
	return kernel.Mat{Rows: r.n, Cols: f.in.C, Stride: f.Stride * f.in.C, Data: f.image[(r.in+k/f.Size*f.width+k%f.Size)*f.in.C:]}
}

// row returns the weights under row ky of the kernel, Size·in.C × channels.
func (f *field) row(K kernel.Mat, ky int) kernel.Mat {
	return K.Slice(ky*f.Size*f.in.C, (ky+1)*f.Size*f.in.C)
}

// gather copies out the patches, transposed: Size²·in.C × outputs, so that what is copied lies together.
func (f *field) gather() kernel.Mat {
	step, n := f.Stride*f.in.C, f.out.W
	for i := range f.cols.Rows {
		pixel, c := i/f.in.C, i%f.in.C
		for y := range f.out.H {
			dst := f.cols.Row(i)[y*n : (y+1)*n]
			src := f.image[((y*f.Stride+pixel/f.Size)*f.width+pixel%f.Size)*f.in.C+c:]
			if step == 1 {
				copy(dst, src)
				continue
			}
			for x := range dst {
				dst[x] = src[x*step]
			}
		}
	}
	return f.cols
}

// convolve writes the outputs, positions × channels, for kernels K, Size²·in.C × channels.
func (f *field) convolve(y, K kernel.Mat) {
	if f.gathers(f.in) {
		kernel.MulTN(y, f.gather(), K, false)
		return
	}
	out := f.outputs(y)
	for j := range f.runs() {
		r := f.run(j)
		for ky := range f.Size {
			kernel.MulNN(out.Slice(r.out, r.out+r.n), f.patches(r, ky), f.row(K, ky), ky > 0)
		}
	}
	f.collect(y)
}

// outputs returns where the runs write: y itself, or the wide rows that collect narrows to y.
func (f *field) outputs(y kernel.Mat) kernel.Mat {
	if f.Stride == 1 {
		return f.wide
	}
	return y
}

func (f *field) collect(y kernel.Mat) {
	if f.Stride == 1 {
		n := f.out.W * f.out.C
		for r := range f.out.H {
			copy(y.Data[r*n:(r+1)*n], f.wide.Data[r*f.width*f.out.C:])
		}
	}
}

// spread returns dy laid out as outputs are, zero between.
func (f *field) spread(dy kernel.Mat) kernel.Mat {
	if f.Stride != 1 {
		return dy
	}
	n := f.out.W * f.out.C
	for r := range f.out.H {
		at := r * f.width * f.out.C
		copy(f.wide.Data[at:at+n], dy.Data[r*n:])
	}
	return f.wide
}
