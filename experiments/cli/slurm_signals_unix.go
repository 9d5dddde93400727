//go:build unix

package cli

import (
	"os"
	"syscall"
)

// endSignals are those by which Slurm ends a task: ahead of its time limit, and when it is cancelled or requeued.
var endSignals = []os.Signal{syscall.SIGUSR1, syscall.SIGTERM, os.Interrupt}
