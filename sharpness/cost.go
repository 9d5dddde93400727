package sharpness

import "fmt"

// Cost is what a Measure asks of a landscape, in passes over the training split. Several measures together take less: a landscape
// computes what they ask for at the solution once.
type Cost struct {
	Forward   float64 // forward passes: of losses, errors, outputs
	Gradients float64 // each a forward and a backward pass
	Backward  float64 // backward passes besides
	Products  float64 // with the Hessian
	About     bool    // it depends on the loss: this is what is usual
}

// Coster is a Measure that says what it costs.
type Coster interface {
	Measure
	Cost(examples, classes int) Cost // on a training split of so many examples
}

// CostOf returns what m costs. It is not ok if m does not say.
func CostOf(m Measure, examples, classes int) (c Cost, ok bool) {
	if s, ok := m.(Coster); ok {
		return s.Cost(examples, classes), true
	}
	return Cost{}, false
}

// Plus returns the cost of both.
func (c Cost) Plus(d Cost) Cost {
	return Cost{c.Forward + d.Forward, c.Gradients + d.Gradients, c.Backward + d.Backward, c.Products + d.Products, c.About || d.About}
}

// InGradients returns the cost of about so many gradients. A dense layer takes three products of matrices for a gradient, one of them forward, and
// six for a product with the Hessian, which was measured as 1 to 2.7 gradients and counts as 2.
func (c Cost) InGradients() float64 {
	return c.Gradients + float64(c.Forward/3) + float64(2*c.Backward/3) + float64(2*c.Products)
}

// String says the cost in words: "1 gradient, 8 forward passes"; "no pass" if it is none.
func (c Cost) String() string {
	text := ""
	for _, p := range []struct {
		n         float64
		one, many string
	}{
		{c.Gradients, "gradient", "gradients"}, {c.Products, "product", "products"}, {c.Forward, "forward pass", "forward passes"},
		{c.Backward, "backward pass", "backward passes"},
	} {
		if p.n == 0 {
			continue
		}
		if text != "" {
			text += ", "
		}
		what := p.many
		if p.n == 1 {
			what = p.one
		}
		text += fmt.Sprintf("%.4g %s", p.n, what)
	}
	switch {
	case text == "":
		return "no pass"
	case c.About:
		return "about " + text
	}
	return text
}
