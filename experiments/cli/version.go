package cli

import (
	"cmp"
	"fmt"
	"runtime"

	"msharp/harness/config"
	"msharp/models/kernel"
)

// version says which code this is: "revision 436de34, modified; results version 4; avx512; go1.26.8 linux/amd64".
func version() string {
	rev, dirty := revision()
	text := fmt.Sprintf("revision %.12s", cmp.Or(rev, "unknown"))
	if dirty {
		text += ", modified"
	}
	return fmt.Sprintf("%s; results version %d; %s; %s %s/%s", text, config.ResultsVersion, kernel.Name(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
