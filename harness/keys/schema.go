package keys

import (
	"bytes"
	"encoding/json"
	"maps"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"msharp/harness/config"
	"msharp/models/kind"
)

// object is a JSON Schema, or a part of one.
type object map[string]any

// Schema returns the JSON Schema (draft 7) of a configuration file. It takes every file that the program takes, and refuses what is wrong with a
// key by itself: an unknown one, one of another kind, a value out of its range. What hangs on several keys, on the data or on the file that a
// file extends is the program's to check.
func Schema() []byte {
	file := config.DefaultFile()
	keys := kind.PlaceOf(&file).Keys()
	definitions := object{"range": object{"type": "string", "pattern": `^range\(\s*[0-9]+\s*,\s*[0-9]+\s*\)$`}}
	root := object{
		"$schema": "http://json-schema.org/draft-07/schema#", "title": "a configuration of trials", "definitions": definitions,
		"if": object{"not": object{"required": []string{"extends"}}}, "then": object{"allOf": alone(keys)},
	}
	s := &schema{root, definitions}
	maps.Copy(root, s.mapping(keys, false))
	root["properties"].(object)["name"].(object)["anyOf"] = orNull(object{"type": "string", "pattern": config.NameForm})
	definitions["grid"] = s.grid(keys)
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(root); err != nil {
		panic(err) // maps of texts and numbers are JSON
	}
	return b.Bytes()
}

// schema gathers definitions, one for each type of a mapping and for each type of which there are kinds. Mappings in a list are whole. Any other
// may be merged into one of the file that is extended, where null takes a key out, or get keys from the sweep: there nothing must be given.
type schema struct{ root, definitions object }

// define makes a definition, once, and returns its name.
func (s *schema) define(name string, make func() object) string {
	if s.definitions[name] == nil {
		s.definitions[name] = object{} // what is inside itself refers to it
		s.definitions[name] = make()
	}
	return name
}

func defined(name string) object { return object{"$ref": "#/definitions/" + name} }

// value returns the schema of what stands at a place.
func (s *schema) value(p kind.Place, whole bool) object {
	switch p.Sort() {
	case kind.Kinded:
		return defined(s.kinded(p, whole))
	case kind.Mapping:
		return defined(s.define(name(p), func() object { return s.mapping(p.Keys(), whole) }))
	case kind.List:
		least := 1
		if p.EmptyOK() {
			least = 0
		}
		return listed(s.value(p.Item(), true), least, p.Most())
	case kind.Whole:
		return bounded("integer", p)
	case kind.Real:
		number := bounded("number", p)
		if _, high, infinite := p.Bounds(); infinite {
			return object{"anyOf": []object{number, {"const": ".inf"}}}
		} else if high == nil {
			number["maximum"] = math.MaxFloat64 // to readers of YAML .inf is a number
		}
		return number
	case kind.Duration:
		return object{"anyOf": []object{{"type": "string", "pattern": `^\+?(0|(([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$`}, {"const": 0}}}
	case kind.Truth:
		return object{"type": "boolean"}
	}
	if names := p.Names(); names != nil {
		return object{"enum": names}
	}
	return object{"type": []string{"string", "number", "boolean"}} // all of which is read as text
}

// listed returns the schema of an item, or a list of items.
func listed(item object, least, most int) object {
	list := object{"type": "array", "items": item, "minItems": least}
	if most > 0 {
		list["maxItems"] = most
	}
	return object{"anyOf": []object{item, list}}
}

// bounded returns the schema of a number in its interval.
func bounded(of string, p kind.Place) object {
	number := object{"type": of}
	low, high, _ := p.Bounds()
	for _, end := range []struct {
		*kind.Bound
		included, excluded string
	}{{low, "minimum", "exclusiveMinimum"}, {high, "maximum", "exclusiveMaximum"}} {
		switch {
		case end.Bound == nil:
		case end.Excluded:
			number[end.excluded] = end.At
		default:
			number[end.included] = end.At
		}
	}
	return number
}

// mapping returns the schema of a mapping with these keys and no others.
func (s *schema) mapping(keys []kind.Key, whole bool) object {
	properties, needed := object{}, []string{}
	for _, k := range keys {
		value := []object{s.value(k.Place, whole)}
		if !whole || k.Nullable() {
			value = orNull(value[0])
		}
		properties[k.Key] = object{"description": meaningOf(k.Place), "anyOf": value}
		if k.Needed() {
			needed = append(needed, k.Key)
		}
	}
	m := object{"type": "object", "properties": properties, "additionalProperties": false}
	if whole && len(needed) > 0 {
		m["required"] = needed
	}
	return m
}

func orNull(value object) []object { return []object{value, {"type": "null"}} }

// kinded defines what a place of several kinds takes, and returns the name of the definition. The kinds are definitions too.
func (s *schema) kinded(p kind.Place, whole bool) string {
	return s.define(name(p), func() object {
		names := defined(s.define(name(p)+".kind", func() object {
			var names []object
			for _, k := range p.Kinds() {
				names = append(names, object{"const": k.Key, "description": meaningOfKind(k.Type())})
			}
			return object{"description": "which " + p.What(), "anyOf": names}
		}))
		m := object{"type": "object", "properties": object{"kind": names}}
		var cases []object
		for _, k := range p.Kinds() {
			s.define(name(p)+"."+k.Key, func() object {
				m := s.mapping(k.Keys(), whole)
				m["properties"].(object)["kind"] = true
				return m
			})
			given := object{"properties": object{"kind": object{"const": k.Key}}, "required": []string{"kind"}}
			cases = append(cases, object{"if": given, "then": defined(name(p) + "." + k.Key)})
		}
		if whole {
			m["required"] = []string{"kind"}
		} else {
			cases = append(cases, object{"if": object{"not": object{"required": []string{"kind"}}}, "then": s.unkinded(p)})
		}
		m["allOf"] = cases
		return object{"anyOf": []object{names, m}}
	})
}

// name returns the name of the definition of a mapping, or of a place of several kinds.
func name(p kind.Place) string {
	if p.Sort() == kind.Kinded {
		return strings.ReplaceAll(p.What(), " ", "-")
	}
	return strings.ToLower(p.Type().Name())
}

// unkinded returns the schema of a mapping without its kind: each key is as one of the kinds has it.
func (s *schema) unkinded(p kind.Place) object {
	properties := object{}
	for _, k := range p.Kinds() {
		for _, key := range k.Keys() {
			s.add(properties, key.Key, property(name(p)+"."+k.Key, key.Key))
		}
	}
	return object{"type": "object", "properties": properties, "additionalProperties": false}
}

// property refers to what a key of a defined mapping takes.
func property(mapping, key string) object { return defined(mapping + "/properties/" + key) }

// add makes a key take one more form, if no form of it says the same.
func (s *schema) add(properties object, key string, form object) {
	var forms []object
	if known, ok := properties[key].(object); ok {
		forms = known["anyOf"].([]object)
	}
	if !slices.ContainsFunc(forms, func(known object) bool { return reflect.DeepEqual(s.at(known), s.at(form)) }) {
		properties[key] = object{"anyOf": append(forms, form)}
	}
}

// at returns what a form refers to.
func (s *schema) at(form object) any {
	path := strings.Split(form["$ref"].(string), "/")
	at := any(s.root)
	for _, part := range path[1:] {
		at = at.(object)[part]
	}
	return at
}

// alone returns what holds of a file that extends no other: no key is taken out, and mappings have the keys that must be given, unless the
// sweep has them.
func alone(keys []kind.Key) (rules []object) {
	for _, k := range keys {
		if !k.Nullable() {
			rules = append(rules, object{"properties": object{k.Key: object{"not": object{"type": "null"}}}})
		}
		switch k.Sort() {
		case kind.Kinded:
			rules = append(rules, given(k.Key, "kind"))
		case kind.Mapping:
			for _, inner := range k.Keys() {
				if inner.Needed() {
					rules = append(rules, given(k.Key, inner.Key))
				}
			}
		}
	}
	return rules
}

// given returns the schema of a file whose mapping under a key, if it is one, has another key, or whose sweep says it.
func given(key, inner string) object {
	says := object{"anyOf": []object{{"required": []string{key}}, {"required": []string{join(key, inner)}}}}
	swept := object{"required": []string{"sweep"}, "properties": object{"sweep": object{"anyOf": []object{says, {"type": "array", "contains": says}}}}}
	has := object{"properties": object{key: object{"if": object{"type": "object"}, "then": object{"required": []string{inner}}}}}
	return object{"anyOf": []object{has, swept}}
}

// grid returns the schema of a mapping of the sweep: of each key a value or a list of values.
func (s *schema) grid(keys []kind.Key) object {
	g := grid{s, object{}, object{}}
	for _, k := range keys {
		g.axis(k.Key, object{"$ref": "#/properties/" + k.Key}, k.Place, nil)
	}
	for key, value := range g.properties {
		g.properties[key] = listed(value.(object), 1, 0)
	}
	return object{"type": "object", "properties": g.properties, "patternProperties": g.patterns, "additionalProperties": false}
}

// grid gathers the keys that may be swept, each with the forms of one value.
type grid struct {
	*schema
	properties, patterns object
}

// axis adds a key that takes a form, and the keys inside it. around are the types around it of which there are kinds. A kind inside itself is
// gone into once, as in optimizer.base; further in any key passes.
func (g grid) axis(path string, form object, p kind.Place, around []reflect.Type) {
	if config.Fixed(path) {
		return
	}
	g.add(g.properties, path, form)
	value := p
	if p.Sort() == kind.List {
		value = p.Item()
	}
	switch value.Sort() {
	case kind.Whole, kind.Real, kind.Word:
		g.add(g.properties, path, defined("range"))
	}
	switch p.Sort() {
	case kind.Mapping:
		for _, k := range p.Keys() {
			g.axis(join(path, k.Key), property(name(p), k.Key), k.Place, around)
		}
	case kind.Kinded:
		if n := len(around); n > 1 && around[n-2] == p.Type() {
			g.patterns["^"+regexp.QuoteMeta(path)+`\.`] = true
			return
		}
		g.add(g.properties, join(path, "kind"), defined(name(p)+".kind"))
		around = append(slices.Clone(around), p.Type())
		for _, of := range p.Kinds() {
			for _, k := range of.Keys() {
				g.axis(join(path, k.Key), property(name(p)+"."+of.Key, k.Key), k.Place, around)
			}
		}
	}
}
