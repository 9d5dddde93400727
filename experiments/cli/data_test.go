package cli

import (
	"encoding/binary"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"msharp/harness/record"
)

// images is a data folder of 200 and 60 grey images of 3 × 3 in IDX files.
func images(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	write := func(name string, magic uint32, dims []uint32, body []byte) {
		b := binary.BigEndian.AppendUint32(nil, magic)
		for _, d := range dims {
			b = binary.BigEndian.AppendUint32(b, d)
		}
		if err := os.WriteFile(filepath.Join(dir, name), append(b, body...), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for name, n := range map[string]int{"train": 200, "t10k": 60} {
		pixels, labels := make([]byte, 9*n), make([]byte, n)
		for i := range labels {
			labels[i] = byte(i % 10)
			for j := range 9 {
				pixels[9*i+j] = byte(25*(i%10) + 7*i%13 + j)
			}
		}
		write(name+"-images-idx3-ubyte", 2051, []uint32{uint32(n), 3, 3}, pixels)
		write(name+"-labels-idx1-ubyte", 2049, []uint32{uint32(n)}, labels)
	}
	return dir
}

func manifestIn(t *testing.T, out string) (m record.Manifest) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(out, "manifest.json"))
	if err == nil {
		err = json.Unmarshal([]byte(text), &m)
	}
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func put(t *testing.T, out string, m record.Manifest) {
	t.Helper()
	text, err := json.Marshal(m)
	if err == nil {
		err = os.WriteFile(filepath.Join(out, "manifest.json"), text, 0o666)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// List, manifest and page call the data what they are: never MNIST because the files have the names of MNIST's.
func TestDataAreNamed(t *testing.T) {
	t.Parallel()
	dir, data := t.TempDir(), images(t)
	out := filepath.Join(dir, "out")
	const fashion = "14410854cf7a289477dcfc7df3f8ec24741e281cdcc425ede0d9a748ca630214"
	words := func(more ...string) []string {
		return append([]string{"--out", "out", "--data", data, "--quiet", "data={kind: mnist, train: 64, val: 32}", "seed=1", "optimizer.rho=0,0.05", "optimizer.m=4"}, more...)
	}
	page := func() string { return tree(t, out)["report.html"] }
	on := func(step, name string) {
		t.Helper()
		if says := "MLP on " + name + ", 64 training examples"; !strings.Contains(page(), says) {
			t.Errorf("%s: the page does not say %q", step, says)
		}
	}
	call(t, dir, exitOK, words()...)
	const unknown = "unknown images in IDX files"
	on("without a label", unknown)
	if m := manifestIn(t, out); len(m.Data) != 1 || m.Data[0].Name != unknown || m.Data[0].Kind != "mnist" || m.Data[0].Origin != data {
		t.Errorf("the manifest lists %+v", m.Data)
	}
	o := call(t, dir, exitOK, "list", "--out", "out", "--data", data, "data={kind: mnist, train: 64, val: 32, label: shades}", "seed=1", "optimizer.rho=0,0.05", "optimizer.m=4")
	if !strings.HasPrefix(o.out, "tiny: 2 trials: 2 done in out") || !strings.Contains(o.out, "  data: shades, 200 + 60 examples; "+data+", sha256 ") {
		t.Errorf("list says\n%s", o.out)
	}
	call(t, dir, exitOK, words("data.label=shades", "measures=[norm]")...)
	on("with a label", "shades")

	m := manifestIn(t, out)
	for i := range m.Data {
		m.Data[i].SHA256, m.Data[i].Name = fashion, ""
	}
	put(t, out, m)
	call(t, dir, exitOK, "draw", "--out", "out")
	on("Fashion's sha256 in a manifest without names", "Fashion-MNIST")
	if !strings.Contains(page(), "mnist, Fashion-MNIST, "+data+", sha256 "+fashion) {
		t.Error("the page does not say what the data of kind mnist were")
	}

	for _, file := range []string{"manifest.json", "plan.jsonl"} {
		if err := os.Remove(filepath.Join(out, file)); err != nil {
			t.Fatal(err)
		}
		call(t, dir, exitOK, "draw", "--out", "out")
		on("without "+file, unknown)
	}
}

// A folder on golearn's rows stays on them: with its plan or, as folders had none before there were plans, with its manifest and sweep.yaml.
// Asked for the full MNIST, it is refused.
func TestAFolderKeepsItsSource(t *testing.T) {
	t.Parallel()
	const dir = "." // where the go command finds golearn
	out := filepath.Join(t.TempDir(), "out")
	words := func(data string) []string {
		return []string{"--out", out, "data={kind: mnist, train: 64, val: 32" + data + "}", "seed=1", "optimizer.rho=0,0.05", "optimizer.m=4"}
	}
	list := func(data string) result { return call(t, dir, exitOK, append([]string{"list"}, words(data)...)...) }
	call(t, dir, exitOK, append(words(", source: golearn"), "--quiet")...)
	check := func(step string) {
		t.Helper()
		if o := list(""); !strings.HasPrefix(o.out, "tiny: 2 trials: 2 done in "+out) || !strings.Contains(o.out, "5000 + 500 examples") || strings.Contains(o.out, "refuses") {
			t.Errorf("%s, without a source:\n%s", step, o.out)
		}
		if o := list(", source: full"); !strings.Contains(o.out, "run refuses: "+out+" holds another configuration: the data set mnist has sha256 1ec5330cac44… there and b2d8f5bf3917… here") {
			t.Errorf("%s, on the full MNIST:\n%s", step, o.out)
		}
	}
	check("with a plan")
	text, err := os.ReadFile(filepath.Join(out, "sweep.yaml"))
	if err != nil || !strings.Contains(string(text), "source: golearn, ") {
		t.Fatalf("sweep.yaml says %s, %v", text, err)
	}
	if err := os.WriteFile(filepath.Join(out, "sweep.yaml"), []byte(strings.Replace(string(text), "source: golearn, ", "", 1)), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(out, "plan.jsonl")); err != nil {
		t.Fatal(err)
	}
	check("without a plan")
	if o := call(t, dir, exitOK, append(words(""), "--quiet")...); !strings.Contains(o.talk, "recorded") {
		t.Errorf("without a source, it trains again:\n%s", o.talk)
	}
	if o := list(""); !strings.Contains(o.out, "\ndata: {kind: mnist, label_noise: 0, source: golearn, ") {
		t.Errorf("the plan is\n%s", o.out)
	}
	call(t, dir, exitUsage, append(words(", source: full"), "--quiet")...)
	if o := call(t, dir, exitOK, append([]string{"list"}, append(words("")[2:], "--out", out+"/new")...)...); !strings.Contains(o.out, "60000 + 10000 examples") {
		t.Errorf("a new folder is not on the full MNIST:\n%s", o.out)
	}
}

// The references, on whatever data they are, are read with the source that they hold: their ids are those of today's plan, if their results
// version is today's.
func TestReferencesKeepTheirSource(t *testing.T) {
	t.Parallel()
	manifests, err := filepath.Glob("../../results/reference/*/manifest.json")
	if err != nil {
		t.Fatal(err)
	}
	held := 0
	for _, path := range manifests {
		var m record.Manifest
		text, err := os.ReadFile(path)
		if err == nil {
			err = json.Unmarshal(text, &m)
		}
		if err != nil || len(m.Data) != 1 {
			t.Fatal(path, m.Data, err)
		}
		if !strings.Contains(m.Data[0].Origin, " inside ") {
			continue // of files that not every machine has
		}
		held++
		abs, err := filepath.Abs(filepath.Dir(path))
		if err != nil {
			t.Fatal(err)
		}
		o := call(t, ".", exitOK, "list", "--out", abs, "--config", filepath.Join(abs, "sweep.yaml"))
		if says := ", sha256 " + m.Data[0].SHA256[:12] + "…\n"; !strings.Contains(o.out, says) {
			t.Errorf("%s: list does not say %q:\n%.900s", abs, says, o.out)
		}
		if strings.Contains(o.out, "refuses") {
			t.Errorf("%s: run would refuse:\n%.900s", abs, o.out)
		}
	}
	if held < 7 {
		t.Errorf("%d references with data from modules", held)
	}
}
