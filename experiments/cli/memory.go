package cli

import (
	"os"
	"runtime/debug"

	"msharp/harness"
)

// The heap's soft limit, unless GOMEMLIMIT gives another. Reading and drawing many records keeps within a GiB as long as it can; trials take
// what there is.
func frugal()   { setHeap(min(950<<20, harness.Heap())) }
func generous() { setHeap(harness.Heap()) }

func setHeap(bytes int64) {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(bytes)
	}
}
