package folder

import (
	"os"
	"testing"
)

// Whatever a plan's bytes are, they are a plan or an error.
func FuzzLines(f *testing.F) {
	dir := Dir(f.TempDir())
	s := sweepOf(f, small, "seed=1", "optimizer.rho=0.05")
	p, err := dir.Planned(s)
	if err != nil || p.Write() != nil {
		f.Fatal(err)
	}
	text, err := os.ReadFile(dir.plan())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(text))
	f.Add(`{"id":"0123456789abcdef"}`)
	f.Add(`{"id":"0123456789abcdef","config":[],"asked":7}`)
	f.Fuzz(func(t *testing.T, text string) {
		dir := Dir(t.TempDir())
		if err := os.WriteFile(dir.plan(), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		read, err := dir.ReadPlan()
		if err != nil {
			return
		}
		read.Differences(p)
		if joined, err := read.Joined(p); err == nil && len(joined.Lines) < len(read.Lines) {
			t.Errorf("lines are lost of\n%s", text)
		}
		for i := range read.Lines {
			read.decode(i)
		}
	})
}
