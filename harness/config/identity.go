package config

import (
	"reflect"

	"msharp/models/kind"
)

// ResultsVersion is part of every trial's identity. It is raised whenever the same Config gives other bits; TestResultsVersion in package
// harness notices.
const ResultsVersion = 4

// ID returns the id of the trial c on data of the sha256 given, for a results version: the first 16 hex digits of the sha256 of its
// canonical JSON. What is Asked is no part of it. A field at its default is left out, so that a new key whose default is the old
// behaviour keeps every id.
func ID(c Config, sha string, results int) string { return NewEncoder().ID(c, sha, results) }

// Settings returns c as a record shows it: canonical, with defaults, without Asked.
func Settings(c Config) map[string]any { return NewEncoder().Settings(c) }

// askedKeys are the keys of Asked.
var askedKeys = kind.Keys(reflect.TypeFor[Asked]())
