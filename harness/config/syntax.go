package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"msharp/harness/disk"
	"msharp/harness/limits"
	"msharp/models/kind"
)

// ReadFile reads a configuration file, of at most limits.Config bytes.
func ReadFile(path string) ([]byte, error) {
	text, err := disk.ReadBounded(path, limits.Config.Bytes)
	if errors.Is(err, disk.ErrSize) {
		return nil, fmt.Errorf("%s is %w; expected at most %v", path, disk.ErrSize, limits.Config)
	}
	return text, err
}

// parse reads the one value of a YAML text, aliases resolved. holds says in messages what is expected there.
func parse(file string, text []byte, holds string) (*yaml.Node, error) {
	if err := foreign(file, text); err != nil {
		return nil, err
	}
	dec := yaml.NewDecoder(bytes.NewReader(text))
	var doc, second yaml.Node
	switch err := dec.Decode(&doc); {
	case err == io.EOF || err == nil && len(doc.Content) == 1 && doc.Content[0].Tag == "!!null":
		return nil, &kind.Error{File: file, Problem: "the file is empty", Expected: holds}
	case err != nil:
		return nil, syntaxError(file, text, err)
	}
	if err := dec.Decode(&second); err != io.EOF {
		if err != nil {
			return nil, syntaxError(file, text, err)
		}
		return nil, &kind.Error{File: file, Line: second.Line, Problem: "a second document", Expected: "one configuration a file"}
	}
	left := 100_000
	return unalias(doc.Content[0], nil, false, &left)
}

// unalias returns the tree with every alias replaced by a copy of what it stands for, and checks that keys are texts. It copies at most left
// nodes in all.
func unalias(n *yaml.Node, above []*yaml.Node, copied bool, left *int) (*yaml.Node, error) {
	line := n.Line
	for n.Kind == yaml.AliasNode {
		n, copied = n.Alias, true
	}
	if slices.Contains(above, n) {
		return nil, &kind.Error{Line: line, Value: "*" + n.Anchor, Problem: "an alias inside what it stands for"}
	}
	if copied {
		*left--
	}
	if *left < 0 {
		return nil, &kind.Error{Line: line, Problem: "aliases make this configuration too large"}
	}
	c := *n
	c.Anchor, c.Content = "", nil
	for i, child := range n.Content {
		child, err := unalias(child, append(above, n), copied, left)
		if err != nil {
			return nil, err
		}
		if n.Kind == yaml.MappingNode && i%2 == 0 && (child.Kind != yaml.ScalarNode || child.Value == "") {
			return nil, notAKey(child)
		}
		c.Content = append(c.Content, child)
	}
	return &c, nil
}

func notAKey(n *yaml.Node) error {
	return &kind.Error{Line: n.Line, Value: kind.Text(n), Problem: "not a key", Expected: "a name such as seed or optimizer.rho"}
}

// foreign refuses a text with a character that YAML does not allow, and says where. UTF-16 is left to the decoder.
func foreign(file string, text []byte) error {
	if bytes.HasPrefix(text, []byte("\xff\xfe")) || bytes.HasPrefix(text, []byte("\xfe\xff")) {
		return nil // UTF-16
	}
	for at := 0; at < len(text); {
		r, n := utf8.DecodeRune(text[at:])
		problem := ""
		switch {
		case r == utf8.RuneError && n == 1:
			problem = "invalid UTF-8"
		case r < ' ' && !strings.ContainsRune("\t\n\r", r), 0x7f <= r && r < 0xa0 && r != 0x85, r == 0xfffe, r == 0xffff:
			problem = "a control character"
		}
		if problem != "" {
			value := strings.Trim(strconv.QuoteToASCII(string(text[at:at+n])), `"`)
			return &kind.Error{File: file, Line: 1 + bytes.Count(text[:at], []byte("\n")), Value: value, Problem: problem, Expected: "YAML in UTF-8"}
		}
		at += n
	}
	return nil
}

var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)

// parserMessage matches the messages of yaml.v3 that count lines from 0; the others count from 1. About the first line yaml.v3 gives no number.
var parserMessage = regexp.MustCompile(`^did not find expected (node content|key|'-' indicator|',' or '[\]}]'|<)`)

// syntaxError turns yaml's own message into ours.
func syntaxError(file string, text []byte, err error) error {
	msg := err.Error()
	e := &kind.Error{File: file, Expected: "YAML"}
	if m := yamlLine.FindStringSubmatch(msg); m != nil {
		e.Line, _ = strconv.Atoi(m[1])
		msg = msg[len(m[0]):]
	}
	switch {
	case e.Line == 0:
		e.Line = 1
	case parserMessage.MatchString(msg):
		e.Line++
	case strings.Contains(msg, "a tab character"):
		e.Line = indentedByTab(text, e.Line)
	}
	e.Problem = msg
	return e
}

var tabbed = regexp.MustCompile(`^ *\t`)

// indentedByTab returns the first line, from the given one on, that is indented by a tab; the given one if none is.
func indentedByTab(text []byte, from int) int {
	for i, line := range bytes.Split(text, []byte("\n")) {
		if i+1 >= from && tabbed.Match(line) {
			return i + 1
		}
	}
	return from
}
