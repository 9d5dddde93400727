package safetensors

import (
	"bytes"
	"encoding/binary"
	"math"
	"reflect"
	"strings"
	"testing"
)

var two = File{
	Tensors:  []Tensor{{"w", []int{2, 3}, []float32{1, -2, 3.5, 0, float32(math.Inf(1)), 1e-40}, "F32"}, {"none", []int{0}, []float32{}, "F32"}, {"scalar", []int{}, []float32{7}, "F32"}},
	Metadata: map[string]string{"format": "pt", "a": "ρ"},
}

// The bytes follow the published format: length, header padded to eight bytes, little-endian numbers.
func TestBytes(t *testing.T) {
	b := File{Tensors: []Tensor{{Name: "w", Shape: []int{2}, Data: []float32{1, -2}}}}.Encode()
	n := binary.LittleEndian.Uint64(b)
	if n%8 != 0 || strings.TrimRight(string(b[8:8+n]), " ") != `{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}` {
		t.Errorf("header %q", b[8:8+n])
	}
	if want := []byte{0, 0, 128, 63, 0, 0, 0, 192}; !bytes.Equal(b[8+n:], want) {
		t.Errorf("numbers % x", b[8+n:])
	}
}

func TestRoundTrip(t *testing.T) {
	b := two.Encode()
	got, err := Decode(b)
	if err != nil || len(got.Tensors) != 3 || !reflect.DeepEqual(got.Metadata, two.Metadata) {
		t.Fatal(got, err)
	}
	for _, want := range two.Tensors {
		if x, ok := got.Tensor(want.Name); !ok || !reflect.DeepEqual(x, want) {
			t.Errorf("%v, want %v", x, want)
		}
	}
	if !bytes.Equal(got.Encode(), File{got.Tensors, got.Metadata}.Encode()) {
		t.Error("equal files, other bytes")
	}
}

func file(header string, numbers int) []byte {
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(b, header...), make([]byte, numbers)...)
}

func TestDamaged(t *testing.T) {
	for _, c := range []struct {
		b    []byte
		want string
	}{
		{nil, "0 bytes"},
		{file("{}", 0)[:9], "header of 2 bytes"},
		{binary.LittleEndian.AppendUint64(nil, 1<<63), "header of"},
		{file("[]", 0), "header: expected an object"},
		{file("{} {}", 0), "more than one"},
		{file(`{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, 4), `header: "w" stands there twice`},
		{file(`{"__metadata__":{"a":1}}`, 0), "header: __metadata__: expected texts by name"},
		{file(`{"w":{"dtype":1,"shape":[2],"data_offsets":[0,4]}}`, 4), `header: tensor "w": expected a dtype, a shape and two offsets`},
		{file(`{"w":{"dtype":"I64","shape":[2],"data_offsets":[0,16]}}`, 16), `tensor "w" of shape [2] has dtype "I64", expected F32, F16, BF16 or F64`},
		{file(`{"w":{"dtype":"F16","shape":[1],"data_offsets":[0,4]}}`, 4), "of shape [1] has 4 bytes, expected 2 for each number"},
		{file(`{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}`, 4), "of shape [2] has 4 bytes"},
		{file(`{"w":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}`, 4), "of shape [-1]"},
		{file(`{"w":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}`, 0), "of shape"},
		{file(`{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}`, 4), "end by 4"},
		{file(`{"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}`, 8), "begin at 0"},
		{file(`{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,-4]}}`, 8), "begin at 0"},
		{file(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, 4), "begin at 4"},
		{file(`{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, 8), "4 bytes after"},
	} {
		if _, err := Decode(c.b); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: error %v, want %q", c.b, err, c.want)
		}
	}
}

// A file that can be read, written again, reads the same.
func FuzzDecode(f *testing.F) {
	f.Add(two.Encode())
	f.Add(file(`{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, 4))
	f.Fuzz(func(t *testing.T, b []byte) {
		x, err := Decode(b)
		if err != nil {
			return
		}
		again, err := Decode(x.Encode())
		if err != nil || !bytes.Equal(again.Encode(), x.Encode()) {
			t.Errorf("%v, error %v", again, err)
		}
	})
}
