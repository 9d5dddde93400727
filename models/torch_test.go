package models

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// image is channels × height × width float64s, as PyTorch has one example.
type image struct {
	c, h, w int
	x       []float64
}

func (m image) at(c, y, x int) float64 { return m.x[(c*m.h+y)*m.w+x] }

// sequential is the definition of an nn.Sequential: one example through modules, with tensors by name, out × in and channels first.
func sequential(t *testing.T, modules []string, tensors map[string][]float32, m image) []float64 {
	for k, module := range modules {
		weight, bias := tensors[fmt.Sprintf("%d.weight", k)], tensors[fmt.Sprintf("%d.bias", k)]
		var in, out, size, stride, pad int
		switch {
		case module == "nn.Flatten()":
			m = image{len(m.x), 1, 1, m.x}
		case module == "nn.ReLU()" || module == "nn.Tanh()":
			for i, v := range m.x {
				if m.x[i] = math.Max(v, 0); module == "nn.Tanh()" {
					m.x[i] = math.Tanh(v)
				}
			}
		case scan(module, "nn.Linear(%d, %d)", &in, &out):
			y := image{out, 1, 1, make([]float64, out)}
			for u := range out {
				y.x[u] = float64(bias[u])
				for i := range in {
					y.x[u] += float64(weight[u*in+i]) * m.x[i]
				}
			}
			m = y
		case scan(module, "nn.Conv2d(%d, %d, %d, stride=%d, padding=%d)", &in, &out, &size, &stride, &pad):
			y := image{c: out, h: (m.h+2*pad-size)/stride + 1, w: (m.w+2*pad-size)/stride + 1}
			for u := range out {
				for r := range y.h {
					for q := range y.w {
						v := float64(bias[u])
						for c := range in {
							for i := range size {
								for j := range size {
									if a, b := r*stride-pad+i, q*stride-pad+j; a >= 0 && a < m.h && b >= 0 && b < m.w {
										v += float64(weight[((u*in+c)*size+i)*size+j]) * m.at(c, a, b)
									}
								}
							}
						}
						y.x = append(y.x, v)
					}
				}
			}
			m = y
		case scan(module, "nn.MaxPool2d(%d)", &size):
			y := image{c: m.c, h: m.h / size, w: m.w / size}
			for c := range y.c {
				for r := range y.h {
					for q := range y.w {
						v := math.Inf(-1)
						for i := range size * size {
							v = math.Max(v, m.at(c, r*size+i/size, q*size+i%size))
						}
						y.x = append(y.x, v)
					}
				}
			}
			m = y
		default:
			t.Fatalf("no definition of %s", module)
		}
	}
	return m.x
}

func scan(text, format string, to ...any) bool {
	n, err := fmt.Sscanf(text, format, to...)
	return err == nil && n == len(to)
}

// The nn.Sequential of a net, with the net's weights in PyTorch's order, computes the net's logits.
func TestTorchIsTheNetwork(t *testing.T) {
	for _, c := range []struct {
		in   Shape
		spec Spec
		want string
	}{
		{Shape{6, 1, 1}, &MLP{Hidden: []int{5}, Activation: "tanh"}, "nn.Linear(6, 5), nn.Tanh(), nn.Linear(5, 4): 0.weight [5 6], 0.bias [5], 2.weight [4 5], 2.bias [4]"},
		{Shape{3, 4, 5}, &MLP{Hidden: []int{7}, Activation: "relu"}, "nn.Flatten(), nn.Linear(60, 7), nn.ReLU(), nn.Linear(7, 4): 1.weight [7 60], 1.bias [7], 3.weight [4 7], 3.bias [4]"},
		{Shape{2, 7, 6}, &CNN{Blocks: []Block{{3, 3, 1, 1, 2}, {5, 2, 2, 1, 1}}, Activation: "relu"},
			"nn.Conv2d(2, 3, 3, stride=1, padding=1), nn.MaxPool2d(2), nn.ReLU(), nn.Conv2d(3, 5, 2, stride=2, padding=1), nn.ReLU(), nn.Flatten(), nn.Linear(20, 4): " +
				"0.weight [3 2 3 3], 0.bias [3], 3.weight [5 3 2 2], 3.bias [5], 6.weight [4 20], 6.bias [4]"},
		{Shape{2, 1, 1}, &CNN{Blocks: []Block{{3, 3, 1, 1, 1}}, Activation: "tanh"},
			"nn.Conv2d(2, 3, 3, stride=1, padding=1), nn.Tanh(), nn.Flatten(), nn.Linear(3, 4): 0.weight [3 2 3 3], 0.bias [3], 3.weight [4 3], 3.bias [4]"},
	} {
		n, err := c.spec.Build(c.in, 4)
		if err != nil {
			t.Fatal(err)
		}
		r := rand.New(rand.NewPCG(1, 2))
		w, b := random(r, 1, n.Dim()).Data, Batch{X: random(r, 3, c.in.Size()), Y: []int{0, 1, 2}}
		torch, tensors := n.Torch(), map[string][]float32{}
		var said []string
		back, at := make([]float32, n.Dim()), 0
		for _, a := range torch.Arrays {
			x := make([]float32, a.Size())
			a.ToTorch(x, w[at:])
			a.FromTorch(back[at:], x)
			tensors[a.Name] = x
			said = append(said, fmt.Sprintf("%s %v", a.Name, a.TorchShape()))
			at += a.Size()
		}
		if got := strings.Join(torch.Modules, ", ") + ": " + strings.Join(said, ", "); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
		if !slices.Equal(back, w) {
			t.Errorf("%v: FromTorch does not undo ToTorch", torch.Modules)
		}
		z := n.On(b).Logits(w)
		for i := range b.Len() {
			m := image{c.in.C, c.in.H, c.in.W, make([]float64, c.in.Size())}
			for j, v := range b.X.Row(i) {
				m.x[j%c.in.C*c.in.H*c.in.W+j/c.in.C] = float64(v)
			}
			for k, want := range sequential(t, torch.Modules, tensors, m) {
				if got := float64(z.Row(i)[k]); !(math.Abs(got-want) <= 1e-5*(1+math.Abs(want))) {
					t.Errorf("%v: logit %d of example %d is %v, want %v", torch.Modules, k, i, got, want)
				}
			}
		}
	}
}

// A layer that PyTorch has not, with weights, keeps its order and stands under its Go type.
func TestTorchOfALayerOfOnesOwn(t *testing.T) {
	n, err := NewNet(Shape{2, 1, 1}, 2, scales{}, Dense{2, 1})
	if err != nil {
		t.Fatal(err)
	}
	torch := n.Torch()
	if want := []string{"models.scales", "nn.Linear(2, 2)"}; !slices.Equal(torch.Modules, want) {
		t.Errorf("modules %q, want %q", torch.Modules, want)
	}
	a, x := torch.Arrays[0], make([]float32, 2)
	if a.ToTorch(x, []float32{1, 2}); a.Name != "0.scale" || !slices.Equal(a.TorchShape(), []int{2}) || !slices.Equal(x, []float32{1, 2}) {
		t.Errorf("%+v has %v", a, x)
	}
}

// scales is a weight for each input, which multiplies it. No pass goes through it.
type scales struct{ Weighted }

func (scales) Out(in Shape) (Shape, error) { return in, nil }
func (scales) NumParams(in Shape) int      { return in.Size() }
func (scales) Arrays(in Shape) []Array     { return []Array{{Name: "scale", Shape: []int{in.Size()}}} }
