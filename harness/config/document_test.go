package config

import (
	"testing"

	"msharp/models/kind"
)

// A document's faults have file and line, those found later too.
func TestDocument(t *testing.T) {
	type leaf struct {
		N int `yaml:"n" in:"[1,)"`
	}
	type tree struct {
		Leaves []leaf `yaml:"leaves"`
	}
	for text, want := range map[string]string{
		"":                           "a.yaml: the file is empty; expected leaves",
		"leaves: [":                  "a.yaml:2: did not find expected node content; expected YAML",
		"leaves: []\n---\nleaves: 1": "a.yaml:2: a second document; expected one configuration a file",
		"\nleafs: 1":                 `a.yaml:2: leafs = 1: unknown key; expected leaves; did you mean "leaves"?`,
		"leaves:\n- n: 1\n- n: 0":    "a.yaml:3: leaves[1].n = 0: out of range; expected a whole number ≥ 1",
		"leaves:\n- n: 1\n- n: 2":    "a.yaml:3: leaves[1].n: wrong",
	} {
		var v tree
		d, err := ReadDocument("a.yaml", []byte(text), "leaves")
		if err == nil {
			err = d.Decode(&v)
		}
		if err == nil {
			err = d.Locate(kind.Under("leaves[1]", &kind.Error{Key: "n", Problem: "wrong"}))
		}
		if err == nil || err.Error() != want {
			t.Errorf("%q: error %v, want %s", text, err, want)
		}
	}
}
