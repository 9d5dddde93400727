//go:build !unix

package cli

import "os"

// endSignals are those by which a task is ended where there is no Slurm.
var endSignals = []os.Signal{os.Interrupt}
