package harness

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"golang.org/x/sync/semaphore"

	"msharp/harness/config"
	"msharp/harness/data"
	"msharp/harness/record"
)

// counted counts the rows that are read.
type counted struct {
	data.Examples
	rows atomic.Int64
}

func (c *counted) Row(dst []float64, i int) {
	c.rows.Add(1)
	c.Examples.Row(dst, i)
}

// counting gives all trials a source that counts.
func counting(s *config.Sweep) *counted {
	c := &counted{Examples: s.Trials[0].Source.Pool}
	src := *s.Trials[0].Source
	src.Pool = c
	for i := range s.Trials {
		s.Trials[i].Source = &src
	}
	return c
}

// A sweep draws once a seed, however many trials run at a time, and keeps no set once its trials have ended.
func TestASweepDrawsOnceASeed(t *testing.T) {
	for _, workers := range []int{1, 3} {
		s := plan(t, small)
		rows := counting(s)
		if _, err := s.Trials[0].Source.Draw(s.Trials[0].Config.Data.Spec.Drawn(), 1); err != nil {
			t.Fatal(err)
		}
		once := rows.rows.Swap(0)
		out := t.TempDir()
		store, err := record.Open(out)
		if err != nil {
			t.Fatal(err)
		}
		if failed, err := Run(context.Background(), s.Trials, nil, store, Runtime{Workers: workers}); err != nil || failed > 0 {
			t.Fatal(failed, err)
		}
		store.Close()
		if got := rows.rows.Load(); once == 0 || got != 2*once {
			t.Errorf("%d workers read %d rows, and one draw %d; the sweep has two seeds", workers, got, once)
		}
		recs, _, err := record.Load(out)
		if err != nil {
			t.Fatal(err)
		}
		var alone []record.Record
		for _, trial := range s.Trials {
			r, err := Train(trial, nil)
			if err != nil {
				t.Fatal(err)
			}
			alone = append(alone, r)
		}
		if !slices.Equal(bare(t, recs), bare(t, alone)) {
			t.Errorf("%d workers: trials on shared sets have other records than trials alone", workers)
		}
	}
}

// What no trial uses stays only for a trial to come, and gives way to a trial that needs its room. In the end all room is given back.
func TestIdleSetsGiveWay(t *testing.T) {
	s := plan(t, small) // the seeds take turns
	rows := counting(s)
	trials := s.Trials
	split := trials[0].Config.Data.Spec.Drawn()
	if _, err := trials[0].Source.Draw(split, 1); err != nil {
		t.Fatal(err)
	}
	once := rows.rows.Swap(0)
	set, _ := trials[0].Source.SetBytes(split)
	bytes := int64(set)
	for _, c := range []struct{ room, draws int64 }{{3 * bytes, int64(len(trials))}, {4 * bytes, 2}} {
		door := &doorkeeper{c.room, semaphore.NewWeighted(c.room)}
		d := planDraws(trials, door)
		for _, trial := range trials {
			if err := d.enter(context.Background(), trial, 3*bytes); err != nil {
				t.Fatal(err)
			}
			if _, err := d.of(trial); err != nil {
				t.Fatal(err)
			}
			d.leave(trial, 3*bytes)
		}
		if got := rows.rows.Swap(0); got != c.draws*once {
			t.Errorf("trials of three sets' size, in the room of %d, read %d rows; %d draws of %d were to do", c.room/bytes, got, c.draws, once)
		}
		if !door.free.TryAcquire(c.room) || d.idle != 0 {
			t.Errorf("in the end idle sets take %d bytes", d.idle)
		}
		for k, s := range d.sets {
			if s.get != nil || s.ahead != 0 || s.users != 0 || s.idle != 0 {
				t.Errorf("of seed %d there is %+v", k.seed, s)
			}
		}
	}
}

// Trials that come and go at once, with room for few of them, all get in, and get equal sets of equal seeds.
func TestDrawsOfManyWorkers(t *testing.T) {
	s := plan(t, small)
	trials := slices.Repeat(s.Trials, 20)
	set, _ := s.Trials[0].Source.SetBytes(s.Trials[0].Config.Data.Spec.Drawn())
	need := 2 * int64(set)
	door := &doorkeeper{3 * need, semaphore.NewWeighted(3 * need)}
	d := planDraws(trials, door)
	var first sync.Map
	pool(context.Background(), 8, trials, func(trial config.Trial) {
		if err := d.enter(context.Background(), trial, need); err != nil {
			t.Error(err)
			return
		}
		got, err := d.of(trial)
		if err != nil {
			t.Error(err)
			return
		}
		if old, _ := first.LoadOrStore(trial.Config.Seed, got.Train.X.Data[0]); old != got.Train.X.Data[0] {
			t.Errorf("seed %d has another set", trial.Config.Seed)
		}
		d.leave(trial, need)
	})
	if !door.free.TryAcquire(3*need) || d.idle != 0 || d.waiting != 0 {
		t.Errorf("in the end sets take %d bytes, and %d trials wait", d.idle, d.waiting)
	}
}

// A trial that never fits leaves nothing behind.
func TestDrawsOfATrialWithoutRoom(t *testing.T) {
	trial := plan(t, base4).Trials[0]
	door := &doorkeeper{100, semaphore.NewWeighted(100)}
	d := planDraws([]config.Trial{trial}, door)
	if err := d.enter(context.Background(), trial, 101); err == nil {
		t.Error("it is let in")
	}
	for _, s := range d.sets {
		if s.users != 0 || s.ahead != 0 {
			t.Errorf("there is %+v", s)
		}
	}
}

// Trials of one seed on a shared and on a disjoint pool have sets of their own.
func TestDrawsOfPools(t *testing.T) {
	trials := plan(t, "epochs: 1\nbatch_size: 16\ndata: {kind: mnist, train: 64, val: 32, test: 64}\n", "data.pool=shared,disjoint", "seed=1,2").Trials
	door := &doorkeeper{1 << 40, semaphore.NewWeighted(1 << 40)}
	d := planDraws(trials, door)
	first := map[float32]bool{}
	for _, trial := range trials {
		if err := d.enter(context.Background(), trial, 1); err != nil {
			t.Fatal(err)
		}
		got, err := d.of(trial)
		if err != nil {
			t.Fatal(err)
		}
		want, err := trial.Source.Draw(trial.Config.Data.Spec.Drawn(), trial.Config.Seed)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got.Train.X.Data, want.Train.X.Data) {
			t.Errorf("seed %d of pool %s has the set of another trial", trial.Config.Seed, trial.Config.Data.Spec.Drawn().Pool)
		}
		sum := float32(0)
		for i, x := range got.Train.X.Data {
			sum += x * float32(i)
		}
		first[sum] = true
		d.leave(trial, 1)
	}
	if len(trials) != 4 || len(first) != 4 || len(d.sets) != 4 {
		t.Errorf("%d trials on %d sets, which are %d", len(trials), len(d.sets), len(first))
	}
}
