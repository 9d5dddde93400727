package slurm

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"msharp/models/kind"
)

// Options is what every job of a submission asks of the site. What is empty or 0 is left to the site.
type Options struct {
	Partition, Account string
	Time               string   // limit of a task, as sbatch's --time
	Memory             string   // of a task, as sbatch's --mem
	CPUs               int      // of a task, and its trials at a time
	Throttle           int      // tasks of the output folder at a time, those of earlier submissions among them; 0 is no limit
	Sbatch             []string // further words for sbatch, such as --qos=low
}

var memory = regexp.MustCompile(`^[0-9]+[KMGTkmgt]?$`)

// spelt matches a size as it is written elsewhere: 2500mb, 2 GiB.
var spelt = regexp.MustCompile(`(?i)^([0-9]+) ?([KMGT])i?B$`)

// Check returns what sbatch would not understand, as a *kind.Error whose key is partition, time, memory and so on.
func (o Options) Check() error {
	bad := func(key, value, problem, expected string) error {
		return &kind.Error{Key: key, Value: value, Problem: problem, Expected: expected}
	}
	if _, ok := limit(o.Time); !ok {
		return bad("time", o.Time, "not a time limit", "Slurm's form, such as 30 (minutes), 4:00:00 or 1-12")
	}
	switch {
	case o.Memory != "" && !memory.MatchString(o.Memory):
		form := "such as 500M or 2G"
		if m := spelt.FindStringSubmatch(o.Memory); m != nil {
			form = m[1] + strings.ToUpper(m[2])
		}
		return bad("memory", o.Memory, "not a size", "Slurm's form, "+form)
	case o.CPUs < 1:
		return bad("cpus", strconv.Itoa(o.CPUs), "out of range", "a whole number ≥ 1")
	case o.Throttle > 0 && strings.Contains(o.dependency(), "?"):
		return bad("sbatch", o.dependency(), "one of several dependencies, which cannot be joined with those of a throttle", "commas between them, or no throttle")
	case o.Throttle < 0:
		return bad("throttle", strconv.Itoa(o.Throttle), "out of range", "a whole number ≥ 0; 0 is no limit")
	}
	return nil
}

// Limit returns the time limit of a task, 0 if there is none or the site sets it.
func (o Options) Limit() time.Duration {
	d, _ := limit(o.Time)
	return d
}

// warning is how long before its time limit a task is told to stop: a quarter of it, and at most a minute and a half.
func (o Options) warning() time.Duration {
	const most = 90 * time.Second
	if l := o.Limit(); l > 0 {
		return min(most, l/4).Truncate(time.Second)
	}
	return most
}

// args is the options as words for sbatch.
func (o Options) args() []string {
	args := []string{"--ntasks=1", fmt.Sprintf("--cpus-per-task=%d", o.CPUs)}
	for _, a := range []struct{ flag, value string }{{"--partition", o.Partition}, {"--account", o.Account}, {"--time", o.Time}, {"--mem", o.Memory}} {
		if a.value != "" {
			args = append(args, a.flag+"="+a.value)
		}
	}
	return append(args, o.Sbatch...)
}

// after is the word that makes sbatch start a job when arrays have ended, however they ended. It includes the dependency in the user's own
// words for sbatch, because sbatch heeds only the last --dependency.
func (o Options) after(arrays []string) string {
	after := "afterany:" + strings.Join(arrays, ":")
	if own := o.dependency(); own != "" {
		after = own + "," + after
	}
	return "--dependency=" + after
}

// dependency returns the dependency in the user's words for sbatch, "" if there is none.
func (o Options) dependency() (list string) {
	for i, w := range o.Sbatch {
		name, value, given := strings.Cut(w, "=")
		switch {
		case len(name) >= len("--dep") && strings.HasPrefix("--dependency", name):
		case strings.HasPrefix(w, "-d"):
			name, value, given = "-d", w[len("-d"):], len(w) > len("-d")
		default:
			continue
		}
		if !given && i+1 < len(o.Sbatch) {
			value = o.Sbatch[i+1]
		}
		list = value
	}
	return list
}

// The forms of a time limit: minutes, minutes:seconds, hours:minutes:seconds, days-hours, days-hours:minutes, days-hours:minutes:seconds.
var (
	plain    = regexp.MustCompile(`^(\d+)$|^(\d+):(\d+)$|^(\d+):(\d+):(\d+)$`)
	withDays = regexp.MustCompile(`^(\d+)-(\d+)(?::(\d+))?(?::(\d+))?$`)
)

// limit reads a time limit, 0 for none.
func limit(text string) (d time.Duration, ok bool) {
	switch strings.ToUpper(text) {
	case "", "UNLIMITED", "INFINITE", "0":
		return 0, true
	}
	var seconds float64
	number := func(s string) float64 { x, _ := strconv.ParseFloat("0"+s, 64); return x }
	if m := withDays.FindStringSubmatch(text); m != nil {
		seconds = 86400*number(m[1]) + 3600*number(m[2]) + 60*number(m[3]) + number(m[4])
	} else if m := plain.FindStringSubmatch(text); m != nil {
		seconds = 60*number(m[1]) + 60*number(m[2]) + number(m[3]) + 3600*number(m[4]) + 60*number(m[5]) + number(m[6])
	}
	return time.Duration(seconds) * time.Second, 0 < seconds && seconds < math.MaxInt32
}
