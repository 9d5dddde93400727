package config

import "msharp/harness/data"

// DataName returns the name for people of the data of a sha256 that a data set of a kind has read, where nobody has labelled them:
// "Fashion-MNIST"; "" if there is none.
func DataName(kind, sha256 string) string { return data.NameOf(kind, sha256) }
