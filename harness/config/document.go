package config

import (
	"errors"

	"gopkg.in/yaml.v3"

	"msharp/models/kind"
)

// Document is a YAML file that plans no sweep, read as strictly as one that does.
type Document struct {
	file string
	root *yaml.Node
}

// ReadDocument parses the YAML text of the file of that name; holds says in the error about an empty file what it should have. A fault is
// a *kind.Error with file and line.
func ReadDocument(file string, text []byte, holds string) (d Document, err error) {
	d.file = file
	d.root, err = parse(file, text, holds)
	return d, d.inFile(err)
}

// Decode reads the document into v, as kind.Decode does. A fault is a *kind.Error with file and line.
func (d Document) Decode(v any) error { return d.inFile(kind.Decode(d.root, v)) }

// Locate returns err with file and line if it is a *kind.Error about a key of the document.
func (d Document) Locate(err error) error { return d.inFile(lineOf(d.root, err)) }

func (d Document) inFile(err error) error {
	var e *kind.Error
	if !errors.As(err, &e) || e.File != "" {
		return err
	}
	c := *e
	c.File = d.file
	return &c
}
