package config

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"msharp/harness/record"
	"msharp/models/kind"
)

// small is a sweep that trains in milliseconds, base4 one trial; the tests of package harness train them.
var small, base4 = testText("small.yaml"), testText("base4.yaml")

func testText(file string) string {
	text, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		panic(err)
	}
	return string(text)
}

func plan(t *testing.T, text string, words ...string) *Sweep {
	t.Helper()
	s, err := Plan("small.yaml", []byte(text), words, "")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestPlan(t *testing.T) {
	s := plan(t, small)
	// Two seeds of two radii at two m, and of the base optimizer once.
	if len(s.Trials) != 2*(2*2+1) || s.Name != "small" || !reflect.DeepEqual(s.Axes, []string{"optimizer.rho", "optimizer.m", "seed"}) {
		t.Errorf("%d trials of %q over %v", len(s.Trials), s.Name, s.Axes)
	}
	again := plan(t, string(s.Resolved))
	if !reflect.DeepEqual(tIDs(again), tIDs(s)) || string(again.Resolved) != string(s.Resolved) {
		t.Errorf("the resolved configuration plans other trials:\n%s", s.Resolved)
	}
}

func tIDs(s *Sweep) (ids []string) {
	for _, t := range s.Trials {
		ids = append(ids, t.ID)
	}
	return ids
}

func TestOverrides(t *testing.T) {
	for _, c := range []struct {
		words  string
		trials int
	}{
		{"seed=1", 5}, {"seed=1,2,3", 15}, {"seed=range(1,11)", 50}, {"seed=range(1,3),7", 15},
		{"optimizer.rho=0", 2}, {"optimizer.m=0", 6}, {"lr=0.1,0.2", 20}, {"model.hidden=[4,4]", 10}, {"model.hidden=[4],[5]", 20}, {"epochs=null stop.train_loss=0.1 stop.max_epochs=4", 10}, {"optimizer.base=sgd,adam optimizer.base.weight_decay=0,0.1", 40},
		{"optimizer.base=adam", 10}, {"optimizer.base.kind=adamw optimizer.base.momentum=", -1}, {"schedule.kind=cosine", 10}, {"schedule=step", 10}, {"optimizer.p=.inf", 10}, {"optimizer.p=1,2,.inf optimizer.steps=3", 26},
		{"name=other", 10},
	} {
		s, err := Plan("small.yaml", []byte(small), strings.Fields(c.words), "")
		if c.trials < 0 {
			if err == nil {
				t.Errorf("%s was accepted", c.words)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.words, err)
			continue
		}
		if len(s.Trials) != c.trials {
			t.Errorf("%s: %d trials, want %d", c.words, len(s.Trials), c.trials)
		}
		if again := plan(t, string(s.Resolved)); !reflect.DeepEqual(tIDs(again), tIDs(s)) {
			t.Errorf("%s: the resolved configuration plans other trials:\n%s", c.words, s.Resolved)
		}
	}
}

// One value holds in all grids of a list, several are swept in all of them, and a part goes into whatever a word before it has made of
// the whole.
func TestOverridesHoldInAllGrids(t *testing.T) {
	head, _, _ := strings.Cut(small, "sweep:")
	text := head + "sweep:\n  - {lr: [0.2, 0.3], seed: [1, 2]}\n  - {optimizer.rho: [0.1, 0.2], seed: [3, 4]}\n  - {lr: [0.2], seed: [3]}\n"
	wholes := head + "sweep: [{optimizer: [sam, {kind: sam, m: 4}]}, {seed: [1, 2]}]\n"
	for _, c := range []struct {
		text   string
		words  []string
		key    string
		values []any
		trials int
	}{
		{text, []string{"lr=0.05"}, "lr", []any{0.05}, 2 + 4 + 1},
		{text, []string{"lr=0.05,0.06"}, "lr", []any{0.05, 0.06}, 2 * (2 + 4 + 1)},
		{text, []string{"optimizer.rho=0"}, "optimizer.rho", []any{0.}, 2*2 + 2 + 1},
		{text, []string{"optimizer.rho=0.2,0.3"}, "optimizer.rho", []any{0.2, 0.3}, 2 * (4 + 2 + 1)},
		{text, []string{"lr=null"}, "lr", []any{Default().LR}, 2 + 4 + 1},
		{text, []string{"seed=7"}, "seed", []any{uint64(7)}, 2 + 2},
		{text, []string{"seed=7", "optimizer={kind: sam}", "optimizer.m=4"}, "optimizer.m", []any{4}, 2 + 2},
		{wholes, []string{"optimizer=sam", "optimizer.rho=0.7"}, "optimizer.rho", []any{0.7}, 2},
		{wholes, []string{"optimizer=sam,{kind: sam,m: 2}", "optimizer.rho=0.7"}, "optimizer.rho", []any{0.7}, 4},
		{wholes, []string{"optimizer={kind: sam,rho: 0.3}", "optimizer.rho=0.7", "optimizer.base=sgd,adam", "optimizer.base.weight_decay=0.1"}, "optimizer.base.weight_decay", []any{0.1}, 4},
		{small, []string{"optimizer.base=sgd,adam", "optimizer.base.weight_decay=0.1"}, "optimizer.base.weight_decay", []any{0.1}, 20},
		{small, []string{"optimizer={kind: sam,base: adam}"}, "optimizer.base.kind", []any{"adam"}, 10},
	} {
		s := plan(t, c.text, c.words...)
		var got []any
		for _, x := range s.Trials {
			if v, _ := record.Lookup(kind.Encode(x.Config), c.key); !slices.Contains(got, v) {
				got = append(got, v)
			}
		}
		if !reflect.DeepEqual(got, c.values) || len(s.Trials) != c.trials {
			t.Errorf("%q: %s is %v in %d trials, want %v in %d:\n%s", c.words, c.key, got, len(s.Trials), c.values, c.trials, s.Resolved)
		}
		if again := plan(t, string(s.Resolved)); !reflect.DeepEqual(tIDs(again), tIDs(s)) {
			t.Errorf("%q: the resolved configuration plans other trials:\n%s", c.words, s.Resolved)
		}
	}
}

// A union of grids holds every trial once, and a scalar is a list of one.
func TestUnionOfGrids(t *testing.T) {
	head, _, _ := strings.Cut(small, "sweep:")
	s := plan(t, head+"sweep:\n  - {optimizer.rho: 0.1, optimizer.m: [1, 4]}\n  - {optimizer.rho: [0.1, 0.2], optimizer.m: 4}\n")
	if len(s.Trials) != 3 {
		t.Errorf("%d trials, want 3", len(s.Trials))
	}
	if plain := plan(t, head); len(plain.Trials) != 1 {
		t.Errorf("%d trials without a sweep, want 1", len(plain.Trials))
	}
}

// What one grid of a union sweeps and another does not survives the round trip, and so does a fixed m under ρ = 0.
func TestResolvedUnions(t *testing.T) {
	head, _, _ := strings.Cut(small, "sweep:")
	for _, text := range []string{
		head + "seed: 5\nsweep: [{}, {seed: 2}]\n",
		head + "sweep: [{optimizer.rho: [0, 0.1], optimizer.m: 4}, {seed: [1, 3], lr: 0.3}]\n",
		strings.Replace(head, "kind: sam,", "kind: sam, m: 8,", 1) + "sweep: {optimizer.rho: [0, 0.1]}\n",
		head + "sweep: {optimizer: [{kind: sgd}, {kind: sam, rho: 0.1}], optimizer.kind: [sam], seed: [1, 2]}\n",
	} {
		s := plan(t, text)
		if again := plan(t, string(s.Resolved)); !reflect.DeepEqual(tIDs(again), tIDs(s)) {
			t.Errorf("the resolved configuration plans other trials:\n%s\n%s", text, s.Resolved)
		}
	}
}

// badConfigs is what a user may get wrong: edits of the small sweep or override words, and the whole message.
var badConfigs = []struct {
	name     string
	old, new string // replaced in small; old "" replaces all of it
	words    []string
	want     string
}{
	{"unknown key", "epochs: 3", "epoch: 3", nil, `small.yaml:6: epoch = 3: unknown key; expected one of name, extends, data, model, optimizer, lr, schedule, clip, epochs, stop, validate, batch_size, seed, trace, test_at, measures, watch, sweep, checkpoint_after, keep_weights, time_limit, slurm; did you mean "epochs"?`},
	{"unknown nested key", "hidden: [8]", "hiden: [8]", nil, `small.yaml:3: model.hiden = [8]: unknown key; expected one of hidden, activation; did you mean "model.hidden"?`},
	{"unknown key two down", "momentum: 0.9", "momentun: 0.9", nil, `small.yaml:4: optimizer.base.momentun = 0.9: unknown key; expected one of momentum, nesterov, weight_decay; did you mean "optimizer.base.momentum"?`},
	{"wrong type", "lr: 0.1", "lr: fast", nil, `small.yaml:5: lr = fast: not a number; expected a finite number > 0`},
	{"not a whole number", "batch_size: 16", "batch_size: 16.5", nil, `small.yaml:7: batch_size = 16.5: not a whole number; expected a whole number ≥ 1`},
	{"octal", "batch_size: 16", "batch_size: 020", nil, `small.yaml:7: batch_size = 020: not a whole number; expected a whole number ≥ 1`},
	{"list for a number", "lr: 0.1", "lr: [0.1]", nil, `small.yaml:5: lr = [0.1]: not a number; expected a finite number > 0`},
	{"mapping for a kind", "data: {kind: spirals, n: 300, train: 64, val: 32, test: 64}", "data: [spirals]", nil, `small.yaml:2: data = [spirals]: not a data set; expected a mapping such as {kind: cifar10}`},
	{"unknown kind", "kind: mlp", "kind: mlpp", nil, `small.yaml:3: model.kind = mlpp: unknown model; expected one of cnn, mlp; did you mean "mlp"?`},
	{"missing kind", "kind: mlp, ", "", nil, `small.yaml:3: model.kind: missing; expected one of cnn, mlp`},
	{"unknown measure", "- gradnorm", "- gradnrm", nil, `small.yaml:10: measures[1].kind = gradnrm: unknown measure; expected one of adaptive, average, critical, density, distance, features, fisher, flatness, ggn, gradnorm, hessian, keskar, layers, margin, msharp, norm, pacbayes, path, trace, worst; did you mean "gradnorm"?`},
	{"m does not divide the batch", "optimizer.m: [1, 4]", "optimizer.m: [1, 5]", nil, `small.yaml:13: optimizer.m = 5: does not divide the batch; expected a divisor of batch_size, 16, or 0 for the whole batch`},
	{"batch larger than train", "batch_size: 16", "batch_size: 128", nil, `small.yaml:7: batch_size = 128: larger than the training split; expected at most data.train, 64`},
	{"negative rho", "[0, 0.05, 0.5]", "[0, -0.05]", nil, `small.yaml:12: optimizer.rho = -0.05: out of range; expected a finite number ≥ 0`},
	{"infinite rho", "[0, 0.05, 0.5]", "[.inf]", nil, `small.yaml:12: optimizer.rho = .inf: not finite; expected a finite number ≥ 0`},
	{"rho is NaN", "[0, 0.05, 0.5]", "[.nan]", nil, `small.yaml:12: optimizer.rho = .nan: not finite; expected a finite number ≥ 0`},
	{"empty axis", "optimizer.m: [1, 4]", "optimizer.m: []", nil, `small.yaml:13: sweep.optimizer.m = []: empty list; expected at least one value`},
	{"empty list in a measure", "m: [1, 16, 0]", "m: []", nil, `small.yaml:9: measures[0].m = []: empty list; expected at least one item`},
	{"empty file", "", "", nil, `small.yaml: the file is empty; expected a configuration with name, data, model, optimizer, ...`},
	{"only a comment", "", "# nothing\n", nil, `small.yaml: the file is empty; expected a configuration with name, data, model, optimizer, ...`},
	{"second document", "sweep:", "---\nsweep:", nil, `small.yaml:11: a second document; expected one configuration a file`},
	{"duplicate key", "lr: 0.1", "lr: 0.1\nlr: 0.2", nil, `small.yaml:6: lr: key given twice`},
	{"duplicate nested key", "hidden: [8]", "hidden: [8], hidden: [9]", nil, `small.yaml:3: model.hidden: key given twice`},
	{"duplicate axis", "optimizer.m: [1, 4]", "optimizer.rho: [1, 4]", nil, `small.yaml:13: sweep.optimizer.rho: key given twice`},
	{"unknown axis", "optimizer.m: [1, 4]", "optimizer.n: [1, 4]", nil, `small.yaml:13: optimizer.n = 1: unknown key; expected one of rho, m, p, steps, unnormalised, decay, base; did you mean "optimizer.m"?`},
	{"measures swept", "optimizer.m: [1, 4]", "measures: [[], []]", nil, `small.yaml:13: sweep.measures: cannot be swept; expected a key that changes the training`},
	{"bad range", "range(1, 3)", "range(3, 1)", nil, `small.yaml:14: sweep.seed = range(3, 1): not a range; expected range(first, stop), whole numbers, stop excluded and above first`},
	{"neither epochs nor stop", "epochs: 3", "clip: 0", nil, `small.yaml:1: epochs: missing; expected epochs, or stop: {train_loss: ..., max_epochs: ...}`},
	{"epochs and stop", "epochs: 3", "epochs: 3\nstop: {train_loss: 0.1, max_epochs: 9}", nil, `small.yaml:6: epochs = 3: given beside stop; expected one of the two`},
	{"half a stop", "epochs: 3", "stop: {train_loss: 0.1}", nil, `small.yaml:6: stop.max_epochs: missing; expected a whole number ≥ 1 and ≤ 1000000`},
	{"looking never", "epochs: 3", "stop: {train_loss: 0.1, max_epochs: 9, every: -1}", nil, `small.yaml:6: stop.every = -1: out of range; expected a whole number ≥ 0 and ≤ 1000000`},
	{"misspelt key of a stop", "epochs: 3", "stop: {train_loss: 0.1, max_epochs: 9, evry: 1}", nil, `small.yaml:6: stop.evry = 1: unknown key; expected one of train_loss, max_epochs, every; did you mean "stop.every"?`},
	{"validating never", "epochs: 3", "epochs: 3\nvalidate: {every: 0}", nil, `small.yaml:7: validate.every = 0: out of range; expected a whole number ≥ 1 and ≤ 1000000`},
	{"misspelt key of validate", "epochs: 3", "epochs: 3\nvalidate: {evry: 2}", nil, `small.yaml:7: validate.evry = 2: unknown key; expected every; did you mean "validate.every"?`},
	{"measured m does not divide train", "m: [1, 16, 0]", "m: [1, 5]", nil, `small.yaml:9: measures[0].m = 5: does not divide the training size; expected a divisor of 64, or 0 for all`},
	{"measure twice", "- gradnorm", "- gradnorm\n  - gradnorm", nil, `small.yaml:11: measures[2] = gradnorm: another measure has a column of that name; expected each measure once`},
	{"another time to test at", "lr: 0.1", "lr: 0.1\ntest_at: best_vall", nil, `small.yaml:6: test_at = best_vall: unknown name; expected one of last, best_val; did you mean "best_val"?`},
	{"test at best validation without any", "val: 32, ", "val: 0, ", []string{"test_at=best_val"}, `override "test_at=best_val": test_at = best_val: without a validation split; expected data.val ≥ 1`},
	{"test_at swept", "x", "x", []string{"test_at=last,best_val"}, `override "test_at=last,best_val": test_at = last,best_val: several values; expected one, for this key cannot be swept`},
	{"bound for one example", "", "data: {kind: spirals, train: 1}\nbatch_size: 1\nepochs: 1\nmeasures: [norm, {kind: pacbayes}]\n", nil, `small.yaml:4: measures[1].kind = pacbayes: has no bound for one training example; expected data.train ≥ 2`},
	{"radius of a bound", "- gradnorm", "- {kind: pacbayes, rho: [0.05, -1]}", nil, `small.yaml:10: measures[1].rho[1] = -1: out of range; expected a finite number > 0`},
	{"radius of a bound twice", "- gradnorm", "- {kind: pacbayes, rho: [0.05, 0.05]}", nil, `small.yaml:10: measures[1] = pacbayes(rho=0.05): another measure has a column of that name; expected each measure once`},
	{"probability of a bound", "- gradnorm", "- {kind: pacbayes, delta: 0}", nil, `small.yaml:10: measures[1].delta = 0: out of range; expected a finite number > 0 and < 1`},
	{"key of another measure", "- gradnorm", "- {kind: distance, rho: 1}", nil, `small.yaml:10: measures[1].rho = 1: unknown key; expected no keys`},
	{"ascent in an ascent", "base: {kind: sgd, momentum: 0.9}", "base: {kind: sam}", nil, `small.yaml:4: optimizer.base.kind = sam: an ascent inside an ascent; expected an optimizer without ascent, such as sgd`},
	{"more data than there is", "train: 64", "train: 640", nil, `small.yaml:2: data.train = 640: more examples than there are; expected at most 300`},
	{"network that does not fit", "model: {kind: mlp, hidden: [8]}", "model: {kind: cnn}", nil, `small.yaml:3: model = cnn: layer 2: a max-pool of 2 × 2 does not fit into 1 × 1; expected a network for examples of 1 × 1 × 2 (height, width, channels)`},
	{"not YAML", "lr: 0.1", "lr: [0.1", nil, `small.yaml:5: did not find expected ',' or ']'; expected YAML`},
	{"a list", "", "- 1\n", nil, `small.yaml:1: [1]: not a mapping; expected keys name, extends, data, model, optimizer, lr, schedule, clip, epochs, stop, validate, batch_size, seed, trace, test_at, measures, watch, sweep, checkpoint_after, keep_weights, time_limit, slurm`},
	{"name with a slash", "name: small", "name: ../small", nil, `small.yaml:1: name = ../small: not a name; expected letters, digits, dots, dashes and underscores`},
	{"endless data under a measure and a batch", "x", "x", []string{"data.train=9223372036854775807"}, `override "data.train=9223372036854775807": data.train = 9223372036854775807: more examples than there are; expected at most 300`},
	{"several names", "x", "x", []string{"name=a,b"}, `override "name=a,b": name = a,b: several values; expected one, for this key cannot be swept`},
	{"a range of names", "x", "x", []string{"name=range(1,3)"}, `override "name=range(1,3)": name = range(1,3): several values; expected one, for this key cannot be swept`},
	{"measures without brackets", "x", "x", []string{"measures=gradnorm,norm"}, `override "measures=gradnorm,norm": measures = gradnorm,norm: several values; expected one, a list in brackets: 'measures=[gradnorm, norm]'`},
	{"words for sbatch without brackets", "x", "x", []string{"slurm.sbatch=--qos=low,--exclusive"}, `override "slurm.sbatch=--qos=low,--exclusive": slurm.sbatch = --qos=low,--exclusive: several values; expected one, a list in brackets: 'slurm.sbatch=[--qos=low, --exclusive]'`},
	{"override inside a key swept whole", "optimizer.rho: [0, 0.05, 0.5]\n  optimizer.m: [1, 4]", "optimizer: [sgd, {kind: sam, rho: 0.1}, {kind: sam, rho: 0.3}]", []string{"optimizer.rho=0.7"}, `override "optimizer.rho=0.7": optimizer.rho = 0.7: optimizer is swept whole; expected the values of optimizer, each with its rho`},
	{"sweep inside a key swept whole", "optimizer.m: [1, 4]", "optimizer.base: [sgd, adam]", []string{"seed=1", "optimizer.base.weight_decay=0,0.1"}, `override "optimizer.base.weight_decay=0,0.1": optimizer.base.weight_decay = 0,0.1: optimizer.base is swept whole; expected the values of optimizer.base, each with its weight_decay`},
	{"override far inside a key swept whole", "optimizer.rho: [0, 0.05, 0.5]\n  optimizer.m: [1, 4]", "optimizer: [sam, {kind: sam, m: 4}]", []string{"optimizer.base.momentum=0.5"}, `override "optimizer.base.momentum=0.5": optimizer.base.momentum = 0.5: optimizer is swept whole; expected the values of optimizer, each with its base.momentum`},
	{"override inside a key that one grid sweeps whole", "sweep:\n  optimizer.rho: [0, 0.05, 0.5]\n  optimizer.m: [1, 4]\n  seed: range(1, 3)", "sweep: [{optimizer.rho: [0.1, 0.2]}, {optimizer: sgd}]", []string{"optimizer.rho=0.7"}, `override "optimizer.rho=0.7": optimizer.rho = 0.7: optimizer is swept whole; expected the values of optimizer, each with its rho`},
	{"whole key over a swept part", "x", "x", []string{"optimizer={kind: sam, rho: 0.7}"}, `override "optimizer={kind: sam, rho: 0.7}": optimizer.rho = 0.7: swept by a key of its own; expected an override of that key: optimizer.rho=0.7`},
	{"whole keys over a swept part", "x", "x", []string{"optimizer=sam,{kind: sam, m: 8}"}, `override "optimizer=sam,{kind: sam, m: 8}": optimizer.m = 8: swept by a key of its own; expected an override of that key: optimizer.m=8`},
	{"bare kind over a swept kind", "optimizer.m: [1, 4]", "optimizer.base.kind: [sgd, adam]", []string{"optimizer.base=rmsprop"}, `override "optimizer.base=rmsprop": optimizer.base.kind = rmsprop: swept by a key of its own; expected an override of that key: optimizer.base.kind=rmsprop`},
	{"whole key over a kind swept in it", "optimizer.m: [1, 4]", "optimizer.base.kind: [sgd, adam]", []string{"optimizer={kind: sam, base: rmsprop}"}, `override "optimizer={kind: sam, base: rmsprop}": optimizer.base.kind = rmsprop: swept by a key of its own; expected an override of that key: optimizer.base.kind=rmsprop`},
	{"whole key taken out over a swept part", "optimizer.m: [1, 4]", "schedule.kind: [cosine, step]", []string{"schedule=null"}, `override "schedule=null": schedule = null: schedule.kind is swept; expected values; an override cannot take out a sweep`},
	{"part before the whole", "x", "x", []string{"optimizer.rho=0.7", "optimizer={kind: sam, m: 4}"}, `override "optimizer={kind: sam, m: 4}": optimizer = {kind: sam, m: 4}: would undo optimizer.rho; expected optimizer before optimizer.rho`},
	{"parts before wholes", "x", "x", []string{"lr=1", "optimizer.base.momentum=0,0.5", "seed=1", "optimizer.base=sgd,adam"}, `override "optimizer.base=sgd,adam": optimizer.base = sgd,adam: would undo optimizer.base.momentum; expected optimizer.base before optimizer.base.momentum`},
	{"unnormalised steps", "kind: sam,", "kind: sam, unnormalised: true, steps: 2,", nil, `small.yaml:4: optimizer.unnormalised = true: with another norm or several steps; expected optimizer.p = 2 and optimizer.steps = 1`},
	{"more eigenvalues than steps", "- gradnorm", "- {kind: hessian, k: 9, steps: 8}", nil, `small.yaml:10: measures[1].k = 9: more eigenvalues than steps; expected at most measures[1].steps = 8`},
	{"the same, watched", "epochs: 3", "epochs: 3\nwatch: {every: 2, measures: {kind: hessian, k: 9, steps: 8}}", nil, `small.yaml:7: watch.measures.k = 9: more eigenvalues than steps; expected at most watch.measures.steps = 8`},
	{"nothing left to test on", "train: 64, val: 32, test: 64", "train: 200, val: 100", nil, `small.yaml:2: data.test = 0: no example is left; expected data.train and data.val to be fewer than 300 together`},
	{"class column dropped", "", "data: {kind: csv, class: Species, drop: [Species]}\nepochs: 1\nbatch_size: 8\n", nil, `small.yaml:1: data.drop = Species: the class column; expected another column, or another data.class`},
	{"no such class column", "", "data: {kind: csv, class: kind}\nepochs: 1\nbatch_size: 8\n", nil, `small.yaml:1: data.class = kind: no such column at iris_headers.csv:1; expected one of Sepal length, Sepal width, Petal length, Petal width, Species`},
	{"block without channels", "model: {kind: mlp, hidden: [8]}", "model: {kind: cnn, blocks: [{kernel: 3}]}", nil, `small.yaml:3: model.blocks[0].channels: missing; expected a whole number ≥ 1 and ≤ 65536`},
	{"watch without every", "x", "x", []string{"watch={measures: norm}"}, `override "watch={measures: norm}": watch.every: missing; expected a whole number ≥ 1 and ≤ 1000000`},
	{"watch of nothing", "x", "x", []string{"watch.every=2"}, `override "watch.every=2": watch.measures: missing; expected a measure, by its kind alone or as {kind: NAME, key: value, ...}, or a list of them`},
	{"watch of an empty list", "x", "x", []string{"watch={every: 2, measures: []}"}, `override "watch={every: 2, measures: []}": watch.measures = []: empty list; expected at least one item`},
	{"watch never", "epochs: 3", "epochs: 3\nwatch: {every: 0, measures: norm}", nil, `small.yaml:7: watch.every = 0: out of range; expected a whole number ≥ 1 and ≤ 1000000`},
	{"watch by another unit", "x", "x", []string{"watch={every: 2, unit: steps, measures: norm}"}, `override "watch={every: 2, unit: steps, measures: norm}": watch.unit = steps: unknown name; expected one of step, epoch; did you mean "step"?`},
	{"misspelt key of watch", "x", "x", []string{"watch={evry: 2}"}, `override "watch={evry: 2}": watch.evry = 2: unknown key; expected one of every, unit, measures; did you mean "watch.every"?`},
	{"watched measure that does not fit", "epochs: 3", "epochs: 3\nwatch: {every: 2, measures: [norm, {kind: msharp, m: 5}]}", nil, `small.yaml:7: watch.measures[1].m = 5: does not divide the training size; expected a divisor of 64, or 0 for all`},
	{"layer that there is not", "- gradnorm", "- {kind: trace, layer: 3}", nil, `small.yaml:10: measures[1].layer = 3: no such layer; expected at most 2, the layers with weights of this network, or 0 for all weights`},
	{"watched layer that there is not", "epochs: 3", "epochs: 3\nwatch: {every: 2, measures: [norm, {kind: hessian, layer: 3}]}", nil, `small.yaml:7: watch.measures[1].layer = 3: no such layer; expected at most 2, the layers with weights of this network, or 0 for all weights`},
	{"watched twice", "epochs: 3", "epochs: 3\nwatch: {every: 2, measures: [norm, norm]}", nil, `small.yaml:7: watch.measures[1] = norm: another measure has a column of that name; expected each measure once`},
	{"watched unknown", "x", "x", []string{"watch={every: 2, measures: [norms]}"}, `override "watch={every: 2, measures: [norms]}": watch.measures[0].kind = norms: unknown measure; expected one of adaptive, average, critical, density, distance, features, fisher, flatness, ggn, gradnorm, hessian, keskar, layers, margin, msharp, norm, pacbayes, path, trace, worst; did you mean "norm"?`},
	{"too many looks", "x", "x", []string{"epochs=10000", "watch={every: 3, measures: norm}"}, `override "watch={every: 3, measures: norm}": watch.every = 3: 13335 looks in training; expected at most 10000; a larger number takes fewer`},
	{"too much watched", "x", "x", []string{"watch={every: 3, measures: [{kind: density, steps: 200}]}"}, `override "watch={every: 3, measures: [{kind: density, steps: 200}]}": watch.measures: 402 columns; expected at most 250`},
	{"swept watch", "  seed: range", "  watch.every: [1, 2]\n  seed: range", nil, `small.yaml:14: sweep.watch.every: cannot be swept; expected a key that changes the training`},
	{"misspelt override", "x", "x", []string{"optimizer.roh=0.05"}, `override "optimizer.roh=0.05": optimizer.roh = 0.05: unknown key; expected one of rho, m, p, steps, unnormalised, decay, base; did you mean "optimizer.rho"?`},
	{"misspelt top-level override", "x", "x", []string{"sed=1"}, `override "sed=1": sed = 1: unknown key; expected one of name, extends, data, model, optimizer, lr, schedule, clip, epochs, stop, validate, batch_size, seed, trace, test_at, measures, watch, sweep, checkpoint_after, keep_weights, time_limit, slurm; did you mean "seed"?`},
	{"override out of range", "x", "x", []string{"seed=1", "optimizer.rho=0,-1"}, `override "optimizer.rho=0,-1": optimizer.rho = -1: out of range; expected a finite number ≥ 0`},
	{"override without a value", "x", "x", []string{"lr="}, `override "lr=": lr: not a value; expected YAML, several values divided by commas`},
	{"override with a blank value", "x", "x", []string{"name= "}, `override "name= ": name =  : not a value; expected YAML, several values divided by commas`},
	{"override twice", "x", "x", []string{"lr=1", "lr=2"}, `override "lr=2": lr: key given twice`},
	{"override of the sweep", "x", "x", []string{"sweep.seed=1"}, "override \"sweep.seed=1\": sweep.seed = 1: override the key itself, not `sweep`; expected seed=1"},
	{"list for a number by override", "x", "x", []string{"seed=[1,2]"}, `override "seed=[1,2]": seed = [1, 2]: not a whole number; expected a whole number ≥ 0 and ≤ 9007199254740991`},
	{"seed beyond JSON", "x", "x", []string{"seed=9007199254740992"}, `override "seed=9007199254740992": seed = 9007199254740992: out of range; expected a whole number ≥ 0 and ≤ 9007199254740991`},
	{"monstrous width", "x", "x", []string{"model.hidden=[1000000,1000000]"}, `small.yaml:3: model = mlp: layer 3: more than 268435456 weights, or values of one example; expected a network for examples of 1 × 1 × 2 (height, width, channels)`},
	{"alias of itself", "hidden: [8]", "hidden: &a [*a]", nil, `small.yaml:3: *a: an alias inside what it stands for`},
	{"tab", "", "\tname: x", nil, `small.yaml:1: found character that cannot start any token; expected YAML`},
	{"no override", "x", "x", []string{"lr"}, `override "lr": not an override; expected key=value, such as optimizer.rho=0.05`},
	{"override of a part of a number", "x", "x", []string{"lr.base=1"}, `override "lr.base=1": lr.base: lr is 0.1, not a mapping; expected a value of lr`},
}

func TestBadConfigurations(t *testing.T) {
	for _, c := range badConfigs {
		text := strings.Replace(small, c.old, c.new, 1)
		if c.old == "" {
			text = c.new
		} else if text == small && c.words == nil {
			t.Fatalf("%s: the edit changes nothing", c.name)
		}
		_, err := Plan("small.yaml", []byte(text), c.words, "")
		var e *kind.Error
		switch {
		case err == nil:
			t.Errorf("%s: accepted", c.name)
		case !errors.As(err, &e):
			t.Errorf("%s: %v is not a configuration error", c.name, err)
		case err.Error() != c.want:
			t.Errorf("%s:\n got %s\nwant %s", c.name, err, c.want)
		case strings.Contains(err.Error(), "\n"):
			t.Errorf("%s: more than one line", c.name)
		}
	}
	if len(badConfigs) < 20 {
		t.Errorf("only %d bad configurations", len(badConfigs))
	}
}

// What does not change the training does not change the identity; what does, does.
func TestIdentity(t *testing.T) {
	id := func(words ...string) string {
		s := plan(t, small, append([]string{"seed=1", "optimizer.rho=0.05", "optimizer.m=4"}, words...)...)
		if len(s.Trials) != 1 {
			t.Fatalf("%v: %d trials", words, len(s.Trials))
		}
		return s.Trials[0].ID
	}
	base := id()
	for _, same := range []string{"measures=[]", "trace=step", "test_at=best_val", "watch={every: 3, measures: norm}", "name=x", "clip=0", "validate.every=1", "validate={}", "optimizer.base.weight_decay=0", "optimizer.base.kind=sgd", "schedule=constant", "lr=0.10"} {
		if got := id(same); got != base {
			t.Errorf("%s changes the id", same)
		}
	}
	seen := []string{base}
	for _, other := range []string{"lr=0.2", "clip=1", "optimizer.base.nesterov=true", "optimizer.base=adam", "schedule=cosine", "data.label_noise=0.1", "data.n=301", "model.hidden=[8,8]", "batch_size=32", "epochs=4", "validate.every=2"} {
		got := id(other)
		if slices.Contains(seen, got) {
			t.Errorf("%s does not change the id", other)
		}
		seen = append(seen, got)
	}
}

// A watch is kept by the resolved configuration, with its unit, and null takes it out.
func TestWatch(t *testing.T) {
	s := plan(t, small, "watch={every: 3, measures: [norm, {kind: msharp, m: 1, rho: 0.1}]}")
	w := s.Trials[0].Config.Watch
	if w == nil || w.Every != 3 || w.Unit != "step" || len(w.Columns()) < 2 || w.Times() != "every 3 steps" || s.Trials[0].Config.Looks() != 5 {
		t.Fatalf("%+v", w)
	}
	if again := plan(t, string(s.Resolved)).Trials[0].Config.Watch; !reflect.DeepEqual(again, w) || !strings.Contains(string(s.Resolved), "watch: {every: 3, measures: [{kind: norm}") || !strings.Contains(string(s.Resolved), "unit: step}") {
		t.Errorf("resolved:\n%s", s.Resolved)
	}
	epochs := plan(t, string(s.Resolved), "watch.every=2", "watch.unit=epoch").Trials[0].Config
	if epochs.Looks() != 3 || epochs.Watch.Times() != "every 2 epochs" || !reflect.DeepEqual(epochs.Watch.Measures, w.Measures) {
		t.Errorf("%d looks of %+v", epochs.Looks(), epochs.Watch)
	}
	if none := plan(t, string(s.Resolved), "watch=null").Trials[0].Config; none.Watch != nil || none.Looks() != 0 || none.Watch.Columns() != nil {
		t.Errorf("%+v", none.Watch)
	}
}

// Identities are frozen: committed results rest on them. A change here needs a new results version, or is a mistake.
func TestIdentitiesAreFrozen(t *testing.T) {
	s := plan(t, small, "seed=1", "optimizer.rho=0,0.05", "optimizer.m=4")
	if got, want := tIDs(s), []string{"00ebf25c3dc7f0df", "83e61c54773a1cc9"}; !reflect.DeepEqual(got, want) {
		t.Errorf("ids %v, want %v", got, want)
	}
}
