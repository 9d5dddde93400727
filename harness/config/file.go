package config

import (
	"reflect"

	"msharp/models/kind"
)

// File is the schema of a configuration file: the keys of a trial, and those beside them. What plans a sweep reads a file piece by piece,
// because keys may stand in the file that it extends, and be swept or overridden.
type File struct {
	Name    string `yaml:"name"`    // of the sweep, and of its folder in results: letters, digits, dots, dashes and underscores
	Extends string `yaml:"extends"` // the path of a file, from the folder of this one, whose keys are taken where they do not stand here; null here takes one out

	Config `yaml:",inline"`

	Sweep     []Grid `yaml:"sweep"` // the trials: all combinations of the values that dotted keys have in a mapping, such as optimizer.rho: [0, 0.1] or seed: range(1, 4), which is 1, 2, 3; of a list of mappings, those of each
	Execution `yaml:",inline"`
}

// Grid is a mapping from dotted keys that are not Fixed to a value or a list of values, ranges among them.
type Grid struct{}

// DefaultFile returns the File of an empty file.
func DefaultFile() File {
	return File{Name: untitled, Config: Default(), Execution: defaultExecution()}
}

// fileKeys are the top-level keys of a configuration file.
var fileKeys = kind.Keys(reflect.TypeFor[File]())
