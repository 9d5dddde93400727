package main

import (
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// cpuTime returns the CPU time of this process so far. What else runs on its core is not in it.
func cpuTime() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_PROCESS_CPUTIME_ID, &t); err != nil {
		panic(err) // every Linux has this clock
	}
	return time.Duration(t.Nano())
}

// pin keeps the calling goroutine, and the processes it starts, on one core until it is released: the last of the cores that it may
// use. Where the system forbids that, they stay free.
func pin() (release func()) {
	runtime.LockOSThread()
	var all, one unix.CPUSet
	if unix.SchedGetaffinity(0, &all) == nil {
		for core := 64*len(all) - 1; core >= 0; core-- {
			if all.IsSet(core) {
				one.Set(core)
				break
			}
		}
		_ = unix.SchedSetaffinity(0, &one)
	}
	return func() {
		_ = unix.SchedSetaffinity(0, &all)
		runtime.UnlockOSThread()
	}
}
