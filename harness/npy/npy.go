// Package npy reads arrays of floating-point numbers in NumPy's formats: .npy, versions 1 to 3 (numpy.lib.format), and .npz, a zip of them.
package npy

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"msharp/harness/safetensors"
)

// Magic and ZipMagic are what the bytes of a .npy and of a .npz begin with.
const (
	Magic    = "\x93NUMPY"
	ZipMagic = "PK\x03\x04"
)

// dtypes are the little-endian kinds of numbers that are read, as safetensors calls them.
var dtypes = map[string]string{"<f4": "F32", "<f2": "F16", "<f8": "F64"}

// The header is a Python dictionary of three keys. Programs other than NumPy write them in other orders.
var (
	descrKey   = regexp.MustCompile(`['"]descr['"]\s*:\s*['"]([^'"]*)['"]`)
	fortranKey = regexp.MustCompile(`['"]fortran_order['"]\s*:\s*(True|False)`)
	shapeKey   = regexp.MustCompile(`['"]shape['"]\s*:\s*\(([^)]*)\)`)
)

// Decode reads the bytes of a .npy, in C or in Fortran order, as a tensor of that name with its last index fastest.
func Decode(name string, b []byte) (t safetensors.Tensor, err error) {
	fail := func(format string, args ...any) (safetensors.Tensor, error) {
		return safetensors.Tensor{}, fmt.Errorf("tensor %q: %s", name, fmt.Sprintf(format, args...))
	}
	header, numbers, err := divide(b)
	if err != nil {
		return fail("%v", err)
	}
	descr, fortran, shape := descrKey.FindStringSubmatch(header), fortranKey.FindStringSubmatch(header), shapeKey.FindStringSubmatch(header)
	if descr == nil || fortran == nil || shape == nil {
		return fail("a header without descr, fortran_order or shape, or with a structured dtype")
	}
	t = safetensors.Tensor{Name: name, Shape: []int{}, DType: dtypes[descr[1]]}
	count, ok := 1, true
	for d := range strings.SplitSeq(shape[1], ",") {
		if d = strings.TrimSuffix(strings.TrimSpace(d), "L"); d == "" {
			continue // behind the last comma; L is Python 2's
		}
		n, err := strconv.Atoi(d)
		if ok = ok && err == nil && n >= 0 && (n == 0 || count <= len(numbers)/n); !ok {
			return fail("a header of shape (%s) before %d bytes of numbers", shape[1], len(numbers))
		}
		t.Shape, count = append(t.Shape, n), count*n
	}
	if t.DType == "" {
		return fail("of shape %v has dtype %q, expected <f4, <f8 or <f2", t.Shape, descr[1])
	}
	if want := count * safetensors.DTypes[t.DType]; len(numbers) != want {
		return fail("of shape %v has %d bytes, expected %d", t.Shape, len(numbers), want)
	}
	if t.Data, err = safetensors.Numbers(t.DType, numbers); err != nil {
		return fail("of shape %v: %v", t.Shape, err)
	}
	if fortran[1] == "True" {
		t.Data = rowMajor(t.Data, t.Shape)
	}
	return t, nil
}

// divide returns the header of a .npy and the bytes behind it.
func divide(b []byte) (header string, numbers []byte, err error) {
	const fixed = len(Magic) + 2
	if len(b) < fixed+4 || string(b[:len(Magic)]) != Magic {
		return "", nil, fmt.Errorf("%d bytes are no .npy", len(b))
	}
	n, from := uint64(binary.LittleEndian.Uint16(b[fixed:])), fixed+2
	switch version := b[len(Magic)]; version {
	case 1:
	case 2, 3:
		n, from = uint64(binary.LittleEndian.Uint32(b[fixed:])), fixed+4
	default:
		return "", nil, fmt.Errorf("version %d of .npy, expected 1 to 3", version)
	}
	if n > uint64(len(b)-from) {
		return "", nil, fmt.Errorf("a header of %d bytes in a file of %d", n, len(b))
	}
	return string(b[from : from+int(n)]), b[from+int(n):], nil
}

// rowMajor returns numbers whose first index runs fastest with the last one fastest.
func rowMajor(x []float32, shape []int) []float32 {
	out, index, stride := make([]float32, len(x)), make([]int, len(shape)), make([]int, len(shape))
	for d, step := 0, 1; d < len(shape); d++ {
		stride[d] = step
		step *= shape[d]
	}
	at := 0
	for i := range out {
		out[i] = x[at]
		for d := len(shape) - 1; d >= 0; d-- {
			index[d]++
			at += stride[d]
			if index[d] < shape[d] {
				break
			}
			at -= stride[d] * shape[d]
			index[d] = 0
		}
	}
	return out
}

// DecodeZip reads the bytes of a .npz: a tensor for each of its files, whose name is the tensor's and ".npy". Unpacked, they may have so
// many bytes together.
func DecodeZip(b []byte, most int64) (all []safetensors.Tensor, err error) {
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, fmt.Errorf("no whole .npz: %w", err)
	}
	names := map[string]bool{}
	for _, f := range z.File {
		name, ok := strings.CutSuffix(f.Name, ".npy")
		if !ok {
			return nil, fmt.Errorf("%q lies in it, expected .npy files alone", f.Name)
		}
		if names[name] {
			return nil, fmt.Errorf("tensor %q lies in it twice", name)
		}
		names[name] = true
		content, err := unpack(f, most)
		if err != nil {
			return nil, fmt.Errorf("tensor %q: %w", name, err)
		}
		most -= int64(len(content))
		t, err := Decode(name, content)
		if err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, nil
}

// unpack returns the bytes of a file in a zip, at most so many.
func unpack(f *zip.File, most int64) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	content, err := io.ReadAll(io.LimitReader(r, most+1))
	if err == nil && int64(len(content)) > most {
		err = errors.New("larger than the weights of the network could be")
	}
	return content, err
}
