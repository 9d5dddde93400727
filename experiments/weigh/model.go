package main

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"msharp/harness/config"
	"msharp/harness/data"
	"msharp/models"
	"msharp/models/kind"
	"msharp/sharpness"
)

// Model is the schema of the model file: a network, the examples, and what is measured.
type Model struct {
	Input    []int             `yaml:"input" in:"[1,1048576]" most:"3"` // channels, height, width; or the length of a vector
	Mean     []float64         `yaml:"mean"`                            // by channel or one for all, subtracted from x/Source.Unit
	Std      []float64         `yaml:"std" in:"(0,)"`                   // likewise; what is left is divided by it
	Layers   []kind.Any[Layer] `yaml:"layers" most:"1000"`
	Data     examples          `yaml:"data"`
	Split    string            `yaml:"split" in:"train|test"`          // the part of the data set
	Examples int               `yaml:"examples" in:"[0,)"`             // the first so many of it; 0 is all
	Seed     uint64            `yaml:"seed" in:"[0,9007199254740991]"` // of the measures that draw
	Measures []sharpness.Any   `yaml:"measures" empty:"ok"`            // not given: every measure there is, at its defaults
}

// examples is a data set as configurations have it, without the keys of a trial's draw.
type examples struct{ data.Any }

func (e *examples) UnmarshalYAML(n *yaml.Node) error {
	drawn := kind.Keys(reflect.TypeFor[data.Split]())
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if key := n.Content[i]; slices.Contains(drawn, key.Value) {
			return &kind.Error{
				Line: key.Line, Key: key.Value, Value: kind.Text(n.Content[i+1]), Problem: "nothing is drawn here",
				Expected: "the keys split and examples beside data",
			}
		}
	}
	err := e.Any.UnmarshalYAML(n)
	var wrong *kind.Error
	if !errors.As(err, &wrong) || wrong.Problem != "unknown key" {
		return err
	}
	known := append([]string{"kind"}, strings.Split(strings.TrimPrefix(wrong.Expected, "one of "), ", ")...)
	known = slices.DeleteFunc(known, func(key string) bool { return slices.Contains(drawn, key) })
	c := *wrong
	c.Expected, c.Nearest = "one of "+strings.Join(known, ", "), kind.NearestBeside(c.Key, known)
	return &c
}

// readModel reads the model file of that name, and the network in it. Errors are *kind.Errors with file and line.
func readModel(file string, text []byte) (m Model, doc config.Document, n network, err error) {
	m = Model{Mean: []float64{0}, Std: []float64{1}, Split: data.TrainPart, Seed: 1}
	if doc, err = config.ReadDocument(file, text, "a model with input, layers, data, ..."); err != nil {
		return m, doc, n, err
	}
	if err = doc.Decode(&m); err == nil {
		n, err = m.network()
		err = doc.Locate(err)
	}
	return m, doc, n, err
}

// network is a model's net with the names of its tensors.
type network struct {
	*models.Net
	arrays []array // in the order of the weight vector
}

// array is a tensor of the network: named, shaped and ordered as PyTorch has it.
type array struct {
	models.Array
	layer string
}

func missing(key, expected string) error {
	return &kind.Error{Key: key, Problem: "missing", Expected: expected}
}

func (m Model) network() (n network, err error) {
	switch {
	case m.Input == nil:
		return n, missing("input", "channels, height and width, such as [1, 28, 28], or the length of a vector")
	case len(m.Input) == 2:
		return n, &kind.Error{
			Key: "input", Value: fmt.Sprint(m.Input), Problem: "two numbers", Expected: "channels, height and width, or the length of a vector",
		}
	case m.Layers == nil:
		return n, missing("layers", "a list such as [Flatten, {kind: Linear, out_features: 10}]")
	case m.Data.Spec == nil:
		return n, missing("data", "one of "+strings.Join(data.Table.Names(), ", "))
	}
	b := builder{shape: models.Shape{C: m.Input[0], H: 1, W: 1}, flat: true, names: map[string]int{}}
	if len(m.Input) == 3 {
		b.shape, b.flat = models.Shape{C: m.Input[0], H: m.Input[1], W: m.Input[2]}, false
	}
	return b.network(m)
}

func (b *builder) network(m Model) (n network, err error) {
	in := b.shape
	for i, l := range m.Layers {
		b.place = i
		if err := l.Spec.add(b); err != nil {
			return n, kind.Under(fmt.Sprintf("layers[%d]", i), err)
		}
	}
	if !b.flat {
		problem := "the last layer gives an image of " + sized(b.shape, false)
		return n, &kind.Error{Key: "layers", Problem: problem, Expected: "a vector, one number a class"}
	}
	if len(b.parts) == 0 {
		return n, &kind.Error{Key: "layers", Problem: "no layer has weights", Expected: "a Linear or a Conv2d"}
	}
	if n.Net, err = models.NewNet(in, b.shape.Size(), b.layers...); err != nil {
		return n, &kind.Error{Key: "layers", Problem: err.Error(), Expected: "a smaller network"}
	}
	layer := -1 // among those with weights
	for _, a := range n.Arrays() {
		_, name, _ := strings.Cut(a.Name, ".")
		if name == "weight" {
			layer++
		}
		a.Name = b.parts[layer].prefix + "." + name
		n.arrays = append(n.arrays, array{a, b.parts[layer].layer})
	}
	return n, nil
}

// fits returns how many examples of a data set the model asks for. The error says where network, data and measures do not fit each other.
func (m Model) fits(src *data.Source, n network) (examples int, err error) {
	shape := src.Shape
	if len(m.Input) == 3 && n.In != shape || n.In.Size() != shape.Size() {
		return 0, &kind.Error{
			Key: "input", Value: sized(n.In, len(m.Input) == 1), Problem: "the data have other examples", Expected: sized(shape, shape.H*shape.W == 1),
		}
	}
	if n.Classes != src.Classes {
		problem := fmt.Sprintf("the last layer gives %d numbers for %d classes", n.Classes, src.Classes)
		return 0, &kind.Error{Key: "layers", Problem: problem, Expected: "one number a class"}
	}
	if examples, err = src.PartLen(m.Split, m.Examples); err != nil {
		return 0, err
	}
	if err := config.CheckLayers(m.Measures, n.Layers()); err != nil {
		return 0, err
	}
	return examples, config.CheckMeasures(m.Measures, examples)
}

// batch returns the examples.
func (m Model) batch(src *data.Source) (models.Batch, error) {
	b, err := src.Scaled(m.Split, m.Examples, m.Mean, m.Std)
	if err == nil && len(m.Input) == 1 {
		flatten(b, src.Shape)
	}
	return b, err
}

// flatten puts the values of images, which lie height by width by channels, into the order that PyTorch flattens: channels, height, width.
func flatten(b models.Batch, s models.Shape) {
	if s.C == 1 || s.H*s.W == 1 {
		return
	}
	image := make([]float32, s.Size())
	for i := range b.Len() {
		row := b.X.Row(i)
		copy(image, row)
		for j, v := range image {
			row[j%s.C*s.H*s.W+j/s.C] = v
		}
	}
}
