package cli

import (
	"io"
	"path/filepath"
	"testing"
	"time"
)

// BenchmarkRun is a sweep of 1000 trials that train next to nothing, one at a time, drawing apart: own-ms/trial is what a trial costs
// beside its training and measuring, the plan, its lock, its log, its record and their way to the disk.
func BenchmarkRun(b *testing.B) {
	const n = 1000
	for b.Loop() {
		out := filepath.Join(b.TempDir(), "out")
		words := []string{"seed=range(1,1001)", "optimizer.rho=0", "epochs=1", "model.hidden=[1]", "measures=[gradnorm]",
			"data={kind: spirals, n: 100, train: 16, val: 16, test: 16}"}
		s := &session{Experiment: tiny, args: words, out: io.Discard, talk: io.Discard, folder: out}
		started := time.Now()
		if err := s.run(runFlags{workers: 1, shard: "0/1", onFailure: "continue", quiet: true, noDraw: true}, words); err != nil {
			b.Fatal(err)
		}
		own := time.Since(started).Seconds()
		recs := load(b, out)
		if len(recs) != n {
			b.Fatalf("%d records of %d trials", len(recs), n)
		}
		for _, r := range recs {
			own -= r.Run.TrainSeconds + r.Run.MeasureSeconds
		}
		b.ReportMetric(1e3*own/n, "own-ms/trial")
	}
}
