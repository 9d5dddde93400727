package cli

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// The stories in testdata/script, each a list of calls and of what they say and leave. Beside testscript's own commands they have
//
//	tiny WORDS        calls the program; ! tiny is a call that fails
//	status N          the exit status of the last call
//	line stderr TEXT  the last call said one line there, with TEXT in it; or stdout
//	trained OUT N     the records in OUT have N lines
//	finished          puts the output folder out of a whole run here
func TestScripts(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	whole, _ := finished(t)
	type last struct{ status int }
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "script"),
		Setup: func(e *testscript.Env) error {
			e.Setenv(asProgram, "1")
			e.Values[last{}] = &last{}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"tiny": func(ts *testscript.TestScript, neg bool, words []string) {
				status := &ts.Value(last{}).(*last).status
				*status = exitOK
				err := ts.Exec(program, words...)
				if exit := new(exec.ExitError); errors.As(err, &exit) {
					*status = exit.ExitCode()
				} else {
					ts.Check(err)
				}
				if strings.Contains(ts.ReadFile("stderr"), "goroutine ") || neg != (*status != exitOK) {
					ts.Fatalf("exit status %d", *status)
				}
			},
			"status": func(ts *testscript.TestScript, _ bool, words []string) {
				if status := ts.Value(last{}).(*last).status; words[0] != strconv.Itoa(status) {
					ts.Fatalf("exit status %d", status)
				}
			},
			"line": func(ts *testscript.TestScript, _ bool, words []string) {
				if said := ts.ReadFile(words[0]); !strings.Contains(said, words[1]) || strings.Count(said, "\n") != 1 {
					ts.Fatalf("%s is not one line with %q", words[0], words[1])
				}
			},
			"trained": func(ts *testscript.TestScript, _ bool, words []string) {
				if n := lines(t, ts.MkAbs(words[0])); words[1] != strconv.Itoa(n) {
					ts.Fatalf("%d lines", n)
				}
			},
			"finished": func(ts *testscript.TestScript, _ bool, _ []string) {
				ts.Check(os.CopyFS(ts.MkAbs("."), os.DirFS(whole)))
			},
		},
	})
}
