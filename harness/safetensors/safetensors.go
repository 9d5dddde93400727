// Package safetensors reads and writes arrays of floating-point numbers in Hugging Face's format (github.com/huggingface/safetensors):
// eight bytes of header length, a JSON header, the numbers. It reads what safetensors.torch.save_file writes of a state_dict, and Python's
// safetensors opens what it writes.
package safetensors

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
)

// File holds named arrays, and texts about them.
type File struct {
	Tensors  []Tensor          // of different names
	Metadata map[string]string // may be nil
}

// Tensor is an array; its last index runs fastest. The product of its shape is the length of its data.
type Tensor struct {
	Name  string
	Shape []int
	Data  []float32
	DType string // of the numbers in the file that it was read from, one of DTypes; Encode writes F32, whatever it is
}

// entry is a tensor in the header. Its numbers are little-endian, in bytes [Offsets[0], Offsets[1]) after the header.
type entry struct {
	DType   string `json:"dtype"`
	Shape   []int  `json:"shape"`
	Offsets [2]int `json:"data_offsets"`
}

const (
	metadata = "__metadata__"
	most     = 100 << 20 // bytes of a header, the limit of other readers too
)

// Encode returns f as the bytes of a file. Equal files give equal bytes. It panics if a tensor's shape does not fit its data, or if two
// tensors have one name: then the program is broken.
func (f File) Encode() []byte {
	header := map[string]any{}
	if f.Metadata != nil {
		header[metadata] = f.Metadata
	}
	at := 0
	for _, t := range f.Tensors {
		n, ok := size(t.Shape)
		if _, twice := header[t.Name]; twice || !ok || n != len(t.Data) {
			panic(fmt.Sprintf("safetensors: tensor %s of shape %v has %d numbers, or is there twice", t.Name, t.Shape, len(t.Data)))
		}
		header[t.Name] = entry{"F32", append([]int{}, t.Shape...), [2]int{at, at + 4*n}}
		at += 4 * n
	}
	text, err := json.Marshal(header)
	if err != nil {
		panic(err) // texts and whole numbers only
	}
	for len(text)%8 != 0 {
		text = append(text, ' ')
	}
	out := make([]byte, 0, 8+len(text)+at)
	out = append(binary.LittleEndian.AppendUint64(out, uint64(len(text))), text...)
	for _, t := range f.Tensors {
		for _, v := range t.Data {
			out = binary.LittleEndian.AppendUint32(out, math.Float32bits(v))
		}
	}
	return out
}

// Decode reads the bytes of a file; tensors come in the order of their numbers. It is strict: every byte must belong to one tensor, and all
// numbers must be of one of DTypes and within the range of a float32.
func Decode(b []byte) (f File, err error) {
	if len(b) < 8 {
		return f, fmt.Errorf("%d bytes are no safetensors file", len(b))
	}
	n := binary.LittleEndian.Uint64(b)
	if n > most || n > uint64(len(b)-8) {
		return f, fmt.Errorf("a header of %d bytes in a file of %d", n, len(b))
	}
	numbers := b[8+n:]
	var header map[string]json.RawMessage
	dec := json.NewDecoder(bytes.NewReader(b[8 : 8+n]))
	if err := dec.Decode(&header); err != nil {
		return f, fmt.Errorf("header: %w", fault(err, "an object"))
	}
	if _, err := dec.Token(); err != io.EOF {
		return f, errors.New("header: more than one JSON object")
	}
	if name, ok := twice(b[8 : 8+n]); ok {
		return f, fmt.Errorf("header: %q stands there twice", name)
	}
	if raw, ok := header[metadata]; ok {
		if err := json.Unmarshal(raw, &f.Metadata); err != nil {
			return f, fmt.Errorf("header: %s: %w", metadata, fault(err, "texts by name"))
		}
		delete(header, metadata)
	}
	entries := map[string]entry{}
	for name, raw := range header {
		var e entry
		if err := json.Unmarshal(raw, &e); err != nil {
			return f, fmt.Errorf("header: tensor %q: %w", name, fault(err, "a dtype, a shape and two offsets"))
		}
		entries[name] = e
	}
	names := slices.SortedFunc(maps.Keys(entries), func(a, b string) int {
		return cmp.Or(cmp.Compare(entries[a].Offsets[0], entries[b].Offsets[0]), cmp.Compare(entries[a].Offsets[1], entries[b].Offsets[1]), cmp.Compare(a, b))
	})
	at := 0
	for _, name := range names {
		e := entries[name]
		count, ok := size(e.Shape)
		width := DTypes[e.DType]
		switch {
		case width == 0:
			return File{}, fmt.Errorf("tensor %q of shape %v has dtype %q, expected F32, F16, BF16 or F64", name, e.Shape, e.DType)
		case e.Offsets[0] != at || e.Offsets[1] < at:
			return File{}, fmt.Errorf("tensor %q of shape %v lies at bytes %d to %d, expected to begin at %d",
				name, e.Shape, e.Offsets[0], e.Offsets[1], at)
		case e.Offsets[1] > len(numbers):
			return File{}, fmt.Errorf("tensor %q of shape %v lies at bytes %d to %d, expected to end by %d, where the file ends",
				name, e.Shape, e.Offsets[0], e.Offsets[1], len(numbers))
		case !ok || width*count != e.Offsets[1]-at:
			return File{}, fmt.Errorf("tensor %q of shape %v has %d bytes, expected %d for each number",
				name, e.Shape, e.Offsets[1]-at, width)
		}
		t := Tensor{Name: name, Shape: e.Shape, DType: e.DType}
		if t.Data, err = Numbers(e.DType, numbers[at:e.Offsets[1]]); err != nil {
			return File{}, fmt.Errorf("tensor %q of shape %v: %w", name, e.Shape, err)
		}
		f.Tensors = append(f.Tensors, t)
		at = e.Offsets[1]
	}
	if at != len(numbers) {
		return File{}, fmt.Errorf("%d bytes after the last tensor", len(numbers)-at)
	}
	return f, nil
}

// twice returns a key that a JSON object, well formed, has twice.
func twice(object []byte) (key string, ok bool) {
	seen, depth, value := map[string]bool{}, 0, false // value: a value of the object comes next
	dec := json.NewDecoder(bytes.NewReader(object))
	for {
		token, err := dec.Token()
		if err != nil {
			return "", false
		}
		switch d, _ := token.(json.Delim); {
		case d == '{' || d == '[':
			depth++
			value = false
		case d == '}' || d == ']':
			depth--
			value = false
		case depth == 1 && !value:
			key = token.(string)
			if seen[key] {
				return key, true
			}
			seen[key], value = true, true
		default:
			value = false
		}
	}
}

// fault returns err with what was expected in place of Go's types.
func fault(err error, expected string) error {
	if errors.As(err, new(*json.UnmarshalTypeError)) {
		return errors.New("expected " + expected)
	}
	return err
}

// Tensor returns the tensor of that name.
func (f File) Tensor(name string) (t Tensor, ok bool) {
	i := slices.IndexFunc(f.Tensors, func(t Tensor) bool { return t.Name == name })
	if i < 0 {
		return t, false
	}
	return f.Tensors[i], true
}

// size returns the product of a shape; not ok if it has a negative length, or is more than a file could hold.
func size(shape []int) (n int, ok bool) {
	n = 1
	for _, d := range shape {
		if d < 0 || d > 0 && n > math.MaxInt32/d {
			return 0, false
		}
		n *= d
	}
	return n, true
}
