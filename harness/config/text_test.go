package config

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// Pieces are the whole, one after the other: of an object, its members.
func TestPieces(t *testing.T) {
	for _, want := range [][]string{
		{`{`, `}`},
		{`{`, `"a":1`, `}`},
		{`{`, `"a":{"b":[1,{"c":2}],"d":3}`, `,"e":"x,{\"\\"`, `,"f":[]`, `}`},
		{`{`, ` "a" : 1 `, `, "b":2`, `} `},
		{`[{"a":1},{"b":2}]`}, {`"{"`}, {`5`}, {`null`}, {``},
		{`{`, `"a":1`, `},{"b":2`}, // no JSON
		{`{`, `"a`}, {`{`, `"a":1`, `}}`},
	} {
		whole := strings.Join(want, "")
		var got []string
		for piece := range Pieces([]byte(whole)) {
			got = append(got, string(piece))
		}
		if strings.Join(got, "") != whole || json.Valid([]byte(whole)) && !slices.Equal(got, want) {
			t.Errorf("%q are the pieces of %s", got, whole)
		}
		var text Text
		if !json.Valid([]byte(whole)) {
			continue
		}
		if err := json.Unmarshal([]byte(whole), &text); err != nil || text.String() != strings.TrimSpace(whole) {
			t.Errorf("%q, %v of %s", text, err, whole)
		}
		again, err := json.Marshal(text)
		if err != nil || !json.Valid(again) {
			t.Errorf("%s, %v of %s", again, err, whole)
		}
	}
	if text, err := json.Marshal(struct{ T Text }{}); err != nil || string(text) != `{"T":null}` {
		t.Errorf("no text is %s, %v", text, err)
	}
}

// What an Encoder and a Decoder remember does not depend on how much they have seen.
func TestManyConfigs(t *testing.T) {
	const many = remembered + 1000
	c := plan(t, base4).Trials[0].Config
	encoder, decoder := NewEncoder(), NewDecoder()
	for i := range 2 * many {
		c.Seed = uint64(i % many)
		if id := encoder.ID(c, "sha", 1); i%997 == 0 && id != ID(c, "sha", 1) {
			t.Fatalf("seed %d has id %s", c.Seed, id)
		}
		text := encoder.Text(c)
		got, ok := decoder.Decode(text)
		if got.Asked = c.Asked; !ok || got.Seed != c.Seed || i%997 == 0 && !reflect.DeepEqual(got, c.Canonical()) {
			t.Fatalf("%s is read as %+v", text, got)
		}
	}
	for i := range encoder.keys {
		if k := encoder.keys[i]; len(k.whole) > remembered || len(k.differing) > remembered {
			t.Errorf("%d and %d values of %s are remembered", len(k.whole), len(k.differing), k.key)
		}
	}
}

// What a Decoder does not take is left to kind.Decode: a fault, and a key that stands twice or out of its order.
func TestDecoderDeclines(t *testing.T) {
	for text, want := range map[string]bool{
		`{"lr":0.2,"seed":3}`: true, `{"seed":3}`: true, `{"schedule":{"kind":"step","every":3},"seed":18}`: true,
		`{"seed":3,"seed":3}`: false, `{"seed":3,"lr":0.2}`: false, `{"seed":"3"}`: false, `{"seed":-3}`: false, `{"seed":03}`: false, `{"seed":3 }`: true, `{"seed": 3}`: true,
		`{"sead":3}`: false, `{"trace":"step"}`: true, `{"seed":}`: false, `{}`: false, `[]`: false, `null`: false, ``: false, `{"seed":3,}`: false, `{"lr":1e999}`: false, `{"seed":2001-01-01}`: false,
	} {
		c, ok := NewDecoder().Decode(slices.Collect(func(yield func(string) bool) {
			for piece := range Pieces([]byte(text)) {
				if !yield(string(piece)) {
					return
				}
			}
		}))
		if ok != want || ok && strings.Contains(text, "seed") && c.Seed < 3 {
			t.Errorf("%s is read as %+v, %v", text, c, ok)
		}
	}
}

// The work of planning a trial is that of what is new in it.
func TestPlanningAllocatesLittle(t *testing.T) {
	for _, c := range []struct {
		words []string
		most  float64 // allocations a trial
	}{
		{[]string{"seed=range(1,4001)", "optimizer.rho=0.1", "optimizer.m=1"}, 40},
		{[]string{"seed=range(1,201)", "optimizer.rho=range(1,21)", "optimizer.m=1"}, 30},
		{[]string{"seed=1", "optimizer.rho=range(1,4001)", "optimizer.m=1"}, 120},
	} {
		const trials = 4000
		got := testing.AllocsPerRun(1, func() {
			if s := plan(t, small, c.words...); len(s.Trials) != trials {
				t.Fatalf("%d trials", len(s.Trials))
			}
		}) / trials
		if got > c.most {
			t.Errorf("%q: %.1f allocations a trial, more than %g", c.words, got, c.most)
		}
	}
}
