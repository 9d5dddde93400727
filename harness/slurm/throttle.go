package slurm

import (
	"cmp"
	"slices"
	"strconv"
)

// A throttle is n places, each for a task at a time. Slurm bounds the tasks of one array, by --array=...%SHARE, and knows no bound of
// several arrays together. So every array of a folder has a share of the places that no other may use at the same time: places that are
// free when it is submitted, or those of earlier arrays, which it waits for by --dependency=afterany. Arrays of earlier submissions that
// the queue still has are in their places already.

// LiveArray is an array with tasks that are queued or running.
type LiveArray struct {
	Job
	Left int // such tasks
}

// LiveArrays returns the arrays of submissions that are queued or running, oldest first. One that was never noted as accepted has no share.
func LiveArrays(subs []*Submission, queue []Row) (live []LiveArray) {
	for _, s := range subs {
		left := map[string]int{}
		for _, r := range s.Live(queue) {
			if r.Index >= 0 {
				left[r.Job]++
			}
		}
		for _, j := range s.Jobs {
			if n := left[j.ID]; n > 0 {
				live = append(live, LiveArray{j, n})
				delete(left, j.ID)
			}
		}
		for id, n := range left {
			live = append(live, LiveArray{Job{ID: id}, n})
		}
	}
	slices.SortFunc(live, func(a, b LiveArray) int { return cmp.Compare(number(a.ID), number(b.ID)) })
	return live
}

// number returns a job's id as a number; Slurm counts up.
func number(id string) int {
	n, _ := strconv.Atoi(id)
	return n
}

// most returns how many of the array's tasks may run at a time.
func (a LiveArray) most() int {
	if a.Share > 0 {
		return min(a.Left, a.Share)
	}
	return a.Left
}

// places are places that are free when some arrays have ended.
type places struct {
	n     int      // 0 is no bound
	after []string // ids of arrays to wait for: the one in these places, then those that it waits for itself, in case it is cancelled; none: free now
}

// free returns the n places of a throttle in the order in which they become free: now, or when live arrays end, oldest first. If live
// arrays may use more than n places, every place also waits for the arrays that must end before n are enough.
func free(n int, live []LiveArray) (all []places) {
	if n == 0 {
		return []places{{}}
	}
	used, waited := 0, map[string]int{} // places in use; and how many of an array's places other arrays wait for, by its id
	var left []places                   // that a live array leaves and no other array waits for
	for _, a := range slices.Backward(live) {
		after := slices.DeleteFunc(slices.Clone(a.After), func(id string) bool {
			return !slices.ContainsFunc(live, func(b LiveArray) bool { return b.ID == id })
		})
		has := max(a.most(), waited[a.ID])
		if n := has - waited[a.ID]; n > 0 {
			left = append(left, places{n, append([]string{a.ID}, after...)})
		}
		if len(after) == 0 {
			used += has
		} else {
			waited[after[0]] += has
		}
	}
	slices.Reverse(left)
	if used < n {
		all = append(all, places{n: n - used})
	}
	excess := used - n
	var gone []string // arrays in places beyond n
	for _, p := range left {
		if excess > 0 {
			gone = append(gone, p.after...)
		}
		beyond := max(0, min(excess, p.n))
		excess -= beyond
		if p.n -= beyond; p.n == 0 {
			continue
		}
		for _, id := range gone {
			if !slices.Contains(p.after, id) {
				p.after = append(p.after, id)
			}
		}
		all = append(all, p)
	}
	return all
}

// batch is tasks that arrays run in places of their own.
type batch struct {
	tasks  int      // not yet in an array
	places []places // taken from the front
}

// divide spreads tasks over places: each place has a task before any has two, and beyond that all have as many.
func divide(tasks int, all []places) (batches []batch) {
	open := 0
	for _, p := range all {
		open += p.n
	}
	for i, p := range all {
		n := tasks
		if i < len(all)-1 {
			n = min(tasks, max(p.n, (tasks*p.n+open-1)/open))
		}
		if n > 0 {
			batches = append(batches, batch{n, []places{p}})
		}
		tasks, open = tasks-n, open-p.n
	}
	return batches
}

// array returns the next array, of at most size tasks, as it is to be submitted: where there are as many places as arrays to come, each
// has its share of them; where there are not, an array waits for an earlier one of the batch, oldest first.
func (b *batch) array(size int) (j Job) {
	j.Tasks = min(size, b.tasks)
	p := b.places[0]
	if p.n > 0 {
		arrays := (b.tasks + size - 1) / size
		j.Share = max(1, min(p.n*j.Tasks/b.tasks, p.n-(arrays-1)))
	}
	j.After = p.after
	return j
}

// accepted takes the tasks and the places of an array that Slurm has accepted. A later one may have the places after it.
func (b *batch) accepted(j Job) {
	b.tasks -= j.Tasks
	if j.Share == 0 {
		return
	}
	if b.places[0].n -= j.Share; b.places[0].n == 0 {
		b.places = b.places[1:]
	}
	b.places = append(b.places, places{j.Share, append([]string{j.ID}, j.After...)})
}
