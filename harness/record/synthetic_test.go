package record

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"msharp/harness/disk"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// synthetic is a made-up sweep like msweep's: 41 trials a seed and setting, ρ = 0 and eight ρ at five m. The error falls with larger ρ and
// smaller m, up to a point, with noise.
type synthetic struct {
	seeds int
	grid  bool // 61 learning rates and 4 weight decays, each with each, in place of one setting
	heavy bool // 9.7 kB a record, with 60 epochs, a confusion table and 49 values, in place of 1.4 kB with 25
}

var (
	sweptRho   = []float64{0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1}
	sweptM     = []float64{1, 4, 16, 64, 128}
	sweptDecay = []float64{0, 1e-4, 5e-4, 1e-3}
)

const (
	perSetting = 41
	sweptLR    = 61 // 0.05 in the middle, 16 a doubling
)

func (s synthetic) settings() int {
	if s.grid {
		return sweptLR * len(sweptDecay)
	}
	return 1
}

func (s synthetic) trials() int { return s.seeds * s.settings() * perSetting }

// rates returns the learning rate and weight decay of the i-th setting.
func (s synthetic) rates(i int) (lr, decay float64) {
	if !s.grid {
		return 0.05, 0
	}
	return 0.05 * math.Exp2(float64(i%sweptLR-sweptLR/2)/16), sweptDecay[i/sweptLR]
}

func (s synthetic) id(i int) string {
	return fmt.Sprintf("%016x", uint64(i+1)*0x9e3779b97f4a7c15) // distinct and in no order
}

// record returns the record of the i-th trial.
func (s synthetic) record(i int) Record {
	r := rand.New(rand.NewPCG(uint64(i), 7))
	lr, decay := s.rates(i / perSetting % s.settings())
	optimizer := map[string]any{
		"base":  map[string]any{"kind": "sgd", "momentum": 0.9, "nesterov": false, "weight_decay": decay},
		"decay": 0.0, "kind": "sam", "p": 2.0, "rho": 0.0, "steps": 1.0, "unnormalised": false,
	}
	rho, m := 0.0, 128.0
	if k := i%perSetting - 1; k >= 0 {
		rho, m = sweptRho[k%8], sweptM[k/8]
		optimizer["rho"], optimizer["m"] = rho, m
	}
	config := map[string]any{
		"batch_size": 128.0, "clip": 0.0, "data": map[string]any{"kind": "mnist", "label_noise": 0.0, "test": 0.0, "train": 1024.0, "val": 1024.0},
		"epochs": 60.0, "lr": lr, "model": map[string]any{"activation": "relu", "hidden": []any{128.0}, "kind": "mlp"},
		"optimizer": optimizer, "schedule": map[string]any{"kind": "cosine"}, "seed": float64(i/perSetting/s.settings() + 1),
	}
	gain := 0.02 * math.Exp(-math.Pow(math.Log(rho+1e-9)-math.Log(0.2), 2)/4) * (1 - math.Log(m)/10)
	test := 0.1 - gain + 0.002*math.Abs(math.Log2(lr/0.05)) + 0.004*r.NormFloat64()
	rec := Record{
		ID: s.id(i), Status: Done, Config: config, Values: Values{Numbers: map[string]Number{
			"train_error": 0, "val_error": Number(test + 0.003*r.NormFloat64()), "test_error": Number(test), "error_gap": Number(test),
			"train_loss": Number(0.001 + 0.001*r.Float64()), "val_loss": Number(0.4 - 5*gain + 0.02*r.NormFloat64()),
			"test_loss": Number(0.45 - 5*gain + 0.02*r.NormFloat64()), "loss_gap": Number(0.44 - 5*gain + 0.02*r.NormFloat64()),
			"best_val_error": Number(test - 0.002), "best_val_epoch": Number(10 + r.IntN(50)), "epochs_run": 60, "zero_gradients": 0,
		}},
		Run: &Run{
			Revision: "2e212639dc055125540ddfc1b37c71d563b04d46", Results: 2, Kernel: "avx512", Host: fmt.Sprint("node", i%4), Ended: "2026-01-01T12:00:00Z",
			TrainSeconds: 0.3 + 0.1*r.Float64(), MeasureSeconds: 0.05 + 0.01*r.Float64(),
		},
	}
	if i%97 == 0 && rho >= 0.5 {
		rec.Status = Diverged
	}
	radii := []float64{0.05}
	if s.heavy {
		radii = []float64{0.01, 0.05, 0.2}
	}
	n := rec.Values.Numbers
	for _, at := range radii {
		for _, m := range []int{1, 4, 16, 64, 256, 1024} {
			sharp := Number(at * at * 3 / math.Sqrt(float64(m)) * (1 - 30*gain) * math.Exp(0.1*r.NormFloat64()))
			n[fmt.Sprintf("msharp(m=%d rho=%v)", m, at)] = sharp
			if s.heavy && at != 0.2 {
				n[fmt.Sprintf("msharp_se(m=%d rho=%v)", m, at)] = sharp / 31
			}
		}
	}
	for _, name := range []string{"gradnorm", "norm", "distance", "spectral", "path_norm", "fisher_rao", "lambda_max"} {
		n[name] = Number(10 * math.Exp(0.1*r.NormFloat64()-10*gain))
	}
	if s.heavy {
		rec.Values.Confusion, rec.Epochs = confusionOf(r, test), epochsOf(r, test)
	}
	if rec.Status == Diverged {
		for name := range n {
			n[name] = nan
		}
		rec.Values.Confusion = nil
	}
	return rec
}

func confusionOf(r *rand.Rand, wrong float64) [][]int {
	table := make([][]int, 10)
	for c := range table {
		table[c] = make([]int, 10)
		for range 345 {
			if r.Float64() < wrong {
				table[c][r.IntN(10)]++
			} else {
				table[c][c]++
			}
		}
	}
	return table
}

func epochsOf(r *rand.Rand, end float64) []Epoch {
	epochs := make([]Epoch, 60)
	for i := range epochs {
		left := math.Exp(-float64(i) / 8)
		loss := 2.3*left + 0.001*r.Float64()
		epochs[i] = Epoch{i + 1, Number(loss), Number(loss * 1.2), Number(end + 0.8*left + 0.002*r.NormFloat64())}
	}
	return epochs
}

// write makes an output folder of the sweep, with its records in four files.
func (s synthetic) write(t testing.TB, out string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(out, "records"), 0o777); err != nil {
		t.Fatal(err)
	}
	m := Manifest{Name: "msweep", Command: []string{"msweep"}, Started: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Trained: s.trials(), Kernel: "avx512", Cores: 2, Workers: 2}
	for i := range s.trials() {
		m.Trials = append(m.Trials, s.id(i))
	}
	text, err := json.Marshal(m)
	if err == nil {
		err = disk.WriteFile(filepath.Join(out, "manifest.json"), text)
	}
	if err != nil {
		t.Fatal(err)
	}
	const files = 4
	errs := make(chan error)
	for part := range files {
		go func() {
			errs <- s.writePart(filepath.Join(out, "records", fmt.Sprintf("node%d.jsonl", part)), part, files)
		}()
	}
	for range files {
		if err := <-errs; err != nil {
			t.Fatal(err)
		}
	}
}

// writePart writes every step-th record.
func (s synthetic) writePart(path string, from, step int) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(file)
	enc := json.NewEncoder(w)
	for i := from; i < s.trials(); i += step {
		if err := enc.Encode(s.record(i)); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return file.Close()
}

var syntheticSweeps = []struct {
	name string
	synthetic
}{
	{"light", synthetic{seeds: 2440}},
	{"heavy", synthetic{seeds: 2440, heavy: true}},
	{"grid", synthetic{seeds: 10, grid: true}},
}

// TestSyntheticFolder makes folders of 100,040 records, light and grid (0.14 GB) and heavy (0.97 GB), to time status and draw:
//
//	MSHARP_SYNTHETIC=/tmp/synthetic go test ./harness/record -count 1 -run SyntheticFolder/light
//	go build -o /tmp/msweep ./experiments/msweep
//	/usr/bin/time -v /tmp/msweep status --out /tmp/synthetic/light
//	/usr/bin/time -v /tmp/msweep draw --out /tmp/synthetic/light
func TestSyntheticFolder(t *testing.T) {
	dir := os.Getenv("MSHARP_SYNTHETIC")
	if dir == "" {
		t.Skip("MSHARP_SYNTHETIC names no folder to write into")
	}
	for _, s := range syntheticSweeps {
		t.Run(s.name, func(t *testing.T) { s.write(t, filepath.Join(dir, s.name)) })
	}
}
