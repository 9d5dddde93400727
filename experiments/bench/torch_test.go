package main

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"msharp/models/kernel"
)

func TestSaveAndDistance(t *testing.T) {
	s := digitsMLP(batchSize, 256, 128)
	file := filepath.Join(t.TempDir(), "mlp")
	if err := s.save(file); err != nil {
		t.Fatal(err)
	}
	n := len(s.w) + batchSize*784 + batchSize
	got, err := readFloats(file, n)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got[:len(s.w)], s.w) || got[n-1] != float32(s.batch.Y[batchSize-1]) {
		t.Error("other weights or labels than those saved")
	}
	if _, err := readFloats(file, n+1); err == nil {
		t.Error("no error for a file of another length")
	}
	if d := distance([]float32{3, 4}, []float32{3, 5}); d < .171 || d > .172 { // 1/√34
		t.Error(d)
	}
}

func TestCoresToTry(t *testing.T) {
	t.Setenv(coreType, "Zen")
	if got := cores(); !slices.Equal(got, []string{"Zen"}) {
		t.Errorf("%q beside a core in the environment", got)
	}
	t.Setenv(coreType, "")
	got := cores()
	want := map[string]string{"avx512": "SkylakeX", "avx2": "Haswell"}[kernel.Name()]
	if got[0] != "" || want != "" && got[len(got)-1] != want && got[len(got)-1] != "SkylakeX" {
		t.Errorf("%q to try on %s", got, kernel.Name())
	}
	for _, c := range []struct{ core, want string }{{"", "COMMAND=-c script"}, {"Haswell", "COMMAND=-c script OPENBLAS_CORETYPE=Haswell"}} {
		cmd := pythonCommand("python3", c.core)
		told := "COMMAND=-c script"
		for _, v := range cmd.Env {
			if strings.HasPrefix(v, coreType+"=") && v != coreType+"=" {
				told += " " + v
			}
		}
		if told != c.want {
			t.Errorf("core %q: %s", c.core, told)
		}
	}
}

func TestASlowBLASIsRefused(t *testing.T) {
	if err := fair(peer{share: leastShare, gflops: 60}); err != nil {
		t.Error(err)
	}
	for _, c := range []struct {
		peer
		want string
	}{
		{peer{share: .09, gflops: 16}, "BLAS does not know this CPU: its product of two 512 × 512 matrices runs at 16 GFLOP/s, 9 % of our"},
		{peer{share: .09, core: "Prescott"}, "OPENBLAS_CORETYPE=Prescott does not suit"},
		{peer{share: math.NaN()}, "expected ≥ 45 %"},
	} {
		err := fair(c.peer)
		said := fmt.Sprint(err)
		if !strings.Contains(said, c.want) || !strings.Contains(said, "set OPENBLAS_CORETYPE") || strings.Contains(said, "\n") {
			t.Errorf("%+v: %v", c.peer, err)
		}
	}
}
