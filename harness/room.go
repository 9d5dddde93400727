package harness

import (
	"context"
	"fmt"
	"math"

	"golang.org/x/sync/semaphore"

	"msharp/harness/config"
	"msharp/harness/disk"
	"msharp/harness/limits"
)

// Heap is how much of the process's memory its heap may take before the garbage collector works harder: nine tenths, for a process is more
// than its heap. It is math.MaxInt64 without bound.
func Heap() int64 {
	if limits.Memory.Bytes == 0 {
		return math.MaxInt64
	}
	return limits.Memory.Bytes / 10 * 9
}

// Room is how much memory trials that run at a time may take: eight tenths of the process's, less what their data takes. It is math.MaxInt64
// without bound.
func Room(trials []config.Trial) int64 {
	if limits.Memory.Bytes == 0 {
		return math.MaxInt64
	}
	bytes, seen := limits.Memory.Bytes/10*8, map[any]bool{}
	for _, t := range trials {
		if t.Source != nil && !seen[t.Source] {
			seen[t.Source] = true
			bytes -= t.Source.Bytes()
		}
	}
	return max(0, bytes)
}

// doorkeeper lets trials in as long as there is room for what they need.
type doorkeeper struct {
	room int64
	free *semaphore.Weighted // nil without bound
}

// keepDoor returns a doorkeeper for trials.
func keepDoor(trials []config.Trial) *doorkeeper {
	if limits.Memory.Bytes == 0 {
		return &doorkeeper{}
	}
	n := Room(trials)
	return &doorkeeper{n, semaphore.NewWeighted(n)}
}

// try reports whether there is room for so many bytes now, and takes it if there is.
func (d *doorkeeper) try(need int64) bool { return d.free == nil || d.free.TryAcquire(need) }

// enter waits until there is room for so many bytes, or ctx is done. The error says that there never will be.
func (d *doorkeeper) enter(ctx context.Context, need int64) error {
	if d.free == nil {
		return nil
	}
	if need > d.room {
		return fmt.Errorf("needs about %s of memory; expected at most %s, what trials may take of %v", disk.Size(need), disk.Size(d.room), limits.Memory)
	}
	d.free.Acquire(ctx, need) // its error is ctx's
	return nil
}

// leave gives the room back.
func (d *doorkeeper) leave(need int64) {
	if d.free != nil {
		d.free.Release(need)
	}
}
