package cli

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"
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
