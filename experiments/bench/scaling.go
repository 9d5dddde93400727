package main

import (
	"fmt"
	"strings"
	"time"

	"msharp/harness"
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
	FastMS   float64 `json:"fast_ms"`            // of the best decile
	Cells    int     `json:"cells,omitempty"`    // of msharp
	Forwards float64 `json:"forwards,omitempty"` // of msharp: its time in forward passes over the n examples
	Around
}

func scaling(e effort, refs *references) (all []Scaling, err error) {
	for _, h := range []int{64, 128, 256, 512, 1024} {
		all = append(all, along(e, refs, "width", h, []int{h, h}, batchSize)...)
	}
	for _, b := range []int{32, 64, 128, 256, 512, 1024} {
		all = append(all, along(e, refs, "batch", b, []int{256, 128}, b)...)
	}
	for _, n := range []int{256, 512, 1024, 2048, 4096} {
		row, err := measuring(e, refs, n)
		if err != nil {
			return nil, err
		}
		all = append(all, row)
	}
	return all, nil
}

// digitsMLP is an MLP on a batch of 28 × 28 pixels.
func digitsMLP(batch int, hidden ...int) *subject {
	return newSubject("mlp", models.Shape{C: 1, H: 28, W: 28}, &models.MLP{Hidden: hidden, Activation: "relu"}, batch)
}

// along times the gradients of one MLP.
func along(e effort, refs *references, by string, at int, hidden []int, batch int) []Scaling {
	s := digitsMLP(batch, hidden...)
	rows := []Scaling{{Mode: "sgd"}, {Mode: "sam"}, {Mode: "msam", M: 1}, {Mode: "msam", M: 16}}
	r := refs.raceOf(e.rounds(9), e.span(time.Second), func() { s.gradient(0) }, s.sam, func() { s.gradient(1) }, func() { s.gradient(16) })
	for i := range rows {
		row := &rows[i]
		row.By, row.At, row.MS, row.FastMS, row.Around = by, at, 1e3*r.rows[i].median(), 1e3*r.rows[i].fast(), r.around()
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
	msharpness = "measures: [{kind: msharp, m: [%s], rho: [0.01, 0.05, 0.2], steps: 1}]\n"
)

// measuring times the m-sharpness of a trained network on n examples: what measuring a trial takes with it, less what it takes without.
func measuring(e effort, refs *references, n int) (row Scaling, err error) {
	var ms []string
	for _, m := range []int{1, 4, 16, 64, 256, 1024} {
		if n%m == 0 {
			ms = append(ms, fmt.Sprint(m))
		}
	}
	bare := fmt.Sprintf(trained, n)
	with, err := afterSteps(bare + fmt.Sprintf(msharpness, strings.Join(ms, ", ")))
	if err != nil {
		return row, err
	}
	without, err := afterSteps(bare)
	if err != nil {
		return row, err
	}
	const chunk = 256 // as a trial takes them
	s := digitsMLP(chunk, 256, 128)
	r, err := refs.race(pacing{rounds: e.rounds(9), most: 1}, with, without, alone(func() { s.problem.Eval(s.w) }))
	if err != nil {
		return row, err
	}
	seconds, fast := r.rows[0].median()-r.rows[1].median(), r.rows[0].fast()-r.rows[1].fast()
	forward := r.rows[2].median() * float64(n) / chunk
	return Scaling{By: "n", At: n, Mode: "msharp", MS: 1e3 * seconds, FastMS: 1e3 * fast, Cells: 3 * len(ms),
		Forwards: seconds / forward, Around: r.around()}, nil
}

// afterSteps is the trial of a text as a side: the time from its last step to its end.
func afterSteps(text string) (side, error) {
	t, log, err := planned(text)
	return func(int) ([]float64, error) {
		_, err := harness.Train(t, nil)
		return []float64{(threadTime() - log.end).Seconds()}, err
	}, err
}
