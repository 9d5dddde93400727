package kind

import (
	"fmt"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"gopkg.in/yaml.v3"
)

// Decode reads a YAML node into the struct, slice or scalar that v points to. Fields that the node does not name stay as they are. A
// field's key is its `yaml` tag (",inline" for an embedded struct). Its `in` tag says what it may hold: for numbers an interval, "(0,1]"
// or "[1,)"; for strings names divided by |. A list of one may be written as a scalar; an empty list is refused unless the field is tagged
// `empty:"ok"`, and a list of more items than a tag `most:"1000"` allows. Numbers are decimal, and finite unless the interval is closed at
// infinity, "[1,]". A time.Duration is written as in Go and not negative: 90s, 1h30m, 0. A key tagged `needed:"yes"` must be given. Decode
// returns the first fault as an *Error. Place tells the same of a type without a document.
func Decode(n *yaml.Node, v any) error {
	return decode(resolve(n), reflect.ValueOf(v).Elem(), "")
}

func decode(n *yaml.Node, v reflect.Value, tag reflect.StructTag) error {
	n = resolve(n)
	if u, ok := v.Addr().Interface().(yaml.Unmarshaler); ok {
		return at(u.UnmarshalYAML(n), n.Line)
	}
	switch v.Kind() {
	case reflect.Pointer:
		if n.Tag == "!!null" {
			v.SetZero()
			return nil
		}
		if v.IsNil() {
			v.Set(atDefault(v.Type().Elem()))
		}
		return decode(n, v.Elem(), tag)
	case reflect.Struct:
		if err := decodeStruct(n, v); err != nil {
			return err
		}
		if c, ok := v.Addr().Interface().(Checker); ok {
			return at(c.Check(), n.Line)
		}
		return nil
	case reflect.Slice:
		return decodeSlice(n, v, tag)
	}
	return decodeScalar(n, v, tag)
}

func decodeStruct(n *yaml.Node, v reflect.Value) error {
	if n.Kind != yaml.MappingNode {
		return &Error{Line: n.Line, Value: Text(n), Problem: "not a mapping", Expected: expected(v.Type(), "")}
	}
	fields := fieldsOf(v.Type())
	seen := make([]bool, len(fields.list))
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, val := n.Content[i], n.Content[i+1]
		which, ok := fields.byKey[key.Value]
		if !ok {
			known := Keys(v.Type())
			e := &Error{Line: key.Line, Key: key.Value, Value: Text(resolve(val)), Problem: "unknown key", Expected: oneOf(known), Nearest: NearestBeside(key.Value, known)}
			if len(known) == 0 {
				e.Expected = "no keys"
			}
			return e
		}
		if seen[which] {
			return &Error{Line: key.Line, Key: key.Value, Problem: "key given twice"}
		}
		seen[which] = true
		f := fields.list[which]
		if err := decode(val, v.FieldByIndex(f.index), f.tag); err != nil {
			return at(Under(key.Value, err), key.Line)
		}
	}
	for i, f := range fields.list {
		if !seen[i] && needed(f.tag) {
			return &Error{Line: n.Line, Key: f.key, Problem: "missing", Expected: expected(v.FieldByIndex(f.index).Type(), f.tag)}
		}
	}
	return nil
}

func decodeSlice(n *yaml.Node, v reflect.Value, tag reflect.StructTag) error {
	items := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		items = n.Content
	}
	if len(items) == 0 && !emptyOK(tag) {
		return &Error{Line: n.Line, Value: "[]", Problem: "empty list", Expected: "at least one item"}
	}
	if most := most(tag); most > 0 && len(items) > most {
		return &Error{Line: n.Line, Value: Text(n), Problem: fmt.Sprintf("%d items", len(items)), Expected: fmt.Sprintf("at most %d", most)}
	}
	out := reflect.MakeSlice(v.Type(), len(items), len(items))
	for i, item := range items {
		out.Index(i).Set(atDefault(v.Type().Elem()).Elem())
		if err := decode(item, out.Index(i), tag); err != nil {
			if n.Kind == yaml.SequenceNode {
				err = Under(fmt.Sprintf("[%d]", i), err)
			}
			return at(err, item.Line)
		}
	}
	v.Set(out)
	return nil
}

var duration = reflect.TypeFor[time.Duration]()

// infinity is +∞ in YAML.
const infinity = ".inf"

// Checker is a struct whose fields constrain each other: once all are read, Check returns what is wrong with them.
type Checker interface{ Check() error }

// Defaulter is a list item, or what a pointer points to, whose defaults are not all zero.
type Defaulter interface{ SetDefaults() }

// atDefault returns a pointer to a value of a type at its defaults.
func atDefault(t reflect.Type) reflect.Value {
	v := reflect.New(t)
	if d, ok := v.Interface().(Defaulter); ok {
		d.SetDefaults()
	}
	return v
}

var decimal = regexp.MustCompile(`^[-+]?(0|[1-9][0-9_]*)$`)

func decodeScalar(n *yaml.Node, v reflect.Value, tag reflect.StructTag) error {
	fail := func(problem string) *Error {
		want := expected(v.Type(), tag)
		if plain, ok := unquoted(n); ok && decodeScalar(plain, reflect.New(v.Type()).Elem(), tag) == nil {
			return &Error{Line: n.Line, Value: strconv.Quote(n.Value), Problem: "a text, for it is in quotes", Expected: want + ", without quotes: " + n.Value}
		}
		return &Error{Line: n.Line, Value: Text(n), Problem: problem, Expected: want}
	}
	in := tag.Get("in")
	scalar := n.Kind == yaml.ScalarNode
	switch v.Kind() {
	case reflect.Int64:
		d, err := time.ParseDuration(n.Value)
		if !scalar || v.Type() != duration || err != nil || d < 0 {
			return fail("not a duration")
		}
		v.SetInt(int64(d))
	case reflect.Int, reflect.Uint64:
		if !scalar || n.ShortTag() != "!!int" || !decimal.MatchString(n.Value) {
			return fail("not a whole number")
		}
		if read(n, v) != nil {
			return fail("out of range")
		}
		var x float64
		if v.CanInt() {
			x = float64(v.Int())
		} else {
			x = float64(v.Uint())
		}
		if !inside(x, in) {
			return fail("out of range")
		}
	case reflect.Float64:
		if scalar && n.Value == infinity {
			v.SetFloat(math.Inf(1)) // Encode writes it as a text, which is read too
		} else if !scalar || n.ShortTag() != "!!float" && (n.ShortTag() != "!!int" || !decimal.MatchString(n.Value)) || read(n, v) != nil {
			return fail("not a number")
		}
		if v.Float() == 0 && !isZero(n.Value) {
			e := fail("too small for a float64, which would make it 0")
			e.Expected += ", at least 4.95e-324 in size"
			if inside(0, in) {
				e.Expected += ", or 0"
			}
			return e
		}
		v.SetFloat(v.Float() + 0) // −0 becomes 0, so that both have one identity
		if x := v.Float(); math.IsNaN(x) || math.IsInf(x, 0) && !(x > 0 && endless(in)) {
			return fail("not finite")
		} else if !inside(x, in) {
			return fail("out of range")
		}
	case reflect.Bool:
		if !scalar || n.ShortTag() != "!!bool" || n.Decode(v.Addr().Interface()) != nil {
			return fail("not a truth value")
		}
	case reflect.String:
		if !scalar || n.Tag == "!!null" {
			return fail("not a text")
		}
		v.SetString(n.Value)
		if names := strings.Split(in, "|"); in != "" && !slices.Contains(names, n.Value) {
			e := fail("unknown name")
			e.Nearest = Nearest(n.Value, names)
			return e
		}
	default:
		panic(fmt.Sprintf("kind: no YAML form for %s", v.Type()))
	}
	return nil
}

// unquoted is a text in quotes as it would be without them; not ok for any other node.
func unquoted(n *yaml.Node) (plain *yaml.Node, ok bool) {
	if n.Kind != yaml.ScalarNode || n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) == 0 {
		return nil, false
	}
	c := *n
	c.Style, c.Tag = 0, ""
	return &c, true
}

// isZero reports whether a decimal number has no digit but 0 in front of its exponent.
func isZero(number string) bool {
	mantissa, _, _ := strings.Cut(strings.ToLower(number), "e")
	return !strings.ContainsAny(mantissa, "123456789")
}

// read puts a number into v. A plain one is read here: yaml, which would read it likewise, is slow.
func read(n *yaml.Node, v reflect.Value) error {
	s := n.Value
	if s == "" || len(s) > 18 || strings.Trim(s, "0123456789.") != "" || s[0] == '0' && len(s) > 1 && s[1] != '.' { // 07 is octal
		return n.Decode(v.Addr().Interface())
	}
	switch v.Kind() {
	case reflect.Int:
		if x, err := strconv.ParseInt(s, 10, 64); err == nil {
			v.SetInt(x)
			return nil
		}
	case reflect.Uint64:
		if x, err := strconv.ParseUint(s, 10, 64); err == nil {
			v.SetUint(x)
			return nil
		}
	case reflect.Float64:
		if x, err := strconv.ParseFloat(s, 64); err == nil {
			v.SetFloat(x)
			return nil
		}
	}
	return n.Decode(v.Addr().Interface())
}

// inside reports whether x lies in an interval such as "(0,1]"; an empty bound is infinite, an empty interval is all.
func inside(x float64, interval string) bool {
	if interval == "" {
		return true
	}
	lo, hi, _ := strings.Cut(interval[1:len(interval)-1], ",")
	if lo != "" {
		if b, err := strconv.ParseFloat(lo, 64); err != nil || x < b || x == b && interval[0] == '(' {
			return false
		}
	}
	if hi != "" {
		if b, err := strconv.ParseFloat(hi, 64); err != nil || x > b || x == b && strings.HasSuffix(interval, ")") {
			return false
		}
	}
	return true
}

// resolve follows aliases and the document node down to a value.
func resolve(n *yaml.Node) *yaml.Node {
	for n.Kind == yaml.AliasNode || n.Kind == yaml.DocumentNode {
		if n.Kind == yaml.AliasNode {
			n = n.Alias
		} else {
			n = n.Content[0]
		}
	}
	return n
}
