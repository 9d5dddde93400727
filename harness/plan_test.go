package harness

import (
	"os"
	"path/filepath"
	"testing"

	"msharp/harness/config"
	"msharp/harness/folder"
)

// small is a sweep that trains in milliseconds, base4 one trial.
var small, base4 = testText("small.yaml"), testText("base4.yaml")

func testText(file string) string {
	text, err := os.ReadFile(filepath.Join("config", "testdata", file))
	if err != nil {
		panic(err)
	}
	return string(text)
}

func plan(t *testing.T, text string, words ...string) *config.Sweep {
	t.Helper()
	s, err := config.Plan("small.yaml", []byte(text), words, "")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func tIDs(s *config.Sweep) (ids []string) {
	for _, t := range s.Trials {
		ids = append(ids, t.ID)
	}
	return ids
}

// held is what a folder holds.
func held(t testing.TB, out string) folder.Held {
	t.Helper()
	h, err := folder.Dir(out).Held()
	if err != nil {
		t.Fatal(err)
	}
	return h
}
