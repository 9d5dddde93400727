package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What a file is named, or holds, does not steer the terminal on which its name or its fault is told.
func TestTextsDoNotSteerTheTerminal(t *testing.T) {
	t.Parallel()
	dir, out := finished(t)
	evil := "e\x1b[31m\x07vil\u202e"
	if err := os.Rename(out, filepath.Join(dir, evil)); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, evil, "records", "b.jsonl"), "torn")
	write(t, filepath.Join(dir, "evil.yaml"), "name: x\n\"a\\e[31m\": 1\n")
	for _, args := range [][]string{{"draw", "--out", evil}, {"list", "--config", "evil.yaml"}, {"list", "seed=\x1b[31m"}, {"\x1b[31m"}, {"run", "--config", evil}} {
		o := finish(t, quick(t, dir, args...))
		if o.talk == "" || strings.ContainsAny(o.talk, "\x1b\x07\u202e") || !strings.Contains(o.talk, `\x1b`) {
			t.Errorf("%q says %q", args, o.talk)
		}
	}
	for text, want := range map[string]string{"a\tb\nç €": "a\tb\nç €", "\r": `\x0d`, "\xff": `\xff`, "\u009b": `\u009b`, "\x7f": `\x7f`, "\ufffd": "\ufffd"} {
		if got := visible(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}
