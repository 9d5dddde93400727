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
	root, err := parse(file, text)
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

// merge puts the keys of child into parent. Mappings of one kind merge key by key; a kind's bare name counts as a mapping. Any other value
// replaces the parent's, and null takes the key out.
func merge(parent, child *yaml.Node) {
	for key, val := range pairs(child) {
		j := indexOf(parent, key.Value)
		switch {
		case j < 0 && val.ShortTag() == "!!null":
		case j < 0:
			parent.Content = append(parent.Content, key, val)
		case val.ShortTag() == "!!null":
			parent.Content = slices.Delete(parent.Content, j, j+2)
		case sameKind(bareKind(parent.Content[j+1], val.Line), val):
			parent.Content[j+1] = bareKind(parent.Content[j+1], val.Line)
			merge(parent.Content[j+1], val)
		default:
			parent.Content[j], parent.Content[j+1] = key, val
		}
	}
}

// sameKind reports whether two values are mappings and b names a's kind or none.
func sameKind(a, b *yaml.Node) bool {
	old, now := child(a, "kind"), child(b, "kind")
	return a.Kind == yaml.MappingNode && b.Kind == yaml.MappingNode && (now == nil || old != nil && old.Value == now.Value)
}

// unique refuses a key that stands twice in a mapping; a merge would hide it.
func unique(n *yaml.Node, path string) error {
	for i, c := range n.Content {
		at := path
		if n.Kind == yaml.MappingNode {
			if i%2 == 0 {
				if indexOf(n, c.Value) < i {
					return &kind.Error{Line: c.Line, Key: path + c.Value, Problem: "key given twice"}
				}
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
