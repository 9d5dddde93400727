package cli

import (
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A million trials are listed in the memory of a small machine, and whoever waits is told how far it is.
func TestMillionTrials(t *testing.T) {
	notShort(t, "plans a million trials")
	dir := t.TempDir()
	c := quick(t, dir, "list", "seed=range(1,1000001)", "optimizer.rho=0.1", "optimizer.m=1")
	kill := time.AfterFunc(10*time.Minute, func() { c.Process.Kill() })
	defer kill.Stop()
	o := finish(t, c)
	if o.status != exitOK || !strings.HasPrefix(o.out, "tiny: 1000000 trials: 0 done, 1000000 missing in results/tiny; about ") || !strings.Contains(o.out, "seed: 1000000 values, 1, 2, ") {
		t.Errorf("exit status %d\n%s%s", o.status, o.out, o.talk)
	}
	if !regexp.MustCompile(`^(planned [\d,]+,000 of 1,000,000 trials\n)*$`).MatchString(o.talk) {
		t.Errorf("it says\n%s", o.talk)
	}
	if peak := c.ProcessState.SysUsage().(*syscall.Rusage).Maxrss; peak > 1<<21 { // KiB
		t.Errorf("it took %d MiB", peak>>10)
	}
}
