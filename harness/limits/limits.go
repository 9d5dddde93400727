// Package limits is what this process may take: bytes of a file, of a line, of memory. The values are set before anything is read, and not
// changed after that.
package limits

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/KimMachineGun/automemlimit/memlimit"

	"msharp/harness/disk"
)

// Limit is a bound in bytes that the user can change, by its key.
type Limit struct {
	Key   string
	What  string // what it bounds
	Bytes int64  // 0 is no bound
	From  string // who has set it
}

// The limits.
var (
	Config = &Limit{"config", "a configuration file", 1 << 20, "the default"}
	Line   = &Limit{"line", "a line of records", 64 << 20, "the default"} // a record of 10,000 epochs takes 1 MB
	Memory = memory()
)

// All is every limit.
var All = []*Limit{Config, Line, Memory}

// memory is what the process's cgroup or the machine has, whichever is less; no bound where neither is known.
func memory() *Limit {
	m := &Limit{Key: "memory", What: "the memory of this process"}
	for _, from := range []struct {
		bytes memlimit.Provider
		name  string
	}{{memlimit.FromSystem, "this machine"}, {memlimit.FromCgroup, "the cgroup"}} {
		if n, err := from.bytes(); err == nil && n < math.MaxInt64 && (m.Bytes == 0 || int64(n) < m.Bytes) {
			m.Bytes, m.From = int64(n), from.name
		}
	}
	return m
}

// String is "1 MiB (the default; --limit config=SIZE sets another)".
func (l *Limit) String() string {
	return fmt.Sprintf("%s (%s; --limit %s=SIZE sets another)", disk.Size(l.Bytes), l.From, l.Key)
}

var size = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)?) ?(?:([KMGT])(?:I?B)?|B)?$`)

// Set takes a word KEY=SIZE, such as memory=2GiB or memory=2500mb; K, M, G and T are powers of 1024.
func Set(word string) error {
	key, value, _ := strings.Cut(word, "=")
	var known []string
	for _, l := range All {
		known = append(known, l.Key)
		if l.Key != key {
			continue
		}
		m := size.FindStringSubmatch(strings.ToUpper(value))
		if m == nil {
			return fmt.Errorf("--limit %s: %q is not a size; expected a number of bytes such as 64MiB or 2GiB", word, value)
		}
		n, err := strconv.ParseFloat(m[1], 64)
		n *= math.Pow(1024, float64(strings.Index(" KMGT", cmp.Or(m[2], " "))))
		if err != nil || n < 1 || n >= math.MaxInt64 {
			return fmt.Errorf("--limit %s: %q is out of range; expected at least 1 byte", word, value)
		}
		l.Bytes, l.From = int64(n), "--limit "+key
		return nil
	}
	return fmt.Errorf("--limit %s: expected KEY=SIZE, KEY one of %s", word, strings.Join(known, ", "))
}
