package main

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"msharp/harness"
	"msharp/harness/disk"
	"msharp/harness/npy"
	"msharp/harness/safetensors"
	"msharp/models/kind"
)

// tensors is what a file of weights holds.
type tensors struct {
	path   string
	format string // "safetensors", ".npz", "folder of .npy"
	list   []safetensors.Tensor
}

// readTensors reads a file of weights, or a folder of .npy, of at most so many bytes. It tells the format by the first bytes.
func readTensors(path string, most int64) (t tensors, err error) {
	t.path = path
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		t.format = "folder of .npy"
		t.list, err = readFolder(path, most)
		return t, err
	}
	b, err := disk.ReadBounded(path, most)
	if err != nil {
		return t, err
	}
	switch {
	case bytes.HasPrefix(b, []byte(npy.Magic)):
		err = fmt.Errorf("one array without a name; expected a .npz, or a folder of .npy whose names are those of the tensors")
	case pickled(b):
		err = fmt.Errorf("a file of torch.save, which holds a program; " +
			"expected what safetensors.torch.save_file(model.state_dict(), FILE) writes, or numpy.savez")
	case bytes.HasPrefix(b, []byte(npy.ZipMagic)):
		t.format = ".npz"
		t.list, err = npy.DecodeZip(b, most)
	default:
		t.format = "safetensors"
		var f safetensors.File
		f, err = safetensors.Decode(b)
		t.list = f.Tensors
		if layout := f.Metadata["layout"]; err == nil && f.Metadata["format"] == "msharp weights" && layout != harness.TorchLayout {
			err = fmt.Errorf("kept weights of another msharp, of layout %q, which is not PyTorch's; the commands of their experiment measure them", layout)
		}
	}
	if err != nil {
		return t, fmt.Errorf("%s: %w", path, err)
	}
	return t, nil
}

// pickled reports whether bytes are torch.save's: a zip that holds a pickle, or, of PyTorch before 1.6, a pickle of its magic number. No
// header of safetensors is as long as that would be.
func pickled(b []byte) bool {
	if bytes.HasPrefix(b, []byte(npy.ZipMagic)) {
		return bytes.Contains(b[:min(len(b), 256)], []byte("data.pkl"))
	}
	return bytes.HasPrefix(b, []byte("\x80\x02\x8a\x0a"))
}

// readFolder reads every .npy of a folder; their names are the tensors'.
func readFolder(dir string, most int64) (all []safetensors.Tensor, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), ".npy")
		if !ok {
			continue
		}
		path := filepath.Join(dir, e.Name())
		b, err := disk.ReadBounded(path, most)
		if err != nil {
			return nil, err
		}
		most -= int64(len(b))
		t, err := npy.Decode(name, b)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		all = append(all, t)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s: no .npy lies in this folder; expected one for each tensor", dir)
	}
	return all, nil
}

// mostBytes is more than a file of the network's weights has: each may be a float64.
func (n network) mostBytes() int64 { return 64<<20 + 16*int64(n.Dim()) }

// place returns the weight vector that tensors make, and leaves their numbers to it. Each array must be there with PyTorch's shape and
// finite numbers, and nothing else.
func (n network) place(t tensors) (w []float32, err error) {
	if err := n.check(t); err != nil {
		return nil, fmt.Errorf("%s: %w", t.path, err)
	}
	w = make([]float32, n.Dim())
	at := 0
	for _, a := range n.arrays {
		x := t.named(a.Name)
		a.FromTorch(w[at:], x.Data)
		at += a.Size()
		x.Data = nil
	}
	return w, nil
}

// named returns the tensor of that name; nil if there is none.
func (t tensors) named(name string) *safetensors.Tensor {
	i := slices.IndexFunc(t.list, func(x safetensors.Tensor) bool { return x.Name == name })
	if i < 0 {
		return nil
	}
	return &t.list[i]
}

// check returns the first fault of tensors: one that is missing, that has another shape, that belongs to no layer, that holds a number
// that is not finite.
func (n network) check(t tensors) error {
	var spare, known []string
	for _, a := range n.arrays {
		known = append(known, a.Name)
	}
	for _, x := range t.list {
		if !slices.Contains(known, x.Name) {
			spare = append(spare, x.Name)
		}
	}
	for _, a := range n.arrays {
		if t.named(a.Name) == nil {
			return n.missing(a, t, spare)
		}
	}
	for _, a := range n.arrays {
		if x := t.named(a.Name); !slices.Equal(x.Shape, a.TorchShape()) {
			return fmt.Errorf("tensor %q has shape %v; expected %v, for %s%s", a.Name, x.Shape, a.TorchShape(), a.layer, turned(x.Shape, a.TorchShape()))
		}
	}
	if len(spare) > 0 {
		x := t.named(spare[0])
		return fmt.Errorf("tensor %q of shape %v belongs to no layer; expected only %s", x.Name, x.Shape, quoted(known))
	}
	for _, a := range n.arrays {
		x := t.named(a.Name)
		for i, v := range x.Data {
			if v := float64(v); math.IsNaN(v) || math.IsInf(v, 0) {
				return fmt.Errorf("tensor %q of shape %v holds %v at %v; expected finite numbers", a.Name, x.Shape, v, index(i, x.Shape))
			}
		}
	}
	return nil
}

// missing says which tensor there may be in its place.
func (n network) missing(a array, t tensors, spare []string) error {
	there := "no other tensor is left over"
	if near := kind.Nearest(a.Name, spare); near != "" {
		there = fmt.Sprintf("did you mean %q, of shape %v?", near, t.named(near).Shape)
	} else if len(spare) > 0 {
		there = "left over: " + quoted(spare)
	}
	return fmt.Errorf("tensor %q is missing; expected shape %v, for %s; %s", a.Name, a.TorchShape(), a.layer, there)
}

// turned is a hint where a matrix lies the other way round.
func turned(got, want []int) string {
	if len(got) == 2 && len(want) == 2 && got[0] == want[1] && got[1] == want[0] {
		return ": PyTorch has out × in"
	}
	return ""
}

// index returns where number i stands in an array of a shape.
func index(i int, shape []int) []int {
	at := make([]int, len(shape))
	for d := len(shape) - 1; d >= 0; d-- {
		at[d] = i % shape[d]
		i /= shape[d]
	}
	return at
}

// quoted lists names; the first of them, if there are many.
func quoted(names []string) string {
	const most = 8
	var b strings.Builder
	for i, name := range names {
		if i == most {
			fmt.Fprintf(&b, " and %d more", len(names)-most)
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%q", name)
	}
	return b.String()
}
