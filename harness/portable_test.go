package harness

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// computes is the packages whose floating-point numbers records hold, beside this one.
var computes = []string{"models", "models/ascent", "models/elementary", "models/kernel", "models/rng", "sharpness", "harness/data", "harness/optim"}

// within is what records do not depend on: oracles, which are held to tolerances, and the memory of a trial, which is an estimate.
var within = []string{"oracle.go", "curvatureoracle.go", "memory.go", "footprint.go", "size.go", "bytes.go"}

// No compiler may round a product and a sum at once in what records depend on: it does where the processor can and the code does not forbid it, so
// that equal configurations would give other bits there. The compiler for arm64 fuses wherever that is allowed.
func TestNothingIsFused(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles for another processor")
	}
	args := []string{"build", "-gcflags=./...=-S", "./harness"}
	for _, dir := range computes {
		args = append(args, "./"+dir)
	}
	build := exec.Command("go", args...)
	build.Dir = ".."
	build.Env = append(os.Environ(), "GOOS=linux", "GOARCH=arm64", "CGO_ENABLED=0")
	listing, err := build.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, listing[:min(len(listing), 2000)])
	}
	instruction := regexp.MustCompile(`\(([^()]+\.go):(\d+)\)\t(F[A-Z]+)`)
	sums, seen := 0, map[string]bool{}
	for line := range strings.Lines(string(listing)) {
		m := instruction.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		switch m[3] {
		case "FADDD", "FADDS":
			sums++
		case "FMADDD", "FMADDS", "FMSUBD", "FMSUBS", "FNMADDD", "FNMADDS", "FNMSUBD", "FNMSUBS":
			at := filepath.Base(filepath.Dir(m[1])) + "/" + filepath.Base(m[1]) + ":" + m[2]
			ours := slices.ContainsFunc(append(computes, "harness"), func(dir string) bool { return strings.HasSuffix(filepath.Dir(m[1]), dir) })
			if ours && !slices.Contains(within, filepath.Base(m[1])) && !seen[at] {
				seen[at] = true
				t.Errorf("%s: a product is fused with a sum; round it by a conversion, as float64(x*y) does", at)
			}
		}
	}
	if sums < 50 {
		t.Errorf("only %d sums in the listing", sums)
	}
}

// Functions whose last bits differ from machine to machine have no part in records; those of models/elementary have.
func TestNoFunctionOfTheMachine(t *testing.T) {
	exact := strings.Fields("Abs Ceil Copysign Float32bits Float32frombits Float64bits Float64frombits Floor Inf IsInf IsNaN Max Min NaN Nextafter Round " +
		"Signbit Sqrt Trunc MaxFloat32 MaxFloat64 MaxInt MaxInt32 MaxInt64 MaxUint32 MinInt64 Pi SmallestNonzeroFloat64 Sqrt2")
	files := 0
	for _, dir := range append(computes, "harness") {
		paths, err := filepath.Glob(filepath.Join("..", dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			if strings.HasSuffix(path, "_test.go") || slices.Contains(within, filepath.Base(path)) {
				continue
			}
			files++
			set := token.NewFileSet()
			f, err := parser.ParseFile(set, path, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(f, func(n ast.Node) bool {
				s, is := n.(*ast.SelectorExpr)
				if !is {
					return true
				}
				x, named := s.X.(*ast.Ident)
				if named && x.Name == "math" && !slices.Contains(exact, s.Sel.Name) || s.Sel.Name == "NormFloat64" || s.Sel.Name == "ExpFloat64" {
					t.Errorf("%s: %s; expected one that is exact, of models/elementary, or rng.Normal", set.Position(s.Pos()), s.Sel.Name)
				}
				return true
			})
		}
	}
	if files < 30 {
		t.Errorf("only %d files", files)
	}
}
