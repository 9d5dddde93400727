package page

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// The parts of the script are one module: a name at the top of one part is none of another's.
func TestNamesOfTheScriptAreUnique(t *testing.T) {
	paths, err := filepath.Glob("*.js")
	if err != nil {
		t.Fatal(err)
	}
	declared := regexp.MustCompile(`(?m)^(?:async )?(?:function\*?|const|let|var|class) ([\w$]+)`)
	of, n := map[string]string{}, 0
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range declared.FindAllSubmatch(text, -1) {
			name := string(m[1])
			if other, taken := of[name]; taken {
				t.Errorf("%s is declared in %s and in %s", name, other, path)
			}
			of[name] = path
			n++
		}
	}
	if n < 50 {
		t.Errorf("only %d names", n)
	}
}
