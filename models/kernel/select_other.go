//go:build !(amd64 || arm64) || noasm

package kernel

// accelerated returns what this platform has beside the Go loops: nothing.
func accelerated() []arithmetic { return nil }
