package data

import (
	"encoding/binary"
	"math"

	"msharp/models"
)

// The IDX format of LeCun's MNIST files: a magic number (two zero bytes, the type of the values, 8 for bytes, and the number of
// dimensions), each dimension, all big-endian 32-bit, and then the values, the last dimension fastest.
const (
	idxImages = 0x00000803 // count × height × width
	idxLabels = 0x00000801 // count

	idxImagesHeader = 16 // bytes

	maxSide     = 1 << 12 // pixels
	maxExamples = 1 << 24
)

// readIDXImages reads a file of grey images. Memory grows with the bytes that are there, not with the sizes in the header.
func readIDXImages(f *file) (pixels []byte, n int, shape models.Shape, err error) {
	head, err := readIDXHeader(f, idxImages, 3)
	if err != nil {
		return nil, 0, shape, err
	}
	n = head[0]
	shape = models.Shape{C: 1, H: head[1], W: head[2]}
	for k, side := range head[1:] {
		if side < 1 || side > maxSide {
			return nil, 0, shape, f.errorf(int64(8+4*k), "a side of %d pixels; expected 1 to %d", side, maxSide)
		}
	}
	pixels, err = readIDXBody(f, int64(n)*int64(shape.Size()))
	return pixels, n, shape, err
}

// readIDXLabels reads a file of labels below classes.
func readIDXLabels(f *file, classes int) ([]byte, error) {
	head, err := readIDXHeader(f, idxLabels, 1)
	if err != nil {
		return nil, err
	}
	labels, err := readIDXBody(f, int64(head[0]))
	if err != nil {
		return nil, err
	}
	for i, y := range labels {
		if int(y) >= classes {
			return nil, f.errorf(int64(8+i), "label %d; expected 0 to %d: images of %d classes are read, and a CSV table (data.kind=csv) of any number", y, classes-1, classes)
		}
	}
	return labels, nil
}

// readIDXHeader reads the magic number and the dimensions; the first dimension must be 1 to maxExamples.
func readIDXHeader(f *file, magic uint32, dims int) ([]int, error) {
	b, err := f.atMost(int64(4 + 4*dims))
	if err != nil {
		return nil, err
	}
	if len(b) >= 4 && binary.BigEndian.Uint32(b) != magic {
		return nil, f.errorf(0, "magic number %#08x; expected %#08x", binary.BigEndian.Uint32(b), magic)
	}
	if len(b) < 4+4*dims {
		return nil, f.errorf(f.at, "the file ends in its header of %d bytes", 4+4*dims)
	}
	head := make([]int, dims)
	for k := range head {
		head[k] = int(min(binary.BigEndian.Uint32(b[4+4*k:]), math.MaxInt32))
	}
	if head[0] < 1 || head[0] > maxExamples {
		return nil, f.errorf(4, "%d examples; expected 1 to %d", head[0], maxExamples)
	}
	return head, nil
}

// readIDXBody reads the rest of the file, which must be size bytes.
func readIDXBody(f *file, size int64) ([]byte, error) {
	start := f.at
	b, err := f.atMost(size + 1)
	switch {
	case err != nil:
		return nil, err
	case int64(len(b)) < size:
		return nil, f.errorf(f.at, "the file ends; its header promises %d bytes", start+size)
	case int64(len(b)) > size:
		return nil, f.errorf(start+size, "the file goes on; its header promises %d bytes", start+size)
	}
	return b, nil
}
