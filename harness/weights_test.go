package harness

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"msharp/harness/config"
	"msharp/harness/safetensors"
)

var keptFolder = flag.String("kept", "", "a folder to leave kept weights in, with examples and what the networks make of them")

// Kept weights are the network: read back, they give its log-probabilities. With -kept they are left for another reader of the format,
// which .ci/weigh.py is. Files of before there was a layout are read too.
func TestKeptWeightsAreTheNetwork(t *testing.T) {
	for name, words := range map[string][]string{
		"mlp": {"data={kind: mnist, source: golearn, train: 64, val: 0, test: 8}", "model={kind: mlp, hidden: [16, 8]}", "measures=[]"},
		"cnn": {
			"data={kind: mnist, source: golearn, train: 64, val: 0, test: 8}", "measures=[]", "lr=0.02",
			"model={kind: cnn, blocks: [{channels: 3, pool: 2}, {channels: 4, kernel: 5, stride: 2, pad: 1}], hidden: [7]}",
		},
	} {
		trial := plan(t, base4, words...).Trials[0]
		run, err := trainingOf(trial, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := run.run(onlyTraced(nil)); err != nil {
			t.Fatal(err)
		}
		kept := run.weights(trial.ID)
		want := logProbabilities(run)
		if reflect.DeepEqual(want[0], want[1]) {
			t.Fatalf("%s does not look at its inputs: %v", name, want)
		}
		again, err := trainingOf(trial, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := again.read(kept, trial.ID); err != nil {
			t.Fatal(err)
		}
		if got := logProbabilities(again); !reflect.DeepEqual(got, want) {
			t.Fatalf("%s: %v, want %v", name, got, want)
		}
		earlier, err := trainingOf(trial, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := earlier.read(withoutLayout(run, trial.ID), trial.ID); err != nil || !slices.Equal(earlier.w, run.w) {
			t.Errorf("%s: a file of before there was a layout gives other weights, error %v", name, err)
		}
		foreign := bytes.Replace(kept, []byte(`"layout":"torch"`), []byte(`"layout":"other"`), 1)
		if err := earlier.read(foreign, trial.ID); err == nil || err.Error() != `weights of layout "other", expected "torch" or none` {
			t.Errorf("%s: weights of another layout: %v", name, err)
		}
		if f, err := safetensors.Decode(kept); err != nil || f.Metadata["config"] == "" || len(f.Tensors) != len(run.net.Arrays()) {
			t.Errorf("%s: %v, error %v", name, f.Metadata, err)
		}
		if *keptFolder != "" {
			leave(t, name, run, kept, want)
		}
	}
}

// withoutLayout is what was kept before there was a layout.
func withoutLayout(t *training, id string) []byte {
	f := safetensors.File{Metadata: map[string]string{"format": "msharp weights", "id": id, "config": "{}"}}
	at := 0
	for _, a := range t.net.Arrays() {
		f.Tensors = append(f.Tensors, safetensors.Tensor{Name: a.Name, Shape: a.Shape, Data: t.w[at : at+a.Size()]})
		at += a.Size()
	}
	f.Metadata["sha256"] = checksum(f)
	return f.Encode()
}

// relay writes a file of kept weights anew, without its layout.
func relay(t *testing.T, trial config.Trial, path string) {
	t.Helper()
	run, err := trainingOf(trial, nil)
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err == nil {
		err = run.read(b, trial.ID)
	}
	if err == nil {
		err = os.WriteFile(path, withoutLayout(run, trial.ID), 0o666)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// What the metadata of kept weights say: the modules, and how the inputs are scaled.
func TestKeptWeightsSayTheirModulesAndInputs(t *testing.T) {
	trial := plan(t, base4, "data={kind: mnist, source: golearn, train: 64, val: 0, test: 8}", "model={kind: mlp, hidden: [4]}").Trials[0]
	run, err := trainingOf(trial, nil)
	if err != nil {
		t.Fatal(err)
	}
	f, err := safetensors.Decode(run.weights(trial.ID))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := f.Metadata["modules"], "nn.Sequential(nn.Flatten(), nn.Linear(784, 4), nn.ReLU(), nn.Linear(4, 10))"; got != want || f.Metadata["layout"] != "torch" {
		t.Errorf("layout %q, modules %s, want %s", f.Metadata["layout"], got, want)
	}
	var mean, std []float64
	if err := errors.Join(json.Unmarshal([]byte(f.Metadata["mean"]), &mean), json.Unmarshal([]byte(f.Metadata["std"]), &std)); err != nil {
		t.Fatal(err)
	}
	if len(mean) != 1 || len(std) != 1 || !(math.Abs(mean[0]-.13) < .02 && math.Abs(std[0]-.31) < .02) {
		t.Errorf("mean %v, std %v, want about those of MNIST, .1307 and .3081", mean, std)
	}
}

// logProbabilities returns those of every test example and class.
func logProbabilities(t *training) [][]float64 {
	b := t.test.batch
	out := make([][]float64, b.Len())
	for c := range t.classes {
		asked := b
		asked.Y = make([]int, b.Len())
		for i := range asked.Y {
			asked.Y[i] = c
		}
		losses, _ := t.net.On(asked).Eval(t.w)
		for i, l := range losses {
			out[i] = append(out[i], -l)
		}
	}
	return out
}

// leave writes NAME.safetensors and NAME.json: the examples, their shape, their log-probabilities.
func leave(t *testing.T, name string, run *training, kept []byte, logp [][]float64) {
	t.Helper()
	b := run.test.batch
	var xs [][]float32
	for i := range b.Len() {
		xs = append(xs, b.X.Row(i))
	}
	for _, row := range logp {
		for _, v := range row {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				t.Fatalf("%s: log-probability %v", name, v)
			}
		}
	}
	s := run.net.In
	text, err := json.Marshal(map[string]any{"shape": []int{s.H, s.W, s.C}, "x": xs, "logp": logp})
	if err != nil {
		t.Fatal(err)
	}
	for file, content := range map[string][]byte{".safetensors": kept, ".json": text} {
		if err := os.WriteFile(filepath.Join(*keptFolder, name+file), content, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}
