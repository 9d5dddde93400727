package folder

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"msharp/harness/config"
	"msharp/harness/record"
)

const (
	sumRows    = "1ec5330cac441a6c6724d106d13202775d6fa6b148c155ac6c743727a68dd79c"
	sumFashion = "14410854cf7a289477dcfc7df3f8ec24741e281cdcc425ede0d9a748ca630214"
)

// A manifest without names tells what the data are by their sha256; the latest label of the same data counts.
func TestNamesOfData(t *testing.T) {
	dir := Dir(t.TempDir())
	text := `{"name": "a", "data": [{"kind": "mnist", "origin": "x", "sha256": "` + sumFashion + `"}, {"kind": "mnist", "origin": "y", "sha256": "12"}]}`
	if err := os.WriteFile(filepath.Join(string(dir), "manifest.json"), []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	named := func(second string) []record.DataSource {
		return []record.DataSource{{Kind: "mnist", Name: "Fashion-MNIST", Origin: "x", SHA256: sumFashion}, {Kind: "mnist", Name: second, Origin: "y", SHA256: "12"}}
	}
	const unknown = "unknown images in IDX files"
	check := func(want ...record.DataSource) {
		t.Helper()
		if m, _, err := dir.Read(); err != nil || !reflect.DeepEqual(m.Data, want) {
			t.Errorf("%v: the data are\n%+v; want\n%+v", err, m.Data, want)
		}
	}
	check(named(unknown)...)
	for _, begin := range []func(record.Manifest) error{dir.BeginManifest, dir.MergeManifest} {
		if err := begin(record.Manifest{Name: "a", Data: []record.DataSource{{Kind: "mnist", Name: "KMNIST", Origin: "y", SHA256: "12"}}}); err != nil {
			t.Fatal(err)
		}
		check(named("KMNIST")...)
		if err := begin(record.Manifest{Name: "a", Data: named(unknown)}); err != nil {
			t.Fatal(err)
		}
		check(named("KMNIST")...)
	}
	if err := dir.BeginManifest(record.Manifest{Name: "a", Data: []record.DataSource{{Kind: "mnist", Name: "kana", Origin: "z", SHA256: "12"}}}); err != nil {
		t.Fatal(err)
	}
	check(append(named("kana"), record.DataSource{Kind: "mnist", Name: "kana", Origin: "z", SHA256: "12"})...)
}

// The trials of a plan are rebuilt on the source whose sha256 its lines hold, and a folder without a manifest names its data by them.
func TestPlanOnTheSourceItHolds(t *testing.T) {
	for _, words := range [][]string{{"data={kind: mnist, source: golearn}"}, {"data=mnist"}} {
		dir, text := Dir(t.TempDir()), "epochs: 1\nbatch_size: 16\n"
		s := sweepOf(t, text, words...)
		p := read(t, dir, planOf(t, dir, text, words...))
		trials, sources, err := p.Trials("", nil)
		if err != nil {
			t.Fatal(err)
		}
		if trials[0].ID != s.Trials[0].ID || sources[0].SHA256 != s.Sources[0].SHA256 {
			t.Errorf("%v: trial %s on %s is rebuilt as %s on %s", words, s.Trials[0].ID, s.Sources[0].SHA256, trials[0].ID, sources[0].SHA256)
		}
		m, _, err := dir.Read()
		if want := []record.DataSource{{Kind: "mnist", Name: "MNIST", SHA256: s.Sources[0].SHA256}}; err != nil || !reflect.DeepEqual(m.Data, want) {
			t.Errorf("%v: without a manifest, the data are %+v; want %+v", err, m.Data, want)
		}
	}
	if got := config.DataName("mnist", sumRows); got != "MNIST" {
		t.Errorf("golearn's rows are called %s", got)
	}
}
