package main

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// synthetic is a whole report of invented times.
func synthetic() Report {
	r := Report{
		Machine: Machine{CPU: "a CPU", Kernel: "avx2", Peak: 100, Date: "2026-11-23", Torch: "1.13", TorchGFLOPS: 90},
		Gemm:    []Gemm{{128, 256, 784, 95, .95}},
		MSharp:  MSharp{48, 8.5, 14},
		Workers: []Worker{{1, 5}, {2, 9}},
	}
	for k, model := range []string{"mlp", "cnn"} {
		t := float64(1 + 19*k)
		r.Step = append(r.Step, Step{model, "forward", 0, t / 3, .2, .8}, Step{model, "sgd", 0, t, .5, 0}, Step{model, "sam", 0, 2 * t, 1, 0})
		r.Torch = append(r.Torch, Torch{Model: model, Mode: "sgd", UserMS: 1.5 * t, BestMS: 1.4 * t, BestWay: "foreach", OursMS: t})
		for _, m := range []int{1, 16, 128} {
			r.Step = append(r.Step, Step{model, "msam", m, 1.2 * t, .6, 0})
			row := Torch{Model: model, Mode: "msam", M: m, UserMS: 60 * t / float64(m), BestMS: 50 * t / float64(m), OursMS: 1.2 * t}
			row.BestWay = "vmap of 128"
			if model == "mlp" {
				row.LowRankMS = 2 * t
			}
			r.Torch = append(r.Torch, row)
		}
	}
	for _, by := range []string{"width", "batch"} {
		for _, at := range []int{32, 1024} {
			t := float64(at) / 100
			r.Scaling = append(r.Scaling, Scaling{By: by, At: at, Mode: "sgd", MS: t}, Scaling{By: by, At: at, Mode: "sam", MS: 2 * t},
				Scaling{By: by, At: at, Mode: "msam", M: 1, MS: 1.2 * t}, Scaling{By: by, At: at, Mode: "msam", M: 16, MS: 1.3 * t})
		}
	}
	for _, n := range []int{256, 4096} {
		r.Scaling = append(r.Scaling, Scaling{By: "n", At: n, Mode: "msharp", MS: float64(n) / 20, Cells: 15, Forwards: 10})
	}
	return r
}

func keys(m map[string]any) string { return strings.Join(slices.Sorted(maps.Keys(m)), " ") }

func TestJSONHasTheKeysOfTheContract(t *testing.T) {
	var b bytes.Buffer
	if err := encode(&b, synthetic()); err != nil {
		t.Fatal(err)
	}
	var r map[string]any
	if err := json.Unmarshal(b.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	if got, want := keys(r), "allocs_per_step gemm machine msharp scaling step torch workers"; got != want {
		t.Errorf("the report has %s, want %s", got, want)
	}
	for name, want := range map[string][]string{
		"gemm":    {"gflops k m n share"},
		"step":    {"mode model ms share vs_sam", "m mode model ms vs_sam"}, // forward; m-SAM
		"workers": {"n trials_per_s"},
		"scaling": {"at by mode ms", "at by m mode ms", "at by cells forwards mode ms"}, // SGD and SAM; m-SAM; m-sharpness
		"torch": { // SGD; m-SAM of the CNN; of the MLP
			"best_ms best_way mode model ours_ms user_ms", "best_ms best_way m mode model ours_ms user_ms",
			"best_ms best_way lowrank_ms m mode model ours_ms user_ms",
		},
	} {
		var got []string
		for _, row := range r[name].([]any) {
			got = append(got, keys(row.(map[string]any)))
		}
		for _, w := range want {
			if !slices.Contains(got, w) {
				t.Errorf("%s has rows of %q, want one of %q", name, got, w)
			}
		}
	}
	without := synthetic()
	without.Torch = nil
	b.Reset()
	if err := encode(&b, without); err != nil || strings.Contains(b.String(), "user_ms") || strings.Contains(b.String(), `"torch": [`) {
		t.Error("PyTorch in a report without it", err)
	}
}

func TestTableHasEveryPart(t *testing.T) {
	var b bytes.Buffer
	if err := table(&b, synthetic()); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"128 × 256 × 784", "mlp msam m = 16", "width 1024", "batch 32", "n = 4096", "vmap of 128", "user/ours"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
}

func TestUsage(t *testing.T) {
	for _, args := range [][]string{{"word"}, {"--unknown"}, {"--figure", "x.pdf"}, {"--figure", filepath.Join(t.TempDir(), "none", "x.png")}} {
		var stderr bytes.Buffer
		if status := run(args, io.Discard, &stderr); status != 2 || stderr.Len() == 0 {
			t.Errorf("%q: status %d, said %q", args, status, stderr.String())
		}
	}
}
