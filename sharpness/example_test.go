package sharpness_test

import (
	"fmt"
	"math/rand/v2"

	"msharp/models/rng"
	"msharp/sharpness"
)

// Noise is the mean rise of the training loss under Gaussian noise on the weights. To add it to the configurations, put it into a file of
// this package with the line
//
//	var _ = Table.Add("noise", func() Measure { return &Noise{Sigma: 0.01, Draws: 10} })
type Noise struct {
	Sigma float64 `yaml:"sigma" in:"(0,)"` // standard deviation of a weight's noise
	Draws int     `yaml:"draws" in:"[1,)"`
}

func (n *Noise) Columns() []sharpness.Column {
	return []sharpness.Column{{
		Measure: "noise",
		Params:  []sharpness.Param{{Key: "sigma", Value: fmt.Sprint(n.Sigma)}},
		Role:    sharpness.Sharpness,
		Title:   "sharpness under noise",
	}}
}

func (n *Noise) Of(l sharpness.Landscape, r *rand.Rand) ([]float64, error) {
	rise, w := -l.Loss(l.W()), make([]float32, len(l.W()))
	for range n.Draws {
		for i, x := range l.W() {
			w[i] = x + float32(n.Sigma*r.NormFloat64())
		}
		rise += l.Loss(w) / float64(n.Draws)
	}
	return []float64{rise}, nil
}

// bowl is ½ Σ h_i w_i² around its minimum, as far as Noise looks at it.
type bowl struct {
	sharpness.Landscape
	h []float64
}

func (b bowl) W() []float32 { return make([]float32, len(b.h)) }
func (b bowl) Loss(w []float32) (loss float64) {
	for i, h := range b.h {
		loss += h * float64(w[i]) * float64(w[i]) / 2
	}
	return loss
}

// A measure of one's own. On a quadratic with curvatures h the expected rise is σ²/2 Σ h.
func ExampleMeasure() {
	var m sharpness.Measure = &Noise{Sigma: .1, Draws: 100_000}
	for _, h := range [][]float64{{1, 1}, {9, 1}} {
		v, err := m.Of(bowl{h: h}, rng.Stream(1, "measure/noise"))
		fmt.Printf("%s of curvatures %v: %.2f %v\n", m.Columns()[0].Name(), h, v[0], err)
	}
	// Output:
	// noise(sigma=0.1) of curvatures [1 1]: 0.01 <nil>
	// noise(sigma=0.1) of curvatures [9 1]: 0.05 <nil>
}

// What the name of a record's column says.
func ExampleParseColumn() {
	for _, name := range []string{"msharp(m=4 rho=0.05)", "msharp_se(m=n rho=0.1)", "distance", "test_error"} {
		c, ok := sharpness.ParseColumn(name)
		if !ok {
			fmt.Println(name, "is no measure's")
			continue
		}
		m, _ := c.Number("m")
		fmt.Printf("%s, m = %v; ranks models: %v\n", c.Title, m, c.Role == sharpness.Sharpness)
	}
	// Output:
	// m-sharpness, m = 4; ranks models: true
	// standard error of m-sharpness, m = +Inf; ranks models: false
	// ‖w − w₀‖, m = 0; ranks models: false
	// test_error is no measure's
}
