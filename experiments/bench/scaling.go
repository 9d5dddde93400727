package main

import (
	"fmt"
	"strings"
	"time"

	"msharp/harness"
	"msharp/harness/config"
	"msharp/models"
)

// Scaling is one time along the width of the hidden layers of an MLP 784-h-h-10 on a batch of 128, along the batch of the MLP
// 784-256-128-10, or along n, the training examples that m-sharpness of that MLP measures.
type Scaling struct {
	By       string  `json:"by"` // width, batch, n
	At       int     `json:"at"`
	Mode     string  `json:"mode"` // sgd, sam, msam: a gradient; msharp: all cells of the default sweep whose m divides n
	M        int     `json:"m,omitempty"`
	MS       float64 `json:"ms"`
	Cells    int     `json:"cells,omitempty"`    // of msharp
	Forwards float64 `json:"forwards,omitempty"` // of msharp: its time in forward passes over the n examples
}

func scaling() (all []Scaling, err error) {
	for _, h := range []int{64, 128, 256, 512, 1024} {
		all = append(all, along("width", h, []int{h, h}, batchSize)...)
	}
	for _, b := range []int{32, 64, 128, 256, 512, 1024} {
		all = append(all, along("batch", b, []int{256, 128}, b)...)
	}
	for _, n := range []int{256, 512, 1024, 2048, 4096} {
		row, err := measuring(n)
		if err != nil {
			return nil, err
		}
		all = append(all, row)
	}
	return all, nil
}

// along times the gradients of one MLP.
func along(by string, at int, hidden []int, batch int) []Scaling {
	s := newSubject("mlp", &models.MLP{Hidden: hidden, Activation: "relu"}, batch)
	rows := []Scaling{{Mode: "sgd"}, {Mode: "sam"}, {Mode: "msam", M: 1}, {Mode: "msam", M: 16}}
	t := medians(9, 500*time.Millisecond, func() { s.gradient(0) }, s.sam, func() { s.msam(1) }, func() { s.msam(16) })
	for i := range rows {
		rows[i].By, rows[i].At, rows[i].MS = by, at, 1e3*t[i]
	}
	return rows
}

const (
	trained = `
data: {kind: mnist, source: golearn, train: %d, val: 0, test: 1}
model: {kind: mlp, hidden: [256, 128]}
optimizer: {kind: sgd}
epochs: 1
`
	sharpness = "measures: [{kind: msharp, m: [%s], rho: [0.01, 0.05, 0.2], steps: 1}]\n"
)

// measuring times the m-sharpness of a trained network on n examples: what measuring a trial takes with it, less what it takes without.
func measuring(n int) (row Scaling, err error) {
	var ms []string
	for _, m := range []int{1, 4, 16, 64, 256, 1024} {
		if n%m == 0 {
			ms = append(ms, fmt.Sprint(m))
		}
	}
	bare := fmt.Sprintf(trained, n)
	with, err := config.Plan("bench", []byte(bare+fmt.Sprintf(sharpness, strings.Join(ms, ", "))), nil, "")
	if err != nil {
		return row, err
	}
	without, err := config.Plan("bench", []byte(bare), nil, "")
	if err != nil {
		return row, err
	}
	const chunk = 256 // as a trial takes them
	s := newSubject("mlp", &models.MLP{Hidden: []int{256, 128}, Activation: "relu"}, chunk)
	var whole, rest []float64
	for range 5 {
		for _, x := range []struct {
			*config.Sweep
			to *[]float64
		}{{with, &whole}, {without, &rest}} {
			rec, err := harness.Train(x.Trials[0], nil)
			if err != nil {
				return row, err
			}
			*x.to = append(*x.to, rec.Run.MeasureSeconds)
		}
	}
	forward := medians(9, 0, func() { s.problem.Eval(s.w) })[0] * float64(n) / chunk
	seconds := median(whole) - median(rest)
	return Scaling{By: "n", At: n, Mode: "msharp", MS: 1e3 * seconds, Cells: 3 * len(ms), Forwards: seconds / forward}, nil
}
