package main

import (
	"math"
	"runtime"
	"time"

	"msharp/models/kernel"
)

// Step is the time of one gradient on a batch of 128. Mode sam is textbook SAM the usual way, two whole gradients, in the same
// kernels.
type Step struct {
	Model  string  `json:"model"`
	Mode   string  `json:"mode"`
	M      int     `json:"m,omitempty"`
	MS     float64 `json:"ms"`
	FastMS float64 `json:"fast_ms"`         // of the best decile
	VsSAM  float64 `json:"vs_sam"`          // against mode sam, measured in alternation
	Share  float64 `json:"share,omitempty"` // of the peak, in useful operations; forward only
	Around
}

func norm(x []float32) float64 { return math.Sqrt(kernel.Dot(x, x)) }

func steps(e effort, refs *references, subjects []*subject) (all []Step) {
	for _, s := range subjects {
		rows := []Step{{Mode: "forward"}, {Mode: "sgd"}, {Mode: "sam"}}
		fs := []func(){func() { s.problem.Eval(s.w) }, func() { s.gradient(0) }, s.sam}
		for _, m := range s.groups {
			rows = append(rows, Step{Mode: "msam", M: m})
			fs = append(fs, func() { s.gradient(m) })
		}
		r := refs.raceOf(e.rounds(7), e.span(4*time.Second), fs...)
		const sam = 2
		for i := range rows {
			row := &rows[i]
			row.Model, row.MS, row.FastMS = s.name, 1e3*r.rows[i].median(), 1e3*r.rows[i].fast()
			row.VsSAM, row.Around = ratio(r.rows[i], r.rows[sam]), r.around()
		}
		rows[0].Share, _ = r.ofPeak(0, s.flops)
		all = append(all, rows...)
	}
	return all
}

// allocs returns the most allocations of a step, over models and m.
func allocs(subjects []*subject) (most float64) {
	for _, s := range subjects {
		for _, m := range []int{0, 1, 16, 128} {
			s.gradient(m)
			n := 10
			if s.name == "cifar" {
				n = 1 // it takes long
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			for range n {
				s.gradient(m)
			}
			runtime.ReadMemStats(&after)
			most = max(most, math.Floor(float64(after.Mallocs-before.Mallocs)/float64(n)))
		}
	}
	return most
}
