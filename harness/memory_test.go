package harness

import (
	"math"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"msharp/harness/config"
	"msharp/harness/data"
	"msharp/harness/optim"
	"msharp/models"
	"msharp/models/rng"
	"msharp/sharpness"
)

// encoding is a watcher that makes the bytes that a sweep writes.
type encoding struct{ onlyTraced }

func (encoding) epoch(t *training) error {
	t.checkpoint("", 0)
	return nil
}

func (encoding) trained(t *training, _ bool) error {
	t.weights("")
	return nil
}

// peak returns the most bytes on the heap, beyond those before, that a collection finds alive while f runs. Collections are frequent.
func peak(f func()) float64 {
	alive := func() uint64 {
		s := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(s)
		return s[0].Value.Uint64()
	}
	runtime.GC()
	before := alive()
	defer debug.SetGCPercent(debug.SetGCPercent(5))
	var stop atomic.Bool
	most := make(chan uint64)
	go func() {
		var m uint64
		for !stop.Load() {
			m = max(m, alive())
			time.Sleep(50 * time.Microsecond)
		}
		most <- m
	}()
	f()
	stop.Store(true)
	return float64(max(<-most, before) - before)
}

// A trial takes the memory that is foretold: no more, and not much less. Each kind of measure and optimizer is in it.
func TestMemoryIsWhatATrialTakes(t *testing.T) {
	const text = `
data: {kind: mnist, source: golearn, train: 128, val: 32, test: 128}
model: {kind: mlp, hidden: [800]}
lr: 0.001
batch_size: 64
`
	const (
		deep  = "model={kind: mlp, hidden: [300, 300, 300, 300, 300, 300, 300]}"
		cnn   = "model={kind: cnn, blocks: [{channels: 8, pool: 2}, {channels: 24, pool: 2}]}"
		large = "model={kind: cnn, blocks: [{channels: 16, stride: 2}, {channels: 96, stride: 2}], hidden: [64]}"
		many  = "measures=[{kind: msharp, m: [1, 4, 16, 64, 128], rho: [0.05, 0.2]}, gradnorm, norm, distance, pacbayes]"
	)
	trials := [][]string{
		{"optimizer={kind: sam, m: 4, steps: 3, decay: 0.01}"}, {"optimizer={kind: sam, m: 0, base: adam}"}, {"optimizer={kind: sam, m: 16, p: .inf, steps: 2}"},
		{"optimizer={kind: sam, rho: 0, m: 1}", "clip=1", "stop={train_loss: 0.1, max_epochs: 1}"}, {"data.train=512", "measures=[{kind: msharp, m: [1, 16, 512], rho: [0.05, 0.2]}]"},
		{deep, "optimizer={kind: sam, m: 1}"}, {deep, "optimizer={kind: sam, m: 0, steps: 6}", "batch_size=128"}, {deep, many},
		{cnn}, {cnn, "optimizer={kind: sam, m: 4}"}, {cnn, "measures=[{kind: msharp, m: [4, 128], steps: 3}]"},
		{large, "optimizer={kind: sam, m: 1}"}, {large, "optimizer={kind: sam, m: 16, steps: 2}"}, {large, "optimizer={kind: sam, m: 0, p: 1}"},
		{large, "measures=[{kind: msharp, m: [1, 64]}, {kind: msharp, m: [64], p: .inf}]"},
		{cnn, "watch={every: 1, measures: [hessian]}"}, {"watch={every: 2, measures: [{kind: msharp, m: [1, 16], rho: [0.05]}]}"},
		{"data={kind: spirals, train: 64, val: 2, test: 2}", "model={kind: mlp, hidden: [1]}", "batch_size=64", "epochs=500", "watch={every: 1, measures: [norm, distance, {kind: msharp, m: [1, 2, 4, 8, 16, 32], rho: [0.1, 0.2]}]}"},
		{cnn, "measures=[hessian]"}, {"measures=[{kind: hessian, k: 1, steps: 4, layer: 1}]"}, {cnn, "measures=[ggn, {kind: fisher, subset: 64, k: 1}]"},
		{"data={kind: spirals, n: 400000, train: 2000, val: 1000}", "model={kind: mlp, hidden: [4]}"},
		{"data={kind: spirals, n: 400000, train: 2000, val: 1000, test: 10}", "model={kind: mlp, hidden: [4]}"},
		{"data={kind: spirals, train: 2, val: 2, test: 2}", "model={kind: mlp, hidden: [1]}", "batch_size=2", "epochs=20000"},
	}
	for _, name := range optim.Table.Names() {
		trials = append(trials, []string{"optimizer=" + name})
	}
	for _, name := range sharpness.Table.Names() {
		trials = append(trials, []string{"measures=[" + name + "]"})
	}
	for _, words := range trials {
		what := strings.Join(words, " ")
		if !strings.Contains(what, "stop=") && !strings.Contains(what, "epochs=") {
			words = append(words, "epochs=1")
		}
		trial := plan(t, text, words...).Trials[0]
		said, good := float64(Memory(trial)), false
		for range 3 { // what is made while a collection is under way counts as alive, and a peak may fall between two of them
			got := peak(func() {
				if err := trainSaving(trial); err != nil {
					t.Fatal(err)
				}
			})
			t.Logf("%s: said %.1f MB, takes %.1f", what, said/1e6, got/1e6)
			if good = said >= .97*got && (said <= 2*got+4<<20 || !says(trial)); good {
				break
			}
		}
		runtime.KeepAlive(trial) // its source was there before
		if !good {
			t.Errorf("%s: said %.1f MB, which is not what it takes", what, said/1e6)
		}
	}
}

// says reports whether the measures of a trial say what they need.
func says(t config.Trial) bool {
	for _, m := range t.Config.Measures {
		if _, ok := m.Spec.(sharpness.Needer); !ok {
			return false
		}
	}
	return true
}

// trainSaving trains and measures a trial, and makes the bytes that are to be saved after its only epoch, or after the last of many.
func trainSaving(t config.Trial) error {
	if t.Config.Epochs <= 1 {
		_, err := trainWatched(t, encoding{}, nil)
		return err
	}
	run, err := trainingOf(t, nil)
	if err == nil {
		_, err = run.run(onlyTraced(nil))
	}
	if err == nil {
		run.checkpoint("", 0)
	}
	return err
}

// What a trial holds before its first step, and again once it is measured, is known to a few percent.
func TestMemoryHeldBetweenSteps(t *testing.T) {
	const text = `
data: {kind: mnist, source: golearn, train: 256, val: 128, test: 256}
lr: 0.001
epochs: 1
batch_size: 64
measures: [{kind: msharp, m: [1, 256]}, gradnorm]
`
	for _, words := range [][]string{
		{"model={kind: mlp, hidden: [500]}", "optimizer=adam"},
		{"model={kind: cnn, blocks: [{channels: 16, stride: 2}, {channels: 96, stride: 2}]}", "optimizer={kind: sam, m: 1}"},
	} {
		trial := plan(t, text, words...).Trials[0]
		c := trial.Config.Canonical()
		held := func() float64 {
			runtime.GC()
			var s runtime.MemStats
			runtime.ReadMemStats(&s)
			return float64(s.HeapAlloc)
		}
		before := held()
		run, err := trainingOf(trial, nil)
		if err != nil {
			t.Fatal(err)
		}
		start := startBytes(c, trial.Source, run.net)
		if got := held() - before; got < .98*start || got > 1.01*start+1<<16 {
			t.Errorf("%v: %.2f MB before the first step, said %.2f", words, got/1e6, start/1e6)
		}
		if _, err := run.run(onlyTraced(nil)); err != nil {
			t.Fatal(err)
		}
		if _, err := run.measure(true); err != nil {
			t.Fatal(err)
		}
		end := start + stepBytes(c, run.net)
		f := run.net.Footprint(256)
		for _, m := range c.Measures {
			needBytes(sharpness.NeedOf(m.Spec), run.net, 256, f)
		}
		end += f.Bytes()
		reserve := 2 * (12*float64(run.net.Dim()) + 1<<18) // of the scratch of ascents, see models.Footprint
		if got := held() - before; got < .98*end-reserve || got > 1.01*end+1<<16 {
			t.Errorf("%v: %.2f MB once measured, said %.2f, of it %.2f in reserve", words, got/1e6, end/1e6, reserve/1e6)
		}
		runtime.KeepAlive(run)
		runtime.KeepAlive(trial)
	}
}

// The memory of the largest trial is known without taking it, and that of a larger one is the largest number.
func TestMemoryIsKnownBeforehand(t *testing.T) {
	const text = `
data: {kind: spirals, train: 2048, val: 0}
model: {kind: mlp, hidden: [1048576, 250]}
batch_size: 2048
epochs: 1
optimizer: {kind: sam, m: 1, base: adam}
measures: [{kind: msharp, m: [1, 512, 0]}]
`
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	trial := plan(t, text).Trials[0]
	bytes := Memory(trial)
	runtime.ReadMemStats(&after)
	if made := after.TotalAlloc - before.TotalAlloc; bytes < 30<<30 || made > 4<<20 {
		t.Errorf("%d bytes, of which %d were made to know it", bytes, made)
	}
	for _, words := range [][]string{
		{"optimizer.steps=9223372036854775807"},
		{"optimizer={kind: sam, m: 1, p: 1}", "measures=[{kind: msharp, steps: 9223372036854775807}]"},
	} {
		if bytes := Memory(plan(t, text, words...).Trials[0]); bytes != math.MaxInt64 {
			t.Errorf("%v: %d bytes", words, bytes)
		}
	}
	trial.Config.Model.Spec = &models.MLP{Hidden: []int{1e9, 1e9}, Activation: "relu"} // which cannot be built
	if bytes := Memory(trial); bytes < 0 || bytes > 4<<20 {
		t.Errorf("a trial without a network takes %d bytes", bytes)
	}
}

// pictures are examples of any size.
type pictures struct{ n, size int }

func (p pictures) Len() int        { return p.n }
func (p pictures) Label(i int) int { return i % 10 }
func (p pictures) Row(dst []float64, i int) {
	r := rng.Stream(uint64(i), "pictures")
	for j := range dst[:p.size] {
		dst[j] = float64(r.IntN(256))
	}
}

// A worker trains and measures a wide convolutional network within 160 MiB at every m, though the gradients of 128 examples would take more.
func TestMemoryOfAConvolutionalWorker(t *testing.T) {
	const text = `
data: {kind: mnist, source: golearn, train: 128, val: 64, test: 64}
model: {kind: cnn, blocks: [{channels: 64, pool: 2}, {channels: 128, pool: 2}, {channels: 256, pool: 2}]}
epochs: 1
`
	for _, m := range []string{"1", "4", "16", "128"} {
		trial := plan(t, text, "optimizer={kind: sam, m: "+m+"}").Trials[0]
		trial.Source = &data.Source{Shape: models.Shape{C: 3, H: 32, W: 32}, Classes: 10, Pool: pictures{256, 3 * 32 * 32}}
		if said := Memory(trial); said > 160<<20 {
			t.Errorf("m = %s: said %.1f MiB", m, float64(said)/(1<<20))
		}
		if m != "1" || testing.Short() {
			continue
		}
		got := peak(func() {
			if _, err := Train(trial, nil); err != nil {
				t.Fatal(err)
			}
		})
		if said := float64(Memory(trial)); got > 160<<20 || got > 1.03*said {
			t.Errorf("m = %s: takes %.1f MiB, said %.1f", m, got/(1<<20), said/(1<<20))
		}
	}
}
