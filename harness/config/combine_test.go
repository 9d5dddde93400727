package config

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"msharp/models/kind"
)

// plainID is the definition of ID.
func plainID(t *testing.T, c Config, sha string) string {
	t.Helper()
	c = c.Canonical()
	d := Default()
	c.Asked = d.Asked
	text, err := json.Marshal(map[string]any{"config": kind.EncodeDiff(c, d), "data": sha, "results": ResultsVersion})
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}

// plainSettings is the definition of Settings.
func plainSettings(c Config) map[string]any {
	m := kind.Encode(c.Canonical())
	for _, key := range askedKeys {
		delete(m, key)
	}
	return m
}

// axisPool is keys and values to sweep, sound and not, that change and undo each other.
var axisPool = map[string][]string{
	"seed":                        {"1", "2", "'range(3, 6)'", "x", "-1", "18446744073709551616", "07"},
	"lr":                          {"0.1", "0.2", "1", ".1e1", "0", "null"},
	"clip":                        {"0", "0.5", "-0.0"},
	"epochs":                      {"3", "4", "null"},
	"stop":                        {"null", "{train_loss: 0.1, max_epochs: 5}", "{train_loss: 0.1}"},
	"stop.every":                  {"0", "3"},
	"batch_size":                  {"16", "8", "128"},
	"data.train":                  {"64", "40", "1000"},
	"data.label_noise":            {"0", "0.25"},
	"model":                       {"mlp", "{kind: mlp, hidden: [4, 4]}", "cnn", "{kind: mlp, hiden: 3}"},
	"model.hidden":                {"[8]", "8", "[]", "[4, 0]", "null"},
	"model.activation":            {"tanh", "relu"},
	"optimizer":                   {"sgd", "sam", "{kind: sam, rho: 0.3, base: adam}", "[1]"},
	"optimizer.kind":              {"sam", "sgd"},
	"optimizer.rho":               {"0", "0.05", "null", "-1"},
	"optimizer.m":                 {"0", "4", "5", "16"},
	"optimizer.base":              {"adam", "{kind: sgd, nesterov: true}", "sam"},
	"optimizer.base.weight_decay": {"0", "0.1"},
	"schedule":                    {"cosine", "{kind: warmup, epochs: 1, then: {kind: step, every: 2}}"},
	"schedule.epochs":             {"1", "2"},
	"lr.x":                        {"1"},
	"sead":                        {"1"},
}

// plainTrial is the definition of a combination's trial: the base with the values set, outermost first.
func plainTrial(base *yaml.Node, grid []axis, at []int) (Trial, error) {
	for _, i := range outermostFirst(grid) {
		if err := set(base, grid[i].key, clone(grid[i].values[at[i]])); err != nil {
			return Trial{}, err
		}
	}
	c := Default()
	if err := kind.Decode(base, &c); err != nil {
		return Trial{}, err
	}
	t, err := NewLoader("").Trial(c)
	return t, lineOf(base, err)
}

// randomSweep is a union of two grids.
func randomSweep(random *rand.Rand) string {
	keys := slices.Sorted(maps.Keys(axisPool))
	var text strings.Builder
	for range 2 {
		random.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
		var axes []string
		for _, key := range keys[:1+random.IntN(4)] {
			values := slices.Clone(axisPool[key])
			random.Shuffle(len(values), func(i, j int) { values[i], values[j] = values[j], values[i] })
			axes = append(axes, key+": ["+strings.Join(values[:1+random.IntN(len(values))], ", ")+"]")
		}
		fmt.Fprintf(&text, "  - {%s}\n", strings.Join(axes, ", "))
	}
	return text.String()
}

// A Config that shares its parts with those before it is the Config of its own mapping, and so are its id, its settings and its faults: in
// thousands of random unions of grids.
func TestCombinationsArePlain(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	head, _, _ := strings.Cut(small, "sweep:")
	sound, faulty := 0, 0
	for range 2000 {
		sweep := randomSweep(random)
		outline := func() (*yaml.Node, [][]axis) {
			_, base, grids, err := (&planner{}).outline("small.yaml", []byte(head+"sweep:\n"+sweep))
			if err != nil {
				t.Fatalf("%v in\n%s", err, sweep)
			}
			return base, grids
		}
		base, grids := outline()
		pristine, plain := outline()
		p, foundation, encoder, decoder := &planner{Loader: NewLoader("")}, newFoundation(base), NewEncoder(), NewDecoder()
		for g, grid := range grids {
			c := newCombiner(foundation, grid)
			product(grid, func(at []int) error {
				got, gotErr := p.combined(c, at)
				want, err := plainTrial(clone(pristine), plain[g], at)
				if !reflect.DeepEqual(gotErr, err) {
					t.Errorf("%v in grid %d of\n%s got error %v\nwant error %v", at, g, sweep, gotErr, err)
				}
				if err != nil {
					faulty++
					return nil
				}
				sound++
				if got.ID != plainID(t, want.Config, want.Source.SHA256) || !reflect.DeepEqual(got.Config, want.Config) {
					t.Errorf("%v in grid %d of\n%s got %+v\nwant %+v", at, g, sweep, got, want)
				}
				settings := plainSettings(want.Config)
				text, err := json.Marshal(settings)
				if err != nil {
					t.Fatal(err)
				}
				if got := encoder.Text(got.Config).String(); got != string(text) || !reflect.DeepEqual(encoder.Settings(want.Config), settings) {
					t.Errorf("settings %s\nwant %s", got, text)
				}
				again, ok := decoder.Decode(encoder.Text(got.Config))
				if again.Asked = got.Config.Asked; !ok || !reflect.DeepEqual(again, got.Config.Canonical()) {
					t.Errorf("%s is read as %+v, %v", text, again, ok)
				}
				return nil
			})
		}
	}
	if sound < 1000 || faulty < 1000 {
		t.Errorf("%d sound and %d faulty combinations", sound, faulty)
	}
}
