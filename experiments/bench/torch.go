package main

import (
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"msharp/models/kernel"
)

// Torch is the CPU time of one step, a gradient and the update of SGD, in PyTorch and in ours: one thread each, on the same core, in
// alternation.
type Torch struct {
	Model     string  `json:"model"`
	Mode      string  `json:"mode"`
	M         int     `json:"m,omitempty"`
	UserMS    float64 `json:"user_ms"`              // as PyTorch's users write it: nn.Sequential, optim.SGD, a loop over groups
	BestMS    float64 `json:"best_ms"`              // the fastest of the tuned ways
	BestWay   string  `json:"best_way"`             // its name
	LowRankMS float64 `json:"lowrank_ms,omitempty"` // our algebra, written in PyTorch; MLP only
	OursMS    float64 `json:"ours_ms"`
}

// task is what a row of the comparison times, and what a question to PyTorch is about.
type task struct {
	Model string `json:"model"`
	Mode  string `json:"mode"`
	M     int    `json:"m,omitempty"`
}

// question is one to pytorch.py, whose comment says what is asked how.
type question struct {
	Do string `json:"do"`
	task
	File string `json:"file,omitempty"`
	Way  string `json:"way,omitempty"`
	Reps int    `json:"reps,omitempty"`
}

// hello is what PyTorch says of itself.
type hello struct {
	Torch  string  // its version
	GFLOPS float64 // of its product of two 512 × 512 matrices
}

//go:embed pytorch.py
var script string

// python starts the script, with the first python3 that has PyTorch, and waits for its first answer.
func python() (c *child, h hello, err error) {
	var why []string
	for _, name := range []string{"/usr/bin/python3", "python3"} {
		if c, err = startChild(pythonCommand(name)); err != nil {
			why = append(why, err.Error())
			continue
		}
		if err = c.ask(question{Do: "hello"}, &h); err == nil {
			return c, h, nil
		}
		c.end()
		why = append(why, err.Error())
	}
	return nil, h, fmt.Errorf("no PyTorch: %s; on Debian or Ubuntu: apt-get install python3-torch libopenblas0-pthread", strings.Join(why, "; "))
}

// pythonCommand is the script on one thread: OpenBLAS does not listen to torch.set_num_threads. It keeps its memory: by default glibc
// gives large blocks back to the system, and every step takes new pages for its activations, for up to twice the time.
func pythonCommand(name string) *exec.Cmd {
	cmd := exec.Command(name, "-c", script)
	cmd.Env = append(os.Environ(), "OMP_NUM_THREADS=1", "OPENBLAS_NUM_THREADS=1", "MKL_NUM_THREADS=1",
		"MALLOC_MMAP_THRESHOLD_=4294967296", "MALLOC_TRIM_THRESHOLD_=8589934592", "MALLOC_TOP_PAD_=268435456")
	return cmd
}

// torch compares, once both sides have the same gradients. It writes into m what PyTorch says of itself.
func torch(m *Machine) (rows []Torch, err error) {
	defer pin()()
	py, h, err := python()
	if err != nil {
		return nil, err
	}
	defer py.end()
	m.Torch, m.TorchGFLOPS = h.Torch, h.GFLOPS
	subjects := subjects()
	for _, s := range subjects {
		if err := agree(py, s); err != nil {
			return nil, err
		}
	}
	for i, groups := range [][]int{{0, 1, 4, 16, 64, 128}, {0, 1, 16, 128}} {
		for _, m := range groups {
			row, err := subjects[i].beside(py, m)
			if err != nil {
				return nil, err
			}
			rows = append(rows, row)
		}
	}
	return rows, nil
}

// task is SGD for m = 0.
func (s *subject) task(m int) task {
	if m == 0 {
		return task{Model: s.name, Mode: "sgd"}
	}
	return task{Model: s.name, Mode: "msam", M: m}
}

// rate is the learning rate on both sides, small enough to leave the networks near their initial weights.
const rate = 1e-3

func (s *subject) gradient(m int) {
	if m == 0 {
		s.problem.Grad(s.g, s.w)
	} else {
		s.msam(m)
	}
}

// beside times one row.
func (s *subject) beside(py *child, m int) (Torch, error) {
	t := s.task(m)
	row := Torch{Model: t.Model, Mode: t.Mode, M: t.M}
	var best struct{ Way string }
	if err := py.ask(question{Do: "best", task: t}, &best); err != nil {
		return row, err
	}
	row.BestWay = best.Way
	sides := []side{s.steps(m), torchSteps(py, t, "user"), torchSteps(py, t, "best")}
	into := []*float64{&row.OursMS, &row.UserMS, &row.BestMS}
	if t.Model == "mlp" && m > 0 {
		sides, into = append(sides, torchSteps(py, t, "lowrank")), append(into, &row.LowRankMS)
	}
	seconds, err := alternate(sides, rowSpan)
	for i, v := range seconds {
		*into[i] = 1e3 * v
	}
	return row, err
}

// side takes steps and returns the CPU seconds of each.
type side func(reps int) ([]float64, error)

func (s *subject) steps(m int) side {
	return func(reps int) (seconds []float64, err error) {
		for range reps {
			start := cpuTime()
			s.gradient(m)
			kernel.Axpy(s.w, -rate, s.g)
			seconds = append(seconds, (cpuTime() - start).Seconds())
		}
		return seconds, nil
	}
}

func torchSteps(py *child, t task, way string) side {
	return func(reps int) ([]float64, error) {
		var answer struct{ Seconds []float64 }
		err := py.ask(question{Do: "time", task: t, Way: way, Reps: reps}, &answer)
		if err == nil && len(answer.Seconds) != reps {
			err = fmt.Errorf("%s gave %d times, expected %d", py.cmd.Path, len(answer.Seconds), reps)
		}
		return answer.Seconds, err
	}
}

const (
	turn     = 0.05 // seconds of one side's turn, of 1 to 20 steps
	minTurns = 5
	rowSpan  = 4 * time.Second
)

// alternate gives the sides turns, minTurns and span at least, and returns the median seconds of a step of each. Two steps of each to
// warm up are not counted.
func alternate(sides []side, span time.Duration) ([]float64, error) {
	times := make([][]float64, len(sides))
	reps := make([]int, len(sides))
	for i, side := range sides {
		warm, err := side(2)
		if err != nil {
			return nil, err
		}
		reps[i] = max(1, min(20, int(turn/max(warm[1], 1e-6))))
	}
	start := time.Now()
	for n := 0; n < minTurns || time.Since(start) < span; n++ {
		for i, side := range sides {
			seconds, err := side(reps[i])
			if err != nil {
				return nil, err
			}
			times[i] = append(times[i], seconds...)
		}
	}
	out := make([]float64, len(sides))
	for i, t := range times {
		out[i] = median(t)
	}
	return out, nil
}
