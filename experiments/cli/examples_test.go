package cli

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"msharp/harness/config"
)

// Every command that help lists has an example, each example names commands and flags that there are, and no example is of another program.
func TestExamples(t *testing.T) {
	t.Parallel()
	s := &session{Experiment: tiny}
	root := s.commands()
	known := maps.Clone(examples)
	var look func(c *cobra.Command, path string)
	look = func(c *cobra.Command, path string) {
		delete(known, path)
		if c.Hidden || c.Name() == "help" || c.Name() == "powershell" {
			return
		}
		if c.Example == "" {
			t.Errorf("%s has no example", c.CommandPath())
		}
		for _, words := range examples[path] {
			fields := strings.Fields(strings.ReplaceAll(words, "'", ""))
			if of, rest, err := root.Find(fields); err != nil {
				t.Errorf("%s: %v", words, err)
			} else if !strings.HasPrefix(words, "completion") {
				if err := of.ParseFlags(rest); err != nil {
					t.Errorf("%s: %v", words, err)
				}
			}
		}
		for _, sub := range c.Commands() {
			look(sub, strings.TrimSpace(path+" "+sub.Name()))
		}
	}
	look(root, "")
	if len(known) > 0 {
		t.Errorf("examples of commands that are not there: %q", slices.Sorted(maps.Keys(known)))
	}
}

// The overrides of examples are right in every experiment.
func TestExamplesPlan(t *testing.T) {
	t.Parallel()
	configs, err := filepath.Glob("../*/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	planned := 0
	for _, path := range configs {
		if filepath.Base(path) != filepath.Base(filepath.Dir(path))+".yaml" {
			continue // not the one that its experiment embeds
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, example := range slices.Concat(slices.Collect(maps.Values(examples))...) {
			words := slices.DeleteFunc(strings.Fields(strings.ReplaceAll(example, "'", "")), func(word string) bool {
				key, _, isOverride := strings.Cut(word, "=")
				return !isOverride || strings.HasPrefix(key, "measures")
			})
			if len(words) == 0 {
				continue
			}
			if _, err := config.Plan(path, text, words, ""); err != nil {
				t.Errorf("%s: %s: %v", path, example, err)
			}
			planned++
		}
	}
	if planned < 5*4 {
		t.Errorf("only %d were planned", planned)
	}
}

// The help of a command shows its examples with the program's name.
func TestHelpHasExamples(t *testing.T) {
	t.Parallel()
	if o := quickly(t, t.TempDir(), exitOK, "export", "--help"); !strings.Contains(o.out, "\n  tiny export --what measures --format parquet -o measures.parquet\n") {
		t.Error(o.out)
	}
}

// Completion is a script of the shell.
func TestCompletionScripts(t *testing.T) {
	t.Parallel()
	for _, shell := range []string{"bash", "zsh", "fish"} {
		if o := quickly(t, t.TempDir(), exitOK, "completion", shell); !strings.Contains(o.out, "tiny") || o.talk != "" {
			t.Errorf("%s: %.200s%s", shell, o.out, o.talk)
		}
	}
}

// The shell is offered the values of flags that have few.
func TestFlagsComplete(t *testing.T) {
	t.Parallel()
	for _, words := range [][]string{{"export", "--what", "me", "measures"}, {"export", "--format", "p", "parquet"}, {"list", "--log-format", "j", "json"}} {
		if o := quickly(t, t.TempDir(), exitOK, append([]string{"__complete"}, words[:3]...)...); !strings.Contains("\n"+o.out, "\n"+words[3]+"\n") {
			t.Errorf("%q: %s", words, o.out)
		}
	}
}

// --dry-run prints what list prints, and makes nothing.
func TestDryRun(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	words := []string{"seed=1", "optimizer.rho=0.1,0.2"}
	list := quickly(t, dir, exitOK, append([]string{"list"}, words...)...)
	dry := quickly(t, dir, exitOK, append([]string{"run", "--dry-run"}, words...)...)
	bare := quickly(t, dir, exitOK, append([]string{"--dry-run"}, words...)...)
	timeless := func(o result) string {
		head, rest, _ := strings.Cut(o.out, "\n")
		head, _, _ = strings.Cut(head, "; about ") // which a few timed steps say
		return head + "\n" + rest
	}
	if timeless(dry) != timeless(list) || timeless(bare) != timeless(list) || !strings.HasPrefix(list.out, "tiny: 4 trials: 0 done, 4 missing") {
		t.Errorf("list\n%s\n--dry-run\n%s\nand alone\n%s", list.out, dry.out, bare.out)
	}
	if files := tree(t, dir); len(files) > 0 {
		t.Errorf("it made %d files", len(files))
	}
}

// --version says which code, which arithmetic and which results.
func TestVersion(t *testing.T) {
	t.Parallel()
	o := quickly(t, t.TempDir(), exitOK, "--version")
	if !strings.HasPrefix(o.out, "tiny: revision ") || !strings.Contains(o.out, "; results version 4; ") || !strings.Contains(o.out, "; go1.") || o.talk != "" {
		t.Errorf("%s%s", o.out, o.talk)
	}
}
