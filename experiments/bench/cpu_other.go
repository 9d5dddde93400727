//go:build !linux

package main

import "time"

var started = time.Now()

// cpuTime returns the time since the start: there is no portable clock of a process.
func cpuTime() time.Duration { return time.Since(started) }

// pin does nothing: there is no portable way to choose a core.
func pin() (release func()) { return func() {} }
