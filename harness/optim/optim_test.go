package optim

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"strconv"
	"testing"

	"msharp/models/ascent"
)

// golden is testdata/optim_golden.json: trajectories of PyTorch's optimizers on one function of six weights.
type golden struct {
	A, B, W0 []float64
	Cases    []struct {
		Name, Kind   string
		LR           float64 `json:"lr"`
		Rho          float64
		DecayInside  float64 `json:"decay_inside"`
		WeightDecay  float64 `json:"weight_decay"`
		Momentum     float64
		Nesterov     bool
		Beta1, Beta2 float64
		Alpha, Eps   float64
		W            map[string][]float64
	}
}

// valley is L(w) = Σ a_i (w_i − b_i)²/2 + .1 Σ cos 3w_i + .05 (Σ w_i)².
func valley(a, b []float64) Objective {
	return Closure(func(g, w []float32) (loss float64) {
		var sum float64
		for _, v := range w {
			sum += float64(v)
		}
		for i := range w {
			w := float64(w[i])
			loss += a[i]*(w-b[i])*(w-b[i])/2 + 0.1*math.Cos(3*w)
			g[i] = float32(a[i]*(w-b[i]) - 0.3*math.Sin(3*w) + 0.1*sum)
		}
		return loss + 0.05*sum*sum
	})
}

func TestOptimizersMatchPyTorch(t *testing.T) {
	var gold golden
	text, err := os.ReadFile("testdata/optim_golden.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &gold); err != nil {
		t.Fatal(err)
	}
	tried := map[string]bool{}
	for _, c := range gold.Cases {
		var s Spec
		switch c.Kind {
		case "sgd":
			s = &SGD{c.Momentum, c.Nesterov, c.WeightDecay}
		case "adam":
			s = &Adam{c.Beta1, c.Beta2, c.Eps, c.WeightDecay}
		case "adamw":
			s = &AdamW{Adam{c.Beta1, c.Beta2, c.Eps, c.WeightDecay}}
		case "rmsprop":
			s = &RMSProp{c.Alpha, c.Eps, c.Momentum, c.WeightDecay}
		default:
			t.Fatalf("%s: no optimizer %q", c.Name, c.Kind)
		}
		tried[c.Kind] = true
		if c.Rho != 0 {
			s = &SAM{Rho: c.Rho, Decay: c.DecayInside, Base: Any{Spec: s}}
		}
		w, obj, step := narrow(gold.W0), valley(gold.A, gold.B), s.New(len(gold.W0))
		for i := 1; i <= 25; i++ {
			step.Step(w, obj, c.LR)
			want, ok := c.W[strconv.Itoa(i)]
			for j := range want {
				if !(math.Abs(float64(w[j])-want[j]) <= 1e-5) {
					t.Errorf("%s: w[%d] after step %d is %v, want %v", c.Name, j, i, w[j], want[j])
				}
			}
			if !ok && i == 25 {
				t.Errorf("%s: no reference after step 25", c.Name)
			}
		}
	}
	for _, k := range []string{"sgd", "adam", "adamw", "rmsprop"} {
		if !tried[k] {
			t.Errorf("no reference for %s", k)
		}
	}
}

// With ρ = 0, SAM is its base optimizer bit for bit, whatever the base is.
func TestNoRadiusIsTheBaseOptimizer(t *testing.T) {
	a, b := []float64{1, 2, 3, .5}, []float64{1, -1, 2, 0}
	for _, name := range Table.Names() {
		base, _ := Table.New(name)
		w, v := []float32{2, .3, -1, 4}, []float32{2, .3, -1, 4}
		plain, sam := base.New(4), (&SAM{Rho: 0, M: 4, Base: Any{Spec: base}}).New(4)
		obj := valley(a, b)
		for range 20 {
			plain.Step(w, obj, 0.01)
			sam.Step(v, obj, 0.01)
		}
		if !slices.Equal(w, v) {
			t.Errorf("%s: SAM with ρ = 0 ends at %v, not %v", name, v, w)
		}
	}
}

// Every optimizer, alone and under SAM, goes downhill, returns the loss it started from, and allocates nothing once warm.
func TestEveryOptimizerDescends(t *testing.T) {
	a, b := []float64{1, 2, 3, .5}, []float64{1, -1, 2, 0}
	for _, name := range Table.Names() {
		base, _ := Table.New(name)
		specs := []Spec{base}
		if _, up := base.(Ascending); !up {
			specs = append(specs, &SAM{Rho: 0.01, Base: Any{Spec: base}})
		}
		for _, s := range specs {
			w, obj, step := []float32{2, .3, -1, 4}, valley(a, b), s.New(4)
			first, _ := step.Step(w, obj, 0.02)
			if want := valley(a, b).Grad(make([]float32, 4), []float32{2, .3, -1, 4}); first != want {
				t.Errorf("%s: the first step returns loss %v, want %v", name, first, want)
			}
			var last, up float64
			for range 300 {
				last, up = step.Step(w, obj, 0.02)
			}
			if !(last <= 0.6*first) {
				t.Errorf("%s (%T): loss %v after 300 steps from %v", name, s, last, first)
			}
			if _, ok := s.(Ascending); ok && !(up > last) {
				t.Errorf("%s (%T): the perturbed loss %v is not above the clean %v", name, s, up, last)
			}
			if n := testing.AllocsPerRun(10, func() { step.Step(w, obj, 0.02) }); n != 0 {
				t.Errorf("%s (%T): %v allocations a step", name, s, n)
			}
		}
	}
}

// On a quadratic, SAM with gradient descent ends in a 2-cycle along the top eigenvector, |w₁| = ηλρ/(2 − ηλ).
func TestSAMCyclesOnAQuadratic(t *testing.T) {
	lambda := []float64{10, 3, 1, .1}
	obj := Closure(func(g, w []float32) (loss float64) {
		for i := range w {
			g[i] = float32(lambda[i] * float64(w[i]))
			loss += lambda[i] * float64(w[i]) * float64(w[i]) / 2
		}
		return loss
	})
	w := []float32{.3, .2, .1, .05}
	step := (&SAM{Rho: 0.05, Base: Any{Spec: &SGD{}}}).New(4)
	for range 20000 {
		step.Step(w, obj, 0.05)
	}
	if !(math.Abs(math.Abs(float64(w[0]))-1./60) <= 1e-6) {
		t.Errorf("|w₁| = %v, want %v", math.Abs(float64(w[0])), 1./60)
	}
	for i, v := range w[1:] {
		if !(math.Abs(float64(v)) <= 1e-6) {
			t.Errorf("w%d = %v, want 0", i+2, v)
		}
	}
}

// slope is an objective with given gradients, plain and at the ascent points.
type slope struct{ plain, uphill []float32 }

func (s slope) Grad(g, _ []float32) float64 { copy(g, s.plain); return 1 }
func (s slope) AscentGrad(g, _ []float32, _ ascent.Rule) (clean, perturbed float64) {
	copy(g, s.uphill)
	return 1, 2
}

// Clipping shortens the gradient that is stepped on, and none inside the ascent.
func TestClipActsOnTheFinalGradient(t *testing.T) {
	obj := Clip(slope{plain: []float32{300, 400}, uphill: []float32{6, 8}}, 5)
	w := []float32{0, 0}
	(&SAM{Rho: 1, Base: Any{Spec: &SGD{}}}).New(2).Step(w, obj, 1)
	if w[0] != -3 || w[1] != -4 {
		t.Errorf("SAM steps to %v, want [-3 -4]", w)
	}
	w = []float32{0, 0}
	(&SGD{}).New(2).Step(w, obj, 1)
	if w[0] != -3 || w[1] != -4 {
		t.Errorf("SGD steps to %v, want [-3 -4]", w)
	}
	w = []float32{0, 0}
	(&SGD{}).New(2).Step(w, Clip(slope{plain: []float32{3, 4}}, 5.1), 1)
	if w[0] != -3 || w[1] != -4 {
		t.Errorf("a gradient below the limit is changed to %v", w)
	}
}

func TestClosureStaysWhereTheGradientIsZero(t *testing.T) {
	w := []float32{1, 2}
	flat := Closure(func(g, _ []float32) float64 { clear(g); return 7 })
	if clean, up := (&SAM{Rho: 1, Base: Any{Spec: &SGD{}}}).New(2).Step(w, flat, 1); clean != 7 || up != 7 || w[0] != 1 || w[1] != 2 {
		t.Errorf("losses %v, %v at %v", clean, up, w)
	}
}

func TestSchedules(t *testing.T) {
	at := func(s Schedule, step int) float64 { return s.Factor(Progress{step, 100, 10}) }
	cosine := AnySchedule{Spec: &Cosine{}}
	for _, c := range []struct {
		s    Schedule
		step int
		want float64
	}{
		{&Constant{}, 99, 1},
		{&Cosine{}, 0, 1}, {&Cosine{}, 50, .5}, {&Cosine{}, 25, .5 * (1 + math.Sqrt2/2)},
		{&Step{3, .1}, 29, 1}, {&Step{3, .1}, 30, .1}, {&Step{3, .1}, 60, .01},
		{&Warmup{2, cosine}, 0, .05}, {&Warmup{2, cosine}, 19, 1}, {&Warmup{2, cosine}, 20, 1}, {&Warmup{2, cosine}, 60, .5},
		{&Warmup{0, cosine}, 0, 1},
	} {
		if got := at(c.s, c.step); !(math.Abs(got-c.want) <= 1e-12) {
			t.Errorf("%T at step %d is %v, want %v", c.s, c.step, got, c.want)
		}
	}
}

func narrow(x []float64) []float32 {
	y := make([]float32, len(x))
	for i, v := range x {
		y[i] = float32(v)
	}
	return y
}
