package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"msharp/models/kind"
)

// linesPerFile packs two numbers into a node's line: the line in its file, and linesPerFile times the place of the file in planner.files.
const linesPerFile = 1 << 24

// read returns the mapping of a YAML text, merged into the file that it extends: `extends: other.yaml`, a path from the folder of the
// extending file. above are the files that extend this one.
func (p *planner) read(file string, text []byte, above ...string) (*yaml.Node, error) {
	root, err := parse(file, text, "a configuration with name, data, model, optimizer, ...")
	if e := new(kind.Error); errors.As(err, &e) && e.File == "" {
		located := *e
		located.File = file
		return nil, &located
	} else if err != nil {
		return nil, err
	}
	walk(root, func(n *yaml.Node) { n.Line += len(p.files) * linesPerFile })
	p.files = append(p.files, file)
	i := indexOf(root, "extends")
	if i < 0 {
		return root, nil
	}
	if err := unique(root, ""); err != nil {
		return nil, err
	}
	key, val := root.Content[i], root.Content[i+1]
	bad := func(problem, expected string) error {
		return &kind.Error{Line: key.Line, Key: "extends", Value: kind.Text(val), Problem: problem, Expected: expected}
	}
	if val.Kind != yaml.ScalarNode || val.Value == "" || val.ShortTag() == "!!null" {
		return nil, bad("not a file", "the path of one configuration, from the folder of this one")
	}
	root.Content = slices.Delete(root.Content, i, i+2)
	other := filepath.Clean(val.Value)
	if !filepath.IsAbs(other) {
		other = filepath.Join(filepath.Dir(file), other)
	}
	above = append(above, filepath.Clean(file))
	if slices.ContainsFunc(above, func(file string) bool { return sameFile(file, other) }) {
		return nil, bad("a file that extends itself", "another file than "+strings.Join(above, " → "))
	}
	text, err = ReadFile(other)
	if err != nil {
		return nil, bad(fmt.Sprint("cannot read it: ", err), "a configuration file")
	}
	parent, err := p.read(other, text, above...)
	if err != nil {
		return nil, err
	}
	if parent.Kind == yaml.MappingNode {
		if err := unique(parent, ""); err != nil {
			return nil, err
		}
		merge(parent, root)
	}
	return parent, nil
}

// sameFile reports whether two paths lead to one file.
func sameFile(a, b string) bool {
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	return a == b || errX == nil && errY == nil && os.SameFile(x, y)
}

// merge puts the keys of child into parent; neither has a key twice. Mappings of one kind merge key by key; a kind's bare name counts as a mapping. Any other value
// replaces the parent's, and null takes the key out.
func merge(parent, child *yaml.Node) {
	at := map[string]int{} // in parent.Content
	for key := range pairs(parent) {
		at[key.Value] = 2 * len(at)
	}
	for key, val := range pairs(child) {
		j, there := at[key.Value]
		switch {
		case !there && val.ShortTag() == "!!null":
		case !there:
			at[key.Value] = len(parent.Content)
			parent.Content = append(parent.Content, key, val)
		case val.ShortTag() == "!!null":
			parent.Content[j], parent.Content[j+1] = nil, nil
		case sameKind(bareKind(parent.Content[j+1], val.Line), val):
			parent.Content[j+1] = bareKind(parent.Content[j+1], val.Line)
			merge(parent.Content[j+1], val)
		default:
			parent.Content[j], parent.Content[j+1] = key, val
		}
	}
	parent.Content = slices.DeleteFunc(parent.Content, func(n *yaml.Node) bool { return n == nil })
}

// sameKind reports whether two values are mappings and b names a's kind or none.
func sameKind(a, b *yaml.Node) bool {
	old, now := child(a, "kind"), child(b, "kind")
	return a.Kind == yaml.MappingNode && b.Kind == yaml.MappingNode && (now == nil || old != nil && old.Value == now.Value)
}

// unique refuses a key that stands twice in a mapping; a merge would hide it.
func unique(n *yaml.Node, path string) error {
	seen := map[string]bool{}
	for i, c := range n.Content {
		at := path
		if n.Kind == yaml.MappingNode {
			if i%2 == 0 {
				if seen[c.Value] {
					return &kind.Error{Line: c.Line, Key: path + c.Value, Problem: "key given twice"}
				}
				seen[c.Value] = true
				continue
			}
			at += n.Content[i-1].Value + "."
		}
		if err := unique(c, at); err != nil {
			return err
		}
	}
	return nil
}
