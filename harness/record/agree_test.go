package record

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

// shown writes all of a record, so that nil and empty differ, −0 and 0 differ, and NaN equals NaN.
func shown(r Record) string {
	run := r.Run
	r.Run = nil
	if run == nil {
		return fmt.Sprintf("%#v", r)
	}
	return fmt.Sprintf("%#v %#v", r, *run)
}

// reads lists the parts that a decoder may leave out.
var reads = []Without{0, WithoutEpochs, WithoutConfusion, WithoutNumbers, WithoutEpochs | WithoutConfusion | WithoutNumbers}

// agree checks that a decoder reads a usual line as parse does, without the parts left out, whatever it has read before. It returns whether
// the line is usual.
func agree(t *testing.T, decoders map[Without]*decoder, line []byte) bool {
	t.Helper()
	want, err := parse(line)
	_, whole := newDecoder(0).usual(line)
	for _, w := range reads {
		if decoders[w] == nil {
			decoders[w] = newDecoder(w)
		}
		got, ok := decoders[w].usual(line)
		if ok != whole {
			t.Errorf("%.200q: usual is %v without %b", line, ok, w)
		}
		if ok && (err != nil || shown(got) != shown(w.from(want))) {
			t.Errorf("%.200q without %b:\n got %s\nwant %s, error %v", line, w, shown(got), shown(w.from(want)), err)
		}
	}
	return whole
}

// A line that Append writes is usual, whatever its fields hold: the fast way reads it.
func TestWrittenLinesAreUsual(t *testing.T) {
	decoders := map[Without]*decoder{}
	whole := full("a")
	whole.Run.Error = "open \"data\": <no> such\tfile, ü \u2028"
	everyField(t, reflect.ValueOf(whole), "record")
	recs := []Record{whole, {ID: "b", Status: Failed, Values: Values{}, Run: &Run{}}, {ID: "ü", Values: Values{Numbers: numbers("a<b", nan)}},
		{ID: "c", Status: Diverged, Config: map[string]any{"x": nil, "list": []any{}, "": map[string]any{}, "a\"b": "{[\\"}, Values: Values{Numbers: numbers("a", 1e-300, "b", 1e300, "c", nan)}, Epochs: []Epoch{{1, nan, nan, nan}}}}
	for i := range 3 * perSetting {
		recs = append(recs, synthetic{heavy: i%2 > 0}.record(i))
	}
	for _, r := range recs {
		for _, end := range []string{"\n", "\r\n"} {
			if l := line(t, r) + end; !agree(t, decoders, []byte(l)) {
				t.Errorf("not usual: %.300s", l)
			}
		}
	}
}

// everyField checks that no field of a struct, or of a struct inside it, is empty.
func everyField(t *testing.T, v reflect.Value, name string) {
	t.Helper()
	switch {
	case v.Kind() == reflect.Pointer, v.Kind() == reflect.Slice && v.Len() > 0 && v.Type().Elem().Kind() == reflect.Struct:
		if v.Kind() == reflect.Slice {
			v = v.Index(0).Addr()
		}
		everyField(t, v.Elem(), name)
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).Tag.Get("json") == "-" {
				continue
			}
			everyField(t, v.Field(i), name+"."+v.Type().Field(i).Name)
		}
	case v.IsZero():
		t.Errorf("%s is empty", name)
	}
}

// A changed line is either read as parse reads it, or left to parse.
func TestChangedLinesAgree(t *testing.T) {
	decoders := map[Without]*decoder{}
	r := rand.New(rand.NewPCG(1, 2))
	one := full("a")
	one.Epochs[0].ValError, one.Run.Error = nan, "a\tb"
	text := line(t, one)
	puts := []string{"", " ", "\x00", "\xff", "ü", `"`, `\`, "{", "}", "[", "]", ",", ":", "0", "1", "-", ".", "e5", "e999", "null", "true"}
	usual := 0
	for i := range text {
		for range 5 {
			put, cut := puts[r.IntN(len(puts))], min(i+r.IntN(3), len(text))
			if agree(t, decoders, []byte(text[:i]+put+text[cut:]+"\n")) {
				usual++
			}
		}
	}
	if usual < 500 {
		t.Errorf("only %d of the changed lines are usual", usual)
	}
}

// lines that look usual and are not
var unusualLines = []string{
	``, `{}`, `null`, `{"id":"a"}`, `{"id":"","values":{}}`, `{"id":"a","values":{}}x`, `{"id":"a","values":{}}}`, `{"id":"a","status":"running","values":{}}`,
	`{"id":"a","values":null}`, `{"id":"a","values":{"x":1e999}}`, `{"id":"a","values":{"x":01}}`, `{"id":"a","values":{"x":1.}}`, `{"id":"a","values":{"x":.5}}`,
	`{"id":"a","values":{"x":+1}}`, `{"id":"a","values":{"x":0x1p3}}`, `{"id":"a","values":{"x":1_000}}`, `{"id":"a","values":{"x":Inf}}`, `{"id":"a","values":{"x":-}}`, `{"id":"a","values":{"x":1e}}`,
	`{"id":"a","values":{"test_blocks":null}}`, `{"id":"a","values":{"test_blocks":{"examples":[],"errors":[],"loss":[]}}}`, `{"id":"a","values":{"test_blocks":{"examples":[2],"errors":[1],"loss":["1"]}}}`,
	`{"id":"a","values":{"test_blocks":{"examples":[2],"errors":[1,1],"loss":[1]}}}`, `{"id":"a","values":{"test_blocks":{"examples":[2],"errors":[1],"loss":[1],"errors_at_best_val":[1,2]}}}`,
	`{"id":"a","values":{"x":"1"}}`, `{"id":"a","values":{"confusion":null}}`, `{"id":"a","values":{"confusion":[]}}`, `{"id":"a","values":{"confusion":[[]]}}`, `{"id":"a","values":{"confusion":[[1.5]]}}`,
	`{"id":"a","values":{"confusion":[[1e2]]}}`, `{"id":"a","values":{"confusion":[[99999999999999999999]]}}`, `{"id":"a","values":{"confusion":[[01]]}}`, `{"id":"a","values":{"confusion":[[null]]}}`,
	`{"id":"a","config":null,"values":{}}`, `{"id":"a","config":{"x":{]},"values":{}}`, `{"id":"a","config":{"x":1 2},"values":{}}`, `{"id":"a","config":{"x":},"values":{}}`, `{"id":"a","config":{"x":tru},"values":{}}`,
	`{"id":"a","config":{"x":1},"config":{"y":1},"values":{}}`, `{"id":"a","config":{"x":` + strings.Repeat("[", 9999) + strings.Repeat("]", 9999) + `},"values":{}}`,
	`{"id":"a","values":{},"epochs":[]}`, `{"id":"a","values":{},"epochs":null}`, `{"id":"a","values":{},"epochs":[{"epoch":null,"train_loss":1,"perturbed_loss":1,"val_error":1}]}`,
	`{"id":"a","values":{},"run":null}`, `{"id":"a","values":{},"run":{"train_seconds":null,"measure_seconds":1}}`, `{"ID":"a","values":{}}`, `{"id":"a", "values":{}}`,
	"{\"id\":\"a\xff\",\"values\":{}}", "{\"id\":\"a\x01\",\"values\":{}}", `{"id":"a\ud800","values":{}}`, `{"id":"a\x","values":{}}`, `{"id":"a`, `{"id":"a\`, `{"id":"a","config":{"x":"`,
}

func TestUnusualLinesAgree(t *testing.T) {
	decoders := map[Without]*decoder{}
	usual := 0
	for _, l := range unusualLines {
		if agree(t, decoders, []byte(l+"\n")) {
			usual++
		}
	}
	if usual > 1 { // a lone surrogate is written by nobody, and read alike
		t.Errorf("%d lines are usual", usual)
	}
	same := []string{`{"id":"a","values":{"x":1,"x":2,"confusion":[[1]],"confusion":[[2]]}}`, `{"id":"a","config":{"x":{"y":1},"x":{"z":1}},"values":{}}`, `{"id":"a","values":{"x":-0,"y":1.0,"z":1E+2}}`}
	for _, l := range same {
		if !agree(t, decoders, []byte(l)) {
			t.Errorf("not usual: %s", l)
		}
	}
}

// A decoder that remembers no more values still reads correctly.
func TestDecoderRemembersSoMuch(t *testing.T) {
	d := newDecoder(0)
	decoders := map[Without]*decoder{0: d}
	for i := range remembered + 100 {
		line := fmt.Appendf(nil, `{"id":"a","config":{"k%d":{"x":%d}},"values":{"v%d":%d}}`, i, i, i, i)
		if _, ok := d.usual(line); !ok || i > remembered && !agree(t, decoders, line) {
			t.Fatalf("not usual: %s", line)
		}
	}
	if len(d.names) != remembered || len(d.settings) != remembered {
		t.Errorf("it remembers %d strings and %d values", len(d.names), len(d.settings))
	}
}

// FuzzUsual tests the same for any line.
func FuzzUsual(f *testing.F) {
	for _, l := range unusualLines {
		f.Add([]byte(l))
	}
	f.Add([]byte(line(f, full("a"))))
	f.Add([]byte(line(f, synthetic{heavy: true}.record(1))))
	decoders := map[Without]*decoder{}
	f.Fuzz(func(t *testing.T, line []byte) { agree(t, decoders, line) })
}
