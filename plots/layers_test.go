package plots

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// layers are the files of the package, and what layers a file may use besides its own file. Of the figures none uses another.
var layers = map[string]struct{ files, uses string }{
	"words": { // how numbers read, sentences, colours and glyphs
		"doc format sentences style look", "words"},
	"data": { // of the records
		"best closeness cohort compared differences field group history linedata looks ranks thinned tunedbase tunedlines", "words data"},
	"marks": { // which draw on a plot
		"axes contours curve edges entry forestrows levels marks offscale strips track values", "words marks"},
	"sheet": { // which lays out panels of marks
		"drawing panel paper pdf png sheet shown svg", "words marks sheet"},
	"panels": { // of data, which several figures show
		"differencesheet figure linepanel taupanel", "words data marks sheet panels"},
	"figures": {
		"againsttuned along bestrho chart claims collapse curves density factors forest landscape lines mediation numbers overview power rivals scatter scores tunedover watched", "words data marks sheet panels"},
}

// nothing is an importer of empty packages: what the files of this one have of each other needs no more.
type nothing struct{}

func (nothing) Import(path string) (*types.Package, error) {
	p := types.NewPackage(path, path[strings.LastIndex(path, "/")+1:])
	p.MarkComplete()
	return p, nil
}

func TestFilesAreLayers(t *testing.T) {
	layerOf := map[string]string{}
	for name, l := range layers {
		for _, file := range strings.Fields(l.files) {
			if layerOf[file] != "" {
				t.Errorf("%s.go is in two layers", file)
			}
			layerOf[file] = name
		}
	}
	paths, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	fset := token.NewFileSet()
	fileOf := func(p token.Pos) string { return strings.TrimSuffix(filepath.Base(fset.Position(p).Filename), ".go") }
	var files []*ast.File
	seen := map[string]bool{}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		name := strings.TrimSuffix(path, ".go")
		if seen[name] = true; layerOf[name] == "" {
			t.Errorf("%s is in no layer", path)
		}
		f, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	for name := range layerOf {
		if !seen[name] {
			t.Errorf("there is no %s.go", name)
		}
	}
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}}
	check := types.Config{Importer: nothing{}, Error: func(error) {}} // what is imported is unknown
	pkg, _ := check.Check("plots", fset, files, info)
	found := map[string]bool{}
	uses := 0
	for id, of := range info.Uses {
		fn, isFunc := of.(*types.Func)
		method := isFunc && fn.Signature().Recv() != nil
		if of.Pkg() != pkg || of.Parent() != pkg.Scope() && !method {
			continue
		}
		uses++
		from, to := fileOf(id.Pos()), fileOf(of.Pos())
		if from != to && !slices.Contains(strings.Fields(layers[layerOf[from]].uses), layerOf[to]) {
			found[from+".go ("+layerOf[from]+") uses "+id.Name+" of "+to+".go ("+layerOf[to]+")"] = true
		}
	}
	if uses < 1000 {
		t.Errorf("%d uses: the check sees nothing", uses)
	}
	for _, what := range slices.Sorted(maps.Keys(found)) {
		t.Error(what)
	}
}
