package main

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"msharp/models"
	"msharp/models/kind"
)

// Layer is a module of PyTorch in the model file.
type Layer interface {
	add(b *builder) error // puts it behind the layers so far; the error says why it does not fit there
}

// Layers holds the modules by the names that PyTorch gives them.
var Layers = kind.Of[Layer]("layer")

var (
	_ = Layers.Add("Linear", func() Layer { return &Linear{} })
	_ = Layers.Add("Conv2d", func() Layer { return &Conv2d{Stride: 1} })
	_ = Layers.Add("MaxPool2d", func() Layer { return &MaxPool2d{} })
	_ = Layers.Add("ReLU", func() Layer { return &ReLU{} })
	_ = Layers.Add("Tanh", func() Layer { return &Tanh{} })
	_ = Layers.Add("Flatten", func() Layer { return &Flatten{} })
	_ = Layers.Add("Dropout", func() Layer { return &Dropout{} })
)

// Linear is nn.Linear with a bias.
type Linear struct {
	Name        string `yaml:"name"` // of its tensors, before ".weight"; "" is its place among the layers
	OutFeatures int    `yaml:"out_features" needed:"yes" in:"[1,1048576]"`
}

// Conv2d is nn.Conv2d with square kernels and a bias.
type Conv2d struct {
	Name        string `yaml:"name"`
	OutChannels int    `yaml:"out_channels" needed:"yes" in:"[1,65536]"`
	KernelSize  int    `yaml:"kernel_size" needed:"yes" in:"[1,1024]"`
	Stride      int    `yaml:"stride" in:"[1,1024]"`
	Padding     int    `yaml:"padding" in:"[0,1024]"`
}

// MaxPool2d is nn.MaxPool2d with windows that touch.
type MaxPool2d struct {
	KernelSize int `yaml:"kernel_size" needed:"yes" in:"[1,1024]"`
	Stride     int `yaml:"stride" in:"[1,1024]"` // kernel_size, which is the default
}

// ReLU is nn.ReLU.
type ReLU struct{}

// Tanh is nn.Tanh.
type Tanh struct{}

// Flatten is nn.Flatten, from the channels on.
type Flatten struct{}

// Dropout is nn.Dropout in evaluation: it changes nothing, and counts as a place.
type Dropout struct {
	P float64 `yaml:"p" in:"[0,1]"`
}

// Check refuses windows that overlap or leave gaps.
func (l *MaxPool2d) Check() error {
	if l.Stride == 0 || l.Stride == l.KernelSize {
		return nil
	}
	return &kind.Error{
		Key: "stride", Value: strconv.Itoa(l.Stride), Problem: "windows that overlap or leave gaps are not supported",
		Expected: fmt.Sprintf("%s, %d", kind.Beside("kernel_size"), l.KernelSize),
	}
}

// builder chains layers.
type builder struct {
	shape  models.Shape // of the values that the next layer gets
	flat   bool         // whether PyTorch has them as a vector
	place  int          // of the next layer in the model file
	layers []models.Layer
	parts  []part // of the layers with weights
	names  map[string]int
}

// part is a layer with weights.
type part struct {
	layer  string // "layers[1], Linear 784 → 128"
	prefix string // of its tensors
}

// put adds a layer of ours.
func (b *builder) put(l models.Layer) error {
	out, err := l.Out(b.shape)
	if err != nil {
		return &kind.Error{Problem: err.Error(), Expected: "a layer for " + sized(b.shape, b.flat)}
	}
	b.shape, b.layers = out, append(b.layers, l)
	return nil
}

// weighted adds a layer of ours with weights, under a name.
func (b *builder) weighted(name, what string, l models.Layer) error {
	if name == "" {
		name = strconv.Itoa(b.place)
	}
	if strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return &kind.Error{Key: "name", Value: strconv.Quote(name), Problem: "characters that cannot be printed", Expected: "the name of a module"}
	}
	if at, twice := b.names[name]; twice {
		return &kind.Error{Key: "name", Value: name, Problem: fmt.Sprintf("layers[%d] has that name too", at), Expected: "a name of its own"}
	}
	b.names[name] = b.place
	b.parts = append(b.parts, part{fmt.Sprintf("layers[%d], %s", b.place, what), name})
	return b.put(l)
}

func (l *Linear) add(b *builder) error {
	if !b.flat {
		return &kind.Error{Value: "Linear", Problem: "its input is an image of " + sized(b.shape, false), Expected: "Flatten before it"}
	}
	return b.weighted(l.Name, fmt.Sprintf("Linear %d → %d", b.shape.Size(), l.OutFeatures), models.Dense{Units: l.OutFeatures, Gain: 1})
}

func (l *Conv2d) add(b *builder) error {
	if b.flat {
		return vector("Conv2d", b)
	}
	what := fmt.Sprintf("Conv2d %d → %d, %d × %d", b.shape.C, l.OutChannels, l.KernelSize, l.KernelSize)
	conv := models.Conv{Channels: l.OutChannels, Size: l.KernelSize, Stride: l.Stride, Pad: l.Padding, Gain: 1}
	return b.weighted(l.Name, what, conv)
}

func (l *MaxPool2d) add(b *builder) error {
	if b.flat {
		return vector("MaxPool2d", b)
	}
	return b.put(models.MaxPool{Size: l.KernelSize})
}

func vector(layer string, b *builder) error {
	return &kind.Error{
		Value: layer, Problem: "its input is a vector of " + sized(b.shape, true),
		Expected: "an image, with an input of three numbers and no Flatten before it",
	}
}

func (*ReLU) add(b *builder) error    { return b.put(models.ReLU{}) }
func (*Tanh) add(b *builder) error    { return b.put(models.Tanh{}) }
func (*Dropout) add(*builder) error   { return nil }
func (*Flatten) add(b *builder) error { b.flat = true; return nil }

// sized is a shape as the model file has it.
func sized(s models.Shape, flat bool) string {
	if flat {
		return fmt.Sprintf("[%d]", s.Size())
	}
	return fmt.Sprintf("[%d, %d, %d]", s.C, s.H, s.W)
}
