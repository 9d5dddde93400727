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
	around := Around{peak: 100, l2: 90}
	r := Report{
		Machine: Machine{
			CPU: "a CPU", Kernel: "avx2", Clock: "cpu", SlowBelow: slowBelow, Date: "2026-11-23",
			Torch: "1.13", TorchGFLOPS: 90, TorchShare: .9, CoreType: "Haswell",
		},
		Gemm:      []Gemm{{Op: "nn", M: 128, N: 256, K: 784, GFLOPS: 95, FastGFLOPS: 97, Share: .95, FastShare: .96, ShareL2: .99, Around: around}},
		MSharp:    MSharp{48, 8.5, 8, 14, around},
		Trial:     Trial{.5, .48, .6, .03, .01, around},
		Collapsed: Collapsed{250, 1, 1, .4, .38, .42, .4, 1.05, 1.04, around},
		Workers:   []Worker{{1, 5, 6, around}, {2, 9, 10, around}},
		Curvature: Curvature{
			[]HessVec{{"mlp128", .9, .8, 1.5, 1.6, around}},
			[]Measured{{"hessian", 70, 60, .2, around}, {"all", 300, 280, .75, around}},
			Watched{50, 2, 80, 40, 1.8, around},
			&DoubleBackward{5000, 20, 700, 650, 1300, 1200, 1.85, "batches of 250", 2100, 2000, 3.05, "batches of 1000", around},
		},
	}
	for k, s := range titles {
		t := float64(1 + 19*k)
		step := func(mode string, m int, times, share float64) {
			row := Step{Model: s.model, Mode: mode, M: m, MS: times * t, FastMS: .9 * times * t, VsSAM: times / 2, Share: share, Around: around}
			r.Step = append(r.Step, row)
		}
		step("forward", 0, .3, .8)
		step("sgd", 0, 1, 0)
		step("sam", 0, 2, 0)
		beside := func(mode string, m int, ours, user, best, lowrank float64, way string) {
			r.Torch = append(r.Torch, Torch{
				Model: s.model, Mode: mode, M: m, OursMS: ours * t, OursFastMS: ours * t, UserMS: user * t, UserFastMS: user * t, UserByOurs: user / ours,
				BestMS: best * t, BestFastMS: best * t, BestByOurs: best / ours, BestWay: way,
				LowRankMS: lowrank * t, LowRankFastMS: lowrank * t, LowRankByOurs: lowrank / ours, Around: around,
			})
		}
		beside("sgd", 0, 1, 1.5, 1.4, 0, "foreach")
		for _, m := range []int{1, 16, 128} {
			step("msam", m, 1.2+.1*float64(k), 0)
			lowrank := 0.
			if strings.HasPrefix(s.model, "mlp") {
				lowrank = 2
			}
			beside("msam", m, 1.2, 60/float64(m), 50/float64(m), lowrank, "vmap of 128")
		}
	}
	for _, by := range []string{"width", "batch"} {
		for _, at := range []int{32, 1024} {
			for _, s := range []Scaling{{Mode: "sgd", MS: 1}, {Mode: "sam", MS: 2}, {Mode: "msam", M: 1, MS: 1.2}, {Mode: "msam", M: 16, MS: 1.3}} {
				s.By, s.At, s.MS, s.Around = by, at, s.MS*float64(at)/100, around
				r.Scaling = append(r.Scaling, s)
			}
		}
	}
	for _, n := range []int{256, 4096} {
		r.Scaling = append(r.Scaling, Scaling{By: "n", At: n, Mode: "msharp", MS: float64(n) / 20, Cells: 15, Forwards: 10, Around: around})
	}
	slow := Gemm{Op: "tn", M: 784, N: 256, K: 128, GFLOPS: 50, FastGFLOPS: 60, Share: .5, FastShare: .6, ShareL2: .7}
	slow.Around = Around{peak: 99, l2: 45}
	r.Gemm = append(r.Gemm, slow)
	r.mark()
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
	if got, want := keys(r), "allocs_per_step collapsed curvature gemm machine msharp scaling step torch trial workers"; got != want {
		t.Errorf("the report has %s, want %s", got, want)
	}
	for name, want := range map[string][]string{
		"gemm": {"fast_gflops fast_share gflops k m n op pace share share_l2 slow"},
		// forward; m-SAM
		"step":    {"fast_ms mode model ms pace share slow vs_sam", "fast_ms m mode model ms pace slow vs_sam"},
		"workers": {"fast_trials_per_s n pace slow trials_per_s"},
		// SGD and SAM; m-SAM; m-sharpness
		"scaling": {"at by fast_ms mode ms pace slow", "at by fast_ms m mode ms pace slow", "at by cells fast_ms forwards mode ms pace slow"},
		// SGD; m-SAM of a CNN; of an MLP
		"torch": {
			"best_by_ours best_fast_ms best_ms best_way mode model ours_fast_ms ours_ms pace slow user_by_ours user_fast_ms user_ms",
			"best_by_ours best_fast_ms best_ms best_way m mode model ours_fast_ms ours_ms pace slow user_by_ours user_fast_ms user_ms",
			"best_by_ours best_fast_ms best_ms best_way lowrank_by_ours lowrank_fast_ms lowrank_ms m mode model ours_fast_ms ours_ms pace slow " +
				"user_by_ours user_fast_ms user_ms",
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
	for name, want := range map[string]string{
		"machine":   "clock cpu date kernel l2_gflops openblas_coretype peak_gflops rows slow_below slow_rows torch torch_gflops torch_share",
		"msharp":    "cells fast_ms forwards ms pace slow",
		"trial":     "fast_seconds gradient_share pace seconds slow update_ms update_share",
		"curvature": "hessvec measures torch watch",
		"collapsed": "end_ms epochs fast_end_ms fast_ratio fast_start_ms m pace ratio rho slow start_ms",
	} {
		if got := keys(r[name].(map[string]any)); got != want {
			t.Errorf("%s has %s, want %s", name, got, want)
		}
	}
	curvature := r["curvature"].(map[string]any)
	for name, want := range map[string]string{
		"watch": "every look_ms pace ratio slow step_ms steps",
		"torch": "examples ours_fast_ms ours_ms pace products rebuilt_by_ours rebuilt_fast_ms rebuilt_ms rebuilt_way retained_by_ours retained_fast_ms " +
			"retained_ms retained_way slow",
	} {
		if got := keys(curvature[name].(map[string]any)); got != want {
			t.Errorf("curvature has a %s of %s, want %s", name, got, want)
		}
	}
	for name, want := range map[string]string{
		"hessvec": "fast_gradients fast_ms gradients model ms pace slow", "measures": "fast_ms measure ms of_training pace slow",
	} {
		if got := keys(curvature[name].([]any)[0].(map[string]any)); got != want {
			t.Errorf("curvature has %s of %s, want %s", name, got, want)
		}
	}
	without := synthetic()
	without.Torch, without.Curvature.Torch = nil, nil
	b.Reset()
	if err := encode(&b, without); err != nil || strings.Contains(b.String(), "user_ms") || strings.Contains(b.String(), `"torch": [`) || strings.Contains(b.String(), "retained") {
		t.Error("PyTorch in a report without it", err)
	}
}

func TestTableHasEveryPart(t *testing.T) {
	var b bytes.Buffer
	if err := table(&b, synthetic()); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"nn 128 × 256 × 784", "tn 784 × 256 × 128", "mlp msam m = 16", "mlp1024 sgd", "cifar msam m = 1", "width 1024", "batch 32", "n = 4096",
		"vmap of 128", "user/ours", "update 3.0 %", "1.05 × the start", "OPENBLAS_CORETYPE=Haswell", "CPU time of one thread", "slow, 50 %",
		"around 1 of ",
		"mlp128", "75 %", "every 50 steps", "20 products with the Hessian on 5000 examples", "3.05", "batches of 1000",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
}

func TestTableSaysThatTheClockIsTheWall(t *testing.T) {
	r := synthetic()
	r.Machine.Clock = "wall"
	var b bytes.Buffer
	if err := table(&b, r); err != nil || !strings.Contains(b.String(), "on the wall, for this system") {
		t.Error(err, b.String())
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
