package kind

import (
	"reflect"
	"strconv"
	"strings"
)

// Place is a place in a YAML document, with what stands there by default: what Decode knows of it, told without a document.
type Place struct {
	Default reflect.Value // behind a pointer it may be nil
	Owner   reflect.Type  // the struct that has the place as a field; nil for other places
	Name    string        // of that field

	tag reflect.StructTag
}

// Sort is what a value is.
type Sort int

// The sorts of values.
const (
	Mapping  Sort = iota // of Keys
	Kinded               // a mapping whose kind says which keys it has, or the kind's name
	List                 // of Items, or an item alone
	Whole                // a whole number
	Real                 // a finite number; +∞ too in an interval that is closed there
	Duration             // as in Go
	Truth                // true or false
	Word                 // any scalar but null, or one of Names
)

// Key is a key of a mapping.
type Key struct {
	Key string
	Place
}

// PlaceOf returns the place that the struct v points to would be read from.
func PlaceOf(v any) Place { return Place{Default: reflect.ValueOf(v).Elem()} }

// Sort returns what stands at a place.
func (p Place) Sort() Sort {
	t := p.Type()
	if _, ok := reflect.Zero(t).Interface().(kinder); ok {
		return Kinded
	}
	return map[reflect.Kind]Sort{
		reflect.Struct: Mapping, reflect.Slice: List, reflect.Int: Whole, reflect.Uint64: Whole, reflect.Float64: Real,
		reflect.Int64: Duration, reflect.Bool: Truth, reflect.String: Word,
	}[t.Kind()]
}

// Type returns the Go type of what stands at a place, that behind a pointer.
func (p Place) Type() reflect.Type {
	t := p.Default.Type()
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t
}

// Expected says what a place takes, in the words of the error that refuses anything else.
func (p Place) Expected() string { return expected(p.Default.Type(), p.tag) }

// Nullable reports whether null may stand there.
func (p Place) Nullable() bool { return p.Default.Kind() == reflect.Pointer }

// Needed reports whether the place must be filled in a mapping that holds it.
func (p Place) Needed() bool { return needed(p.tag) }

// EmptyOK reports whether a list may be empty.
func (p Place) EmptyOK() bool { return emptyOK(p.tag) }

// Most returns how many items a list may have, 0 for any number.
func (p Place) Most() int { return most(p.tag) }

// Names returns what a Word may be, nil for anything.
func (p Place) Names() []string {
	if in := p.tag.Get("in"); p.Sort() == Word && in != "" {
		return strings.Split(in, "|")
	}
	return nil
}

// Bound is an end of an interval.
type Bound struct {
	At       float64
	Excluded bool
}

// Bounds returns the ends of the interval of a number, nil for none, and whether it holds +∞.
func (p Place) Bounds() (low, high *Bound, infinite bool) {
	in := p.tag.Get("in")
	if in == "" {
		return nil, nil, false
	}
	bound := func(text string, open bool) *Bound {
		at, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return nil
		}
		return &Bound{at, open}
	}
	lo, hi, _ := strings.Cut(in[1:len(in)-1], ",")
	return bound(lo, in[0] == '('), bound(hi, strings.HasSuffix(in, ")")), endless(in)
}

// IsSet reports whether the default is a value that the place takes: a number outside of its interval, a text that is none of the names and
// nil stand for nothing.
func (p Place) IsSet() bool {
	switch v := p.Default; {
	case p.Nullable():
		return !v.IsNil()
	case v.CanInt():
		return p.Sort() == Duration || inside(float64(v.Int()), p.tag.Get("in"))
	case v.CanUint():
		return inside(float64(v.Uint()), p.tag.Get("in"))
	case v.CanFloat():
		return inside(v.Float(), p.tag.Get("in"))
	case p.Sort() == Word:
		return len(p.Names()) == 0 || v.String() != ""
	case p.Sort() == List:
		return p.EmptyOK() || v.Len() > 0
	}
	return true
}

// Keys returns the keys of a Mapping, in order of declaration, each at its default.
func (p Place) Keys() (keys []Key) {
	v := p.Default
	if p.Nullable() {
		if v.IsNil() {
			v = atDefault(p.Type())
		}
		v = v.Elem()
	}
	for _, f := range fieldsOf(v.Type()).list {
		owner := v.Type()
		for _, i := range f.index[:len(f.index)-1] {
			owner = owner.Field(i).Type
		}
		name := owner.Field(f.index[len(f.index)-1]).Name
		keys = append(keys, Key{f.key, Place{Default: v.FieldByIndex(f.index), Owner: owner, Name: name, tag: f.tag}})
	}
	return keys
}

// Item returns the place of an item of a List.
func (p Place) Item() Place {
	return Place{Default: atDefault(p.Type().Elem()).Elem(), tag: p.tag}
}

// Kinds returns the kinds of a Kinded, in the order of their names: the Key is the name, the Place a Mapping.
func (p Place) Kinds() (kinds []Key) {
	_, names, specs := p.kinder().kinds()
	for i, spec := range specs {
		kinds = append(kinds, Key{names[i], PlaceOf(spec)})
	}
	return kinds
}

// Kind returns the kind that a Kinded has by default, "" for none.
func (p Place) Kind() string {
	name, _, _ := p.kinder().kinded()
	return name
}

// What returns the word for what a Kinded is: "optimizer".
func (p Place) What() string {
	what, _, _ := p.kinder().kinds()
	return what
}

func (p Place) kinder() kinder { return p.Default.Interface().(kinder) }

// kinder is an Any.
type kinder interface {
	kinds() (what string, names []string, specs []any) // each kind at its defaults
	kinded() (name string, spec, defaults any)
}
