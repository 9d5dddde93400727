package slurm

import (
	"errors"
	"os"
	"strings"
	"time"
)

// ErrElsewhere says that there is nothing to put back: the task is cancelled, or Slurm has requeued it itself.
var ErrElsewhere = errors.New("slurm has ended this task itself")

// Requeue puts the array task of this process back into the queue, if Slurm still has it as running, and returns its name there; Slurm then
// ends the process. A task that is being cancelled, or that Slurm has requeued itself, is left alone: ErrElsewhere. While the controller does
// not answer, Requeue asks again, for some minutes.
func Requeue() (task string, err error) {
	job, index := os.Getenv("SLURM_ARRAY_JOB_ID"), os.Getenv("SLURM_ARRAY_TASK_ID")
	if job == "" || index == "" {
		return "", errors.New("this process is no array task of Slurm's")
	}
	task = job + "_" + index // the task's own SLURM_JOB_ID will not do: that of the last index stands for the whole array
	const tries = 60
	for try := range tries {
		if try > 0 {
			time.Sleep(5 * time.Second)
		}
		var state string
		if state, err = command("squeue", "--noheader", "--jobs="+task, "--format=%T"); err != nil {
			continue
		}
		if strings.TrimSpace(state) != "RUNNING" {
			return task, ErrElsewhere
		}
		if _, err = command("scontrol", "requeue", task); err == nil {
			return task, nil
		}
	}
	return task, err
}
