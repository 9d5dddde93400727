package cli

import (
	"testing"
	"time"

	"msharp/harness/config"
	"msharp/harness/record"
	"msharp/harness/slurm"
)

// What small trials took says nothing of large ones: until a record of each kind is there, trials are spread.
func TestPackKnowsWhatItPacks(t *testing.T) {
	s, err := config.Plan("tiny.yaml", tiny.Config, []string{"model.hidden=[8],[512]"}, "")
	if err != nil {
		t.Fatal(err)
	}
	var recs []record.Record
	took := func(trial config.Trial) {
		recs = append(recs, record.Record{ID: trial.ID, Status: record.Done, Config: config.Settings(trial.Config), Run: &record.Run{TrainSeconds: .01}})
	}
	packed := func() []slurm.Task { return pack(s.Trials, recs, slurm.Options{CPUs: 1}, time.Minute) }
	took(s.Trials[0])
	if n := len(packed()); n != min(len(s.Trials), spreadOver) {
		t.Errorf("%d tasks of %d trials, where one cost is known", n, len(s.Trials))
	}
	for _, trial := range s.Trials {
		took(trial)
	}
	if n := len(packed()); n != 1 {
		t.Errorf("%d tasks of trials that take %d ms each", n, 10)
	}
}
