package config

import (
	"errors"
	"reflect"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"msharp/models/kind"
)

func configKeys() []string { return append(kind.Keys(reflect.TypeFor[Config]()), "sweep") }

// lineOf gives a *kind.Error without a line the line of its key in a configuration, or of the nearest key around it.
func lineOf(root *yaml.Node, err error) error {
	var e *kind.Error
	if !errors.As(err, &e) || e.Line != 0 {
		return err
	}
	c := *e
	n := root
	for _, name := range strings.FieldsFunc(c.Key, func(r rune) bool { return r == '.' || r == '[' || r == ']' }) {
		next := child(n, name)
		if next == nil {
			break
		}
		c.Line, n = next.Line, next
	}
	if c.Line == 0 {
		c.Line = root.Line
	}
	return &c
}

// Locate returns err, a *kind.Error about a key of Execution, with the place where that key is written.
func (s *Sweep) Locate(err error) error { return s.planner.locate(lineOf(s.how, err)) }

// locate returns err, if it is a *kind.Error, with the file and line or the override that it is about.
func (p *planner) locate(err error) error {
	var e *kind.Error
	if !errors.As(err, &e) || e.File != "" {
		return err
	}
	c := *e
	if c.Line < 0 {
		c.File, c.Line = "override "+strconv.Quote(p.words[-1-c.Line]), 0
	} else if len(p.files) > 0 {
		c.File, c.Line = p.files[c.Line/linesPerFile], c.Line%linesPerFile
	}
	// A file's top-level keys include those that are no part of a trial.
	if c.Problem == "unknown key" && !strings.Contains(c.Key, ".") {
		known := fileKeys
		c.Expected, c.Nearest = "one of "+strings.Join(known, ", "), kind.Nearest(c.Key, known)
	}
	return &c
}
