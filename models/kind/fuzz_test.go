package kind

import (
	"errors"
	"reflect"
	"testing"

	"gopkg.in/yaml.v3"
)

// small reports whether a document, its aliases followed, has fewer than *left nodes: one that contains itself has no end.
func small(n *yaml.Node, left *int) bool {
	if *left--; *left <= 0 {
		return false
	}
	if n.Alias != nil && !small(n.Alias, left) {
		return false
	}
	for _, c := range n.Content {
		if !small(c, left) {
			return false
		}
	}
	return true
}

// Whatever a document holds, decoding it gives settings or one *Error that says where. Accepted settings, written again, decode to the
// same.
func FuzzDecode(f *testing.F) {
	for _, text := range []string{
		"width: 5\nheight: 9\nrate: 1e-3\nany: -.5e3\nseed: 18446744073709551615\non: false\nmode: slow\ntitle: \"a\\nb\"",
		"layers: [1, 2]\ntags: []\nlid: ~\nsolid: ball\nsolids: [{kind: bag, inside: [ball], tie: {kind: box, sides: [3, 2, 1], lid: {wood: oak}}}]",
		"width: &n 6\nheight: *n\nlayers: &l [1]\ntags: *l\n", "{<<: {rate: 1}}", "? [a]\n: b", "'': 1", "solid: {kind: {}}", "rate: 0x10", "--- 5\n--- 6",
		"solid: {kind: shell, ball: {radius: .inf}}", "title: !!binary aGk=", "any: !!timestamp 2001-01-01", "on: !!bool ~", "norm: .inf\nstage: {flat: true}\nstages: [{}, {length: 3, slope: -1}]", "[]", "~", "",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var n yaml.Node
		limit := 10000
		if yaml.Unmarshal([]byte(text), &n) != nil || n.Kind == 0 || !small(&n, &limit) {
			return
		}
		s := preset()
		if err := Decode(&n, &s); err != nil {
			var e *Error
			if !errors.As(err, &e) || e.Line < 1 || e.Problem == "" {
				t.Fatalf("error %#v", err)
			}
			return
		}
		written, err := yaml.Marshal(Encode(s))
		if err != nil {
			t.Fatal(err)
		}
		again := preset()
		again.Lid = nil // null is not written
		if err := decodeInto(t, string(written), &again); err != nil {
			t.Fatalf("%v:\n%s", err, written)
		}
		if got, want := Encode(again), Encode(s); !reflect.DeepEqual(got, want) {
			t.Fatalf("written again:\n got %v\nwant %v", got, want)
		}
	})
}
