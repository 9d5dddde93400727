package harness

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"gopkg.in/yaml.v3"

	"msharp/models"
	"msharp/models/kernel"
	"msharp/sharpness"
)

// curvatureCase is one network of testdata/curvature_golden.json, and what PyTorch's double backward says of it in float64.
type curvatureCase struct {
	Name     string
	Model    json.RawMessage // as our YAML has it
	In       models.Shape
	Classes  int
	W        []float64 `json:"w_4096"` // × 4096
	X        []float64 `json:"x_64"`   // × 64
	Y        []int
	Measures []struct {
		Measure json.RawMessage // as our YAML has it
		Columns map[string]float64
		SE      *float64 // of the reference, where ours is an estimate whose standard error is the next column
	}
}

// splitMix is the generator that the reference draws from (Steele, Lea, Flood 2014).
type splitMix uint64

func (s *splitMix) Uint64() uint64 {
	*s += 0x9e3779b97f4a7c15
	z := uint64(*s)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// Eigenvalues, traces, sharpness in one step and in many, and average-case sharpness are those of PyTorch's double backward, to a part in
// ten thousand, worst cases to one in a thousand; estimates are, to six standard errors, of which XTrace's are a third too small.
func TestCurvatureMatchesPyTorch(t *testing.T) {
	text, err := os.ReadFile("testdata/curvature_golden.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []curvatureCase
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	compared, estimates, worst := 0, 0, 0.
	for _, c := range cases {
		var model models.Any
		if err := yaml.Unmarshal(c.Model, &model); err != nil {
			t.Fatal(err)
		}
		net, err := model.Spec.Build(c.In, c.Classes)
		if err != nil {
			t.Fatal(err)
		}
		b := models.Batch{X: kernel.View(len(c.Y), c.In.Size(), scaled(c.X, 64)), Y: c.Y}
		l := &landscape{split: newSplit(net, b), w: scaled(c.W, 4096)}
		for _, ref := range c.Measures {
			var m sharpness.Any
			if err := yaml.Unmarshal(ref.Measure, &m); err != nil {
				t.Fatalf("%s: %v", ref.Measure, err)
			}
			draws := splitMix(1)
			values, err := m.Spec.Of(l, rand.New(&draws))
			if err != nil {
				t.Fatal(err)
			}
			names := sharpness.Names(m.Spec)
			for name, want := range ref.Columns {
				i := slices.Index(names, name)
				if i < 0 {
					t.Fatalf("%s has no column %s", ref.Measure, name)
				}
				e := math.Abs(values[i] - want)
				if ref.SE != nil {
					estimates++
					if se := math.Hypot(*ref.SE, values[i+1]); !(e <= 6*se) || !(se <= .03*want) {
						t.Errorf("%s: %s is %v ± %v, PyTorch's %v ± %v", c.Name, name, values[i], values[i+1], want, *ref.SE)
					}
					continue
				}
				compared++
				if e /= math.Abs(want); !(e <= 1e-4) {
					t.Errorf("%s: %s is %v, PyTorch's %v", c.Name, name, values[i], want)
				}
				worst = max(worst, e)
			}
		}
	}
	t.Logf("%d numbers, the largest relative distance from the reference %.1e, and %d estimates", compared, worst, estimates)
	if compared < 4*40 || estimates < 4*2 {
		t.Errorf("only %d numbers and %d estimates were compared", compared, estimates)
	}
}
