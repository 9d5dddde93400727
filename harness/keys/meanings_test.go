package keys

import (
	"bytes"
	"encoding/json"
	"flag"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"msharp/harness/config"
	"msharp/models/kind"
)

var update = flag.Bool("update", false, "write meanings.json and experiments/schema.json")

// golden holds a file to what the code says.
func golden(t *testing.T, path string, want []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, want, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s is not what the code says (%v); go generate ./harness/keys writes it", path, err)
	}
}

// meanings.json holds the comments of every key's field and of every kind's type, and nothing else.
func TestMeanings(t *testing.T) {
	code, used := comments(t), map[string]string{}
	take := func(name string) {
		if code[name] == "" {
			t.Errorf("%s has no comment", name)
		}
		used[name] = code[name]
	}
	everywhere(func(p kind.Place) {
		if p.Owner != nil {
			take(p.Owner.String() + "." + p.Name)
		} else if p.Sort() == kind.Mapping {
			take(p.Type().String())
			if text := code[p.Type().String()]; !strings.HasSuffix(text, ".") && !strings.HasSuffix(text, ",") && !strings.HasSuffix(text, ":") {
				t.Errorf("what %s is breaks off before a formula: %s", p.Type(), text)
			}
		}
	})
	if len(used) < 100 {
		t.Fatalf("only %d comments", len(used))
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "\t")
	if err := enc.Encode(used); err != nil {
		t.Fatal(err)
	}
	golden(t, "meanings.json", b.Bytes())
}

// everywhere visits every place of a configuration below its root, those of a kind once.
func everywhere(visit func(kind.Place)) {
	known := map[reflect.Type]bool{}
	var in func(kind.Place)
	in = func(p kind.Place) {
		switch p.Sort() {
		case kind.List:
			in(p.Item())
		case kind.Mapping:
			for _, k := range p.Keys() {
				visit(k.Place)
				in(k.Place)
			}
		case kind.Kinded:
			for _, k := range p.Kinds() {
				if !known[k.Type()] {
					known[k.Type()] = true
					visit(k.Place)
					in(k.Place)
				}
			}
		}
	}
	file := config.DefaultFile()
	in(kind.PlaceOf(&file))
}

// comments reads the comments in the code, of types and of the fields of structs.
func comments(t *testing.T) map[string]string {
	said := map[string]string{}
	for _, dir := range []string{"harness/config", "harness/data", "harness/optim", "models", "sharpness"} {
		files, err := filepath.Glob(filepath.Join("../..", dir, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatal(dir, err)
		}
		for _, file := range files {
			f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			for _, d := range f.Decls {
				if d, ok := d.(*ast.GenDecl); ok && d.Tok == token.TYPE {
					for _, s := range d.Specs {
						note(said, filepath.Base(dir), d, s.(*ast.TypeSpec))
					}
				}
			}
		}
	}
	return said
}

// note takes down what is said of a type, its first sentence, and of its fields.
func note(said map[string]string, pkg string, d *ast.GenDecl, s *ast.TypeSpec) {
	const al, kept = "et al. ", "et al.\u00a0" // which ends no sentence
	name := pkg + "." + s.Name.Name
	text := strings.ReplaceAll(d.Doc.Text()+s.Doc.Text(), al, kept)
	said[name] = strings.ReplaceAll(new(doc.Package).Synopsis(text), kept, al)
	fields, ok := s.Type.(*ast.StructType)
	if !ok {
		return
	}
	for _, f := range fields.Fields.List {
		for _, id := range f.Names {
			said[name+"."+id.Name] = strings.Join(strings.Fields(f.Doc.Text()+" "+f.Comment.Text()), " ")
		}
	}
}
