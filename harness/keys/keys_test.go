package keys

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"msharp/harness/config"
	"msharp/models/kind"
)

// place is a mapping of a file as the decoder knows it.
type place struct {
	path   string // plain
	kind   string // "" if it has none
	around string // the YAML up to the mapping's own keys, and what closes it
	closes string
	given  string // keys that must be given: "a: 1, "
}

// mappings asks the decoder for every mapping and its keys. A kind inside itself is asked for once.
func mappings(t *testing.T, visit func(p place, keys []string)) {
	t.Helper()
	ask := func(text string) *kind.Error {
		file := config.DefaultFile()
		var n yaml.Node
		if err := yaml.Unmarshal([]byte(text), &n); err != nil {
			t.Fatal(text, err)
		}
		e, _ := kind.Decode(&n, &file).(*kind.Error)
		return e
	}
	list := func(e *kind.Error) []string {
		if e.Expected == "no keys" {
			return nil
		}
		return strings.Split(strings.TrimPrefix(e.Expected, "one of "), ", ")
	}
	var in func(p place)
	in = func(p place) {
		e := ask(p.around + "zzz: 1" + p.closes)
		if e == nil || e.Problem != "unknown key" && !(e.Problem == "missing" && strings.HasSuffix(e.Key, "kind")) {
			return // no mapping
		}
		if e.Problem == "missing" {
			for _, name := range list(e) {
				if p.path == "optimizer.base" && name == "sam" {
					continue // an ascent inside an ascent
				}
				if strings.Count(p.path, ".then") < 2 {
					in(place{path: p.path, kind: name, around: p.around + "kind: " + name + ", ", closes: p.closes})
				}
			}
			return
		}
		keys := list(e)
		for e := ask(p.around + p.given + p.closes); e != nil && e.Problem == "missing"; e = ask(p.around + p.given + p.closes) {
			value := "1"
			if strings.HasSuffix(e.Key, "measures") {
				value = "norm"
			}
			p.given += e.Key[strings.LastIndexByte(e.Key, '.')+1:] + ": " + value + ", "
		}
		visit(p, keys)
		for _, key := range keys {
			in(place{path: join(p.path, key), around: p.around + p.given + key + ": {", closes: "}" + p.closes})
		}
	}
	in(place{around: "{", closes: "}"})
}

// find returns the key at a plain path that a kind has.
func find(t *testing.T, path, of string) (found Key) {
	t.Helper()
	all, err := Reference(path)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, k := range all {
		if plain(k.Path) == path && (of == "" || slices.Contains(k.Kinds, of)) {
			found = k
			n++
		}
	}
	if n != 1 {
		t.Fatalf("%s of %q stands %d times", path, of, n)
	}
	return found
}

// Every key that the decoder knows is in the reference with its meaning, and no other; a key at the default that stands there says nothing.
func TestReferenceIsTheDecoder(t *testing.T) {
	known := map[string]bool{}
	mappings(t, func(p place, keys []string) {
		for _, key := range keys {
			path := join(p.path, key)
			k := find(t, path, p.kind)
			known[path] = true
			if k.Meaning == "" || k.Expected == "" {
				t.Errorf("%s has no meaning, or takes nothing: %+v", path, k)
			}
			if k.Needed != strings.Contains(p.given, key+": ") {
				t.Errorf("%s must be given: %v", path, k.Needed)
			}
			for _, d := range k.Defaults {
				if len(k.Defaults) > 1 && !slices.Contains(d.Kinds, p.kind) || key == "sweep" {
					continue
				}
				without, with := decoded(t, p.around+p.given+p.closes), decoded(t, p.around+p.given+key+": "+d.Value+p.closes)
				if !reflect.DeepEqual(kind.Encode(without), kind.Encode(with)) {
					t.Errorf("%s of %q is not %s by default", path, p.kind, d.Value)
				}
			}
		}
		if p.kind != "" {
			known[join(p.path, "kind")] = true
			if k := find(t, join(p.path, "kind"), ""); !strings.Contains(k.Expected+",", " "+p.kind+",") || !slices.ContainsFunc(k.Values, func(v Value) bool { return v.Name == p.kind && v.Meaning != "" }) {
				t.Errorf("%s has no kind %s with a meaning: %+v", p.path, p.kind, k)
			}
		}
	})
	all, err := Reference("")
	if err != nil || len(all) < 100 {
		t.Fatal(len(all), err)
	}
	for _, k := range all {
		if !known[plain(k.Path)] {
			t.Errorf("the decoder knows no %s", k.Path)
		}
	}
}

func decoded(t *testing.T, text string) config.File {
	t.Helper()
	file := config.DefaultFile()
	var n yaml.Node
	if err := yaml.Unmarshal([]byte(text), &n); err != nil {
		t.Fatal(text, err)
	}
	if err := kind.Decode(&n, &file); err != nil {
		t.Fatal(text, err)
	}
	return file
}

func TestReference(t *testing.T) {
	paths := func(prefix string) (paths []string) {
		all, err := Reference(prefix)
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range all {
			paths = append(paths, strings.TrimSpace(k.Path+" "+strings.Join(k.Kinds, ",")))
		}
		return paths
	}
	for prefix, want := range map[string]string{
		"data.f":               "data.file csv",
		"data.kind":            "data.kind",
		"measures[].m":         "measures[].m adaptive,msharp,worst",
		"measures[0].delta":    "measures[].delta pacbayes",
		"measures.delta":       "measures[].delta pacbayes",
		"watch.measures.delta": "watch.measures[].delta pacbayes",
		"model.blocks":         "model.blocks cnn; model.blocks[].channels cnn; model.blocks[].kernel cnn; model.blocks[].stride cnn; model.blocks[].pad cnn; model.blocks[].pool cnn",
		"optimizer.base.beta":  "optimizer.base.beta1 adam,adamw; optimizer.base.beta2 adam,adamw",
		"optimizer.b":          "optimizer.beta1 adam,adamw; optimizer.beta2 adam,adamw; optimizer.base sam",
		"stop":                 "stop; stop.train_loss; stop.max_epochs; stop.every",
		"schedule.then.g":      "schedule.then.gamma step",
	} {
		if got := strings.Join(paths(prefix), "; "); got != want && !(prefix == "optimizer.b" && strings.HasPrefix(got, want)) {
			t.Errorf("%q: %s, want %s", prefix, got, want)
		}
	}
	for key, want := range map[string]string{
		"optimizer.p": "a number ≥ 1, or .inf [2]", "optimizer.nesterov": "true or false [false]", "epochs": "a whole number ≥ 1 and ≤ 1000000 []",
		"checkpoint_after": "a duration such as 90s or 1h30m, or 0 [1m0s]", "data.label_noise": "a finite number ≥ 0 and ≤ 1 [0]", "data.pool": "one of shared, disjoint [shared]",
		"data.source": "one of full, golearn []", "data.file": `a text [""]`, "data.train": "a whole number ≥ 1 [1024 60]", "stop": "keys train_loss, max_epochs, every []",
		"model.hidden": "a whole number ≥ 1 and ≤ 1048576, or a list of them, at most 1000, or [] for none [[]]",
	} {
		all, _ := Reference(key)
		var defaults []string
		for _, d := range all[0].Defaults {
			defaults = append(defaults, d.Value)
		}
		if got := fmt.Sprint(all[0].Expected, " ", defaults); got != want {
			t.Errorf("%s: %s, want %s", key, got, want)
		}
	}
	for word, near := range map[string]string{"optimizer.roh": "optimizer.rho", "rho": "optimizer.rho", "dtaa": "data", "lable_noise": "data.label_noise", "xxxxxxxxxxxxxx": ""} {
		_, err := Reference(word)
		if e, ok := err.(*kind.Error); !ok || e.Nearest != near || e.Value != word {
			t.Errorf("%s: %v, want %q", word, err, near)
		}
	}
}

func TestComplete(t *testing.T) {
	for begun, want := range map[string]string{
		"optimizer.r": "optimizer.rho=", "see": "seed=", "measures": "measures=", "optimizer.base.ne": "optimizer.base.nesterov=", "optimizer.momentum": "optimizer.momentum=",
		"watch.u": "watch.unit=", "ext": "", "sweep": "", "zzz": "", "seed=": "", "zzz=": "", "lr=0": "",
		"data.kind=": "data.kind=cifar10 data.kind=csv data.kind=fashion data.kind=mnist data.kind=spirals", "data=m": "data=mnist",
		"optimizer.base=": "optimizer.base=adam optimizer.base=adamw optimizer.base=rmsprop optimizer.base=sam optimizer.base=sgd", "optimizer.base.kind=sgd,r": "optimizer.base.kind=sgd,rmsprop",
		"measures=gr": "measures=gradnorm", "measures=[msharp,gr": "measures=[msharp,gradnorm", "watch.measures=nor": "watch.measures=norm",
		"test_at=": "test_at=last test_at=best_val", "optimizer.nesterov=t": "optimizer.nesterov=true", "model.activation=": "model.activation=relu model.activation=tanh",
	} {
		var got []string
		for _, v := range Complete(begun) {
			got = append(got, v.Name)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %q, want %q", begun, got, want)
		}
	}
	if words := Complete("optimizer.rho"); len(words) != 1 || words[0].Meaning != "ρ, radius of the ascent" {
		t.Errorf("%+v", words)
	}
}
