package cli

import (
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

// twelve is a table with an index, an id, and 4c rows of each class c of 1 to 12.
func twelve() string {
	var b strings.Builder
	b.WriteString(",Id,a,b,cls\n")
	i := 0
	for k := range 48 {
		for c := 1; c <= 12; c++ {
			if k < 4*c {
				fmt.Fprintf(&b, "%d,%d,%d.5,%d,%d\n", i, i+1, c*10, i*i%17, c)
				i++
			}
		}
	}
	return b.String()
}

// list, run, the manifest and the report say which column is the class, which classes there are, what was left out, and what looks like a
// mistake; the confusion counts stand under the names of the classes.
func TestTheClassesOfATable(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "t.csv"), twelve())
	const about = "class cls: 12 classes (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12); column 1 is left out: an index, for it has no name"
	const suspicion = "t.csv: column 2 (Id) counts 1, 2, 3, … from row to row, as an id does, which may tell the class; data.drop=Id leaves it out"
	words := []string{"--data", ".", "--out", "out", "data={kind: csv, file: t.csv, train: 156, val: 78}", "epochs=20", "seed=1", "optimizer.rho=0.05", "optimizer.m=1", "measures=[]"}
	o := call(t, dir, exitOK, append([]string{"list"}, words...)...)
	if !strings.Contains(o.out, "\n  "+about+"\n") || o.talk != "warning: "+suspicion+"\n" {
		t.Errorf("list says\n%s%s", o.talk, o.out)
	}
	if o := call(t, dir, exitOK, words...); !strings.HasPrefix(o.talk, "warning: "+suspicion+"\n"+about+"\n") {
		t.Errorf("run says\n%s", o.talk)
	}
	if o := call(t, dir, exitOK, append(words, "--quiet")...); strings.Contains(o.talk, about) || !strings.HasPrefix(o.talk, "warning: "+suspicion+"\n") {
		t.Errorf("run --quiet says\n%s", o.talk)
	}
	out := filepath.Join(dir, "out")
	names := []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"}
	if d := manifestOf(t, out).Data; len(d) != 1 || d[0].Class != "cls" || !reflect.DeepEqual(d[0].Classes, names) || len(d[0].Notes) != 1 || !reflect.DeepEqual(d[0].Warnings, []string{suspicion}) {
		t.Errorf("the manifest says %+v", d)
	}
	page := tree(t, out)["report.html"]
	for _, text := range []string{about, suspicion} {
		if !strings.Contains(page, text) {
			t.Errorf("the report does not say %s", text)
		}
	}
	var trials struct {
		Classes   [][]string
		Named     []int
		Confusion [][][]int
	}
	unpack(t, page, "trials-data", &trials)
	if !reflect.DeepEqual(trials.Classes, [][]string{names}) || trials.Named != nil {
		t.Errorf("the confusion counts are those of %q, %v", trials.Classes, trials.Named)
	}
	for c, row := range trials.Confusion[0] {
		n := 0
		for _, k := range row {
			n += k
		}
		if names[c] != fmt.Sprint(n) { // a quarter of the class's rows
			t.Errorf("%d test examples of class %s", n, names[c])
		}
	}

	// Without the id nothing warns, and it is another configuration.
	words[4] = "data={kind: csv, file: t.csv, train: 156, val: 78, drop: [Id]}"
	if o := call(t, dir, exitOK, append([]string{"list"}, words...)...); o.talk != "" || !strings.Contains(o.out, "run refuses: out holds another configuration: data.drop ") {
		t.Errorf("without the id list says\n%s%s", o.talk, o.out)
	}
}

// unpack reads the data of a page's script.
func unpack(t *testing.T, page, id string, v any) {
	t.Helper()
	m := regexp.MustCompile(`(?s)id="` + id + `"[^>]*>(.*?)</script>`).FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("no %s", id)
	}
	z, err := gzip.NewReader(base64.NewDecoder(base64.StdEncoding, strings.NewReader(m[1])))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.NewDecoder(z).Decode(v); err != nil {
		t.Fatal(err)
	}
}
