//go:build !linux

package main

import "time"

// clock says what threadTime and cpuTime count: the time on the wall, for there is no portable clock of a thread or a process.
const clock = "wall"

var started = time.Now()

func threadTime() time.Duration { return time.Since(started) }

func cpuTime() time.Duration { return time.Since(started) }

// pin does nothing: there is no portable way to choose a core.
func pin() (release func()) { return func() {} }
