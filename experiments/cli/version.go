package cli

import (
	"cmp"
	"fmt"
	"os"
	"runtime"

	"msharp/harness/config"
	"msharp/models/kernel"
)

// version says which code this is: "revision 436de34, modified; results version 4; avx512; go1.26.8 linux/amd64". Of a program that go build
// has not stamped it is unknown, unless go run has just built it from the working directory.
func version() string {
	rev, dirty, _ := stamped()
	if byGoRun(os.Args[0]) {
		rev, dirty = revision()
	}
	text := fmt.Sprintf("revision %.12s", cmp.Or(rev, "unknown"))
	if dirty {
		text += ", modified"
	}
	return fmt.Sprintf("%s; results version %d; %s; %s %s/%s", text, config.ResultsVersion, kernel.Name(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
