package main

import (
	"bytes"
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"msharp/harness/safetensors"
)

// said is what a call gives.
type said struct {
	status    int
	out, talk string
}

func call(args ...string) said {
	var out, talk bytes.Buffer
	status := run(args, &out, &talk)
	return said{status, out.String(), talk.String()}
}

// put writes a file into a folder and returns its path.
func put(t *testing.T, dir, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

// small is a network on 30 points of three spirals; good are its weights.
const small = `input: 2
layers: [{kind: Linear, out_features: 4}, ReLU, {kind: Linear, out_features: 3}]
data: {kind: spirals, n: 30}
measures: [norm]
`

func good() []safetensors.Tensor {
	count := 0
	tensor := func(name string, shape ...int) safetensors.Tensor {
		n := 1
		for _, d := range shape {
			n *= d
		}
		t := safetensors.Tensor{Name: name, Shape: shape, Data: make([]float32, n)}
		for i := range t.Data {
			count++
			t.Data[i] = float32(math.Sin(float64(count)))
		}
		return t
	}
	return []safetensors.Tensor{tensor("0.weight", 4, 2), tensor("0.bias", 4), tensor("2.weight", 3, 4), tensor("2.bias", 3)}
}

func encode(tensors []safetensors.Tensor) []byte { return safetensors.File{Tensors: tensors}.Encode() }

func TestGoodWeights(t *testing.T) {
	dir := t.TempDir()
	weights, model := put(t, dir, "w.safetensors", encode(good())), put(t, dir, "m.yaml", []byte(small))
	got := call("--weights", weights, "--model", model)
	want := weights + `: safetensors, 27 weights in 4 tensors

tensor    dtype  shape  belongs to               as
0.weight  F32    4 × 2  layers[0], Linear 2 → 4  2 × 4
0.bias    F32    4      layers[0], Linear 2 → 4  4
2.weight  F32    3 × 4  layers[2], Linear 4 → 3  4 × 3
2.bias    F32    3      layers[2], Linear 4 → 3  3

spirals, train: 30 examples, (x − 0)/1; classes "0", "1", "2"
`
	if rest, ok := strings.CutPrefix(got.out, want); got.status != 0 || !ok || !strings.HasPrefix(rest, "loss ") || !strings.Contains(rest, "\nnorm     ") {
		t.Errorf("status %d, %s\n%s\nwant\n%s", got.status, got.talk, got.out, want)
	}
	if !strings.HasPrefix(got.talk, "norm, 1 of 1: ") {
		t.Errorf("progress %q", got.talk)
	}
}

// Each injury of a file of weights is told in one line, with status 2.
func TestInjuredWeights(t *testing.T) {
	whole := encode(good())
	header := int(binary.LittleEndian.Uint64(whole))
	change := func(i int, f func(*safetensors.Tensor)) []byte {
		tensors := good()
		f(&tensors[i])
		return encode(tensors)
	}
	as := func(old, by string) []byte { return bytes.Replace(whole, []byte(old), []byte(by), 1) }
	for _, c := range []struct {
		injury string
		b      []byte
		want   string
	}{
		{"missing", encode(good()[:3]), `tensor "2.bias" is missing; expected shape [3], for layers[2], Linear 4 → 3; no other tensor is left over`},
		{"misnamed", change(1, func(x *safetensors.Tensor) { x.Name = "0.biases" }),
			`tensor "0.bias" is missing; expected shape [4], for layers[0], Linear 2 → 4; did you mean "0.biases", of shape [4]?`},
		{"other names", encode([]safetensors.Tensor{{Name: "embedding", Shape: []int{1}, Data: []float32{1}}}),
			`tensor "0.weight" is missing; expected shape [4 2], for layers[0], Linear 2 → 4; left over: "embedding"`},
		{"extra", encode(append(good(), safetensors.Tensor{Name: "3.running_mean", Shape: []int{3}, Data: make([]float32, 3)})),
			`tensor "3.running_mean" of shape [3] belongs to no layer; expected only "0.weight", "0.bias", "2.weight", "2.bias"`},
		{"misshapen", change(3, func(x *safetensors.Tensor) { x.Shape, x.Data = []int{5}, make([]float32, 5) }),
			`tensor "2.bias" has shape [5]; expected [3], for layers[2], Linear 4 → 3`},
		{"transposed", change(2, func(x *safetensors.Tensor) { x.Shape = []int{4, 3} }),
			`tensor "2.weight" has shape [4 3]; expected [3 4], for layers[2], Linear 4 → 3: PyTorch has out × in`},
		{"NaN", change(2, func(x *safetensors.Tensor) { x.Data[6] = float32(math.NaN()) }), `tensor "2.weight" of shape [3 4] holds NaN at [1 2]; expected finite numbers`},
		{"infinite", change(0, func(x *safetensors.Tensor) { x.Data[7] = float32(math.Inf(-1)) }), `tensor "0.weight" of shape [4 2] holds -Inf at [3 1]; expected finite numbers`},
		{"cut off", whole[:len(whole)-5], `tensor "2.bias" of shape [3] lies at bytes 96 to 108, expected to end by 103, where the file ends`},
		{"cut off in the header", whole[:50], "a header of " + strconv.Itoa(header) + " bytes in a file of 50"},
		{"another dtype", as(`"dtype":"F32","shape":[4,2]`, `"dtype":"I32","shape":[4,2]`), `tensor "0.weight" of shape [4 2] has dtype "I32", expected F32, F16, BF16 or F64`},
		{"another size", as(`"dtype":"F32","shape":[4,2]`, `"dtype":"F64","shape":[4,2]`), `tensor "0.weight" of shape [4 2] has 32 bytes, expected 8 for each number`},
		{"empty", nil, "0 bytes are no safetensors file"},
		{"torch.save", append([]byte("PK\x03\x04............................archive/data.pkl"), make([]byte, 100)...),
			"a file of torch.save, which holds a program; expected what safetensors.torch.save_file(model.state_dict(), FILE) writes, or numpy.savez"},
		{"an old torch.save", append([]byte("\x80\x02\x8a\x0al\xfc"), make([]byte, 100)...),
			"a file of torch.save, which holds a program; expected what safetensors.torch.save_file(model.state_dict(), FILE) writes, or numpy.savez"},
		{"a header whose length begins as a pickle", append([]byte("\x80\x02\x00\x00\x00\x00\x00\x00"), make([]byte, 100)...), "a header of 640 bytes in a file of 108"},
		{"numpy.save", []byte("\x93NUMPY\x01\x00"), "one array without a name; expected a .npz, or a folder of .npy whose names are those of the tensors"},
		{"half a .npz", []byte("PK\x03\x04......"), "no whole .npz: zip: not a valid zip file"},
		{"an earlier layout", safetensors.File{Tensors: good(), Metadata: map[string]string{"format": "msharp weights"}}.Encode(),
			`kept weights of another msharp, of layout "", which is not PyTorch's; the commands of their experiment measure them`},
		{"a foreign layout", safetensors.File{Tensors: good(), Metadata: map[string]string{"format": "msharp weights", "layout": "jax"}}.Encode(),
			`kept weights of another msharp, of layout "jax", which is not PyTorch's; the commands of their experiment measure them`},
	} {
		dir := t.TempDir()
		path := put(t, dir, "w", c.b)
		got := call("--weights", path, "--model", put(t, dir, "m.yaml", []byte(small)))
		if want := "weigh: " + path + ": " + c.want + "\n"; got.status != 2 || got.talk != want || got.out != "" {
			t.Errorf("%s: status %d, %s%s\nwant %s", c.injury, got.status, got.talk, got.out, want)
		}
	}
}
