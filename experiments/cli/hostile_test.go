package cli

import (
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// bomb writes a file that unpacks to head and then so many MiB of one byte.
func bomb(t testing.TB, path, head string, fill byte, mib int) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, _ := gzip.NewWriterLevel(f, gzip.BestSpeed)
	io.WriteString(z, head)
	block := []byte(strings.Repeat(string(rune(fill)), 1<<20))
	for range mib {
		if _, err := z.Write(block); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
}

// Files that unpack to far more than they are, and files and lines without end, are read as far as there is memory and no further. The
// message names the limit and its key.
func TestHostileSizes(t *testing.T) {
	notShort(t, "unpacks hundreds of megabytes")
	t.Parallel()
	dir := t.TempDir()
	const labels = "\x00\x00\x08\x01\x00\x00\x00\x0a\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09"
	const images = "\x00\x00\x08\x03\x00\xff\xff\xff\x00\x00\x0f\xff\x00\x00\x0f\xff" // 16 million of 4095 × 4095
	bomb(t, filepath.Join(dir, "train-images-idx3-ubyte.gz"), images, 0, 300)
	write(t, filepath.Join(dir, "train-labels-idx1-ubyte"), labels)
	write(t, filepath.Join(dir, "t10k-images-idx3-ubyte"), images)
	write(t, filepath.Join(dir, "t10k-labels-idx1-ubyte"), labels)
	bomb(t, filepath.Join(dir, "wide.csv.gz"), "a,b\n1,", '1', 300)
	write(t, filepath.Join(dir, "large.yaml"), "name: x # "+strings.Repeat("x", 1<<20))
	_, out := finished(t)
	bomb(t, filepath.Join(out, "records", "newlines.jsonl.gz"), "", '\n', 300)
	bomb(t, filepath.Join(out, "records", "oneline.jsonl.gz"), `{"id":"`, 'a', 300)
	const limit = " (--limit memory; --limit memory=SIZE sets another)"
	for _, c := range []struct {
		args   string
		status int
		want   string
	}{
		{"list --limit memory=300MiB --data DIR data=mnist", exitFailed, "train-images-idx3-ubyte.gz: byte 83918848: cannot read on: more than 80 MiB, for which the memory does not suffice: 300 MiB" + limit},
		{"list --limit memory=300MiB data={kind:csv,file:DIR/wide.csv,train:4}", exitFailed, "wide.csv.gz: byte 21004288: cannot read on: more than 20 MiB, for which the memory does not suffice: 300 MiB" + limit},
		{"list --config DIR/large.yaml", exitUsage, "large.yaml is too large; expected at most 1 MiB (the default; --limit config=SIZE sets another)\n"},
		{"list --config DIR/large.yaml --limit config=2MiB data=spirals", exitUsage, "epochs: missing"},
		{"export --out OUT", exitOK, "warning: OUT/records: 314572791 more: not a record, dropped\n"},
		{"list --limit memory=2500mb optimizer.m=3", exitUsage, "does not divide the batch"},
		{"list --limit memory=lots", exitUsage, `tiny: --limit memory=lots: "lots" is not a size; expected a number of bytes such as 64MiB or 2GiB` + "\n"},
		{"list --limit disk=1G", exitUsage, "tiny: --limit disk=1G: expected KEY=SIZE, KEY one of config, line, memory\n"},
		{"list --limit line=0", exitUsage, "--limit line=0: \"0\" is out of range; expected at least 1 byte\n"},
	} {
		place := strings.NewReplacer("DIR", dir, "OUT", out)
		var args []string
		for _, word := range strings.Fields(place.Replace(c.args)) {
			args = append(args, strings.NewReplacer(":", ": ", ",", ", ").Replace(word))
		}
		call := quick(t, dir, args...)
		o := finish(t, call)
		if o.status != c.status || !strings.Contains(o.talk, place.Replace(c.want)) {
			t.Errorf("%s: exit status %d, says %.2000swant %s", c.args, o.status, o.talk, c.want)
		}
		if mib := peak(call); mib > 700 {
			t.Errorf("%s: %d MiB of memory at its peak", c.args, mib)
		}
	}
}

// Of a kind of warning ten are told, and the others counted.
func TestWarningsOfAKindAreCounted(t *testing.T) {
	t.Parallel()
	dir, out := finished(t)
	write(t, filepath.Join(out, "records", "z.jsonl"), strings.Repeat("nothing\n", 25)+"torn")
	o := quickly(t, dir, exitOK, "export", "--out", "out")
	if n := strings.Count(o.talk, "not a record, dropped: invalid"); n != 10 || !strings.Contains(o.talk, "warning: out/records: 15 more: not a record, dropped\n") || !strings.Contains(o.talk, "z.jsonl:26: torn last line") {
		t.Errorf("it says %s", o.talk)
	}
}
