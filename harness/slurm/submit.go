package slurm

import (
	"fmt"
	"msharp/harness/disk"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"al.essio.dev/pkg/shellescape"
)

// Submit hands the tasks to Slurm as arrays as large as the site takes, and then a job that draws when they have all ended, however they
// ended. out is the output folder; program is the static binary of the experiment; env are NAME=VALUE settings of its environment; live are
// the arrays of the output folder that the queue has. After an error, Jobs says what Slurm has taken.
func (s *Submission) Submit(out, experiment, program string, env []string, o Options, live []LiveArray) error {
	task, draw := filepath.Join(s.Dir, "task.sh"), filepath.Join(s.Dir, "draw.sh")
	// $1 is the first task of the array.
	runTask := shellescape.QuoteCommand([]string{program, "slurm", "task", "--", s.planPath()}) + ` "$(($1 + SLURM_ARRAY_TASK_ID))"`
	if err := writeScript(task, env, runTask); err != nil {
		return err
	}
	if err := writeScript(draw, env, shellescape.QuoteCommand([]string{program, "draw", "--out", out})); err != nil {
		return err
	}
	size, err := maxArray()
	if err != nil {
		return err
	}
	err = submitArrays(len(s.Plan.Tasks), size, free(o.Throttle, live), func(j *Job) (err error) {
		first := strconv.Itoa(j.First)
		if j.ID, err = sbatch(append(s.arrayArgs(o, *j), "--job-name="+s.jobName(experiment, first), task, first)); err != nil {
			return err
		}
		return s.accepted(*j)
	})
	if err != nil {
		return err
	}
	args := append(o.args(), "--job-name="+s.jobName(experiment, "draw"), "--output="+pattern(s.Dir, "draw-%j.log"), "--dependency=afterany:"+strings.Join(s.Arrays(), ":"), draw)
	id, err := sbatch(args)
	if err != nil {
		return fmt.Errorf("every task is submitted, but the job that draws is not: %w; when they have ended, draw does it", err)
	}
	return s.accepted(Job{ID: id})
}

// submitArrays submits all tasks in the given places, as arrays of at most size tasks, and as smaller ones if the site refuses these. submit
// hands an array to Slurm and sets its id.
func submitArrays(all, size int, places []places, submit func(*Job) error) error {
	first := 0
	for _, b := range divide(all, places) {
		for b.tasks > 0 {
			j := b.array(size)
			j.First = first
			err := submit(&j)
			switch {
			case err == nil:
				b.accepted(j)
				first += j.Tasks
			case j.ID != "":
				return err
			case j.Tasks > 1 && tooMany.MatchString(err.Error()):
				size = j.Tasks / 2
			case first > 0:
				return fmt.Errorf("%d of %d tasks are submitted, and no more were taken: %w; the same command submits the rest", first, all, err)
			default:
				return err
			}
		}
	}
	return nil
}

// arrayArgs returns sbatch's words for an array.
func (s *Submission) arrayArgs(o Options, j Job) []string {
	array := fmt.Sprintf("--array=0-%d", j.Tasks-1)
	if j.Share > 0 {
		array += fmt.Sprintf("%%%d", j.Share)
	}
	args := append(o.args(), array, "--requeue", "--open-mode=append",
		fmt.Sprintf("--signal=B:USR1@%.0f", o.warning().Seconds()), "--output="+pattern(s.Dir, "%A_%a.log"))
	if len(j.After) > 0 {
		args = append(args, o.after(j.After))
	}
	return args
}

// pattern is a file name in dir as sbatch's --output takes it: a percent sign of the folder's own is doubled.
func pattern(dir, name string) string {
	return filepath.Join(strings.ReplaceAll(dir, "%", "%%"), name)
}

func (s *Submission) jobName(experiment, part string) string {
	return experiment + "-" + s.Name() + "-" + part
}

// Arrays returns the ids of the submitted arrays.
func (s *Submission) Arrays() (ids []string) {
	for _, j := range s.Jobs {
		if j.Tasks > 0 {
			ids = append(ids, j.ID)
		}
	}
	return ids
}

// tooMany is what Slurm says of an array larger than MaxArraySize, or of more jobs than an association or a QOS may have.
var tooMany = regexp.MustCompile(`(?i)submit.{0,9}limit|invalid job array|temporarily un`)

// maxArray returns the number of tasks that an array may have: the site's MaxArraySize.
func maxArray() (int, error) {
	const usual = 1001
	config, err := command("scontrol", "show", "config")
	if err != nil {
		return usual, nil // sbatch is about to say what is wrong, if anything is
	}
	for line := range strings.Lines(config) {
		key, value, _ := strings.Cut(line, "=")
		if strings.TrimSpace(key) != "MaxArraySize" {
			continue
		}
		n, err := strconv.Atoi(strings.TrimSpace(value))
		if err != nil || n < 2 {
			return 0, &Refusal{"this site takes no job arrays: its MaxArraySize is " + strings.TrimSpace(value)}
		}
		return n, nil
	}
	return usual, nil
}

var jobID = regexp.MustCompile(`^[0-9]+$`)

// sbatch submits a job and returns its id: the last line that looks like one, for sites print banners around it.
func sbatch(args []string) (id string, err error) {
	out, err := command("sbatch", append([]string{"--parsable"}, args...)...)
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(out) {
		job, _, _ := strings.Cut(strings.TrimSpace(line), ";") // what follows is a cluster's name
		if jobID.MatchString(job) {
			id = job
		}
	}
	if id == "" {
		return "", fmt.Errorf("sbatch gave no job id; it said %q", short(strings.Join(strings.Fields(out), " ")))
	}
	return id, nil
}

// writeScript writes a shell script that becomes a program: so the program gets the signals that Slurm sends the script.
func writeScript(path string, env []string, command string) error {
	var b strings.Builder
	b.WriteString("#!/bin/sh\n")
	for _, e := range env {
		name, value, _ := strings.Cut(e, "=")
		fmt.Fprintf(&b, "export %s=%s\n", name, shellescape.Quote(value))
	}
	b.WriteString("exec " + command + "\n")
	return disk.WriteFile(path, []byte(b.String()))
}
