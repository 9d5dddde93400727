package slurm

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// patience is how long one of Slurm's commands may take: they wait for a controller that restarts.
const patience = 2 * time.Minute

// Refusal means that Slurm did nothing. After any other error it may have done something.
type Refusal struct{ problem string }

func (r *Refusal) Error() string { return r.problem }

// command runs one of Slurm's commands and returns what it printed. The error says in a line what it said.
func command(name string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	c := exec.CommandContext(ctx, name, args...)
	c.WaitDelay = time.Second
	// A user's SQUEUE_PARTITION and the like would hide jobs.
	c.Env = slices.DeleteFunc(os.Environ(), func(e string) bool { return strings.HasPrefix(e, "SQUEUE_") })
	var out, talk bytes.Buffer
	c.Stdout, c.Stderr = &out, &talk
	err := c.Run()
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return "", &Refusal{name + " is not on PATH: Slurm's commands are there on a cluster's login nodes"}
	case ctx.Err() != nil:
		return "", fmt.Errorf("%s did not answer within %v", name, patience)
	case err != nil:
		return "", &Refusal{name + ": " + said(err, talk.String(), out.String())}
	}
	return out.String(), nil
}

// said returns what a failed command wrote, in one line and without its name; if it wrote nothing, how it ended.
func said(err error, texts ...string) string {
	for _, text := range texts {
		var lines []string
		for line := range strings.Lines(text) {
			line = strings.TrimSpace(line)
			if name, rest, ok := strings.Cut(line, ": error: "); ok && !strings.Contains(name, " ") {
				line = rest
			}
			if line != "" {
				lines = append(lines, line)
			}
		}
		if len(lines) > 0 {
			return short(strings.Join(lines, "; "))
		}
	}
	return err.Error()
}

// short cuts a text in the middle: banners come first and what matters last.
func short(text string) string {
	if r := []rune(text); len(r) > 400 {
		return string(r[:100]) + " … " + string(r[len(r)-300:])
	}
	return text
}
