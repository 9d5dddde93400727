package config

import (
	"encoding/json"
	"iter"
	"slices"
	"strings"
)

// Text is JSON text in pieces: one after the other they are the whole. Of an object there is a piece for each member: the texts of many
// Configs then share the pieces that are equal.
type Text []string

// String returns the whole.
func (t Text) String() string { return strings.Join(t, "") }

// MarshalJSON returns the whole; null for no text.
func (t Text) MarshalJSON() ([]byte, error) {
	if len(t) == 0 {
		return []byte("null"), nil
	}
	n := 0
	for _, piece := range t {
		n += len(piece)
	}
	whole := make([]byte, 0, n)
	for _, piece := range t {
		whole = append(whole, piece...)
	}
	return whole, nil
}

// UnmarshalJSON divides JSON into its pieces.
func (t *Text) UnmarshalJSON(b []byte) error {
	*t = nil
	for piece := range Pieces(b) {
		*t = append(*t, string(piece))
	}
	return nil
}

// Equal reports whether two texts are the same, piece by piece.
func (t Text) Equal(u Text) bool { return slices.Equal(t, u) }

// Members returns the texts of an object's members, `"lr":0.1`; none of anything else.
func (t Text) Members() iter.Seq[string] {
	return func(yield func(string) bool) {
		if len(t) < 2 || t[0] != "{" || t[len(t)-1] != "}" {
			return
		}
		for _, piece := range t[1 : len(t)-1] {
			if !yield(strings.TrimSpace(strings.TrimPrefix(piece, ","))) {
				return
			}
		}
	}
}

// Map reads an object into a map; nil if the text is none.
func (t Text) Map() (m map[string]any) {
	json.Unmarshal([]byte(t.String()), &m)
	return m
}

// Pieces divides JSON as Text does: an object before each comma between its members, and inside its braces. Anything else is one piece. Text
// that is no JSON comes in some pieces.
func Pieces(text []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		from, depth, quoted := 0, 0, false
		for i := 0; i < len(text); i++ {
			c, cut := text[i], from
			switch {
			case quoted && c == '\\':
				i++
			case c == '"':
				quoted = !quoted
			case quoted:
			case c == '{' || c == '[':
				if depth++; depth == 1 && text[0] == '{' {
					cut = i + 1
				}
			case c == '}' || c == ']':
				if depth--; depth == 0 && text[0] == '{' {
					cut = i
				}
			case c == ',' && depth == 1 && text[0] == '{':
				cut = i
			}
			if cut > from {
				if !yield(text[from:cut]) {
					return
				}
				from = cut
			}
		}
		if from < len(text) {
			yield(text[from:])
		}
	}
}
