package config

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"reflect"

	"msharp/models/kind"
)

// ResultsVersion is part of every trial's identity; it is raised whenever the same Config gives other bits. TestResultsVersion holds
// trials' records to it.
const ResultsVersion = 2

// identity returns the id of the trial c on data of a sha256: the first 16 hex digits of the sha256 of its canonical JSON.
// Measures, traces and test_at are no part of it, and a field at its default is left out, so that a new key with its old behaviour as
// default keeps every id.
func identity(c Config, sha string) string {
	c = c.Canonical()
	d := defaults()
	c.Asked = d.Asked
	text, err := json.Marshal(map[string]any{
		"config":  kind.EncodeDiff(c, d),
		"data":    sha,
		"results": ResultsVersion,
	})
	if err != nil {
		panic(err) // numbers in a Config are finite
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}

// Settings returns c as a record shows it: canonical, defaults included, without what is no part of its identity.
func Settings(c Config) map[string]any {
	m := kind.Encode(c.Canonical())
	for _, key := range askedKeys {
		delete(m, key)
	}
	return m
}

// askedKeys are the keys of Asked.
var askedKeys = kind.Keys(reflect.TypeFor[Asked]())
