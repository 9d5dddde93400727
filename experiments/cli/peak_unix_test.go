//go:build unix

package cli

import (
	"os/exec"
	"runtime"
	"syscall"
)

// peak is the most memory that a call that has ended ever had, in MiB.
func peak(c *exec.Cmd) int64 {
	kib := c.ProcessState.SysUsage().(*syscall.Rusage).Maxrss
	if runtime.GOOS == "darwin" {
		kib >>= 10
	}
	return kib >> 10
}
