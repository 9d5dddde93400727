package kind

import (
	"errors"
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"
)

// Error is one thing wrong with a YAML document, in one line.
type Error struct {
	File     string // or the override that holds it; "" if not known yet
	Line     int    // from 1; 0 if unknown
	Key      string // dotted: "optimizer.rho"
	Value    string // as written
	Problem  string
	Expected string
	Nearest  string // the known name nearest to an unknown one, or key
}

func (e *Error) Error() string {
	var b strings.Builder
	if e.File != "" {
		b.WriteString(e.File)
		if e.Line > 0 {
			fmt.Fprintf(&b, ":%d", e.Line)
		}
		b.WriteString(": ")
	} else if e.Line > 0 {
		fmt.Fprintf(&b, "line %d: ", e.Line)
	}
	if e.Key != "" {
		b.WriteString(e.Key)
		if e.Value != "" {
			b.WriteString(" = " + e.Value)
		}
		b.WriteString(": ")
	} else if e.Value != "" {
		b.WriteString(e.Value + ": ")
	}
	b.WriteString(e.Problem)
	if e.Expected != "" {
		b.WriteString("; expected " + e.Expected)
	}
	if e.Nearest != "" {
		fmt.Fprintf(&b, "; did you mean %q?", strings.ReplaceAll(e.Nearest, beside, ""))
	}
	return strings.NewReplacer("\n", " ", beside, "").Replace(b.String())
}

// Under returns err as an *Error of key; err concerns the value there, or something inside it. Keys that it names with Beside are then inside
// key too.
func Under(key string, err error) error {
	var e *Error
	if !errors.As(err, &e) {
		return &Error{Key: key, Problem: err.Error()}
	}
	c := *e
	c.Key = joined(key, c.Key)
	c.Problem, c.Expected, c.Nearest = besideUnder(key, c.Problem), besideUnder(key, c.Expected), besideUnder(key, c.Nearest)
	return &c
}

// joined returns the key of what is inside a key: a key, a place in a list such as [0], or "" for the whole.
func joined(key, inside string) string {
	if inside == "" || strings.HasPrefix(inside, "[") {
		return key + inside
	}
	return key + "." + inside
}

// beside is the character before a key in a text of an Error that is not yet the full key. No text that a user writes has it.
const beside = "\ufdd0"

// Beside returns what names a key in the Problem, Expected or Nearest of an Error about a key next to it: however far the error climbs, both
// have the same keys in front.
func Beside(key string) string { return beside + key }

// NearestBeside is Nearest of keys next to an unknown one.
func NearestBeside(key string, known []string) string {
	near := Nearest(key, known)
	if near == "" {
		return ""
	}
	return Beside(near)
}

// besideUnder puts a key in front of the keys in a text.
func besideUnder(key, text string) string {
	parts := strings.Split(text, beside)
	for i := 1; i < len(parts); i++ {
		parts[i] = joined(key, parts[i])
	}
	return strings.Join(parts, beside)
}

// at gives err a line if it has none.
func at(err error, line int) error {
	var e *Error
	if errors.As(err, &e) && e.Line == 0 {
		c := *e
		c.Line = line
		return &c
	}
	return err
}

// Text returns a node as its author wrote it, shortened.
func Text(n *yaml.Node) string {
	s := n.Value
	if n.Kind != yaml.ScalarNode {
		flow := *n
		flow.Style |= yaml.FlowStyle
		flow.HeadComment, flow.LineComment, flow.FootComment = "", "", ""
		b, err := yaml.Marshal(&flow)
		if err != nil {
			return ""
		}
		s = strings.Join(strings.Fields(string(b)), " ")
	} else if s == "" {
		s = "(empty)"
	}
	if r := []rune(s); len(r) > 60 {
		s = string(r[:57]) + "..."
	}
	return s
}

func oneOf(names []string) string {
	if len(names) == 1 {
		return names[0]
	}
	return "one of " + strings.Join(names, ", ")
}

// Nearest returns the known name with the smallest edit distance to name, or "" if none is within a third of its letters and one.
func Nearest(name string, known []string) string {
	best, dist := "", len([]rune(name))/3+2
	name = strings.ToLower(name)
	for _, k := range known {
		lower := strings.ToLower(k)
		if n := len(lower) - len(name); max(n, -n) >= dist {
			continue // so many edits at least
		}
		if d := distance(name, lower); d < dist {
			best, dist = k, d
		}
	}
	return best
}

// distance is the Levenshtein distance.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diag := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			sub := diag
			if a[i-1] != b[j-1] {
				sub++
			}
			diag = row[j]
			row[j] = min(sub, row[j]+1, row[j-1]+1)
		}
	}
	return row[len(b)]
}
