package main

import (
	"strings"
	"testing"

	sources "msharp/harness/data"
	"msharp/sharpness"
)

// Each fault of a model file is told in one line, with status 2, and its line.
func TestModelFaults(t *testing.T) {
	const (
		layers = "layers: [{kind: Linear, out_features: 4}, ReLU, {kind: Linear, out_features: 3}]"
		data   = "data: {kind: spirals, n: 30}"
	)
	kinds, sets := strings.Join(Layers.Names(), ", "), strings.Join(sources.Table.Names(), ", ")
	for _, c := range []struct{ old, by, want string }{
		{small, "", ": the file is empty; expected a model with input, layers, data, ..."},
		{small, "- 1", ":1: [1]: not a mapping; expected keys input, mean, std, layers, data, split, examples, seed, measures"},
		{"input: 2", "inputs: 2", `:1: inputs = 2: unknown key; expected one of input, mean, std, layers, data, split, examples, seed, measures; did you mean "input"?`},
		{"input: 2\n", "", ":1: input: missing; expected channels, height and width, such as [1, 28, 28], or the length of a vector"},
		{"input: 2", "input: [2, 2]", ":1: input = [2 2]: two numbers; expected channels, height and width, or the length of a vector"},
		{"input: 2", "input: [1, 2, 1, 1]", ":1: input = [1, 2, 1, 1]: 4 items; expected at most 3"},
		{"input: 2", "input: 3", ":1: input = [3]: the data have other examples; expected [2]"},
		{"input: 2", "input: [1, 1, 2]", ":2: layers[0] = Linear: its input is an image of [1, 1, 2]; expected Flatten before it"},
		{"input: 2", "input: 2\nstd: 0", ":2: std = 0: out of range; expected a finite number > 0"},
		{"input: 2", "input: 2\nmean: [1, 2, 3]", ":2: mean = [1 2 3]: 3 numbers; expected one, or one for each of 2 channels"},
		{layers + "\n", "", ":1: layers: missing; expected a list such as [Flatten, {kind: Linear, out_features: 10}]"},
		{layers, "layers: [relu]", `:2: layers[0].kind = relu: unknown layer; expected one of ` + kinds + `; did you mean "ReLU"?`},
		{layers, "layers:\n- {kind: Linear, out_features: 4}\n- {kind: Linear, units: 3}",
			`:4: layers[1].units = 3: unknown key; expected one of name, out_features`},
		{layers, "layers: [{kind: Linear, out_features: 0}]", ":2: layers[0].out_features = 0: out of range; expected a whole number ≥ 1 and ≤ 1048576"},
		{layers, "layers: [Linear]", ":2: layers[0].out_features: missing; expected a whole number ≥ 1 and ≤ 1048576"},
		{layers, "layers: [{kind: Conv2d, out_channels: 2}]", ":2: layers[0].kernel_size: missing; expected a whole number ≥ 1 and ≤ 1024"},
		{layers, "layers: [{kind: Conv2d, out_channels: 2, kernel_size: 3}]",
			":2: layers[0] = Conv2d: its input is a vector of [2]; expected an image, with an input of three numbers and no Flatten before it"},
		{"input: 2\n" + layers, "input: [1, 2, 2]\nlayers: [{kind: Conv2d, out_channels: 2, kernel_size: 3}]",
			":2: layers[0]: a 3 × 3 kernel, stride 1, padding 0 does not fit into 2 × 2; expected a layer for [1, 2, 2]"},
		{layers, "layers: [{kind: MaxPool2d, kernel_size: 3, stride: 2}]",
			":2: layers[0].stride = 2: windows that overlap or leave gaps are not supported; expected layers[0].kernel_size, 3"},
		{layers, "layers: [{kind: Linear, out_features: 4, name: a}, {kind: Linear, out_features: 3, name: a}]",
			":2: layers[1].name = a: layers[0] has that name too; expected a name of its own"},
		{"out_features: 3", `out_features: 3, name: "a\x1b"`, `:2: layers[2].name = "a\x1b": characters that cannot be printed; expected the name of a module`},
		{"input: 2\n" + layers, "input: [1, 1, 2]\nlayers: [{kind: Conv2d, out_channels: 3, kernel_size: 1}]",
			":2: layers: the last layer gives an image of [3, 1, 2]; expected a vector, one number a class"},
		{layers, "layers: [ReLU]", ":2: layers: no layer has weights; expected a Linear or a Conv2d"},
		{"out_features: 3", "out_features: 5", ":2: layers: the last layer gives 5 numbers for 3 classes; expected one number a class"},
		{data + "\n", "", ":1: data: missing; expected one of " + sets},
		{data, "data: spiral", `:3: data.kind = spiral: unknown data set; expected one of ` + sets + `; did you mean "spirals"?`},
		{data, "data: {kind: spirals, train: 10}", ":3: data.train = 10: nothing is drawn here; expected the keys split and examples beside data"},
		{data, "data: {kind: spirals, turn: 2}", `:3: data.turn = 2: unknown key; expected one of kind, n, classes, noise, turns; did you mean "data.turns"?`},
		{data, "data: {kind: spirals, n: 2}", ":3: data.n = 2: fewer points than classes; expected at least 3"},
		{data, data + "\nsplit: test", ":4: split = test: the data set has no test examples of its own; expected train"},
		{data, data + "\nsplit: val", ":4: split = val: unknown name; expected one of train, test"},
		{data, data + "\nexamples: 31", ":4: examples = 31: more examples than there are; expected at most 30, or 0 for all"},
		{"[norm]", "[nrm]", `:4: measures[0].kind = nrm: unknown measure; expected one of ` + strings.Join(sharpness.Table.Names(), ", ") + `; did you mean "norm"?`},
		{"[norm]", "[{kind: msharp, m: 7}]", ":4: measures[0].m = 7: does not divide the training size; expected a divisor of 30, or 0 for all"},
		{"[norm]", "[norm, norm]", ":4: measures[1] = norm: another measure has a column of that name; expected each measure once"},
	} {
		dir := t.TempDir()
		weights := put(t, dir, "w", encode(good()))
		model := put(t, dir, "m.yaml", []byte(strings.Replace(small, c.old, c.by, 1)))
		if strings.Contains(c.want, "the last layer gives 5") { // the weights fit it
			tensors := good()
			tensors[2].Shape, tensors[2].Data = []int{5, 4}, make([]float32, 20)
			tensors[3].Shape, tensors[3].Data = []int{5}, make([]float32, 5)
			weights = put(t, dir, "w", encode(tensors))
		} else if strings.Contains(c.want, "input = [3]") {
			tensors := good()
			tensors[0].Shape, tensors[0].Data = []int{4, 3}, make([]float32, 12)
			weights = put(t, dir, "w", encode(tensors))
		}
		got := call("--weights", weights, "--model", model)
		if want := "weigh: " + model + c.want + "\n"; got.status != 2 || got.talk != want || got.out != "" {
			t.Errorf("%q: status %d\n     %s%swant %s", c.by, got.status, got.talk, got.out, want)
		}
	}
}
