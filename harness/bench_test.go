package harness

import (
	"os"
	"testing"

	"msharp/harness/config"
)

// BenchmarkTrial is one trial of the default sweep, training and measures.
func BenchmarkTrial(b *testing.B) {
	text, err := os.ReadFile("../experiments/msweep/msweep.yaml")
	if err != nil {
		b.Fatal(err)
	}
	s, err := config.Plan("msweep.yaml", text, []string{"seed=1", "optimizer.rho=0.05", "optimizer.m=16"}, "")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := Train(s.Trials[0], nil); err != nil {
			b.Fatal(err)
		}
	}
}
