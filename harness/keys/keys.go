// Package keys tells what a configuration may hold. It walks the Go types that the decoder reads, with their tags and defaults, and takes the
// meaning of a key from the comment beside its field. Three readers share the walk: the reference in words (Reference), the JSON Schema (Schema)
// and the completion of words of the command line (Complete).
package keys

import (
	"reflect"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"msharp/harness/config"
	"msharp/models/kind"
)

// Key is a key of a configuration as some kinds have it: alike in all but its default.
type Key struct {
	Path     string    // "optimizer.rho"; a place in a list is [], "measures[].m"
	Kinds    []string  // that have it; nil if it hangs on no kind
	Expected string    // what it takes, in the words of the error that refuses anything else
	Needed   bool      // it must be given
	Defaults []Default // one, or one for each value that kinds differ in; none if there is no default
	Meaning  string
	Values   []Value // that there are, where they are listed
	As       string  // the key whose kinds are those inside this one, and stand there; "" if there is none
}

// Default is what a key holds where it is not given.
type Default struct {
	Value string   // as YAML
	Kinds []string // of the key's, that have it
}

// Value is one of the values of a key.
type Value struct{ Name, Meaning string }

// Reference returns the keys that begin with a prefix, in the order of the code. Places in lists may be left out or numbered. A kind's keys inside
// itself, as those of optimizer.base, are there if the prefix leads to them. If there is no key, the error is a *kind.Error that names the
// nearest.
func Reference(prefix string) ([]Key, error) {
	file := config.DefaultFile()
	w := walk{prefix: plain(prefix), seen: map[reflect.Type]string{}}
	w.mapping("", nil, kind.PlaceOf(&file).Keys())
	if len(w.keys) == 0 {
		return nil, &kind.Error{Value: prefix, Problem: "no key begins so", Expected: "the beginning of a key, such as optimizer or data.train", Nearest: nearest(prefix)}
	}
	return w.keys, nil
}

// nearest returns the key that is most like a word, or whose last name is.
func nearest(word string) string {
	all, _ := Reference("")
	var paths, names []string
	for _, k := range all {
		paths = append(paths, k.Path)
		names = append(names, k.Path[strings.LastIndexByte(k.Path, '.')+1:])
	}
	near := kind.Nearest(word, slices.Concat(paths, names))
	if i := slices.Index(names, near); i >= 0 {
		return paths[i]
	}
	return near
}

var places = regexp.MustCompile(`\[[^\]]*\]?`)

// plain returns a path without its places in lists.
func plain(path string) string { return places.ReplaceAllString(path, "") }

// walk gathers keys.
type walk struct {
	prefix string // of those that are asked for, plain
	seen   map[reflect.Type]string
	keys   []Key
}

// asked reports whether a key is asked for, or leads to one that is.
func (w *walk) asked(path string) (itself, leads bool) {
	path = plain(path)
	return strings.HasPrefix(path, w.prefix), strings.HasPrefix(w.prefix, path+".")
}

// held is a place as one kind has it; the kind is "" outside of kinds.
type held struct {
	kind string
	kind.Place
}

// mapping gathers the keys of a mapping that some kinds have alike.
func (w *walk) mapping(path string, kinds []string, keys []kind.Key) {
	for _, k := range keys {
		at := []held{{"", k.Place}}
		if len(kinds) > 0 {
			at = nil
		}
		for _, name := range kinds {
			at = append(at, held{name, k.Place})
		}
		w.place(join(path, k.Key), at)
	}
}

// place gathers a key that stands at places which are alike, and what is inside them.
func (w *walk) place(path string, at []held) {
	itself, leads := w.asked(path)
	if !itself && !leads {
		return
	}
	key := keyOf(path, at)
	inner, inside := at[0].Place, path
	if inner.Sort() == kind.List {
		inner, inside = inner.Item(), path+"[]"
	}
	switch inner.Sort() {
	case kind.Kinded:
		if !leads {
			if key.As = w.seen[inner.Type()]; key.As == "" {
				w.seen[inner.Type()] = path
			}
		}
		w.add(key)
		if key.As == "" {
			w.kinded(inside, inner)
		}
	case kind.Mapping:
		w.add(key)
		w.mapping(inside, key.Kinds, inner.Keys())
	default:
		w.add(key)
	}
}

// add gathers a key if it is asked for.
func (w *walk) add(k Key) {
	if itself, _ := w.asked(k.Path); itself {
		w.keys = append(w.keys, k)
	}
}

// kinded gathers the keys of all kinds of a place: kind, and then key by key in the order of the kinds that have them.
func (w *walk) kinded(path string, p kind.Place) {
	kinds := p.Kinds()
	which := Key{Path: join(path, "kind"), Needed: p.Kind() == "", Meaning: "which " + p.What(), Values: values(p)}
	var names []string
	for _, v := range which.Values {
		names = append(names, v.Name)
	}
	which.Expected = "one of " + strings.Join(names, ", ")
	if name := p.Kind(); name != "" {
		which.Defaults = []Default{{Value: name}}
	}
	w.add(which)
	for _, group := range alike(kinds) {
		w.place(join(path, group.key), group.places)
	}
}

// group is a key as some kinds have it alike.
type group struct {
	key    string
	places []held
}

// alike divides the keys of kinds into groups.
func alike(kinds []kind.Key) (groups []group) {
	for _, of := range kinds {
		for _, k := range of.Keys() {
			i := slices.IndexFunc(groups, func(g group) bool {
				p := g.places[0].Place
				return g.key == k.Key && p.Expected() == k.Expected() && meaningOf(p) == meaningOf(k.Place)
			})
			if i < 0 {
				i, groups = len(groups), append(groups, group{key: k.Key})
			}
			groups[i].places = append(groups[i].places, held{of.Key, k.Place})
		}
	}
	return groups
}

// keyOf returns the key of places that are alike.
func keyOf(path string, at []held) Key {
	p := at[0].Place
	k := Key{Path: path, Expected: p.Expected(), Needed: p.Needed(), Meaning: meaningOf(p), Values: values(p)}
	for _, h := range at {
		var in []string
		if h.kind != "" {
			k.Kinds, in = append(k.Kinds, h.kind), []string{h.kind}
		}
		if text, ok := defaultOf(h.Place); ok {
			if i := slices.IndexFunc(k.Defaults, func(d Default) bool { return d.Value == text }); i >= 0 {
				k.Defaults[i].Kinds = append(k.Defaults[i].Kinds, in...)
			} else {
				k.Defaults = append(k.Defaults, Default{text, in})
			}
		}
	}
	return k
}

// defaultOf returns the default of a place as YAML; not ok for a place without one, and for a mapping, whose keys have theirs.
func defaultOf(p kind.Place) (text string, ok bool) {
	switch {
	case p.Needed() || !p.IsSet() || p.Sort() == kind.Mapping:
		return "", false
	case p.Sort() == kind.Kinded:
		return p.Kind(), p.Kind() != ""
	}
	var node yaml.Node
	if err := node.Encode(kind.EncodeField(p.Default, reflect.Value{})); err != nil {
		panic(err) // what is encoded is YAML
	}
	node.Style |= yaml.FlowStyle
	b, err := yaml.Marshal(&node)
	if err != nil {
		panic(err)
	}
	return strings.TrimSpace(string(b)), true
}

// values returns the kinds, the names or the truth values that may stand at a place, or as an item of a list there.
func values(p kind.Place) (all []Value) {
	switch p.Sort() {
	case kind.List:
		return values(p.Item())
	case kind.Kinded:
		for _, k := range p.Kinds() {
			all = append(all, Value{k.Key, meaningOfKind(k.Type())})
		}
	case kind.Truth:
		return []Value{{Name: "true"}, {Name: "false"}}
	case kind.Word:
		for _, name := range p.Names() {
			all = append(all, Value{Name: name})
		}
	}
	return all
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
