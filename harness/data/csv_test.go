package data

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// reading is what a table should be read as, or the error.
type reading struct {
	class    string
	classes  string // names, divided by spaces
	features int
	first    []float64 // the first row
	labels   []int     // of the first rows
	notes    []string
	warnings []string
	err      string
}

func (want reading) check(t *testing.T, spec *CSV, dir string) {
	t.Helper()
	s, err := spec.Load(dir)
	if err != nil || want.err != "" {
		if err == nil || err.Error() != want.err {
			t.Errorf("\n got %v\nwant %s", err, want.err)
		}
		return
	}
	if got := strings.Join(s.ClassNames, " "); s.ClassColumn != want.class || got != want.classes || s.Shape.C != want.features {
		t.Errorf("class %s of names %s beside %d features; want %s, %s, %d", s.ClassColumn, got, s.Shape.C, want.class, want.classes, want.features)
	}
	if got := row(s, s.Pool, 0); want.first != nil && !slices.Equal(got, want.first) {
		t.Errorf("the first row is %v; want %v", got, want.first)
	}
	for i, y := range want.labels {
		if s.Pool.Label(i) != y {
			t.Errorf("row %d is of class %d; want %d", i, s.Pool.Label(i), y)
		}
	}
	for _, c := range []struct {
		what      string
		got, want []string
	}{{"notes", s.Notes, want.notes}, {"warnings", s.Warnings, want.warnings}} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s\n got %q\nwant %q", c.what, c.got, c.want)
		}
	}
}

// Tables as programs write them.
func TestCSVAsItComes(t *testing.T) {
	twelve := "a,b,c\n"
	for i := range 36 {
		twelve += fmt.Sprintf("%d,%d,%d\n", i*i, -i, i%12+1)
	}
	ids := "Id,a,c\n"
	for i := range 8 {
		ids += fmt.Sprintf("%d,%d,%c\n", i+7, i*i, 'x'+rune(i%2))
	}
	for _, c := range []struct {
		name, text string
		spec       CSV
		want       reading
	}{
		{"an index as R writes it", "\"\",\"a\",\"c\"\n\"Ann\",1.5,\"x\"\n\"Bob\",2,\"y\"\n", CSV{},
			reading{class: "c", classes: "x y", features: 1, first: []float64{1.5}, notes: []string{"column 1 is left out: an index, for it has no name"}, warnings: []string{"t.csv: 2 classes have one example each, which cannot be trained on and tested on: x, y"}}},
		{"an index as pandas writes it, of two tables in one", ",a,c\n0,1,x\n1,2,y\n0,1,x\n1,2,y\n", CSV{},
			reading{class: "c", classes: "x y", features: 1, first: []float64{1}, labels: []int{0, 1}, notes: []string{"column 1 is left out: an index, for it has no name"}}},
		{"a comma at the end of each line", "a,c,b,\n1,x,3,\n2,y,4,\n1,x,3,\n2,y,4, \u00a0\n", CSV{Class: "c"},
			reading{class: "c", classes: "x y", features: 2, first: []float64{1, 3}, notes: []string{"column 4 is left out: it is empty in every row"}}},
		{"a comma at the end of the header", "a,c,\n1,x\n2,y\n1,x\n2,y\n", CSV{},
			reading{class: "c", classes: "x y", features: 1, first: []float64{1}, notes: []string{"column 3 is left out: it is empty in every row"}}},
		{"an empty last column with a name", "a,c,Unnamed: 32\n1,x,\n2,y,\n1,x,\n2,y,\n", CSV{},
			reading{class: "c", classes: "x y", features: 1, notes: []string{"column 3 (Unnamed: 32) is left out: it is empty in every row"}}},
		{"an empty last column as class", "a,c,d\n1,x,\n2,y,\n", CSV{Class: "d", Drop: []string{"c"}},
			reading{err: "t.csv:2: column 3 (d) = (empty): a missing value; expected the name of a class"}},
		{"semicolons and decimal commas", "a;b;c\n1,5;-,5e1;x\n2;3;y\n1;2;x\n1;2;y\n", CSV{},
			reading{class: "c", classes: "x y", features: 2, first: []float64{1.5, -5}, notes: []string{"numbers have a decimal comma, as 1,5 in line 2"}}},
		{"semicolons and decimal points", "a;b;c\n1.5;3;x\n2;3;y\n1;2;x\n1;2;y\n", CSV{}, reading{class: "c", classes: "x y", features: 2, first: []float64{1.5, 3}}},
		{"semicolons asked for", "a, in cm;b, in cm;c\n1;2;x\n1;2;y\n1;2;x\n1;2;y\n", CSV{Separator: "semicolon"}, reading{class: "c", classes: "x y", features: 2, first: []float64{1, 2}}},
		{"tabs", "a b\tb\tc\n1\t2\tx x\n1\t2\ty\n1\t2\tx x\n1\t2\ty\n", CSV{}, reading{class: "c", classes: "x x y", features: 2, first: []float64{1, 2}}},
		{"truth values", "a,b,c\nTrue,false,x\n0,TRUE,y\n1,0,x\n1,1,y\n", CSV{}, reading{class: "c", classes: "x y", features: 2, first: []float64{1, 0}}},
		{"numbers as classes", "a,c\n1,2\n2,1.0\n3,02.00\n4,1e0\n5,-1\n6,x\n7,-1.0\n8,x\n", CSV{Class: "c", Drop: []string{}},
			reading{class: "c", classes: "-1 1 2 x", features: 1, labels: []int{2, 1, 2, 1, 0, 3},
				notes:    []string{"one class each, for they are one number: -1 and -1.0, 1.0 and 1e0, 02.00 and 2"},
				warnings: []string{"t.csv: column 1 (a) counts 1, 2, 3, … from row to row, as an id does, which may tell the class; data.drop=a leaves it out"}}},
		{"numbers too long for a float64 as classes", "a,c\n1,9007199254740993\n2,9007199254740992\n1,9007199254740993\n1,9007199254740992\n", CSV{},
			reading{class: "c", classes: "9007199254740992 9007199254740993", features: 1, labels: []int{1, 0}}},
		{"twelve classes", twelve, CSV{}, reading{class: "c", classes: "1 2 3 4 5 6 7 8 9 10 11 12", features: 2, labels: []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}}},
		{"what cannot be seen", "\ufeff\u200ba\u00a0,\u2007c\u200b\n\u00a01\u00a0,\ufeffx\n2\u200b,x\u00a0\n3,y\n3,y\n", CSV{Class: "c"}, reading{class: "c", classes: "x y", features: 1, first: []float64{1}, labels: []int{0, 0, 1}}},
		{"an id", ids, CSV{}, reading{class: "c", classes: "x y", features: 2, first: []float64{7, 0},
			warnings: []string{"t.csv: column 1 (Id) counts 7, 8, 9, … from row to row, as an id does, which may tell the class; data.drop=Id leaves it out"}}},
		{"an id dropped", ids, CSV{Drop: []string{"Id"}}, reading{class: "c", classes: "x y", features: 1, first: []float64{0}}},
		{"the last column dropped", "a,c,b\n1,x,7\n2,y,8\n1,x,7\n2,y,8\n", CSV{Drop: []string{"b"}}, reading{class: "c", classes: "x y", features: 1, first: []float64{1}}},
		{"the class in front", "Class,a,b\n1,0.5,5.5\n2,0.5,6.25\n1,.5,5.5\n2,.5,6.25\n", CSV{},
			reading{class: "b", classes: "5.5 6.25", features: 2, warnings: []string{
				"t.csv: the class is the last column (b), for no class is given, and its 2 classes are numbers such as 5.5; data.class=NAME takes another column",
				"t.csv: the class is the last column (b), for no class is given, and column 1 is called Class; data.class=Class takes that one"}}},
		{"the class in front, said so", "Class,a,b\n1,0.5,5.5\n2,0.5,6.25\n1,.5,5.5\n2,.5,6.25\n", CSV{Class: "Class"}, reading{class: "Class", classes: "1 2", features: 2, first: []float64{.5, 5.5}}},
		{"a feature called y beside a class called class", "y,class\n1,a\n1,b\n1,a\n1,b\n", CSV{}, reading{class: "class", classes: "a b", features: 1, first: []float64{1}}},
		{"a measurement as class", "a,b\n1,7\n1,8\n2,9\n", CSV{},
			reading{class: "b", classes: "7 8 9", features: 1, warnings: []string{
				"t.csv: the class is the last column (b), for no class is given, and it has 3 distinct numbers in 3 rows; data.class=NAME takes another column",
				"t.csv: 3 classes have one example each, which cannot be trained on and tested on: 7, 8, 9"}}},
		{"one example", "a,c\n1,x\n2,x\n3,y\n3,y\n3,z\n", CSV{}, reading{class: "c", classes: "x y z", features: 1, warnings: []string{"t.csv: class z has one example, which cannot be trained on and tested on"}}},
		{"names that are numbers", "label,0,1\n3,0,255\n4,0,255\n3,0,255\n4,0,255\n", CSV{Class: "label"}, reading{class: "label", classes: "3 4", features: 2, first: []float64{0, 255}}},
		{"Na is no missing value", "a,c\n1,Na\n2,K\n1,Na\n2,K\n", CSV{}, reading{class: "c", classes: "K Na", features: 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.spec.File = "t.csv"
			c.want.check(t, &c.spec, files{"t.csv": []byte(c.text)}.in(t))
		})
	}
	for _, word := range []string{"NA", "NaN", "nan", "?", "null", "NULL", "N/A", " NA\u00a0"} {
		text := "a,c\n1,x\n2," + word + "\n"
		reading{err: "t.csv:3: column 2 (c) = " + trim(word) + ": a missing value; expected the name of a class"}.check(t, &CSV{File: "t.csv"}, files{"t.csv": []byte(text)}.in(t))
	}
}

// The separator has a name, which stands for the character; a column is dropped once.
func TestCSVSettings(t *testing.T) {
	for text, want := range map[string]string{
		"{kind: csv, separator: ';'}": "semicolon", "{kind: csv, separator: \"\\t\"}": "tab", "{kind: csv, separator: '\\t'}": "tab", "{kind: csv, separator: comma}": "comma",
		"{kind: csv, separator: '|'}":  "line 1: separator = |: unknown separator; expected one of comma, semicolon, tab",
		"{kind: csv, drop: [a, b, a]}": "line 1: drop = a: a column given twice; expected each once",
	} {
		var a Any
		err := yaml.Unmarshal([]byte(text), &a)
		if got := fmt.Sprint(err); err != nil && got != want {
			t.Errorf("%s: %s; want %s", text, got, want)
		} else if err == nil && a.Spec.(*CSV).Separator != want {
			t.Errorf("%s: %+v; want %s", text, a.Spec, want)
		}
	}
}

var casesDir = flag.String("cases", "", "the folder shared/data/cases; default is beside the checkout")

// cases is a folder of tables that were read wrongly, or not at all.
func cases(t *testing.T) string {
	t.Helper()
	dir := *casesDir
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data", "cases")
		if _, err := os.Stat(dir); err != nil {
			t.Skipf("the tables of shared/data/cases are not beside the checkout (%v); -cases DIR names their folder", err)
		}
	}
	return dir
}

// Every table of the folder is read as it should be.
func TestCases(t *testing.T) {
	dir := cases(t)
	const iris, flowers = "setosa versicolor virginica", "species"
	index := []string{"column 1 is left out: an index, for it has no name"}
	flower := []float64{5.1, 3.5, 1.4, .2}
	want := map[string][]struct {
		spec CSV
		reading
	}{
		"iris_ok.csv": {{CSV{}, reading{class: flowers, classes: iris, features: 4, first: flower}}},
		"Iris_kaggle_id.csv": {
			{CSV{}, reading{class: flowers, classes: iris, features: 5, warnings: []string{"Iris_kaggle_id.csv: column 1 (Id) counts 1, 2, 3, … from row to row, as an id does, which may tell the class; data.drop=Id leaves it out"}}},
			{CSV{Drop: []string{"Id"}}, reading{class: flowers, classes: iris, features: 4, first: flower}}},
		"wine_classfirst.csv": {
			{CSV{Class: "class"}, reading{class: "class", classes: "1 2 3", features: 13}},
			{CSV{}, reading{warnings: []string{
				"wine_classfirst.csv: the class is the last column (proline), for no class is given, and it has 121 distinct numbers in 178 rows; data.class=NAME takes another column",
				"wine_classfirst.csv: the class is the last column (proline), for no class is given, and column 1 is called class; data.class=class takes that one"}}}},
		"iris_class_NaN.csv":  {{CSV{}, reading{err: "iris_class_NaN.csv:5: column 5 (species) = NaN: a missing value; expected the name of a class"}}},
		"iris_mixedlabel.csv": {{CSV{}, reading{class: flowers, classes: "0 1 2", features: 4, first: flower, notes: []string{"one class each, for they are one number: 0 and 0.0, 1 and 1.0, 2 and 2.0"}}}},
		"cls12.csv":           {{CSV{}, reading{class: "cls", classes: "1 2 3 4 5 6 7 8 9 10 11 12", features: 4, labels: []int{0, 1, 2, 3}}}},
		"iris_R.csv":          {{CSV{}, reading{class: "Species", classes: iris, features: 4, first: flower, notes: index}}},
		"iris_index.csv":      {{CSV{}, reading{class: flowers, classes: iris, features: 4, first: flower, notes: index}}},
		"wdbc_kaggle_trailing.csv": {
			{CSV{Class: "diagnosis", Drop: []string{"id"}}, reading{class: "diagnosis", classes: "B M", features: 30, labels: []int{1, 1}, notes: []string{"column 33 is left out: it is empty in every row"}}},
			{CSV{Class: "diagnosis"}, reading{class: "diagnosis", classes: "B M", features: 31, notes: []string{"column 33 is left out: it is empty in every row"},
				warnings: []string{"wdbc_kaggle_trailing.csv: column 1 (id) counts 842302, 842303, 842304, … from row to row, as an id does, which may tell the class; data.drop=id leaves it out"}}}},
		"iris_semicolon.csv":  {{CSV{}, reading{class: flowers, classes: iris, features: 4, first: flower}}},
		"iris_bool.csv":       {{CSV{}, reading{class: flowers, classes: iris, features: 5, first: append(flower[:4:4], 0)}}},
		"iris_noheader.data":  {{CSV{}, reading{err: "iris_noheader.data:1: no header: this line holds numbers, as the rows do; expected a line with the names of the columns in front of it, such as x1,x2,x3,x4,class"}}},
		"iris_utf16.csv":      {{CSV{}, reading{err: "iris_utf16.csv: the text is UTF-16LE; expected UTF-8, which iconv -f UTF-16 -t UTF-8 makes of it"}}},
		"iris_oneexample.csv": {{CSV{}, reading{class: flowers, classes: "setosa unique versicolor virginica", features: 4, first: flower, labels: []int{1, 0}, warnings: []string{"iris_oneexample.csv: class unique has one example, which cannot be trained on and tested on"}}}},
	}
	there, err := fs.Glob(os.DirFS(dir), "*")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range there {
		ways := want[name]
		if ways == nil && filepath.Ext(name) != ".md" && filepath.Ext(name) != ".yaml" {
			t.Errorf("%s has no test", name)
		}
		for _, way := range ways {
			t.Run(fmt.Sprint(name, way.spec.Class, way.spec.Drop), func(t *testing.T) {
				way.spec.File = name
				if name == "wine_classfirst.csv" && way.spec.Class == "" {
					s, err := way.spec.Load(dir)
					if err != nil || len(s.Warnings) < 2 || !slices.Equal(s.Warnings[:2], way.warnings) {
						t.Errorf("%+v, %v", s, err)
					}
					return
				}
				way.check(t, &way.spec, dir)
			})
		}
		delete(want, name)
	}
	for name := range want {
		t.Errorf("%s is not in %s", name, dir)
	}
}
