package npy

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"msharp/harness/safetensors"
)

// testdata was written by NumPy 1.24: save, savez, savez_compressed, and lib.format.write_array for version 2.
func read(t testing.TB, name string) []byte {
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

var (
	w      = []float32{0, .25, .5, .75, 1, 1.25}
	weight = safetensors.Tensor{Name: "0.weight", Shape: []int{2, 3}, Data: w, DType: "F32"}
	bias   = safetensors.Tensor{Name: "0.bias", Shape: []int{2}, Data: []float32{1, 1}, DType: "F64"}
)

func TestFilesOfNumPy(t *testing.T) {
	upTo24 := make([]float32, 24)
	for i := range upTo24 {
		upTo24[i] = float32(i)
	}
	for name, want := range map[string]safetensors.Tensor{
		"c.npy":       {Name: "x", Shape: []int{2, 3}, Data: w, DType: "F32"},
		"v2.npy":      {Name: "x", Shape: []int{2, 3}, Data: w, DType: "F16"},
		"fortran.npy": {Name: "x", Shape: []int{2, 3, 4}, Data: upTo24, DType: "F64"},
		"scalar.npy":  {Name: "x", Shape: []int{}, Data: []float32{7}, DType: "F32"},
	} {
		if got, err := Decode("x", read(t, name)); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, want %+v, error %v", name, got, want, err)
		}
	}
	for _, name := range []string{"plain.npz", "compressed.npz"} {
		if got, err := DecodeZip(read(t, name), 1<<10); err != nil || !reflect.DeepEqual(got, []safetensors.Tensor{weight, bias}) {
			t.Errorf("%s: %+v, error %v", name, got, err)
		}
	}
}

func TestDamaged(t *testing.T) {
	c := read(t, "c.npy")
	with := func(old, by string) []byte { return bytes.Replace(c, []byte(old), []byte(by), 1) }
	for _, k := range []struct {
		b    []byte
		want string
	}{
		{nil, `tensor "x": 0 bytes are no .npy`},
		{with("NUMPY", "NUMPI"), `tensor "x": 152 bytes are no .npy`},
		{with("NUMPY\x01", "NUMPY\x09"), `tensor "x": version 9 of .npy, expected 1 to 3`},
		{c[:100], `tensor "x": a header of 118 bytes in a file of 100`},
		{c[:150], `tensor "x": of shape [2 3] has 22 bytes, expected 24`},
		{with("(2, 3)", "(2,-3)"), `tensor "x": a header of shape (2,-3) before 24 bytes of numbers`},
		{with("(2, 3), }     ", "(99999, 99999)"), `tensor "x": a header of shape (99999, 99999) before 24 bytes of numbers`},
		{with("'shape'", "'form' "), `tensor "x": a header without descr, fortran_order or shape, or with a structured dtype`},
		{read(t, "struct.npy"), `tensor "x": a header without descr, fortran_order or shape, or with a structured dtype`},
		{read(t, "int.npy"), `tensor "x": of shape [3] has dtype "<i8", expected <f4, <f8 or <f2`},
		{read(t, "big.npy"), `tensor "x": of shape [2 3] has dtype ">f4", expected <f4, <f8 or <f2`},
	} {
		if _, err := Decode("x", k.b); err == nil || err.Error() != k.want {
			t.Errorf("error %v, want %s", err, k.want)
		}
	}
	plain := read(t, "plain.npz")
	for _, k := range []struct {
		b    []byte
		most int64
		want string
	}{
		{plain[:len(plain)-1], 1 << 10, "no whole .npz: zip: not a valid zip file"},
		{plain, 200, `tensor "0.bias": larger than the weights of the network could be`},
		{bytes.ReplaceAll(plain, []byte("0.bias.npy"), []byte("0.bias.txt")), 1 << 10, `"0.bias.txt" lies in it, expected .npy files alone`},
		{twice(t, "a.npy", read(t, "c.npy")), 1 << 10, `tensor "a" lies in it twice`},
		{bytes.ReplaceAll(plain, []byte{0, 0, 128, 62}, []byte{0, 0, 128, 63}), 1 << 10, `tensor "0.weight": zip: checksum error`},
	} {
		if _, err := DecodeZip(k.b, k.most); err == nil || err.Error() != k.want {
			t.Errorf("error %v, want %s", err, k.want)
		}
	}
}

// twice returns a zip with a file twice.
func twice(t *testing.T, name string, content []byte) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for range 2 {
		f, err := z.Create(name)
		if err == nil {
			_, err = f.Write(content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Headers of other programs: other quotes, another order, long integers.
func TestHeadersOfOthers(t *testing.T) {
	c := read(t, "c.npy")
	b := fmt.Appendf(slices.Clone(c[:10]), "%-118s", `{"shape": (2L, 3L), "fortran_order":False, "descr": "<f4"}`)
	if got, err := Decode("x", append(b, c[128:]...)); err != nil || !slices.Equal(got.Data, w) {
		t.Errorf("%+v, error %v", got, err)
	}
}

// What is read has as many numbers as its shape says, whatever the bytes.
func FuzzDecode(f *testing.F) {
	for _, name := range []string{"c.npy", "v2.npy", "fortran.npy", "scalar.npy", "struct.npy"} {
		f.Add(read(f, name))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		x, err := Decode("x", b)
		if err != nil {
			return
		}
		n := 1
		for _, d := range x.Shape {
			n *= d
		}
		if n != len(x.Data) || n > len(b) {
			t.Errorf("shape %v with %d numbers", x.Shape, len(x.Data))
		}
	})
}
