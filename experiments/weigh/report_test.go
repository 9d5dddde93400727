package main

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"msharp/harness"
	"msharp/harness/config"
	"msharp/harness/data"
	"msharp/harness/folder"
	"msharp/harness/record"
	"msharp/harness/safetensors"
	"msharp/sharpness"
)

// weighed is the report of a call that must succeed.
func weighed(t *testing.T, args ...string) (r Report) {
	t.Helper()
	got := call(append(args, "--json")...)
	if got.status != 0 {
		t.Fatalf("%q: status %d, %s", args, got.status, got.talk)
	}
	if err := json.Unmarshal([]byte(got.out), &r); err != nil {
		t.Fatal(err)
	}
	return r
}

func (r Report) value(t *testing.T, column string) float64 {
	t.Helper()
	for _, v := range r.Measures {
		if v.Column == column {
			return float64(v.Value)
		}
	}
	t.Fatalf("no column %s in %+v", column, r.Measures)
	return 0
}

// npyOf is a .npy of float64s in Fortran order.
func npyOf(x safetensors.Tensor) []byte {
	shape := strings.Trim(strings.ReplaceAll(fmt.Sprint(x.Shape), " ", ", "), "[]")
	header := fmt.Sprintf("{'descr': '<f8', 'fortran_order': True, 'shape': (%s,), }", shape)
	b := append([]byte("\x93NUMPY\x01\x00"), byte(len(header)), 0)
	b = append(b, header...)
	rows, cols := x.Shape[0], len(x.Data)/x.Shape[0]
	for c := range cols {
		for r := range rows {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(float64(x.Data[r*cols+c])))
		}
	}
	return b
}

// The same weights in every format are the same network.
func TestFormats(t *testing.T) {
	dir := t.TempDir()
	model := put(t, dir, "m.yaml", []byte(small))
	want := weighed(t, "--weights", put(t, dir, "w.safetensors", encode(good())), "--model", model)
	if want.Wrong < 1 || !(want.Loss > 0) || len(want.Tensors) != 4 || want.Data.Examples != 30 {
		t.Fatalf("%+v", want)
	}
	var packed bytes.Buffer
	z := zip.NewWriter(&packed)
	for _, x := range good() {
		put(t, dir, "folder/"+x.Name+".npy", npyOf(x))
		f, err := z.Create(x.Name + ".npy")
		if err != nil {
			t.Fatal(err)
		}
		f.Write(npyOf(x))
	}
	put(t, dir, "folder/README.txt", nil)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for format, path := range map[string]string{".npz": put(t, dir, "w.zip", packed.Bytes()), "folder of .npy": filepath.Join(dir, "folder")} {
		got := weighed(t, "--weights", path, "--model", model)
		for i := range got.Tensors {
			if got.Tensors[i].DType != "F64" {
				t.Errorf("%s: %+v", format, got.Tensors[i])
			}
			got.Tensors[i].DType = "F32"
		}
		if got.Format != format || got.File != path {
			t.Errorf("%s is %s", path, got.Format)
		}
		got.Format, got.File = want.Format, want.File
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, want %+v", format, got, want)
		}
	}
	empty := filepath.Join(dir, "empty")
	if err := os.Mkdir(empty, 0o777); err != nil {
		t.Fatal(err)
	}
	if got := call("--weights", empty, "--model", model); got.status != 2 || got.talk != "weigh: "+empty+": no .npy lies in this folder; expected one for each tensor\n" {
		t.Errorf("status %d, %s", got.status, got.talk)
	}
}

// Layers may have names of their own.
func TestNames(t *testing.T) {
	dir := t.TempDir()
	want := weighed(t, "--weights", put(t, dir, "w", encode(good())), "--model", put(t, dir, "m.yaml", []byte(small)))
	tensors := good()
	for i, name := range []string{"fc1.weight", "fc1.bias", "net.head.weight", "net.head.bias"} {
		tensors[i].Name = name
	}
	named := strings.NewReplacer("out_features: 4", "out_features: 4, name: fc1", "out_features: 3", "out_features: 3, name: net.head").Replace(small)
	got := weighed(t, "--weights", put(t, dir, "w", encode(tensors)), "--model", put(t, dir, "m.yaml", []byte(named)))
	if got.Loss != want.Loss || !reflect.DeepEqual(got.Measures, want.Measures) {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// The logits of a CSV are those of the definition, and their cross-entropy is the loss.
func TestLogits(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "logits.csv")
	tensors := good()
	r := weighed(t, "--weights", put(t, dir, "w", encode(tensors)), "--model", put(t, dir, "m.yaml", []byte(small+"mean: [0.1, 0.2]\nstd: 0.5\n")), "--logits", path)
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil || len(rows) != 31 || strings.Join(rows[0], ",") != "label,0,1,2" {
		t.Fatalf("%d rows, %q, error %v", len(rows), rows[0], err)
	}
	src, err := (&data.Spirals{N: 30, Classes: 3, Noise: .03, Turns: 1}).Load("")
	if err != nil {
		t.Fatal(err)
	}
	var loss float64
	x := make([]float64, 2)
	for i, row := range rows[1:] {
		src.Pool.Row(x, i)
		in := []float64{(x[0] - .1) / .5, (x[1] - .2) / .5}
		var hidden, sum []float64
		for u := range 4 {
			w := tensors[0].Data[u*2:]
			hidden = append(hidden, max(0, float64(w[0])*in[0]+float64(w[1])*in[1]+float64(tensors[1].Data[u])))
		}
		total := 0.
		for u := range 3 {
			z := float64(tensors[3].Data[u])
			for k, h := range hidden {
				z += float64(tensors[2].Data[u*4+k]) * h
			}
			sum, total = append(sum, z), total+math.Exp(z)
			if got, err := strconv.ParseFloat(row[1+u], 64); err != nil || !(math.Abs(got-z) <= 1e-5) {
				t.Errorf("logit %d of example %d is %s, want %v", u, i, row[1+u], z)
			}
		}
		label := src.Pool.Label(i)
		if row[0] != strconv.Itoa(label) {
			t.Errorf("label of example %d is %s, want %d", i, row[0], label)
		}
		loss += (math.Log(total) - sum[label]) / 30
	}
	if !(math.Abs(loss-float64(r.Loss)) <= 1e-6) {
		t.Errorf("loss %v, want %v", r.Loss, loss)
	}
}

// Logits are never written over what is read: a file, or a tensor in a folder of .npy.
func TestLogitsOverWhatIsRead(t *testing.T) {
	dir := t.TempDir()
	model, weights, folder := put(t, dir, "m.yaml", []byte(small)), put(t, dir, "w", encode(good())), filepath.Join(dir, "folder")
	if err := os.Mkdir(folder, 0o777); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ weights, logits, read string }{
		{weights, weights, weights}, {weights, model, model}, {folder, filepath.Join(folder, "0.bias.npy"), folder},
	} {
		got := call("--weights", c.weights, "--model", model, "--logits", c.logits)
		want := "weigh: --logits " + c.logits + ": " + c.read + " is read; expected another file, outside folders that are read\n"
		if got.status != 2 || got.talk != want {
			t.Errorf("status %d, %s\nwant %s", got.status, got.talk, want)
		}
	}
}

// A measure that nobody asked for and that does not fit the data is left out with a word.
func TestMeasuresThatDoNotFit(t *testing.T) {
	dir := t.TempDir()
	model := put(t, dir, "m.yaml", []byte(strings.Replace(strings.Replace(small, "measures: [norm]\n", "", 1), "n: 30", "n: 4", 1)))
	got := call("--weights", put(t, dir, "w", encode(good())), "--model", model)
	if got.status != 0 || !strings.Contains(got.talk, "fisher: left out, for ") || strings.Contains(got.out, "fisher") {
		t.Errorf("status %d, %s%s", got.status, got.talk, got.out)
	}
}

// Without measures in the model file every measure is taken at its defaults; one that asks for first weights needs --init.
func TestEveryMeasure(t *testing.T) {
	dir := t.TempDir()
	weights := put(t, dir, "w", encode(good()))
	model := put(t, dir, "m.yaml", []byte(strings.Replace(small, "measures: [norm]\n", "", 1)))
	first := good()
	first[0].Data[0] += 3
	first[3].Data[2] -= 4
	columns := func(r Report) (all []string) {
		for _, v := range r.Measures {
			all = append(all, v.Column)
		}
		return all
	}
	talk := call("--weights", weights, "--model", model).talk
	var every, without []string
	for _, name := range sharpness.Table.Names() {
		m, err := sharpness.Table.New(name)
		if err != nil {
			t.Fatal(err)
		}
		every = append(every, sharpness.Names(m)...)
		if _, said, _ := strings.Cut(talk, name+", "); !strings.HasPrefix(said[strings.Index(said, ":"):], ": left out, for it needs the weights that training started from; --init names them\n") {
			without = append(without, sharpness.Names(m)...)
		} else if name == "norm" || name == "gradnorm" {
			t.Errorf("%s is left out", name)
		}
	}
	alone := weighed(t, "--weights", weights, "--model", model)
	both := weighed(t, "--weights", weights, "--model", model, "--init", put(t, dir, "init", encode(first)))
	if got := columns(alone); len(without) == len(every) || !reflect.DeepEqual(got, without) {
		t.Errorf("columns %q, want %q", got, without)
	}
	if got := columns(both); !reflect.DeepEqual(got, every) {
		t.Errorf("columns %q, want %q", got, every)
	}
	if got := both.value(t, "distance"); !(math.Abs(got-5) <= 1e-5) {
		t.Errorf("distance %v, want 5", got)
	}
	asked := put(t, dir, "asked.yaml", []byte(strings.Replace(small, "[norm]", "[distance, norm]", 1)))
	got := call("--weights", weights, "--model", asked, "--json")
	const want = "weigh: measure distance: it needs the weights that training started from; name them by --init\n"
	if got.status != 2 || !strings.HasSuffix(got.talk, want) || !strings.Contains(got.out, `"column": "norm"`) {
		t.Errorf("status %d, %s\n%s", got.status, got.talk, got.out)
	}
}

// A vector of a colour image's values is in PyTorch's order, channels first: it gives what Flatten gives.
func TestFlattenedImages(t *testing.T) {
	dir := t.TempDir()
	photos := filepath.Join(dir, "photos")
	for k := range 6 {
		name := fmt.Sprintf("data_batch_%d.bin", k+1)
		if k == 5 {
			name = "test_batch.bin"
		}
		var b []byte
		for i := range 4 {
			b = append(b, byte(3*i+k)%10)
			for j := range 3 * 32 * 32 {
				b = append(b, byte(7*i+j*j%251+j>>3))
			}
		}
		put(t, photos, name, b)
	}
	w := safetensors.Tensor{Shape: []int{10, 3072}, Data: make([]float32, 30720)}
	for i := range w.Data {
		w.Data[i] = float32(math.Sin(float64(i))) / 50
	}
	bias := safetensors.Tensor{Shape: []int{10}, Data: make([]float32, 10)}
	report := func(layers, input, place string) Report {
		w.Name, bias.Name = place+".weight", place+".bias"
		model := "input: " + input + "\nmean: [0.5, 0.4, 0.3]\nstd: 0.25\nlayers: " + layers + "\ndata: cifar10\nmeasures: [gradnorm]\n"
		return weighed(t, "--weights", put(t, dir, "w", encode([]safetensors.Tensor{w, bias})), "--model", put(t, dir, "m.yaml", []byte(model)), "--data", photos)
	}
	image := report("[Flatten, {kind: Linear, out_features: 10}]", "[3, 32, 32]", "1")
	vector := report("[{kind: Linear, out_features: 10}]", "3072", "0")
	if a, b := float64(image.Loss), float64(vector.Loss); !(a > 0 && math.Abs(a-b) <= 1e-6*a) || image.Wrong != vector.Wrong {
		t.Errorf("loss %v and %v, %d and %d wrong", a, b, image.Wrong, vector.Wrong)
	}
	if a, b := image.value(t, "gradnorm"), vector.value(t, "gradnorm"); !(math.Abs(a-b) <= 1e-5*a) {
		t.Errorf("gradient norms %v and %v", a, b)
	}
}

// Kept weights weigh what the record of their trial says, on all of its training examples.
func TestKeptWeightsWeighWhatTheirRecordSays(t *testing.T) {
	dir := t.TempDir()
	sweep, err := config.Plan("kept.yaml", []byte(`
data: {kind: mnist, source: golearn, train: 5000, val: 0}
model: {kind: cnn, blocks: [{channels: 4, kernel: 5, stride: 2, pool: 2}], hidden: [8]}
epochs: 1
measures: [{kind: msharp, m: 0}, gradnorm, norm]
keep_weights: true
`), nil, "")
	if err != nil {
		t.Fatal(err)
	}
	store, err := record.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	var rec record.Record
	out := folder.Dir(dir)
	if failed, err := harness.Run(context.Background(), sweep.Trials, nil, store, harness.Runtime{Workers: 1, Out: out, Finished: func(r record.Record, _ error) { rec = r }}); failed > 0 || err != nil {
		t.Fatal(failed, err)
	}
	kept, err := os.ReadFile(out.Weights(rec.ID))
	if err != nil {
		t.Fatal(err)
	}
	f, err := safetensors.Decode(kept)
	if err != nil {
		t.Fatal(err)
	}
	if want := "nn.Sequential(nn.Conv2d(1, 4, 5, stride=2, padding=1), nn.MaxPool2d(2), nn.ReLU(), nn.Flatten(), nn.Linear(144, 8), nn.ReLU(), nn.Linear(8, 10))"; f.Metadata["modules"] != want {
		t.Errorf("modules %s, want %s", f.Metadata["modules"], want)
	}
	model := put(t, dir, "model.yaml", fmt.Appendf(nil, `
input: [1, 28, 28]
mean: %s
std: %s
layers:
  - {kind: Conv2d, out_channels: 4, kernel_size: 5, stride: 2, padding: 1}
  - {kind: MaxPool2d, kernel_size: 2}
  - ReLU
  - Flatten
  - {kind: Linear, out_features: 8}
  - ReLU
  - {kind: Linear, out_features: 10}
data: {kind: mnist, source: golearn}
measures: [{kind: msharp, m: 0}, gradnorm, norm]
`, f.Metadata["mean"], f.Metadata["std"]))
	r := weighed(t, "--weights", out.Weights(rec.ID), "--model", model)
	near := func(what string, got, want float64) {
		if !(math.Abs(got-want) <= 1e-4*math.Abs(want)) {
			t.Errorf("%s %v, want %v", what, got, want)
		}
	}
	value := func(name string) float64 { v, _ := rec.Value(name); return v }
	near("loss", float64(r.Loss), value("train_loss"))
	near("error", float64(r.Error), value("train_error"))
	for _, column := range []string{"msharp(m=n rho=0.05)", "gradnorm", "norm"} {
		near(column, r.value(t, column), value(column))
	}
}
