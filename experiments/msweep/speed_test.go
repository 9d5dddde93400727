package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// speed is what the READMEs tell of the report that `go run ./experiments/bench --torch --json` wrote into results/reference/bench.json.
type speed struct {
	Machine struct {
		CPU    string  `json:"cpu"`
		Kernel string  `json:"kernel"`
		Peak   float64 `json:"peak_gflops"`
		Date   string  `json:"date"`
		Torch  string  `json:"torch"`
	} `json:"machine"`
	Gemm []struct {
		Op        string  `json:"op"`
		M         int     `json:"m"`
		N         int     `json:"n"`
		K         int     `json:"k"`
		FastShare float64 `json:"fast_share"`
	} `json:"gemm"`
	Step []struct {
		row
		VsSAM float64 `json:"vs_sam"`
	} `json:"step"`
	MSharp struct {
		Cells    int     `json:"cells"`
		Forwards float64 `json:"forwards"`
	} `json:"msharp"`
	Allocs  float64 `json:"allocs_per_step"`
	Workers []struct {
		Trials float64 `json:"trials_per_s"`
	} `json:"workers"`
	Torch     []beside   `json:"torch"`
	Curvature *curvature `json:"curvature"` // older reports have none
}

// curvature is what products with the Hessian and measures of it cost.
type curvature struct {
	HessVec []struct {
		Model     string  `json:"model"`
		Gradients float64 `json:"gradients"`
	} `json:"hessvec"`
	Measures []struct {
		Measure  string  `json:"measure"`
		Training float64 `json:"of_training"`
	} `json:"measures"`
	Watch struct {
		Steps float64 `json:"steps"`
	} `json:"watch"`
	Torch struct {
		Examples int     `json:"examples"`
		Products int     `json:"products"`
		Retained float64 `json:"retained_by_ours"`
		Rebuilt  float64 `json:"rebuilt_by_ours"`
	} `json:"torch"`
}

// String is the words about it; none of nil.
func (c *curvature) String() string {
	if c == nil {
		return ""
	}
	var product, together float64
	for _, h := range c.HessVec {
		if h.Model == "mlp" {
			product = h.Gradients
		}
	}
	for _, m := range c.Measures {
		if m.Measure == "all of these" {
			together = m.Training
		}
	}
	return fmt.Sprintf(" On the smallest MLP a product with the Hessian costs %.1f gradients; PyTorch's double backward takes %s times as long as ours for %d of them on\n"+
		"%d examples, and %s times where it builds its graph anew for each. λ₁ to λ₅, tr H, tr GGN, tr V and m-sharpness of a default trial take %.0f %% of the\n"+
		"time of its training, and a look at λ₁ that of %.0f steps on the whole batch.",
		product, times(c.Torch.Retained), c.Torch.Products, c.Torch.Examples, times(c.Torch.Rebuilt), 100*together, c.Watch.Steps)
}

type row struct {
	Model string `json:"model"`
	Mode  string `json:"mode"` // sgd, sam, msam
	M     int    `json:"m"`
}

// beside is a step of ours beside PyTorch's: CPU milliseconds of ours, and how many times as much PyTorch takes.
type beside struct {
	row
	Ours    float64 `json:"ours_ms"`
	User    float64 `json:"user_by_ours"`
	Best    float64 `json:"best_by_ours"`
	Algebra float64 `json:"lowrank_by_ours"` // 0 where there is none
}

// networks are those of the table, in its order.
var networks = []struct{ model, title string }{
	{"mlp", "MLP 784-256-128-10"}, {"mlp512", "MLP 784-512-512-10"}, {"mlp1024", "MLP 784-1024-1024-10"},
	{"cnn", "CNN 16-32 on 28 × 28"}, {"cifar", "CNN 64-128-256 on 32 × 32 × 3"},
}

// fastText is what the README says of the bench report, in a sentence or two.
func fastText(t *testing.T) string {
	var s speed
	read(t, "../../results/reference/bench.json", &s)
	small, large := s.at(t, row{"mlp", "msam", 1}), s.at(t, row{"cifar", "msam", 16})
	return fmt.Sprintf("On one core of an %s (%s; %s) a step of m-SAM at m = 1 on the MLP 784-256-128-10, batch 128, takes %s ms; PyTorch %s takes %s times as\n"+
		"long as users write it, %s in its fastest standard way, %s with our algebra written in it. On the CNN 64-128-256 for 32 × 32 × 3 images at m = 16 it is\n"+
		"%s and %s times. [All networks, and what else was measured](results/README.md#speed).",
		s.Machine.CPU, s.Machine.Kernel, s.Machine.Date, times(small.Ours), s.Machine.Torch, times(small.User), times(small.Best), times(small.Algebra),
		times(large.User), times(large.Best))
}

// speedText is the words of results/README.md about the bench report.
func speedText(t *testing.T) string {
	var s speed
	read(t, "../../results/reference/bench.json", &s)
	var b strings.Builder
	fmt.Fprintf(&b, "`go run ./experiments/bench --torch` on one core of an %s (%s, peak %.0f GFLOP/s; %s), batch 128: CPU milliseconds of a step of ours, and how\n"+
		"many times as long PyTorch %s takes on the same core, turn by turn, as users write it, in its fastest standard way, and with our algebra written\nin it. ([All of it](reference/bench.png).)\n\n",
		s.Machine.CPU, s.Machine.Kernel, s.Machine.Peak, s.Machine.Date, s.Machine.Torch)
	b.WriteString("| | SGD | m-SAM, m = 1 | 16 | 128 = SAM |\n| --- | --- | --- | --- | --- |\n")
	for _, n := range networks {
		ours, others := "| **"+n.title+"**, ms |", []string{"| PyTorch, usual |", "| PyTorch, best |", "| PyTorch, our algebra |"}
		for _, r := range []row{{n.model, "sgd", 0}, {n.model, "msam", 1}, {n.model, "msam", 16}, {n.model, "msam", 128}} {
			at := s.at(t, r)
			ours += fmt.Sprintf(" **%s** |", times(at.Ours))
			for i, v := range []float64{at.User, at.Best, at.Algebra} {
				if v == 0 {
					others[i] += " |"
				} else {
					others[i] += fmt.Sprintf(" %s × |", times(v))
				}
			}
		}
		if s.at(t, row{n.model, "msam", 1}).Algebra == 0 {
			others = others[:2]
		}
		b.WriteString(ours + "\n" + strings.Join(others, "\n") + "\n")
	}
	cnns := s.prices("cnn", "cifar")
	fmt.Fprintf(&b, "\nAgainst SAM written the usual way in the same kernels (two whole gradients), the gradient of m-SAM costs %s at m = 1, %s at 16 and %s at 128 on the\n"+
		"smallest MLP, and %s to %s on the CNNs for m ≥ 4. Matrix products reach %s of the core's multiply-add peak, %d cells of m-sharpness cost %.1f forward\n"+
		"passes, a step allocates %s, and two workers train %.2f times the trials of one.",
		s.price(t, "mlp", 1), s.price(t, "mlp", 16), s.price(t, "mlp", 128), bare(slices.Min(cnns)), bare(slices.Max(cnns)),
		s.shares(), s.MSharp.Cells, s.MSharp.Forwards, allocations(s.Allocs), s.Workers[1].Trials/s.Workers[0].Trials)
	b.WriteString(s.Curvature.String())
	return b.String()
}

func (s speed) at(t *testing.T, r row) beside {
	t.Helper()
	for _, b := range s.Torch {
		if b.row == r {
			return b
		}
	}
	t.Fatalf("results/reference/bench.json has no row of %+v", r)
	return beside{}
}

// price is what a gradient of m-SAM costs against SAM's.
func (s speed) price(t *testing.T, model string, m int) string {
	t.Helper()
	for _, r := range s.Step {
		if r.row == (row{model, "msam", m}) {
			return bare(r.VsSAM)
		}
	}
	t.Fatalf("results/reference/bench.json has no price of %s at m = %d", model, m)
	return ""
}

// prices are those of some models at m ≥ 4.
func (s speed) prices(models ...string) (of []float64) {
	for _, r := range s.Step {
		if slices.Contains(models, r.Model) && r.Mode == "msam" && r.M >= 4 {
			of = append(of, r.VsSAM)
		}
	}
	return of
}

// shares is between which shares of the peak the products lie, those of a single example aside.
func (s speed) shares() string {
	var of []float64
	for _, g := range s.Gemm {
		if g.M > 1 {
			of = append(of, 100*g.FastShare)
		}
	}
	return fmt.Sprintf("%.0f to %.0f %%", slices.Min(of), slices.Max(of))
}

// bare is a number to two decimals, without the zero before the point.
func bare(v float64) string { return strings.TrimPrefix(fmt.Sprintf("%.2f", v), "0") }

// times is a number to three figures: 1.36, 11.0, 120.
func times(v float64) string {
	switch {
	case v < 10:
		return fmt.Sprintf("%.2f", v)
	case v < 100:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.0f", v)
}

func allocations(n float64) string {
	if n == 0 {
		return "nothing"
	}
	return fmt.Sprintf("%g times", n)
}

// A report without curvature has no words of it; one with it has all numbers.
func TestSpeedOfCurvature(t *testing.T) {
	var s speed
	if s.Curvature.String() != "" {
		t.Errorf("%q of no curvature", s.Curvature)
	}
	const report = `{"curvature": {"hessvec": [{"model": "cnn", "gradients": 2.8}, {"model": "mlp", "gradients": 1.84}],
		"measures": [{"measure": "trace", "of_training": 0.2}, {"measure": "all of these", "of_training": 0.54}], "watch": {"steps": 29.4},
		"torch": {"examples": 5000, "products": 20, "retained_by_ours": 1.25, "rebuilt_by_ours": 2.04}}}`
	if err := json.Unmarshal([]byte(report), &s); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"1.8 gradients", "1.25 times", "20 of them", "5000 examples", "2.04 times", "54 %", "29 steps"} {
		if got := s.Curvature.String(); !strings.Contains(got, want) {
			t.Errorf("no %q in %q", want, got)
		}
	}
}
