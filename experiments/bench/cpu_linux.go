package main

import (
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// clock says what threadTime and cpuTime count: CPU time. What else runs on the core is not in it.
const clock = "cpu"

// threadTime returns the CPU time of the calling thread so far, which is that of the goroutine that pin holds on it.
func threadTime() time.Duration { return read(unix.CLOCK_THREAD_CPUTIME_ID) }

// cpuTime returns the CPU time of this process so far, the garbage collector's too.
func cpuTime() time.Duration { return read(unix.CLOCK_PROCESS_CPUTIME_ID) }

func read(clock int32) time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(clock, &t); err != nil {
		panic(err) // every Linux has these clocks
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
