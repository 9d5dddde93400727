package models

import "msharp/models/kind"

var _ = Zoo.Add("cnn", func() Spec {
	return &CNN{Blocks: []Block{{16, 3, 1, 1, 2}, {32, 3, 1, 1, 2}}, Hidden: []int{}, Activation: "relu"}
})

// CNN is blocks of convolution, max-pool and activation, then fully connected layers as in an MLP. Activations do not decrease, so pooling
// before activating gives the same numbers as after, and leaves fewer values to activate.
type CNN struct {
	Blocks     []Block    `yaml:"blocks" most:"1000"`                             // of convolution, max-pool and activation
	Hidden     []int      `yaml:"hidden" in:"[1,1048576]" empty:"ok" most:"1000"` // widths of the dense layers after the blocks
	Activation Activation `yaml:"activation" in:"relu|tanh"`                      // between the layers
}

// Block is one convolution and what follows it. In YAML the defaults are kernel 3, stride 1, pad 1, and no pooling.
type Block struct {
	Channels int `yaml:"channels" needed:"yes" in:"[1,65536]"` // how many the convolution has
	Kernel   int `yaml:"kernel" in:"[1,1024]"`                 // width and height of its window
	Stride   int `yaml:"stride" in:"[1,1024]"`                 // from one window to the next
	Pad      int `yaml:"pad" in:"[0,1024]"`                    // zeros around the image
	Pool     int `yaml:"pool" in:"[1,1024]"`                   // window and stride of the max-pool; 1 is none
}

var _ kind.Defaulter = (*Block)(nil)

func (b *Block) SetDefaults() { *b = Block{Kernel: 3, Stride: 1, Pad: 1, Pool: 1} }

func (s *CNN) Build(in Shape, classes int) (*Net, error) {
	act, gain := s.Activation.layer()
	var layers []Layer
	for _, b := range s.Blocks {
		layers = append(layers, Conv{b.Channels, b.Kernel, b.Stride, b.Pad, gain})
		if b.Pool > 1 {
			layers = append(layers, MaxPool{b.Pool})
		}
		layers = append(layers, act)
	}
	return NewNet(in, classes, dense(layers, s.Hidden, s.Activation, classes)...)
}
