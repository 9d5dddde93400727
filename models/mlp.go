package models

import "math"

var _ = Zoo.Add("mlp", func() Spec { return &MLP{Hidden: []int{128}, Activation: "relu"} })

const sqrt2 = math.Sqrt2

// MLP is fully connected layers with an activation between them. With no hidden layer it is softmax regression.
type MLP struct {
	Hidden     []int      `yaml:"hidden" in:"[1,1048576]" empty:"ok" most:"1000"` // widths of the hidden layers
	Activation Activation `yaml:"activation" in:"relu|tanh"`                      // between the layers
}

func (s *MLP) Build(in Shape, classes int) (*Net, error) {
	return NewNet(in, classes, dense(nil, s.Hidden, s.Activation, classes)...)
}

// dense appends hidden layers and the logits.
func dense(layers []Layer, hidden []int, a Activation, classes int) []Layer {
	act, gain := a.layer()
	for _, units := range hidden {
		layers = append(layers, Dense{units, gain}, act)
	}
	return append(layers, Dense{classes, 1})
}
