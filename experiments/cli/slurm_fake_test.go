//go:build unix

package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// fakeSlurm is Slurm's commands as small scripts over a folder: jobs is what was submitted, queue what squeue prints. Nothing runs: the
// test runs tasks and rewrites the queue itself.
type fakeSlurm struct {
	dir  string
	path string // of the commands
}

// The scripts know the folder as $FAKE. A file there named for a command and a behaviour changes what that command does.
var fakeCommands = map[string]string{
	"sbatch": `
[ -e "$FAKE/sbatch.refuses" ] && { cat "$FAKE/sbatch.refuses" >&2; exit 1; }
n=$(($(wc -l <"$FAKE/jobs") + 101)) range= name= reason=Priority
for a; do
	case $a in
	--array=*) range=${a#--array=0-} range=${range%%%*} ;;
	--job-name=*) name=${a#--job-name=} ;;
	--dependency=*) reason=Dependency ;;
	esac
done
if [ -n "$range" ] && [ "$range" -ge "$(cat "$FAKE/array.size")" ]; then
	echo "sbatch: error: Batch job submission failed: Invalid job array specification" >&2
	exit 1
fi
tasks=$(grep -c '^[0-9]*_' "$FAKE/queue")
if [ -n "$range" ] && [ $((tasks + range + 1)) -gt "$(cat "$FAKE/submit.limit")" ]; then
	echo "sbatch: error: QOSMaxSubmitJobPerUserLimit" >&2
	echo "sbatch: error: Batch job submission failed: Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)" >&2
	exit 1
fi
echo "$n $*" >>"$FAKE/jobs"
if [ -n "$range" ]; then
	for i in $(seq 0 "$range"); do echo "${n}_$i|PENDING|$reason|$name" >>"$FAKE/queue"; done
else
	echo "$n|PENDING|$reason|$name" >>"$FAKE/queue"
fi
if [ -e "$FAKE/sbatch.mumbles" ]; then
	cat "$FAKE/sbatch.mumbles"
elif [ -e "$FAKE/sbatch.banner" ]; then
	printf '*** Welcome to cluster 7 ***\nYou have 12 jobs.\n%s;ci\nHave a nice day\n' "$n"
else
	echo "$n"
fi`,
	"squeue": `
[ -e "$FAKE/squeue.fails" ] && { echo "slurm_load_jobs error: Unable to contact slurm controller (connect failure)" >&2; exit 1; }
[ -e "$FAKE/squeue.slow" ] && sleep 0.5
for a; do
	case $a in
	--jobs=*) grep "^${a#--jobs=}|" "$FAKE/queue" | cut -d'|' -f2; exit 0 ;;
	esac
done
cat "$FAKE/queue"`,
	"scontrol": `
case $1 in
show) printf 'Configuration data as of 2026-11-24T02:00:00\nMaxArraySize            = %s\nMaxJobCount             = 10000\n' "$(cat "$FAKE/array.size")" ;;
requeue) echo "$2" >>"$FAKE/requeued" ;;
esac`,
	"scancel": `
for id; do sed -i "/^$id[_|]/s/|[A-Z]*|[^|]*|/|CANCELLED|None|/" "$FAKE/queue"; done`,
}

func newFakeSlurm(t *testing.T) *fakeSlurm {
	t.Helper()
	c := &fakeSlurm{dir: t.TempDir()}
	c.path = filepath.Join(c.dir, "bin") + ":" + os.Getenv("PATH")
	if err := os.Mkdir(filepath.Join(c.dir, "bin"), 0o777); err != nil {
		t.Fatal(err)
	}
	for name, text := range fakeCommands {
		if err := os.WriteFile(filepath.Join(c.dir, "bin", name), []byte("#!/bin/sh\n"+text+"\n"), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range map[string]string{"jobs": "", "queue": "", "requeued": "", "array.size": "1001\n", "submit.limit": "1000\n"} {
		c.set(t, name, text)
	}
	return c
}

func (c *fakeSlurm) set(t *testing.T, name, text string) {
	t.Helper()
	write(t, filepath.Join(c.dir, name), text)
}

func (c *fakeSlurm) get(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(c.dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// end has the queue say in what state all tasks of an array ended.
func (c *fakeSlurm) end(t *testing.T, id, state string) {
	t.Helper()
	c.set(t, "queue", regexp.MustCompile(`(?m)^(`+id+`_\d+)\|[^|]*\|[^|]*\|`).ReplaceAllString(c.get(t, "queue"), "${1}|"+state+"|None|"))
}

// command is a call of the program on the cluster's login node.
func (c *fakeSlurm) command(t *testing.T, dir string, args ...string) *exec.Cmd {
	t.Helper()
	e := command(t, dir, args...)
	e.Env = append(e.Env, "FAKE="+c.dir, "PATH="+c.path)
	return e
}

func (c *fakeSlurm) call(t *testing.T, dir string, status int, args ...string) result {
	t.Helper()
	o := finish(t, c.command(t, dir, args...))
	if o.status != status {
		t.Fatalf("%q: exit status %d, want %d\n%s%s", args, o.status, status, o.talk, o.out)
	}
	return o
}

// submit calls slurm submit with the test binary as the nodes' program.
func (c *fakeSlurm) submit(t *testing.T, dir string, status int, args ...string) result {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return c.call(t, dir, status, append([]string{"slurm", "submit", "--out", "out", "--program", program}, args...)...)
}

// jobs returns the words that sbatch was given, a job each.
func (c *fakeSlurm) jobs(t *testing.T) (jobs [][]string) {
	t.Helper()
	for line := range strings.Lines(c.get(t, "jobs")) {
		jobs = append(jobs, strings.Fields(line)[1:])
	}
	return jobs
}

// node is index i of an array as a node runs it, by the script that sbatch was given.
func (c *fakeSlurm) node(t *testing.T, job []string, id string, i int) *exec.Cmd {
	t.Helper()
	node := c.command(t, t.TempDir())
	node.Path, node.Args = "/bin/sh", append([]string{"sh"}, job[len(job)-2:]...)
	node.Env = append(node.Env, "SLURM_ARRAY_JOB_ID="+id, fmt.Sprint("SLURM_ARRAY_TASK_ID=", i))
	return node
}

// run runs index i of an array to its end.
func (c *fakeSlurm) run(t *testing.T, job []string, id string, i int) result {
	t.Helper()
	return finish(t, c.node(t, job, id, i))
}

// report is what `slurm status --json` says.
func (c *fakeSlurm) report(t *testing.T, dir string) (st standing) {
	t.Helper()
	if err := json.Unmarshal([]byte(c.call(t, dir, exitOK, "slurm", "status", "--out", "out", "--json").out), &st); err != nil {
		t.Fatal(err)
	}
	return st
}
