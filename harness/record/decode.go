package record

import (
	"bytes"
	"encoding/json"
	"slices"
	"unicode/utf8"
)

// decoder parses the lines that Append writes, several times faster than encoding/json; encoding/json parses all other lines. Equal strings
// of its records, and equal values of their configurations, share memory.
type decoder struct {
	scanner
	without  Without
	names    map[string]string // the strings, by themselves
	settings map[string]any    // the values, by their JSON

	entries []entry // of the current configuration
	numbers []named
	epochs  []Epoch
	counts  []int // rows of confusion, one after the other
	ends    []int // of the rows, in counts
}

type entry struct {
	key   string
	value any
}

type named struct {
	name  string
	value Number
}

// remembered is how many strings, and how many values, a decoder keeps to share.
const remembered = 1 << 14

func newDecoder(without Without) *decoder {
	return &decoder{without: without, names: map[string]string{}, settings: map[string]any{}}
}

// parse is the function parse without the parts that the decoder leaves out.
func (d *decoder) parse(line []byte) (Record, error) {
	if r, ok := d.usual(line); ok {
		return r, nil
	}
	r, err := parse(line)
	return d.without.from(r), err
}

// usual parses a line as Append writes it. If it is ok, the function parse gives the same record.
func (d *decoder) usual(line []byte) (r Record, ok bool) {
	d.scanner = scanner{text: bytes.TrimRight(line, " \t\r\n")}
	d.want(`{"id":`)
	r.ID = string(d.str())
	if d.next(`,"status":`) {
		r.Status = Status(d.name())
	}
	if d.next(`,"config":`) {
		r.Config = d.config()
	}
	d.want(`,"values":`)
	r.Values = d.values()
	if d.next(`,"epochs":`) {
		r.Epochs = d.allEpochs()
	}
	if d.next(`,"watch":`) {
		r.Watch = d.watch()
	}
	if d.next(`,"run":`) {
		r.Run = d.run()
	}
	d.want("}")
	return r, !d.bad && d.at == len(d.text) && check(r) == nil
}

// name steps over a string that many records have.
func (d *decoder) name() string {
	b := d.str()
	if name, ok := d.names[string(b)]; ok {
		return name
	}
	name := string(b)
	if len(d.names) < remembered {
		d.names[name] = name
	}
	return name
}

func (d *decoder) config() map[string]any {
	d.entries = d.entries[:0]
	d.want("{")
	for more := !d.next("}"); more; more = d.more("}") {
		key := d.name()
		d.want(":")
		d.entries = append(d.entries, entry{key, d.setting()})
	}
	config := make(map[string]any, len(d.entries)) // no larger than needed
	for _, e := range d.entries {
		config[e.key] = e.value
	}
	return config
}

// setting steps over a value of any kind.
func (d *decoder) setting() (v any) {
	text := d.value()
	if v, ok := d.settings[string(text)]; ok {
		return v
	}
	if !utf8.Valid(text) || json.Unmarshal(text, &v) != nil {
		d.stop()
	} else if len(d.settings) < remembered {
		d.settings[string(text)] = v
	}
	return v
}

func (d *decoder) values() (v Values) {
	d.numbers = d.numbers[:0]
	skip := d.without&WithoutNumbers != 0
	d.want("{")
	for more := !d.next("}"); more; more = d.more("}") {
		name := d.name()
		d.want(":")
		if name == confusion {
			v.Confusion = d.confusion()
		} else if name == blocks {
			v.Blocks = d.blocks()
		} else if n := d.floatUnless(skip); !skip {
			d.numbers = append(d.numbers, named{name, n})
		}
	}
	v.Numbers = make(map[string]Number, len(d.numbers))
	for _, n := range d.numbers {
		v.Numbers[n.name] = n.value
	}
	return v
}

// confusion steps over a table without empty rows.
func (d *decoder) confusion() [][]int {
	d.counts, d.ends = d.counts[:0], d.ends[:0]
	d.want("[")
	for more := true; more; more = d.more("]") {
		d.want("[")
		for more := true; more; more = d.more("]") {
			d.counts = append(d.counts, d.integer())
		}
		d.ends = append(d.ends, len(d.counts))
	}
	if d.without&WithoutConfusion != 0 {
		return nil
	}
	counts, table, from := slices.Clone(d.counts), make([][]int, len(d.ends)), 0
	for i, to := range d.ends {
		table[i], from = counts[from:to:to], to
	}
	return table
}

// allEpochs steps over a list that is not empty.
func (d *decoder) allEpochs() []Epoch {
	d.epochs = d.epochs[:0]
	skip := d.without&WithoutEpochs != 0
	d.want("[")
	for more := true; more; more = d.more("]") {
		d.epochs = append(d.epochs, d.epoch(skip))
	}
	if skip {
		return nil
	}
	return slices.Clone(d.epochs)
}

// epoch steps over an epoch. With skip its numbers are 0.
func (d *decoder) epoch(skip bool) (e Epoch) {
	d.want(`{"epoch":`)
	e.Epoch = d.integer()
	d.want(`,"train_loss":`)
	e.TrainLoss = d.floatUnless(skip)
	d.want(`,"perturbed_loss":`)
	e.PerturbedLoss = d.floatUnless(skip)
	d.want(`,"val_error":`)
	e.ValError = d.floatUnless(skip)
	d.want("}")
	return e
}

func (d *decoder) run() *Run {
	r := &Run{}
	d.want("{")
	if d.next(`"revision":`) {
		r.Revision = d.name()
		d.want(",")
	}
	if d.next(`"dirty":true,`) {
		r.Dirty = true
	}
	if d.next(`"results":`) {
		r.Results = d.integer()
		d.want(",")
	}
	if d.next(`"kernel":`) {
		r.Kernel = d.name()
		d.want(",")
	}
	if d.next(`"host":`) {
		r.Host = d.name()
		d.want(",")
	}
	if d.next(`"ended":`) {
		r.Ended = string(d.str())
		d.want(",")
	}
	d.want(`"train_seconds":`)
	r.TrainSeconds = d.seconds()
	d.want(`,"measure_seconds":`)
	r.MeasureSeconds = d.seconds()
	if d.next(`,"error":`) {
		r.Error = d.name()
	}
	d.want("}")
	return r
}
