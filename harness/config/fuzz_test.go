package config

import (
	"regexp"
	"strings"
	"testing"
)

var large = regexp.MustCompile(`\d{4}|\de[+]?\d`)

// Whatever a configuration says, it is a sweep or an error.
func FuzzPlan(f *testing.F) {
	f.Add(base4)
	f.Add(small)
	f.Add("name: x\nextends: ../../../nothing\n")
	f.Add(base4 + "slurm: {time: '1:00', cpus: 2}\ncheckpoint_after: 1s\nsweep: [{seed: range(1, 3)}, {lr: [1, 2]}]\n")
	f.Fuzz(func(t *testing.T, text string) {
		if large.MatchString(text) || strings.Contains(text, "/dev") {
			return // a sweep or a data set may be as large as it says
		}
		s, err := Plan("fuzz.yaml", []byte(text), nil, t.TempDir())
		if err == nil && (len(s.Trials) == 0 || len(s.Resolved) == 0) {
			t.Errorf("no trials of\n%s", text)
		}
	})
}
