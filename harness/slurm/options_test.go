package slurm

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestTimeLimits(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"": 0, "0": 0, "unlimited": 0, "INFINITE": 0,
		"1": time.Minute, "90": 90 * time.Minute, "2:30": 150 * time.Second, "1:00:00": time.Hour, "0:0:7": 7 * time.Second,
		"1-0": 24 * time.Hour, "1-12": 36 * time.Hour, "1-12:30": 36*time.Hour + 30*time.Minute, "7-0:0:1": 7*24*time.Hour + time.Second,
	} {
		if got, ok := limit(text); !ok || got != want {
			t.Errorf("%q is %v, %v; want %v", text, got, ok, want)
		}
	}
	for _, text := range []string{"4h", "-1", "1:2:3:4", "1-", "1-2:3:4:5", "one", "1.5", " 1", "0:00", "99999999999999999999"} {
		if got, ok := limit(text); ok {
			t.Errorf("%q is %v", text, got)
		}
	}
}

// A task is told to stop in time, and not before it has had most of its time.
func TestWarning(t *testing.T) {
	for text, want := range map[string]time.Duration{"": 90 * time.Second, "1": 15 * time.Second, "4:00:00": 90 * time.Second} {
		if got := (Options{Time: text}).warning(); got != want {
			t.Errorf("%q: %v before the end, want %v", text, got, want)
		}
	}
}

func TestOptions(t *testing.T) {
	o := Options{Partition: "gpu", Memory: "2G", CPUs: 3, Sbatch: []string{"--qos=low"}}
	if got := o.args(); !slices.Equal(got, []string{"--ntasks=1", "--cpus-per-task=3", "--partition=gpu", "--mem=2G", "--qos=low"}) {
		t.Errorf("sbatch gets %q", got)
	}
	for want, own := range map[string][]string{
		"--dependency=afterany:1:2":           {"--qos=low"},
		"--dependency=afterok:7,afterany:1:2": {"--dependency=singleton", "--dependency=afterok:7"},
		"--dependency=afterok:8,afterany:1:2": {"--dependency", "afterok:8", "--deadline=now"},
		"--dependency=afterok:9,afterany:1:2": {"--depend=afterok:9"},
		"--dependency=afterok:5,afterany:1:2": {"-dafterok:5"},
		"--dependency=afterok:6,afterany:1:2": {"-d", "afterok:6", "--delay-boot=1"},
	} {
		if got := (Options{Sbatch: own}).after([]string{"1", "2"}); got != want {
			t.Errorf("with %q: %s, want %s", own, got, want)
		}
	}
	for want, o := range map[string]Options{
		"":                              {CPUs: 1},
		"time = 4h: not a time limit":   {CPUs: 1, Time: "4h"},
		"memory = 2 GB: not a size":     {CPUs: 1, Memory: "2 GB"},
		"cpus = 0: out of range":        {},
		"throttle = -1: out of range":   {CPUs: 1, Throttle: -1},
		"sbatch = afterok:7?afterok:8:": {CPUs: 1, Throttle: 1, Sbatch: []string{"-d", "afterok:7?afterok:8"}},
		"memory = much: not a size; ex": {CPUs: 1, Memory: "much"},
	} {
		err := o.Check()
		if (err == nil) != (want == "") || err != nil && !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%+v: %v, want %q", o, err, want)
		}
	}
}
