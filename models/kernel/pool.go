package kernel

import "math"

// Windows is a row of square windows side by side over an image, NHWC: window i is Size × Size pixels of Channels numbers, its first at
// the (i·Size·Channels)-th number, its next row Stride numbers on.
type Windows struct{ Channels, Size, Stride int }

// span returns how many numbers of the image n windows reach over.
func (w Windows) span(n int) int { return (w.Size-1)*w.Stride + n*w.Size*w.Channels }

// MaxPool sets y, windows × channels, to the largest number of each channel of each window of x. A NaN is the largest.
func MaxPool(y, x []float32, w Windows) {
	if n := len(y) / w.Channels; n > 0 {
		use.maxPool(y[:n*w.Channels], x[:w.span(n):len(x)], w)
	}
}

// MaxPoolBack is its gradient: it sets the windows of dx, which lies as x does, to dy at the first pixel, in reading order, that is y, and
// to 0 elsewhere. Where x or y is NaN the first pixel is.
func MaxPoolBack(dx, dy, x, y []float32, w Windows) {
	if n := len(y) / w.Channels; n > 0 {
		use.maxPoolBack(dx[:w.span(n):len(dx)], dy[:n*w.Channels], x[:w.span(n):len(x)], y[:n*w.Channels], w)
	}
}

// MaxPoolAlong is MaxPool's derivative along rx, which lies as x does: it sets ry, as y, to the number of rx at the pixel to which MaxPoolBack
// takes dy. Of x and y that hold a NaN it may be another of the window's pixels that are NaN, or any.
func MaxPoolAlong(ry, rx, x, y []float32, w Windows) {
	n := len(y) / w.Channels
	if n == 0 {
		return
	}
	rx, x = rx[:w.span(n):len(rx)], x[:w.span(n):len(x)]
	for i := range n {
		r, top := ry[i*w.Channels:][:w.Channels], y[i*w.Channels:][:w.Channels]
		for k := w.Size*w.Size - 1; k >= 0; k-- { // so that the first pixel stays
			at := w.number(i*w.Channels, k)
			v, from := x[at:][:len(r)], rx[at:][:len(r)]
			for c, t := range top[:len(r)] {
				bits, taken := math.Float32bits(r[c]), math.Float32bits(from[c])
				if !(v[c] < t) { // a choice of integers takes no branch, which would be a guess
					bits = taken
				}
				r[c] = math.Float32frombits(bits)
			}
		}
	}
}
