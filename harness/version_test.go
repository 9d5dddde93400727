package harness

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math"
	"testing"

	"msharp/harness/config"
	"msharp/harness/record"
	"msharp/models/kernel"
)

// Records of trials are held to the results version: where this fails, the same configuration gives other bits than it did, and
// ResultsVersion must rise. The generic arithmetic has bits of its own, the same on every machine, and agrees to 1e-4.
func TestResultsVersion(t *testing.T) {
	const version = 4
	if config.ResultsVersion != version {
		t.Fatalf("results version %d: make its numbers anew", config.ResultsVersion)
	}
	for _, c := range []struct {
		overrides    []string
		sum, generic string
		loss, sharp  float64
	}{
		{[]string{"optimizer.rho=0.05", "optimizer.m=4"}, "09d098a6fa2a520d", "f3a6c5081880878e", 1.0386448824378878, 0.48578443817480316},
		{[]string{"optimizer.rho=0.1", "optimizer.m=2", "optimizer.steps=3", "optimizer.decay=0.01"}, "e1fdac11c677cc3d", "d87391a0545165a5", 1.0224820620578952, 0.4252958182077694},
		{[]string{"data={kind: mnist, source: golearn, train: 128, val: 0, test: 64}", "model={kind: cnn, blocks: [{channels: 3, pool: 2}]}", "optimizer.rho=0.1", "optimizer.m=4", "epochs=10", "lr=0.02"}, "55ae36816c9d0c43", "23352993a5e2ad56", 2.301030844354327, 0.19160510265718828},
		{[]string{"model.activation=tanh", "optimizer.rho=0.05", "optimizer.m=4"}, "290975aeee187bb3", "db9ded69c23799af", 1.062251251958632, 0.35428297382583196},
		{[]string{"optimizer.rho=0.02", "optimizer.m=2", "optimizer.p=.inf", "optimizer.steps=3"}, "2dce693c6aa659b6", "c24f6cdcc4572118", 1.0357142051946668, 0.4589717304290629},
		{[]string{"optimizer.rho=0.05", "optimizer.m=4", "optimizer.p=3", "optimizer.steps=3"}, "59354b3083f2e0f3", "ca2a8da18ebabd75", 1.0362604345317727, 0.4702358856484732},
	} {
		r, err := Train(plan(t, small, append(c.overrides, "seed=1")...).Trials[0], nil)
		if err != nil {
			t.Fatal(err)
		}
		loss, _ := r.Value("test_loss")
		sharp, _ := r.Value("msharp(m=1 rho=0.2)")
		near := func(a, b float64) bool { return math.Abs(a-b) <= 1e-4*math.Abs(b) }
		if !near(loss, c.loss) || !near(sharp, c.sharp) {
			t.Errorf("%v: test loss %v, m-sharpness %v, want %v, %v", c.overrides, loss, sharp, c.loss, c.sharp)
		}
		want := c.sum
		if kernel.Name() == "generic" {
			want = c.generic
		}
		if got := digest(t, r); got != want {
			t.Errorf("%v: the record of version %d hashes to %s, want %s", c.overrides, version, got, want)
		}
	}
}

func digest(t *testing.T, r record.Record) string {
	r.Run = nil
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}
