package cli

import (
	"fmt"
	"strings"
	"testing"

	"github.com/rivo/uniseg"
)

// Lines break between words, further in; words and commands stay whole.
func TestWrap(t *testing.T) {
	const command = "go run ./experiments/msweep"
	for _, c := range []struct{ text, want string }{
		{"short\n", "short\n"},
		{"no end", "no end"},
		{"\n\n", "\n\n"},
		{"the quick brown fox jumps over the lazy dog\n", "the quick brown fox\n  jumps over the\n  lazy dog\n"},
		{"  the quick brown fox jumps\n", "  the quick brown\n    fox jumps\n"},
		{"ρ = .05 [−.54, 1.21] ≤ ≤ ≤ 12\n", "ρ = .05 [−.54, 1.21]\n  ≤ ≤ ≤ 12\n"},
		{"see a/very/long/path/that/does/not/fit/anywhere here\n", "see\n  a/very/long/path/that/does/not/fit/anywhere\n  here\n"},
		{"then, to go on: " + command + " --out results/x lr=0.1\n", "then, to go on:\n  " + command + " --out results/x lr=0.1\n"},
		{command + " --out x y z\n", command + " --out x y z\n"},
	} {
		if got := wrap(c.text, 20, command); got != c.want {
			t.Errorf("%q wraps to\n%s\nwant\n%s", c.text, got, c.want)
		}
		if got := wrap(c.text, 0, command); got != c.text {
			t.Errorf("without a width %q becomes %q", c.text, got)
		}
	}
	// A program that is on the PATH has a short name, which is no call wherever it stands.
	for text, want := range map[string]string{
		"msweep: results/reference/msweep holds no records at all\n": "msweep:\n  results/reference/msweep\n  holds no records\n  at all\n",
		"then, to go on: msweep --out results/x\n":                   "then, to go on:\n  msweep --out results/x\n",
		"next, all that is left: msweep\n":                           "next, all that is\n  left: msweep\n",
	} {
		if got := wrap(text, 20, "msweep"); got != want {
			t.Errorf("%q wraps to\n%s\nwant\n%s", text, got, want)
		}
	}
	// Whatever the width, words and their order stay, and a line that is too wide is one word.
	text := "? undecided  tuned-small-m-wins           .33 [−.54, 1.21] points of test error, n = 10, p = 1.000\n  memory: a trial takes at most about 1.25 MiB\n"
	for width := 1; width < 120; width++ {
		got := wrap(text, width, "")
		if fmt.Sprint(strings.Fields(got)) != fmt.Sprint(strings.Fields(text)) {
			t.Fatalf("%d columns: other words\n%s", width, got)
		}
		for line := range strings.Lines(got) {
			if line = strings.TrimRight(line, "\n"); uniseg.StringWidth(line) > width && len(strings.Fields(line)) > 1 {
				t.Errorf("%d columns: %q is wider", width, line)
			}
		}
	}
	// Pieces of lines are joined.
	var b strings.Builder
	w := &wrapped{w: &b, width: func() int { return 10 }}
	for _, piece := range []string{"one two", " three four\nfive ", "six seven"} {
		if n, err := w.Write([]byte(piece)); n != len(piece) || err != nil {
			t.Error(n, err)
		}
	}
	if err := w.close(); err != nil || b.String() != "one two\n  three\n  four\nfive six\n  seven" {
		t.Errorf("%q %v", b.String(), err)
	}
}
