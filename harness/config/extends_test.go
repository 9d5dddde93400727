package config

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// configs writes configuration files and returns their folder.
func configs(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func planFile(t *testing.T, path string, words ...string) (*Sweep, error) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return Plan(path, text, words, "")
}

// Mappings merge, lists and other kinds replace, null takes out; paths are from the folder of the file; a file extends one that extends.
func TestExtends(t *testing.T) {
	dir := configs(t, map[string]string{
		"base.yaml": base4 + "name: base\noptimizer: {kind: sam, rho: 0.1, m: 4, base: {kind: sgd, momentum: 0.5}}\nsweep: {seed: [1, 2], lr: [0.1, 0.2]}\n",
		"sub/a.yaml": "extends: ../base.yaml\nname: a\noptimizer: {rho: 0.2, base: {momentum: 0.9}}\nsweep: {seed: [7]}\n" +
			"checkpoint_after: 5s\nslurm: {partition: long}\n",
		"b.yaml": "extends: sub/a.yaml\noptimizer: {kind: adam}\nepochs: null\nstop: {train_loss: 0.1, max_epochs: 2}\nslurm: {time: '10:00'}\nsweep: null\n",
		"c.yaml": "extends: b.yaml\nmeasures: []\nsweep: [{seed: 1}, {seed: 2, lr: [1, 2]}]\n",
	})
	a, err := planFile(t, filepath.Join(dir, "sub/a.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	want := plan(t, base4+"name: a\noptimizer: {kind: sam, rho: 0.2, m: 4, base: {kind: sgd, momentum: 0.9}}\nsweep: {seed: [7], lr: [0.1, 0.2]}\n")
	if a.Name != "a" || strings.Join(tIDs(a), " ") != strings.Join(tIDs(want), " ") {
		t.Errorf("%s\n%s", a.Resolved, want.Resolved)
	}
	b, err := planFile(t, filepath.Join(dir, "b.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	want = plan(t, strings.Replace(base4, "epochs: 4", "stop: {train_loss: 0.1, max_epochs: 2}", 1)+"optimizer: adam\n")
	if b.Name != "a" || strings.Join(tIDs(b), " ") != strings.Join(tIDs(want), " ") {
		t.Errorf("%s", b.Resolved)
	}
	if e := b.Execution; e.CheckpointAfter != 5*time.Second || e.Slurm.Partition != "long" || e.Slurm.Time != "10:00" {
		t.Errorf("%+v", e)
	}
	again := plan(t, string(b.Resolved))
	if e := again.Execution; e.CheckpointAfter != 5*time.Second || e.Slurm.Partition != "long" || string(again.Resolved) != string(b.Resolved) {
		t.Errorf("resolved:\n%s", b.Resolved)
	}
	if c, err := planFile(t, filepath.Join(dir, "c.yaml"), "seed=3", "checkpoint_after=0"); err != nil || len(c.Trials) != 3 || c.Execution.CheckpointAfter != 0 {
		t.Errorf("%v %v", c, err)
	}
	text, _ := os.ReadFile(filepath.Join(dir, "b.yaml"))
	if s, err := Outline(filepath.Join(dir, "b.yaml"), text, []string{"slurm.memory=1G", "time_limit=2h"}); err != nil || s.Name != "a" || s.Execution.Slurm.Memory != "1G" || s.Execution.TimeLimit != 2*time.Hour {
		t.Errorf("%+v, error %v", s, err)
	}
}

// A mapping merges into a kind's bare name as into {kind: name}, and replaces one of another kind; so does a sweep's value.
func TestExtendsBareKinds(t *testing.T) {
	parent := base4 + "optimizer: sam\nschedule: cosine\nsweep: {optimizer.base: sgd, seed: [1, 2]}\n"
	alone := strings.Replace(base4, "lr: 0.1\n", "", 1)
	for child, want := range map[string]string{
		"optimizer: {rho: 0.2}\nsweep: null":                               base4 + "optimizer: {kind: sam, rho: 0.2}\nschedule: cosine\n",
		"optimizer: {kind: sam, rho: 0.2}\nsweep: null":                    base4 + "optimizer: {kind: sam, rho: 0.2}\nschedule: cosine\n",
		"optimizer: {kind: sgd, momentum: 0.5}\nsweep: null":               base4 + "optimizer: {kind: sgd, momentum: 0.5}\nschedule: cosine\n",
		"optimizer: {kind: adam}\nschedule: {}\nsweep: null":               base4 + "optimizer: adam\nschedule: cosine\n",
		"optimizer: {base: {kind: sgd, momentum: 0}}\nsweep: null":         base4 + "optimizer: {kind: sam, base: {kind: sgd, momentum: 0}}\nschedule: cosine\n",
		"sweep: {optimizer.base: {momentum: 0.5}, seed: 3}":                base4 + "optimizer: {kind: sam, base: {kind: sgd, momentum: 0.5}}\nschedule: cosine\nseed: 3\n",
		"optimizer: {rho: 0}\nlr: 0.3\nsweep: {optimizer.base: null}":      alone + "lr: 0.3\noptimizer: {kind: sam, rho: 0}\nschedule: cosine\nsweep: {seed: [1, 2]}\n",
		"optimizer: {kind: sam}\nschedule: {kind: step}\nsweep: {seed: 1}": base4 + "optimizer: sam\nschedule: step\n",
	} {
		dir := configs(t, map[string]string{"a.yaml": "extends: base.yaml\n" + child + "\n", "base.yaml": parent})
		s, err := planFile(t, filepath.Join(dir, "a.yaml"))
		if err != nil {
			t.Errorf("%s: %v", child, err)
		} else if w := plan(t, want); !slices.Equal(tIDs(s), tIDs(w)) {
			t.Errorf("%s:\n%s\nwant\n%s", child, s.Resolved, w.Resolved)
		}
	}
}

// null takes out what was never there, too.
func TestNullTakesNothingOut(t *testing.T) {
	dir := configs(t, map[string]string{"a.yaml": "extends: base.yaml\nclip: null\n", "base.yaml": base4})
	s, err := planFile(t, filepath.Join(dir, "a.yaml"))
	if err != nil || s.Trials[0].ID != plan(t, base4).Trials[0].ID {
		t.Error(err)
	}
}

// A fault is told with the file it stands in, whichever extends whichever.
func TestExtendsErrors(t *testing.T) {
	for want, files := range map[string]map[string]string{
		"base.yaml:3: epochs = x: not a whole number":                                        {"a.yaml": "extends: base.yaml\nlr: 0.1\n", "base.yaml": "name: base\nlr: 1\nepochs: x\n"},
		"a.yaml:2: lr = x: not a number":                                                     {"a.yaml": "extends: base.yaml\nlr: x\n", "base.yaml": base4},
		"a.yaml:1: extends = none.yaml: cannot read it:":                                     {"a.yaml": "extends: none.yaml\n"},
		"b.yaml:1: extends = a.yaml: a file that extends itself; expected another file than": {"a.yaml": "extends: b.yaml\n", "b.yaml": "extends: a.yaml\n"},
		"a.yaml:1: extends = a.yaml: a file that extends itself":                             {"a.yaml": "extends: a.yaml\n"},
		"a.yaml:1: extends = [base.yaml]: not a file":                                        {"a.yaml": "extends: [base.yaml]\n", "base.yaml": base4},
		"a.yaml:3: lr: key given twice":                                                      {"a.yaml": "extends: base.yaml\nlr: 1\nlr: 2\n", "base.yaml": base4},
		"base.yaml:2: data.kind: key given twice":                                            {"a.yaml": "extends: base.yaml\n", "base.yaml": "name: b\ndata: {kind: mnist, kind: csv}\n"},
		"base.yaml:2: did not find expected":                                                 {"a.yaml": "extends: base.yaml\n", "base.yaml": "name: b\ndata: {kind\n"},
		"base.yaml: the file is empty":                                                       {"a.yaml": "extends: base.yaml\n", "base.yaml": ""},
		"base.yaml:1: [1]: not a mapping":                                                    {"a.yaml": "extends: base.yaml\n", "base.yaml": "[1]\n"},
		"a.yaml:2: checkpoint_after = 5: not a duration":                                     {"a.yaml": "extends: base.yaml\ncheckpoint_after: 5\n", "base.yaml": base4},
		"a.yaml:2: time_limit = -5s: not a duration; expected a duration such as 90s":        {"a.yaml": "extends: base.yaml\ntime_limit: -5s\n", "base.yaml": base4},
		`a.yaml:2: slurm.partitoin = x: unknown key`:                                         {"a.yaml": "extends: base.yaml\nslurm: {partitoin: x}\n", "base.yaml": base4},
		"a.yaml:2: optimizer.roh = 1: unknown key; expected one of rho, m":                   {"a.yaml": "extends: base.yaml\noptimizer: {roh: 1}\n", "base.yaml": base4 + "optimizer: sam\n"},
		"base.yaml:8: optimizer.kind = smm: unknown optimizer":                               {"a.yaml": "extends: base.yaml\noptimizer: {rho: 1}\n", "base.yaml": base4 + "optimizer: smm\n"},
		"a.yaml:2: sweep.keep_weights: cannot be swept":                                      {"a.yaml": "extends: base.yaml\nsweep: {keep_weights: [true, false]}\n", "base.yaml": base4},
	} {
		dir := configs(t, files)
		_, err := planFile(t, filepath.Join(dir, "a.yaml"))
		if err == nil || !strings.Contains(strings.ReplaceAll(err.Error(), dir+"/", ""), want) {
			t.Errorf("error %v\nwant %s", err, want)
		}
	}
}
