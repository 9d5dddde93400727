package cli

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// head is a configuration of ten lines and no sweep.
var head, _, _ = strings.Cut(string(tiny.Config), "sweep:")

// The names that messages list.
const (
	topKeys     = "name, extends, data, model, optimizer, lr, schedule, clip, epochs, stop, validate, batch_size, seed, trace, test_at, measures, watch, sweep, checkpoint_after, keep_weights, time_limit, slurm"
	slurmKeys   = "partition, account, time, memory, cpus, throttle, sbatch"
	aDuration   = "not a duration; expected a duration such as 90s or 1h30m, or 0"
	aTruthValue = "not a truth value; expected true or false"
	aSeed       = "not a whole number; expected a whole number ≥ 0 and ≤ 9007199254740991"
	aRange      = "not a range; expected range(first, stop), whole numbers, stop excluded and above first"
	aSweep      = "not a mapping; expected dotted keys and their values, or a list of such mappings"
	aKey        = "not a key; expected a name such as seed or optimizer.rho"
	aSize       = "not a size; expected Slurm's form, such as 500M or 2G"
	aLimit      = "not a time limit; expected Slurm's form, such as 30 (minutes), 4:00:00 or 1-12"
)

// faulty wants a call with a.yaml, if it is among the files, to end with exit status 2 and the whole of its one line, and to write nothing.
func faulty(t *testing.T, files map[string]string, want string, args ...string) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		write(t, filepath.Join(dir, name), text)
	}
	if _, ok := files["a.yaml"]; ok {
		args = append(args, "--config", "a.yaml")
	}
	o := finish(t, command(t, dir, args...))
	if o.status != exitUsage || o.talk != "tiny: "+want+"\n" || o.out != "" {
		t.Errorf("%q: exit status %d, prints %q, says\n %swant\n tiny: %s", args, o.status, o.out, o.talk, want)
	}
	if n := len(tree(t, dir)); n != len(files) {
		t.Errorf("%q: %d files became %d", args, len(files), n)
	}
}

// A line too many after ten good ones.
func TestFaultyKeys(t *testing.T) {
	notShort(t, "calls the program dozens of times")
	t.Parallel()
	for _, c := range []struct{ line, want string }{
		{"sweep: []", "sweep: empty list; expected at least one mapping"},
		{"sweep:", "sweep = (empty): " + aSweep},
		{"sweep: 5", "sweep = 5: " + aSweep},
		{"sweep: [seed]", "sweep = seed: " + aSweep},
		{"sweep: [[{seed: 1}]]", "sweep = [{seed: 1}]: " + aSweep},
		{"sweep: [{seed: 1}, null]", "sweep = null: " + aSweep},
		{"sweep: {seed: []}", "sweep.seed = []: empty list; expected at least one value"},
		{"sweep: [{seed: [1]}, {lr: []}]", "sweep.lr = []: empty list; expected at least one value"},
		{"sweep: {seed: [[1, 2]]}", "seed = [1, 2]: " + aSeed},
		{"sweep: {seed: {first: 1}}", "seed = {first: 1}: " + aSeed},
		{"sweep: {optimizer.rho: [0.1, [0.2]]}", "optimizer.rho = [0.2]: not a number; expected a finite number ≥ 0"},
		{"sweep: {model.hidden: [[8], [x]]}", "model.hidden[0] = x: not a whole number; expected a whole number ≥ 1 and ≤ 1048576"},
		{"sweep: [{seed: 1}, {seed: 1, seed: 2}]", "sweep.seed: key given twice"},
		{"sweep: [{seed: 1}, {sead: 2}]", "sead = 2: unknown key; expected one of " + topKeys + `; did you mean "seed"?`},
		{"sweep: {[seed]: 1}", "[seed]: " + aKey},
		{"sweep: {'': 1}", "(empty): " + aKey},
		{"sweep: {optimizer..rho: 1}", "optimizer..rho: " + aKey},
		{"sweep: {lr.x: 1}", "lr.x: lr is 0.1, not a mapping; expected a value of lr"},
		{"sweep: {sweep: [1]}", "sweep.sweep: cannot be swept; expected a key that changes the training"},
		{"sweep: {slurm.time: [1, 2]}", "sweep.slurm.time: cannot be swept; expected a key that changes the training"},
		{"sweep: {checkpoint_after: [1s, 2s]}", "sweep.checkpoint_after: cannot be swept; expected a key that changes the training"},
		{"sweep: {seed: range(1, 3)}", "sweep.seed = range(1: " + aRange + "; in quotes where it stands between brackets"},
		{"sweep: {seed: 'range(1)'}", "sweep.seed = range(1): " + aRange},
		{"sweep: {seed: 'range(0, 1000000)', lr: [1, 2]}", "sweep = 2e+06 combinations: too many; expected at most 1000000"},
		{"checkpoint_after: -5s", "checkpoint_after = -5s: " + aDuration},
		{"checkpoint_after: 5", "checkpoint_after = 5: " + aDuration},
		{"checkpoint_after: soon", "checkpoint_after = soon: " + aDuration},
		{"checkpoint_after: 1d", "checkpoint_after = 1d: " + aDuration},
		{"checkpoint_after:", "checkpoint_after = (empty): " + aDuration},
		{"checkpoint_after: 9999999999h", "checkpoint_after = 9999999999h: " + aDuration},
		{"time_limit: never", "time_limit = never: " + aDuration},
		{"time_limit: [1h]", "time_limit = [1h]: " + aDuration},
		{"keep_weights: yes", "keep_weights = yes: " + aTruthValue},
		{"keep_weights: 1", "keep_weights = 1: " + aTruthValue},
		{"keep_weight: true", "keep_weight = true: unknown key; expected one of " + topKeys + `; did you mean "keep_weights"?`},
		{"trace: steps", `trace = steps: unknown name; expected one of none, step; did you mean "step"?`},
		{"trace: [step]", "trace = [step]: not a text; expected one of none, step"},
		{"slurm: cpu", "slurm = cpu: not a mapping; expected keys " + slurmKeys},
		{"slurm:", "slurm = (empty): not a mapping; expected keys " + slurmKeys},
		{"slurm: {partition: [cpu]}", "slurm.partition = [cpu]: not a text; expected a text"},
		{"slurm: {partition: a, partition: b}", "slurm.partition: key given twice"},
		{"slurm: {tasks: 2}", "slurm.tasks = 2: unknown key; expected one of " + slurmKeys},
		{"slurm: {time: 4h}", "slurm.time = 4h: " + aLimit},
		{"slurm: {time: -1}", "slurm.time = -1: " + aLimit},
		{"slurm: {memory: 2GB}", "slurm.memory = 2GB: not a size; expected Slurm's form, 2G"},
		{"slurm: {memory: 2.5G}", "slurm.memory = 2.5G: " + aSize},
		{"slurm: {throttle: -1}", "slurm.throttle = -1: out of range; expected a whole number ≥ 0"},
		{"slurm: {throttle: many}", "slurm.throttle = many: not a whole number; expected a whole number ≥ 0"},
		{"slurm: {cpus: 1.5}", "slurm.cpus = 1.5: not a whole number; expected a whole number ≥ 0"},
		{"slurm: {sbatch: [[--qos=low]]}", "slurm.sbatch[0] = [--qos=low]: not a text; expected a text"},
		{"name: b", "name: key given twice"},
		{"? {a: 1}\n: 2", "{a: 1}: " + aKey},
	} {
		faulty(t, map[string]string{"a.yaml": head + c.line + "\n"}, "a.yaml:11: "+c.want, "list")
	}
}

// A file that extends another, base.yaml being a good one unless it is given.
func TestFaultyExtensions(t *testing.T) {
	t.Parallel()
	chain := map[string]string{"a.yaml": "extends: 0.yaml\n", "30.yaml": strings.Replace(head, "lr: 0.1", "lr: x", 1)}
	for i := range 30 {
		chain[fmt.Sprintf("%d.yaml", i)] = fmt.Sprintf("extends: %d.yaml\n", i+1)
	}
	faulty(t, chain, "30.yaml:5: lr = x: not a number; expected a finite number > 0", "list")

	const aFile = "not a file; expected the path of one configuration, from the folder of this one"
	for _, c := range []struct{ a, base, want string }{
		{"extends: none.yaml", "", "a.yaml:1: extends = none.yaml: cannot read it: open none.yaml: no such file or directory; expected a configuration file"},
		{"extends: .", "", "a.yaml:1: extends = .: cannot read it: . is a folder; expected a regular file; expected a configuration file"},
		{"extends: a.yaml", "", "a.yaml:1: extends = a.yaml: a file that extends itself; expected another file than a.yaml"},
		{"extends: base.yaml", "extends: a.yaml", "base.yaml:1: extends = a.yaml: a file that extends itself; expected another file than a.yaml → base.yaml"},
		{"extends: ''", "", "a.yaml:1: extends = (empty): " + aFile},
		{"extends: null", "", "a.yaml:1: extends = null: " + aFile},
		{"extends: {file: base.yaml}", "", "a.yaml:1: extends = {file: base.yaml}: " + aFile},
		{"extends: base.yaml\nextends: base.yaml", "", "a.yaml:2: extends: key given twice"},
		{"extends: base.yaml", "[1]", "base.yaml:1: [1]: not a mapping; expected keys " + topKeys},
		{"extends: base.yaml", head + "epoch: 1", "base.yaml:11: epoch = 1: unknown key; expected one of " + topKeys + `; did you mean "epochs"?`},
		{"extends: base.yaml\nmodel: {hiden: [4]}", strings.Replace(head, "{kind: mlp, hidden: [8]}", "mlp", 1), `a.yaml:2: model.hiden = [4]: unknown key; expected one of hidden, activation; did you mean "model.hidden"?`},
		{"lr: 1\nextends: base.yaml", strings.Replace(head, "hidden", "hiden", 1), `base.yaml:3: model.hiden = [8]: unknown key; expected one of hidden, activation; did you mean "model.hidden"?`},
		{"extends: base.yaml", head + "keep_weights: maybe", "base.yaml:11: keep_weights = maybe: " + aTruthValue},
		{"extends: base.yaml", head + "slurm: {memory: much}", "base.yaml:11: slurm.memory = much: " + aSize},
		{"extends: base.yaml\nslurm: {time: long}", head + "slurm: {memory: 2G}", "a.yaml:2: slurm.time = long: " + aLimit},
		{"extends: base.yaml\nsweep: 5", "", "a.yaml:2: sweep = 5: " + aSweep},
		{"extends: base.yaml", head + "clip: \xff", `base.yaml:11: \xff: invalid UTF-8; expected YAML in UTF-8`},
		{"extends: base.yaml", head + "---\nlr: 1", "base.yaml:11: a second document; expected one configuration a file"},
	} {
		base := c.base + "\n"
		if c.base == "" {
			base = head
		}
		faulty(t, map[string]string{"a.yaml": c.a + "\n", "base.yaml": base}, c.want, "list")
	}
}

// A whole file that is none.
func TestFaultyFiles(t *testing.T) {
	t.Parallel()
	const empty = "a.yaml: the file is empty; expected a configuration with name, data, model, optimizer, ..."
	for _, c := range []struct{ text, want string }{
		{"", empty}, {"# nothing\n", empty}, {"---\n---\n", empty}, {"null\n", empty},
		{"5\n", "a.yaml:1: 5: not a mapping; expected keys " + topKeys},
		{head + "...\n" + head, "a.yaml:12: did not find expected <document start>; expected YAML"},
		{head + "---\n" + head, "a.yaml:11: a second document; expected one configuration a file"},
		{head + "clip: \xc3(\n", `a.yaml:11: \xc3: invalid UTF-8; expected YAML in UTF-8`},
		{"\xff" + head, `a.yaml:1: \xff: invalid UTF-8; expected YAML in UTF-8`},
		{head + "clip: 1\a\n", `a.yaml:11: \a: a control character; expected YAML in UTF-8`},
		{head + "\x00", `a.yaml:11: \x00: a control character; expected YAML in UTF-8`},
		{"\tlr: 1\n", "a.yaml:1: found character that cannot start any token; expected YAML"},
		{head + "\tlr: 1\n", "a.yaml:11: found a tab character that violates indentation; expected YAML"},
		{head + "stop:\n\ttrain_loss: 1\n", "a.yaml:12: found character that cannot start any token; expected YAML"},
		{"name: b: c\n", "a.yaml:1: mapping values are not allowed in this context; expected YAML"},
		{"'': 1\n" + head, "a.yaml:1: (empty): " + aKey},
	} {
		faulty(t, map[string]string{"a.yaml": c.text}, c.want, "list")
	}
}

// Words of the command line, and measures that measure cannot take.
func TestFaultyWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ command, word, want string }{
		{"list", "sweep=[]", "sweep = []: override the key itself, not `sweep`; expected a swept key, such as seed=1,2"},
		{"list", "sweep.seed=1", "sweep.seed = 1: override the key itself, not `sweep`; expected seed=1"},
		{"list", "extends=b.yaml", "extends = b.yaml: only a file extends another; expected --config FILE with extends in it"},
		{"list", "seed=1]", "seed = 1]: not a value; expected YAML, several values divided by commas"},
		{"list", "seed=1 # one", "seed = 1 # one: not a value; expected YAML, several values divided by commas"},
		{"list", "seed=*a", "seed = *a: not a value; expected YAML, several values divided by commas"},
		{"list", "seed=&a [*a]", "seed = &a [*a]: not a value; expected YAML, several values divided by commas"},
		{"list", "seed=1,x", "seed = x: " + aSeed},
		{"list", "seed=range(3", "seed = range(3: " + aRange},
		{"list", "optimizer.rho=[0.1,0.2]", "optimizer.rho = [0.1, 0.2]: not a number; expected a finite number ≥ 0"},
		{"list", "optimizer..rho=1", "optimizer..rho: " + aKey},
		{"list", "time_limit=1m,2m", "time_limit = 1m,2m: several values; expected one, for this key cannot be swept"},
		{"list", "name=a,b", "name = a,b: several values; expected one, for this key cannot be swept"},
		{"list", "optimizer={kind: sam, rho: 0.7}", "optimizer.rho = 0.7: swept by a key of its own; expected an override of that key: optimizer.rho=0.7"},
		{"list", "data.train=9223372036854775807", "data.train = 9223372036854775807: more examples than there are; expected at most 300"},
		{"list", "name=null", "name = null: not a name; expected letters, digits, dots, dashes and underscores"},
		{"run", "checkpoint_after=5", "checkpoint_after = 5: " + aDuration},
		{"run", "slurm.time=4h", "slurm.time = 4h: " + aLimit},
		{"slurm submit", "slurm={memory: 2GB}", "slurm.memory = 2GB: not a size; expected Slurm's form, 2G"},
		{"measure", "measures=[gradnrm]", `measures[0].kind = gradnrm: unknown measure; expected one of adaptive, average, critical, density, distance, features, fisher, flatness, ggn, gradnorm, hessian, keskar, layers, margin, msharp, norm, pacbayes, path, trace, worst; did you mean "gradnorm"?`},
		{"measure", "measures=5", "measures.kind = 5: unknown measure; expected one of adaptive, average, critical, density, distance, features, fisher, flatness, ggn, gradnorm, hessian, keskar, layers, margin, msharp, norm, pacbayes, path, trace, worst"},
		{"measure", "measures=[{kind: msharp, m: [5]}]", "measures[0].m = 5: does not divide the training size; expected a divisor of 64, or 0 for all"},
		{"measure", "measures=gradnorm,norm", "measures = gradnorm,norm: several values; expected one, a list in brackets: 'measures=[gradnorm, norm]'"},
	} {
		faulty(t, nil, fmt.Sprintf("override %q: %s", c.word, c.want), append(strings.Fields(c.command), c.word)...)
	}
	whole := map[string]string{"a.yaml": head + "sweep: {optimizer: [sgd, {kind: sam, rho: 0.1}]}\n"}
	faulty(t, whole, `override "optimizer.rho=0.7": optimizer.rho = 0.7: optimizer is swept whole; expected the values of optimizer, each with its rho`, "list", "optimizer.rho=0.7")
	for args, want := range map[string]string{
		"list optimizer.rho=0.7 optimizer=sam": `override "optimizer=sam": optimizer = sam: would undo optimizer.rho; expected optimizer before optimizer.rho`,
		"list epochs=null":                     "embedded tiny.yaml:1: epochs: missing; expected epochs, or stop: {train_loss: ..., max_epochs: ...}; tiny list prints that configuration",
		"measure --workers 0":                  "--workers 0: expected a whole number ≥ 1",
		"measure":                              "results/tiny holds no records; run first, or name a folder with --out",
		"measure --out nowhere":                "nowhere holds no records; run first, or name a folder with --out",
		"measure --shard 0/2":                  "unknown flag: --shard",
		"run --shard":                          "flag needs an argument: --shard",
		"run --shard 0/0":                      "shard 0/0: expected I/N with 0 ≤ I < N",
		"run --shard 0.5/2":                    "--shard 0.5/2: expected I/N, such as 0/4",
		"run --shard /2":                       "--shard /2: expected I/N, such as 0/4",
		"run --config none.yaml":               "--config: open none.yaml: no such file or directory",
	} {
		faulty(t, nil, want, strings.Fields(args)...)
	}
}
