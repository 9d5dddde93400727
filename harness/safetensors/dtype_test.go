package safetensors

import (
	"encoding/binary"
	"math"
	"strings"
	"testing"
)

// Every binary16 is what IEEE 754 says: (−1)^s · 2^(e−15) · (1 + f/1024), subnormal for e = 0, ∞ or NaN for e = 31.
func TestEveryHalf(t *testing.T) {
	for h := range 1 << 16 {
		s, e, f := h>>15, h>>10&31, float64(h&1023)
		want := math.Ldexp(1+f/1024, e-15)
		switch {
		case e == 0:
			want = math.Ldexp(f/1024, -14)
		case e == 31 && f == 0:
			want = math.Inf(1)
		case e == 31:
			want = math.NaN()
		}
		if s == 1 {
			want = -want
		}
		got, err := Numbers("F16", []byte{byte(h), byte(h >> 8)})
		if v := float64(got[0]); err != nil || v != want && !(math.IsNaN(v) && math.IsNaN(want)) || math.Signbit(v) != (s == 1) && !math.IsNaN(want) {
			t.Fatalf("%#04x is %v, want %v, error %v", h, v, want, err)
		}
	}
}

func TestNumbers(t *testing.T) {
	wide := func(v float64) []byte { return binary.LittleEndian.AppendUint64(nil, math.Float64bits(v)) }
	for _, c := range []struct {
		dtype string
		b     []byte
		want  float32
	}{
		{"F32", []byte{0, 0, 32, 192}, -2.5}, {"BF16", []byte{32, 192}, -2.5}, {"F16", []byte{0, 193}, -2.5}, {"F64", wide(-2.5), -2.5},
		{"F64", wide(.1), .1}, {"F64", wide(1e-50), 0}, {"F64", wide(math.Inf(-1)), float32(math.Inf(-1))}, {"BF16", []byte{128, 127}, float32(math.Inf(1))},
	} {
		if got, err := Numbers(c.dtype, c.b); err != nil || len(got) != 1 || got[0] != c.want {
			t.Errorf("% x of %s is %v, want %v, error %v", c.b, c.dtype, got, c.want, err)
		}
	}
	_, err := Numbers("F64", append(wide(1), wide(-1e39)...))
	if want := "number 1 is -1e+39, expected at most 3.4e+38 in size, which a float32 holds"; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

// The numbers of a file may be of several kinds.
func TestDecodeOfEveryDType(t *testing.T) {
	b := file(`{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},"b":{"dtype":"F64","shape":[],"data_offsets":[4,12]},"c":{"dtype":"BF16","shape":[1,1],"data_offsets":[12,14]}}`, 0)
	b = append(b, 0, 60, 0, 192, 0, 0, 0, 0, 0, 0, 20, 64, 64, 64)
	f, err := Decode(b)
	if err != nil || len(f.Tensors) != 3 {
		t.Fatal(f, err)
	}
	for i, want := range []struct {
		dtype string
		first float32
	}{{"F16", 1}, {"F64", 5}, {"BF16", 3}} {
		if x := f.Tensors[i]; x.DType != want.dtype || x.Data[0] != want.first {
			t.Errorf("%+v, want %+v", x, want)
		}
	}
	if _, err = Decode(b[:len(b)-1]); err == nil || !strings.Contains(err.Error(), `tensor "c" of shape [1 1] lies at bytes 12 to 14, expected to end by 13, where the file ends`) {
		t.Error(err)
	}
}
