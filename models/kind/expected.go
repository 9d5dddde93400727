package kind

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// expected says in words what decode takes for a value of a type with a field's tags.
func expected(t reflect.Type, tag reflect.StructTag) string {
	if k, ok := reflect.Zero(t).Interface().(kinder); ok {
		what, _, _ := k.kinds()
		return article(what) + ", by its kind alone or as {kind: NAME, key: value, ...}"
	}
	in := tag.Get("in")
	switch t.Kind() {
	case reflect.Pointer:
		return expected(t.Elem(), tag)
	case reflect.Struct:
		if keys := Keys(t); len(keys) > 0 {
			return "keys " + strings.Join(keys, ", ")
		}
		return "a mapping"
	case reflect.Slice:
		return expected(t.Elem(), tag) + ", or a list of them" + amount(tag)
	case reflect.Int64:
		return "a duration such as 90s or 1h30m, or 0"
	case reflect.Int, reflect.Uint64:
		return "a whole number" + within(in)
	case reflect.Float64:
		if endless(in) {
			return "a number" + within(in) + ", or " + infinity
		}
		return "a finite number" + within(in)
	case reflect.Bool:
		return "true or false"
	case reflect.String:
		if in != "" {
			return oneOf(strings.Split(in, "|"))
		}
		return "a text"
	}
	panic(fmt.Sprintf("kind: no YAML form for %s", t))
}

// amount says how many items a list has beside the usual, one or more.
func amount(tag reflect.StructTag) (words string) {
	if n := most(tag); n > 0 {
		words = ", at most " + strconv.Itoa(n)
	}
	if emptyOK(tag) {
		words += ", or [] for none"
	}
	return words
}

// within says an interval in words, with a space in front: " ≥ 1 and ≤ 1000". There are no words for all numbers.
func within(interval string) string {
	if interval == "" {
		return ""
	}
	lo, hi, _ := strings.Cut(interval[1:len(interval)-1], ",")
	var parts []string
	if lo != "" {
		parts = append(parts, map[byte]string{'[': "≥ ", '(': "> "}[interval[0]]+lo)
	}
	if hi != "" {
		parts = append(parts, map[byte]string{']': "≤ ", ')': "< "}[interval[len(interval)-1]]+hi)
	}
	return " " + strings.Join(parts, " and ")
}

// endless reports whether infinity lies in an interval.
func endless(interval string) bool { return strings.HasSuffix(interval, ",]") }

// needed reports whether a key must be given.
func needed(tag reflect.StructTag) bool { return tag.Get("needed") == "yes" }

// emptyOK reports whether a list may be empty.
func emptyOK(tag reflect.StructTag) bool { return tag.Get("empty") == "ok" }

// most returns how many items a list may have, 0 for any number.
func most(tag reflect.StructTag) int {
	n, _ := strconv.Atoi(tag.Get("most"))
	return n
}

func article(noun string) string {
	if strings.ContainsAny(noun[:1], "aeiou") {
		return "an " + noun
	}
	return "a " + noun
}
