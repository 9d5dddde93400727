package models

import "msharp/models/kernel"

// field is one image in a border of zeros, as a convolution sees it. Patches are not copied but are a strided matrix: the values under
// one row of the kernel lie together, the kernel's next row lies one row of the image further, and the next output's patch one stride
// further.
type field struct {
	Conv
	in, out Shape
	width   int       // values of a row of the image with its border
	image   []float32 // the image with its border, NHWC
}

// field takes its memory from the scratch of a call.
func (l Conv) field(p Pass) field {
	f := field{Conv: l, in: p.In, out: p.Out, width: (p.In.W + 2*l.Pad) * p.In.C}
	f.image = p.Scratch.Float32s((p.In.H + 2*l.Pad) * f.width)
	f.clear()
	return f
}

func (f *field) clear() { clear(f.image) }

// interior returns row y of the image inside its border.
func (f *field) interior(y int) []float32 {
	return f.image[(y+f.Pad)*f.width+f.Pad*f.in.C:][:f.in.W*f.in.C]
}

// read puts x inside the border.
func (f *field) read(x []float32) {
	for y := range f.in.H {
		copy(f.interior(y), x[y*f.in.W*f.in.C:])
	}
}

// unread copies the inside of the border into x.
func (f *field) unread(x []float32) {
	for y := range f.in.H {
		copy(x[y*f.in.W*f.in.C:], f.interior(y))
	}
}

// patches returns what every output sees: positions × Size²·in.C.
func (f *field) patches() kernel.Strided {
	return kernel.Strided{
		Rows: kernel.Axis{Runs: f.out.H, Len: f.out.W, Over: f.Stride * f.width, Step: f.Stride * f.in.C},
		Cols: kernel.Axis{Runs: f.Size, Len: f.Size * f.in.C, Over: f.width, Step: 1},
		Data: f.image,
	}
}

// seen returns the pixels under pixel k of the kernel for row y of the outputs: out.W × in.C.
func (f *field) seen(y, k int) kernel.Mat {
	at := (y*f.Stride+k/f.Size)*f.width + k%f.Size*f.in.C
	return kernel.Mat{Rows: f.out.W, Cols: f.in.C, Stride: f.Stride * f.in.C, Data: f.image[at:]}
}
