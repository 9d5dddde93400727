package config

import (
	"reflect"
	"strings"

	"gopkg.in/yaml.v3"

	"msharp/models/kind"
)

// Decoder reads many Configs from what Encoder.Text gives of them. A member that several texts have is read once, and the Configs share what
// it holds. One goroutine at a time may use it.
type Decoder struct {
	known map[string]member // by text
	under Config            // the one under way
}

// member is what a text says of a top-level key.
type member struct {
	key   string
	value reflect.Value
}

// NewDecoder returns a Decoder that has read nothing.
func NewDecoder() *Decoder { return &Decoder{known: map[string]member{}} }

// Decode reads settings. Keys that they lack are at their defaults. It is not ok if kind.Decode would find a fault, and for some texts that
// no Encoder gives.
func (d *Decoder) Decode(t Text) (c Config, ok bool) {
	d.under = none
	last := ""
	for text := range t.Members() {
		m, ok := d.member(text)
		if !ok || m.key <= last { // in order none stands twice
			return c, false
		}
		last = m.key
		kind.Field(&d.under, m.key).Set(m.value)
	}
	return d.under, last != ""
}

// member reads one member of an object.
func (d *Decoder) member(text string) (m member, ok bool) {
	if m, ok = d.known[text]; ok {
		return m, true
	}
	key, value, ok := strings.Cut(strings.TrimPrefix(text, `"`), `":`)
	if !ok || value == "" {
		return m, false
	}
	node := &yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{scalar(key, 0), scalar(value, 0)}}
	if !strings.Contains("0123456789", value[:1]) { // else it is a number, which needs no parser
		if node = new(yaml.Node); yaml.Unmarshal([]byte("{"+text+"}"), node) != nil {
			return m, false
		}
	}
	m.key = key
	if m.value, ok = decoded(key, node); ok {
		remember(d.known, text, m)
	}
	return m, ok
}

// decoded returns what a mapping of at most one top-level key says of it: the field of a Config, at its default without the key. It is not ok
// if kind.Decode finds a fault.
func decoded(key string, mapping *yaml.Node) (field reflect.Value, ok bool) {
	c := none
	field = kind.Field(&c, key)
	return field, field.IsValid() && kind.Decode(mapping, &c) == nil
}
