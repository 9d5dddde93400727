//go:build unix

package disk

import (
	"errors"
	"os"
	"syscall"
)

// nonblock keeps the opening of a pipe from waiting for its other end.
const nonblock = syscall.O_NONBLOCK

// here tells the process numbers of one system from those of another: two containers of one host may have a process 7 each.
func here() string {
	space, _ := os.Readlink("/proc/self/ns/pid")
	return space
}

// alive reports whether a process of this system runs.
func alive(pid int) bool { return !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) }

// Links returns how many names a file has: 0 once it is removed.
func Links(info os.FileInfo) int {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return int(s.Nlink)
	}
	return 1
}
