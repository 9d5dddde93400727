package harness

import (
	"context"
	"os"
	"testing"
)

func BenchmarkTrial(b *testing.B) {
	t, _ := os.ReadFile("../experiments/msweep/msweep.yaml")
	s, err := Plan("msweep.yaml", t, []string{"seed=1", "optimizer.rho=0.05", "optimizer.m=16"}, "")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := s.Trials[0].Run(context.Background(), nil); err != nil {
			b.Fatal(err)
		}
	}
}
