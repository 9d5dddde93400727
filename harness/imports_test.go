package harness

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// mayImport is who may import whom within the project; leaves are open to all, and import none but models/elementary and what the map says.
var mayImport = map[string][]string{
	"harness/limits":  {"harness/disk"},
	"harness/record":  {"harness/disk", "harness/limits"},
	"harness/npy":     {"harness/safetensors"},
	"models":          {"models/kernel"},
	"sharpness":       {},
	"harness/data":    {"models", "models/kernel"},
	"harness/optim":   {},
	"harness/config":  {"harness/data", "harness/optim", "sharpness", "models"},
	"harness/keys":    {"harness/config"},
	"harness/folder":  {"harness/config"},
	"harness":         {"harness/config", "harness/folder", "harness/data", "harness/optim", "sharpness", "models"},
	"harness/study":   {"sharpness"},
	"harness/verdict": {"harness/study"},
	"harness/slurm":   {},
	"plots":           {"harness/study", "harness/verdict"},
	"plots/page":      {"plots", "harness/study", "harness/verdict"},

	"experiments/foret2021": {"plots"},
	"experiments/claims":    {"harness/study", "harness/verdict"},
	"experiments/cli":       {"harness", "harness/config", "harness/folder", "harness/keys", "harness/slurm", "harness/study", "harness/verdict", "plots", "plots/page", "sharpness"},

	// Tests alone import these.
	"plots/plotstest":               {"harness/study"},
	"experiments/claims/claimstest": {"harness/study", "harness/verdict"},
}

var leaves = []string{"models/elementary", "models/kernel", "models/ascent", "models/kind", "models/rng", "harness/safetensors", "harness/npy", "harness/record", "harness/disk", "harness/limits", "harness/stats", "harness/parallel"}

func TestImportsFollowTheMap(t *testing.T) {
	mod, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	module := strings.Fields(string(mod))[1]
	files := 0
	err = filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && path != ".." {
			if _, err := os.Stat(filepath.Join(path, "go.mod")); err == nil || strings.HasPrefix(d.Name(), ".") {
				return fs.SkipDir // a tool, or a module of its own
			}
		}
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		files++
		dir, err := filepath.Rel("..", filepath.Dir(path))
		if err != nil {
			return err
		}
		allowed := slices.Concat(leaves, mayImport[dir])
		switch {
		case dir == "experiments/bench": // which times what lies under the commands, and draws the times
			allowed = append(allowed, "models", "harness", "harness/config", "harness/folder", "harness/optim", "sharpness", "plots")
		case dir == "experiments/weigh": // which measures what no trial has trained
			allowed = append(allowed, "models", "harness", "harness/config", "harness/folder", "harness/data", "sharpness")
		case strings.HasPrefix(dir, "experiments/") && mayImport[dir] == nil:
			allowed = append(slices.Clone(leaves), "experiments/cli", "experiments/claims", "experiments/foret2021", "harness/study", "harness/verdict", "plots")
		case slices.Contains(leaves, dir):
			allowed = append(mayImport[dir], "models/elementary")
		case mayImport[dir] == nil:
			t.Errorf("%s: package %s is not on the map", path, dir)
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, im := range f.Imports {
			p, err := strconv.Unquote(im.Path.Value)
			if err != nil {
				return err
			}
			if to, ours := strings.CutPrefix(p, module+"/"); ours && !slices.Contains(allowed, to) {
				t.Errorf("%s imports %s", path, to)
			}
			if (strings.Contains(p, "golearn") || strings.Contains(p, "GoMNIST")) && dir != "harness/data" {
				t.Errorf("%s imports %s, which lives in harness/data", path, p)
			}
		}
		return nil
	})
	if err != nil || files < 30 {
		t.Fatal(files, err)
	}
}

// Papers are known to experiments alone: what judges and draws says nothing of one.
func TestNoPaperBelowExperiments(t *testing.T) {
	paper := regexp.MustCompile(`Foret|Figure \d|Table \d`)
	for _, dir := range []string{"study", "verdict", "../plots", "../plots/page"} {
		files, err := filepath.Glob(dir + "/*")
		if err != nil || len(files) == 0 {
			t.Fatal(dir, err)
		}
		for _, file := range files {
			if info, err := os.Stat(file); err != nil || info.IsDir() || strings.HasSuffix(file, "_test.go") {
				continue
			}
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if said := paper.Find(text); said != nil {
				t.Errorf("%s says %q", file, said)
			}
		}
	}
}
