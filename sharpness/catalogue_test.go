package sharpness

import (
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The package comment lists every measure in the Table, once, with what it costs at its defaults.
func TestCatalogue(t *testing.T) {
	f, err := parser.ParseFile(token.NewFileSet(), "sharpness.go", nil, parser.ParseComments|parser.PackageClauseOnly)
	if err != nil {
		t.Fatal(err)
	}
	between := regexp.MustCompile(` {2,}`)
	var kinds []string
	for line := range strings.Lines(f.Doc.Text()) {
		row, ok := strings.CutPrefix(strings.TrimRight(line, "\n"), "\t")
		if !ok {
			continue
		}
		parts := between.Split(row, -1)
		if len(parts) != 4 {
			t.Fatalf("%q has %d parts; expected kind, what it is, source and cost", row, len(parts))
		}
		kinds = append(kinds, parts[0])
		m, err := Table.New(parts[0])
		if err != nil {
			t.Error(err)
			continue
		}
		if c, _ := CostOf(m, 1000, 10); c.String() != parts[3] {
			t.Errorf("%s costs %s, it says %s", parts[0], c, parts[3])
		}
	}
	if slices.Sort(kinds); !slices.Equal(kinds, Table.Names()) {
		t.Errorf("the comment lists %q, the table %q", kinds, Table.Names())
	}
}
