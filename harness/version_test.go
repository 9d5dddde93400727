package harness

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math"
	"testing"

	"msharp/harness/record"
	"msharp/models/kernel"
)

// One trial's record is held to the results version: where this fails, the same configuration gives other bits than it did, and
// ResultsVersion must rise. The generic arithmetic agrees to 1e-4 only.
func TestResultsVersion(t *testing.T) {
	const (
		version = 1
		sum     = "5b6970a0d6418798"
		loss    = 1.0386448824378878
		sharp   = 0.4857844394741934
	)
	if ResultsVersion != version {
		t.Fatalf("results version %d: make its numbers anew", ResultsVersion)
	}
	r, err := plan(t, small, "seed=1", "optimizer.rho=0.05", "optimizer.m=4").Trials[0].Run(nil)
	if err != nil {
		t.Fatal(err)
	}
	testLoss, _ := r.Value("test_loss")
	msharp, _ := r.Value("msharp(m=1 rho=0.2)")
	near := func(a, b float64) bool { return math.Abs(a-b) <= 1e-4*math.Abs(b) }
	if !near(testLoss, loss) || !near(msharp, sharp) {
		t.Errorf("test loss %v, m-sharpness %v, want %v, %v", testLoss, msharp, loss, sharp)
	}
	if got := digest(t, r); kernel.Name() != "generic" && got != sum {
		t.Errorf("the record of version %d hashes to %s, want %s", version, got, sum)
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
