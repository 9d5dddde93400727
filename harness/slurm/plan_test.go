package slurm

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

const goodPlan = `{"version": 1, "command": ["slurm", "submit"], "workers": 2, "tasks": [
	{"seconds": 1.5, "trials": ["0123456789abcdef", "1123456789abcdef"]}, {"seconds": 0, "trials": ["2123456789abcdef"]}]}`

// A plan edited by hand is refused with what is wrong with it.
func TestEditedPlans(t *testing.T) {
	path := filepath.Join(t.TempDir(), "plan.json")
	read := func(text string) error {
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		_, err := ReadPlan(path)
		return err
	}
	if err := read(goodPlan); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ old, new, want string }{
		{goodPlan, "", "EOF"},
		{goodPlan, "[]", "a list; expected an object"},
		{"]}]}", "]}]", "unexpected EOF"},
		{"]}]}", "]}]} {}", "something follows the plan"},
		{`"version": 1`, `"version": 2`, "version 2; expected 1"},
		{`"version"`, `"verison"`, `unknown field "verison"`},
		{`"workers": 2`, `"workers": 0`, "workers 0; expected a whole number ≥ 1"},
		{`"workers": 2`, `"workers": "2"`, "workers is a text; expected a whole number"},
		{`"workers": 2`, `"workers": 2, "data": "digits"`, "data digits; expected a path from the root"},
		{`["2123456789abcdef"]`, `[]`, "task 1 has no trials"},
		{`"2123456789abcdef"`, `"1123456789abcdef"`, "trial 1123456789abcdef stands in task 0 and in task 1"},
		{`"2123456789abcdef"`, `"../../etc"`, `task 1: "../../etc" is no trial's id; expected 16 hexadecimal digits`},
		{goodPlan, `{"version": 1, "command": [], "workers": 1, "tasks": []}`, "no tasks"},
	} {
		text := strings.Replace(goodPlan, c.old, c.new, 1)
		err := read(text)
		if err == nil || !strings.HasPrefix(err.Error(), path+": ") || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %q", text, err, c.want)
		}
	}
}

// Tasks hold every trial once, in order, and take at least the wanted time, the last one aside.
func TestPack(t *testing.T) {
	var ids []string
	var seconds []float64
	for i := range 50 {
		ids, seconds = append(ids, string(rune('A'+i))), append(seconds, float64(1+i%7))
	}
	for _, workers := range []int{1, 3} {
		for _, length := range []time.Duration{time.Second, 10 * time.Second, time.Hour} {
			tasks := Pack(ids, seconds, workers, length)
			var all []string
			for k, task := range tasks {
				all = append(all, task.Trials...)
				sum := 0.0
				for _, id := range task.Trials {
					sum += seconds[slices.Index(ids, id)] / float64(workers)
				}
				if task.Seconds != sum || k < len(tasks)-1 && (sum < length.Seconds() || sum > length.Seconds()+7) {
					t.Errorf("%v: task %d takes %g s and says %g", length, k, sum, task.Seconds)
				}
			}
			if !slices.Equal(all, ids) {
				t.Errorf("%v: %q", length, all)
			}
		}
	}
}

func TestSpread(t *testing.T) {
	ids := strings.Split("abcdefghij", "")
	for _, n := range []int{1, 3, 9, 10, 64} {
		tasks := Spread(ids, n)
		var all []string
		for _, task := range tasks {
			all = append(all, task.Trials...)
			if size := len(task.Trials); size < 10/n || size > 10/n+1 {
				t.Errorf("%d tasks: one of %d trials", n, size)
			}
		}
		if !slices.Equal(all, ids) || len(tasks) != min(n, 10) {
			t.Errorf("%d tasks wanted, %d there: %q", n, len(tasks), all)
		}
	}
}
