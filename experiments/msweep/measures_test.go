package main

import (
	"go/parser"
	"go/token"
	"regexp"
	"strings"
	"testing"
)

// measureTable lists the measures as the comment of their package does, a row each.
func measureTable(t *testing.T) string {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "../../sharpness/sharpness.go", nil, parser.ParseComments|parser.PackageClauseOnly)
	if err != nil {
		t.Fatal(err)
	}
	between := regexp.MustCompile(` {2,}`)
	rows := []string{"| kind | what it is | source | cost at its defaults |", "| --- | --- | --- | --- |"}
	for line := range strings.Lines(f.Doc.Text()) {
		if row, ok := strings.CutPrefix(line, "\t"); ok {
			rows = append(rows, "| `"+strings.Replace(between.ReplaceAllString(strings.TrimSpace(row), " | "), " |", "` |", 1)+" |")
		}
	}
	if len(rows) == 2 {
		t.Fatal("the package comment of sharpness lists no measure")
	}
	return strings.Join(rows, "\n")
}

func TestMeasureTable(t *testing.T) {
	const want = "\n| `hessian` | largest eigenvalues of the Hessian, and the smallest | Keskar et al. 2017 | 20 products |\n"
	if got := measureTable(t); !strings.Contains(got, want) {
		t.Errorf("the table is\n%s", got)
	}
}
