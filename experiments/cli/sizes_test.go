package cli

import (
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"msharp/harness/config"
	"msharp/harness/folder"
)

// patient finishes a call that takes seconds. It is killed, and its test fails, after minutes, which only work that grows with the square of
// its input needs.
func patient(t *testing.T, dir string, args ...string) result {
	t.Helper()
	c := quick(t, dir, args...)
	kill := time.AfterFunc(2*time.Minute, func() { c.Process.Kill() })
	defer kill.Stop()
	return finish(t, c)
}

// A network may be as deep and as wide as anyone would want, and no more.
func TestSizesOfNetworks(t *testing.T) {
	t.Parallel()
	model := func(text string) map[string]string {
		return map[string]string{"a.yaml": strings.Replace(head, "{kind: mlp, hidden: [8]}", "{kind: "+text+"}", 1)}
	}
	list := func(item string, n int) string { return "[" + item + strings.Repeat(", "+item, n-1) + "]" }
	const eights, width = "[8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8,...", "a whole number ≥ 1 and ≤ 1048576"
	for _, c := range []struct{ model, want string }{
		{"mlp, hidden: " + list("8", 100_000), "model.hidden = " + eights + ": 100000 items; expected at most 1000"},
		{"mlp, hidden: " + list("8", 1001), "model.hidden = " + eights + ": 1001 items; expected at most 1000"},
		{"cnn, hidden: " + list("8", 100_000), "model.hidden = " + eights + ": 100000 items; expected at most 1000"},
		{"cnn, blocks: " + list("{channels: 1}", 10_000), "model.blocks = [{channels: 1}, {channels: 1}, {channels: 1}, {channels: ...: 10000 items; expected at most 1000"},
		{"mlp, hidden: [1000000000]", "model.hidden[0] = 1000000000: out of range; expected " + width},
		{"mlp, hidden: [100000000000000000000]", "model.hidden[0] = 100000000000000000000: not a whole number; expected " + width},
		{"mlp, hidden: " + list("1048576", 1000), "model = mlp: layer 3: more than 268435456 weights, or values of one example; expected a network for examples of 1 × 1 × 2 (height, width, channels)"},
		{"cnn, blocks: " + list("{channels: 65536, kernel: 1024, pad: 1024}", 1000), "model = cnn: layer 1: more than 268435456 weights, or values of one example; expected a network for examples of 1 × 1 × 2 (height, width, channels)"},
	} {
		for _, command := range []string{"list", "run"} {
			faulty(t, model(c.model), "a.yaml:3: "+c.want, command)
		}
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a.yaml"), model("mlp, hidden: " + list("8", 1000))["a.yaml"])
	if o := patient(t, dir, "--config", "a.yaml"); o.status != exitOK || !strings.Contains(o.out, "1 trial: 1 done") {
		t.Errorf("a thousand layers: exit status %d\n%s%s", o.status, o.out, o.talk)
	}
}

// Measures have so many columns that a record can hold them.
func TestSizesOfMeasures(t *testing.T) {
	t.Parallel()
	of := func(n int) string {
		var rho strings.Builder
		for i := range n {
			fmt.Fprintf(&rho, ", %d", i+1)
		}
		return "{kind: msharp, m: [1, 2, 4, 8, 16, 32, 64], rho: [" + rho.String()[2:] + "]}"
	}
	for _, c := range []struct{ measures, want string }{
		{of(100_000), "measures[0].rho = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 1...: 100000 items; expected at most 1000"},
		{of(1000), "measures[0] = msharp: more than 10000 columns up to this measure; expected fewer"},
		{"{kind: msharp, m: [1" + strings.Repeat(", 1", 100) + "]}", "measures[0].m = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,...: 101 items; expected at most 100"},
	} {
		before, _, _ := strings.Cut(head, "measures:")
		faulty(t, map[string]string{"a.yaml": before + "measures:\n  - " + c.measures + "\n"}, "a.yaml:9: "+c.want, "list")
	}
}

// A table of very many columns is read once, and a message lists the first of them.
func TestManyColumns(t *testing.T) {
	notShort(t, "reads a large table")
	t.Parallel()
	const columns = 200_000
	var table strings.Builder
	for j := range columns {
		fmt.Fprintf(&table, "c%d,", j)
	}
	table.WriteString("class\n")
	for i := range 12 {
		table.WriteString(strings.Repeat(fmt.Sprintf("%d,", i), columns))
		fmt.Fprintln(&table, i%2)
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, "wide.csv"), table.String())
	write(t, filepath.Join(dir, "a.yaml"), "data: {kind: csv, file: wide.csv, train: 6, val: 2}\nmodel: {kind: mlp, hidden: [4]}\nepochs: 1\nbatch_size: 3\n")
	if o := patient(t, dir, "run", "--config", "a.yaml"); o.status != exitOK || !strings.Contains(o.out, "1 trial: 1 done") {
		t.Errorf("exit status %d\n%s%s", o.status, o.out, o.talk)
	}
	const want = "tiny: override \"data.class=c7x\": data.class = c7x: no such column at wide.csv:1; expected one of c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, c17, c18, c19 and 199981 more; did you mean \"c7\"?\n"
	if o := patient(t, dir, "list", "--config", "a.yaml", "data.class=c7x"); o.status != exitUsage || o.talk != want {
		t.Errorf("exit status %d, says\n %swant\n %s", o.status, o.talk, want)
	}
}

// More keys than there are known ones are refused before each is compared with all others.
func TestManyKeys(t *testing.T) {
	t.Parallel()
	numbered := func(format string, n int) string {
		var text strings.Builder
		for i := range n {
			fmt.Fprintf(&text, format, i)
		}
		return text.String()
	}
	keys := numbered("zzzzzzzz%d: 1\n", 50_000)
	unknown := ": zzzzzzzz0 = 1: unknown key; expected one of " + topKeys
	faulty(t, map[string]string{"a.yaml": head + keys}, "a.yaml:11"+unknown, "list")
	faulty(t, map[string]string{"a.yaml": "extends: base.yaml\n" + keys, "base.yaml": head + keys}, "a.yaml:2"+unknown, "list")
	faulty(t, map[string]string{"a.yaml": head + "sweep:\n" + numbered("  zzzzzzzz%d: 1\n", 50_000)}, "a.yaml:1012: sweep = 50000 keys: too many; expected at most 1000", "list")
	words := strings.Fields(numbered("zzzzzzzz%d=1 ", 10_000))
	faulty(t, nil, `override "zzzzzzzz1000=1": 10000 overrides: too many; expected at most 1000`, append([]string{"list"}, words...)...)
}

// list does for a trial what is new in it: in a folder without a plan, in one with a plan of these trials, and in one with a plan of others.
func TestListAllocatesLittle(t *testing.T) {
	t.Setenv("GOMEMLIMIT", "off") // of this process, which is the program here
	out, file := filepath.Join(t.TempDir(), "out"), filepath.Join(t.TempDir(), "a.yaml")
	write(t, file, string(tiny.Config))
	words := []string{"seed=range(1,10001)", "optimizer.rho=0.1", "optimizer.m=1"}
	list := func(name, want string, most uint64, more ...string) {
		var text, talk strings.Builder
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		status := tiny.Main(slices.Concat([]string{"list", "--config", file, "--out", out}, words, more), &text, &talk)
		runtime.ReadMemStats(&after)
		if status != exitOK || !strings.Contains(text.String(), want) || talk.String() != "" {
			t.Fatalf("%s: exit status %d, says %s%.1000s", name, status, &talk, &text)
		}
		if got := (after.Mallocs - before.Mallocs) / 10_000; got > most {
			t.Errorf("%s: %d allocations a trial, more than %d", name, got, most)
		}
	}
	const missing = "10000 trials: 0 done, 10000 missing"
	list("no folder", missing, 150)
	sweep, err := config.Plan(file, tiny.Config, words, "")
	if err != nil {
		t.Fatal(err)
	}
	plan, err := folder.Dir(out).Planned(sweep)
	if err == nil {
		err = plan.Write()
	}
	if err != nil {
		t.Fatal(err)
	}
	list("a plan of these trials", missing, 150)
	list("a plan of others", "run refuses: "+out+" holds another configuration: lr is 0.1 there and 0.2 here", 150, "lr=0.2")
	list("the trials themselves", `"lr": 0.1,`, 180, "--json")
}
