package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// halfWay are the words of one trial, which a limit ends after its first epoch.
var halfWay = []string{"--out", "out", "--quiet", "seed=1", "optimizer.rho=0.05", "optimizer.m=4"}

// A checkpoint that is not the trial's, or not whole, is a warning that says why; the trial starts anew, its record is that of a trial
// left alone, and the checkpoint is gone.
func TestDamagedCheckpoints(t *testing.T) {
	notShort(t, "damages every part of a checkpoint in turn")
	t.Parallel()
	dir := t.TempDir()
	quickly(t, dir, exitOK, halfWay...)
	want := bare(t, filepath.Join(dir, "out"))

	dir = t.TempDir()
	quickly(t, dir, exitFailed, append(halfWay, "time_limit=1ns")...)
	out := filepath.Join(dir, "out")
	names, err := filepath.Glob(filepath.Join(out, "checkpoints", "*.safetensors"))
	if err != nil || len(names) != 1 {
		t.Fatal(names, err)
	}
	files, name := tree(t, out), "checkpoints/"+filepath.Base(names[0])
	id, good := strings.TrimSuffix(filepath.Base(names[0]), ".safetensors"), files[name]
	const other = "0123456789abcdef"
	in := func(old, new string) string {
		text := strings.Replace(good, old, new, 1)
		if text == good {
			t.Fatalf("no %q in the checkpoint", old)
		}
		return text
	}
	flipped := []byte(good)
	flipped[len(good)-1] ^= 1
	header := len(good) // of the file, less its numbers: two vectors of the network's 51 weights
	header -= 8 + 2*51*4
	for _, c := range []struct{ text, want string }{
		{"", "0 bytes are no safetensors file"},
		{good[:7], "7 bytes are no safetensors file"},
		{"no checkpoint", "a header of 7738140083766718318 bytes in a file of 13"},
		{good[:300], fmt.Sprintf("a header of %d bytes in a file of 300", header)},
		{good[:len(good)-4], `tensor "optimizer.v" of shape [51] lies at bytes 204 to 408, expected to end by 404, where the file ends`},
		{good + "more", "4 bytes after the last tensor"},
		{in(`"shape":[51]`, `"shape":[15]`), `tensor "optimizer.v" of shape [15] has 204 bytes, expected 4 for each number`},
		{in(`"shape":[51]`, `"shape":[NaN`), "header: invalid character 'N' looking for beginning of value"},
		{in(`"version":"1"`, `"version":"9"`), `version is "9", expected "1"`},
		{in("msharp checkpoint", "another program's"), `format is "another program's", expected "msharp checkpoint"`},
		{in(id, other), fmt.Sprintf("id is %q, expected %q", other, id)},
		{in(`steps\":4`, `steps\":3`), "its bytes are not those that were written: the sha256 differs"},
		{string(flipped), "its bytes are not those that were written: the sha256 differs"},
	} {
		dir := t.TempDir()
		out := filepath.Join(dir, "out")
		restore(t, out, files)
		write(t, filepath.Join(out, name), c.text)
		o := quickly(t, dir, exitOK, append(halfWay, "--retry-failed")...)
		if said := fmt.Sprintf("warning: trial %s: cannot continue from out/%s: %s; the trial starts anew\n", id, name, c.want); o.talk != said {
			t.Errorf("it says %swant %s", o.talk, said)
		}
		if !slices.Equal(bare(t, out), want) {
			t.Errorf("%s: another record", c.want)
		}
		if _, err := os.Stat(filepath.Join(out, name)); err == nil {
			t.Errorf("%s: the checkpoint is left", c.want)
		}
	}

	dir = t.TempDir()
	restore(t, filepath.Join(dir, "out"), files)
	if o := quickly(t, dir, exitOK, append(halfWay, "--retry-failed")...); o.talk != "" || !slices.Equal(bare(t, filepath.Join(dir, "out")), want) {
		t.Errorf("the undamaged one: %s, or another record", o.talk)
	}
}

// Where no checkpoint can be written the trial goes on without, and says so once, however many were due.
func TestNoPlaceForCheckpoints(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	out := filepath.Join(dir, "out")
	restore(t, out, map[string]string{"checkpoints": ""})
	o := quickly(t, dir, exitOK, append(halfWay, "checkpoint_after=0s")...)
	lines := strings.Split(o.talk, "\n")
	if len(lines) != 2 || !strings.HasSuffix(lines[0], ": no checkpoint: mkdir out/checkpoints: not a directory") {
		t.Errorf("it says %q", o.talk)
	}
}

// What a killed writer leaves beside a file is swept away by the next run or drawing; what is not of a file of theirs stays.
func TestTornFilesAreSweptAway(t *testing.T) {
	notShort(t, "runs a sweep several times")
	t.Parallel()
	dir, out := keptRun(t)
	text := tree(t, out)["records/a.jsonl"]
	last := strings.LastIndex(text[:len(text)-1], "\n") + 1
	write(t, filepath.Join(out, "records", "a.jsonl"), text[:last]) // the last trial was being trained
	id := text[last+len(`{"id":"`):][:16]
	torn := []string{"sweep.yaml", "plan.jsonl", "manifest.json", "records.csv", "verdicts.json", "report.html", "figures/msweep.png", "checkpoints/" + id + ".safetensors", "weights/" + id + ".safetensors"}
	others := []string{".notes-0badcafe", "weights/.0123456789abcdef.safetensors-0badcafe", "checkpoints/" + id + ".safetensors-0badcafe"}
	files := map[string]string{}
	for _, name := range torn {
		files[filepath.Join(filepath.Dir(name), "."+filepath.Base(name)+"-0badcafe")] = "torn"
	}
	for _, name := range others {
		files[name] = "somebody else's"
	}
	restore(t, out, files)
	quickly(t, dir, exitOK, "--out", "out", "--quiet")
	for name := range files {
		if _, err := os.Stat(filepath.Join(out, name)); (err == nil) != slices.Contains(others, name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
