package slurm

import "time"

// Pack divides trials into tasks, in order: a task is full when its trials take at least length on so many workers. seconds is what each
// trial takes on one. The last task may be shorter.
func Pack(ids []string, seconds []float64, workers int, length time.Duration) (tasks []Task) {
	var t Task
	for i, id := range ids {
		t.Trials = append(t.Trials, id)
		t.Seconds += seconds[i] / float64(workers)
		if t.Seconds >= length.Seconds() {
			tasks, t = append(tasks, t), Task{}
		}
	}
	if len(t.Trials) > 0 {
		tasks = append(tasks, t)
	}
	return tasks
}

// Spread divides trials of unknown cost into at most n tasks, in order and as evenly as whole trials allow.
func Spread(ids []string, n int) (tasks []Task) {
	n = min(n, len(ids))
	for k := range n {
		tasks = append(tasks, Task{Trials: ids[k*len(ids)/n : (k+1)*len(ids)/n]})
	}
	return tasks
}
