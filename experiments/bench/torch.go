package main

import (
	_ "embed"
	"fmt"
	"time"
)

// Torch is the CPU time of one step, a gradient and the update of SGD with momentum, in PyTorch and in ours: one thread each, on the same
// core, in alternation. Ours is the step of a training run.
type Torch struct {
	Model         string  `json:"model"`
	Mode          string  `json:"mode"`
	M             int     `json:"m,omitempty"`
	UserMS        float64 `json:"user_ms"`      // as PyTorch's users write it: nn.Sequential, optim.SGD, a loop over groups
	UserFastMS    float64 `json:"user_fast_ms"` // of the best decile, as all that is fast
	UserByOurs    float64 `json:"user_by_ours"` // the median of its ratio to the turn of ours beside it, as all by ours
	BestMS        float64 `json:"best_ms"`      // the fastest of the tuned ways
	BestFastMS    float64 `json:"best_fast_ms"`
	BestByOurs    float64 `json:"best_by_ours"`
	BestWay       string  `json:"best_way"`             // its name
	LowRankMS     float64 `json:"lowrank_ms,omitempty"` // our algebra, written in PyTorch; MLPs only
	LowRankFastMS float64 `json:"lowrank_fast_ms,omitempty"`
	LowRankByOurs float64 `json:"lowrank_by_ours,omitempty"`
	OursMS        float64 `json:"ours_ms"`
	OursFastMS    float64 `json:"ours_fast_ms"`
	Around
}

// task is what a row of the comparison times, and what a question to PyTorch is about.
type task struct {
	Model string `json:"model"`
	Mode  string `json:"mode"`
	M     int    `json:"m,omitempty"`
}

// question is one to pytorch.py, whose comment says what is asked how.
type question struct {
	Do    string `json:"do"`
	Clock string `json:"clock,omitempty"`
	task
	Input    []int   `json:"input,omitempty"`   // channels, height, width
	Weights  [][]int `json:"weights,omitempty"` // shapes, without biases
	Examples int     `json:"examples,omitempty"`
	File     string  `json:"file,omitempty"`
	Way      string  `json:"way,omitempty"`
	Reps     int     `json:"reps,omitempty"`
	Span     float64 `json:"span,omitempty"` // seconds
}

//go:embed pytorch.py
var script string

// torch compares, once both sides have the same gradients and take the same steps, and the same products with the Hessian. It writes into m
// what PyTorch says of itself.
func torch(e effort, refs *references, m *Machine) (rows []Torch, double *DoubleBackward, err error) {
	py, err := fastest(refs)
	if err != nil {
		return nil, nil, err
	}
	defer py.end()
	if double, err = doubleBackward(e, refs, py.child); err != nil {
		return nil, nil, err
	}
	m.Torch, m.TorchGFLOPS, m.TorchShare, m.CoreType = py.version, py.gflops, py.share, py.core
	for _, s := range subjects() {
		if err := agree(py.child, s); err != nil {
			return nil, nil, err
		}
		for _, m := range s.beside {
			row, err := s.row(e, refs, py.child, m)
			if err != nil {
				return nil, nil, err
			}
			rows = append(rows, row)
		}
		if err := py.ask(question{Do: "forget", task: task{Model: s.name}}, &struct{}{}); err != nil {
			return nil, nil, err
		}
	}
	return rows, double, nil
}

// task is SGD for m = 0.
func (s *subject) task(m int) task {
	if m == 0 {
		return task{Model: s.name, Mode: "sgd"}
	}
	return task{Model: s.name, Mode: "msam", M: m}
}

// row times one.
func (s *subject) row(e effort, refs *references, py *child, m int) (Torch, error) {
	t := s.task(m)
	row := Torch{Model: t.Model, Mode: t.Mode, M: t.M}
	var best struct{ Way string }
	span := e.span(200 * time.Millisecond)
	if e == single && m == 0 {
		span = time.Millisecond // the ways to m-SAM, which take long, are not timed
	}
	if err := py.ask(question{Do: "best", task: t, Span: span.Seconds()}, &best); err != nil {
		return row, err
	}
	row.BestWay = best.Way
	sides := []side{s.steps(m), torchSteps(py, t, "user"), torchSteps(py, t, "best")}
	if s.lowRank() && m > 0 {
		sides = append(sides, torchSteps(py, t, "lowrank"))
	}
	r, err := refs.race(pacing{rounds: e.rounds(5), span: e.span(4 * time.Second), turn: .05, most: 20}, sides...)
	if err != nil {
		return row, err
	}
	ours := r.rows[0]
	row.OursMS, row.OursFastMS, row.Around = 1e3*ours.median(), 1e3*ours.fast(), r.around()
	theirs := func(i int, ms, fast, by *float64) {
		*ms, *fast, *by = 1e3*r.rows[i].median(), 1e3*r.rows[i].fast(), ratio(r.rows[i], ours)
	}
	theirs(1, &row.UserMS, &row.UserFastMS, &row.UserByOurs)
	theirs(2, &row.BestMS, &row.BestFastMS, &row.BestByOurs)
	if len(sides) > 3 {
		theirs(3, &row.LowRankMS, &row.LowRankFastMS, &row.LowRankByOurs)
	}
	return row, nil
}

// lowRank reports whether our algebra has a form in PyTorch for the network: it has no convolutions.
func (s *subject) lowRank() bool {
	for _, w := range s.weights() {
		if len(w) > 2 {
			return false
		}
	}
	return true
}

// steps is the product's own optimizer. Both sides are on the clock of a process: whatever else of it a step wakes counts.
func (s *subject) steps(m int) side {
	stepper := s.optimizer(m)
	return func(reps int) (seconds []float64, err error) {
		for range reps {
			start := cpuTime()
			stepper.Step(s.w, s.problem, rate)
			seconds = append(seconds, (cpuTime() - start).Seconds())
		}
		return seconds, nil
	}
}

func torchSteps(py *child, t task, way string) side {
	return func(reps int) ([]float64, error) {
		return py.seconds(question{Do: "time", task: t, Way: way, Reps: reps})
	}
}

// seconds asks for times.
func (c *child) seconds(q question) ([]float64, error) {
	var answer struct{ Seconds []float64 }
	err := c.ask(q, &answer)
	if err == nil && len(answer.Seconds) != q.Reps {
		err = fmt.Errorf("%s gave %d times, expected %d", c.cmd.Path, len(answer.Seconds), q.Reps)
	}
	return answer.Seconds, err
}
