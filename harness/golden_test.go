package harness

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"gopkg.in/yaml.v3"

	"msharp/harness/optim"
	"msharp/models"
	"msharp/models/kernel"
)

// goldenCase is one network of testdata/msam_golden.json: ten steps of SGD and of m-SAM by PyTorch in float64. Weights and inputs
// are stored as whole multiples, so that both sides start from the same numbers.
type goldenCase struct {
	Name     string
	Model    json.RawMessage // as our YAML has it
	In       models.Shape
	Classes  int
	LR       float64
	Momentum float64
	Rho      float64
	W0       []float64   `json:"w0_4096"` // × 4096
	X        [][]float64 `json:"x_64"`    // × 64; one row a batch
	Y        [][]int
	SGD      goldenRun
	MSAM     map[string]goldenRun // by m
}

type goldenRun struct {
	W10              []float64
	Losses           []float64 // of SGD
	Clean, Perturbed []float64 // of m-SAM
}

func goldenCases(t *testing.T) (cases []goldenCase) {
	text, err := os.ReadFile("testdata/msam_golden.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	return cases
}

// Ten steps of SGD and of m-SAM at m = 1, 4, 32 end where PyTorch's do.
func TestTrainingMatchesPyTorch(t *testing.T) {
	runs, worst := 0, 0.
	defer func() { t.Logf("%d runs, largest distance from the reference %.1e of the path", runs, worst) }()
	for _, c := range goldenCases(t) {
		var model models.Any
		if err := yaml.Unmarshal(c.Model, &model); err != nil {
			t.Fatal(err)
		}
		net, err := model.Spec.Build(c.In, c.Classes)
		if err != nil {
			t.Fatal(err)
		}
		sgd := optim.Any{Spec: &optim.SGD{Momentum: c.Momentum}}
		end := func(s optim.Spec, name string, clean, perturbed []float64) []float64 {
			w, step := scaled(c.W0, 4096), s.New(net.Dim())
			for i := range c.X {
				b := models.Batch{X: kernel.View(len(c.Y[i]), c.In.Size(), scaled(c.X[i], 64)), Y: c.Y[i]}
				l, up := step.Step(w, net.On(b), c.LR)
				if !(math.Abs(l-clean[i]) <= 1e-4*clean[i] && math.Abs(up-perturbed[i]) <= 1e-4*perturbed[i]) {
					t.Errorf("%s %s: losses of step %d are %v, %v, want %v, %v", c.Name, name, i+1, l, up, clean[i], perturbed[i])
				}
			}
			runs++
			wide := make([]float64, len(w))
			for i, v := range w {
				wide[i] = float64(v)
			}
			return wide
		}
		w0 := make([]float64, len(c.W0))
		for i, v := range c.W0 {
			w0[i] = v / 4096
		}
		check := func(name string, got, want []float64) {
			e := gap(got, want) / gap(want, w0)
			if worst = max(worst, e); !(e <= 1e-4) {
				t.Errorf("%s %s: %.2g of the path from the reference", c.Name, name, e)
			}
		}
		check("sgd", end(sgd.Spec, "sgd", c.SGD.Losses, c.SGD.Losses), c.SGD.W10)
		for m, ref := range c.MSAM {
			if d := gap(ref.W10, c.SGD.W10); !(d >= 1e-2*gap(ref.W10, w0)) {
				t.Errorf("%s m=%s: the references of m-SAM and SGD are only %.2g apart", c.Name, m, d)
			}
			var size int
			if err := json.Unmarshal([]byte(m), &size); err != nil {
				t.Fatal(err)
			}
			sam := &optim.SAM{Rho: c.Rho, M: size, Base: sgd}
			check("m="+m, end(sam, "m="+m, ref.Clean, ref.Perturbed), ref.W10)
		}
	}
	if runs < 2*4 {
		t.Errorf("only %d runs were compared", runs)
	}
}

func scaled(x []float64, by float64) []float32 {
	y := make([]float32, len(x))
	for i, v := range x {
		y[i] = float32(v / by)
	}
	return y
}

// gap returns ‖a − b‖.
func gap(a, b []float64) float64 {
	var s float64
	for i := range a {
		s += (a[i] - b[i]) * (a[i] - b[i])
	}
	return math.Sqrt(s)
}
