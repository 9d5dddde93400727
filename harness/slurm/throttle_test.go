package slurm

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"testing"
)

// cluster is a queue of arrays, of which it runs tasks in a random order.
type cluster struct {
	*rand.Rand
	t         *testing.T
	takes     int // tasks that an array may have
	arrays    []*queued
	subs      []*Submission
	throttles []int // of the submissions
}

// queued is an array in the queue.
type queued struct {
	Job
	name             string
	by               int // the submission
	pending, running int
}

func (a *queued) over() bool { return a.pending+a.running == 0 }

// submit submits n tasks under a throttle, with what the queue and the files say of earlier submissions.
func (c *cluster) submit(n, throttle int) {
	c.t.Helper()
	by := len(c.subs)
	s := &Submission{Dir: fmt.Sprintf("/o/slurm/%08x", by)}
	err := submitArrays(n, 1000, free(throttle, LiveArrays(c.subs, c.queue())), func(j *Job) error {
		if j.Tasks > c.takes {
			return errors.New("Invalid job array specification")
		}
		j.ID = strconv.Itoa(101 + len(c.arrays))
		if c.IntN(20) > 0 { // else what sbatch answered was not understood
			s.Jobs = append(s.Jobs, *j)
		}
		c.arrays = append(c.arrays, &queued{Job: *j, name: s.jobName("x", strconv.Itoa(j.First)), by: by, pending: j.Tasks})
		return nil
	})
	if err != nil {
		c.t.Fatal(err)
	}
	c.subs, c.throttles = append(c.subs, s), append(c.throttles, throttle)
}

func (c *cluster) queue() (rows []Row) {
	for _, a := range c.arrays {
		for i := range a.Tasks {
			state := "COMPLETED"
			if i < a.running {
				state = "RUNNING"
			} else if i < a.running+a.pending {
				state = "PENDING"
			}
			rows = append(rows, Row{Job: a.ID, Index: i, State: state, Name: a.name})
		}
	}
	return rows
}

func (c *cluster) running() (n int) {
	for _, a := range c.arrays {
		n += a.running
	}
	return n
}

// startable reports whether Slurm would start a task of the array.
func (c *cluster) startable(a *queued) bool {
	waits := slices.ContainsFunc(c.arrays, func(b *queued) bool { return slices.Contains(a.After, b.ID) && !b.over() })
	return a.pending > 0 && !waits && (a.Share == 0 || a.running < a.Share)
}

// step starts all that can be started, if greedy, or some of it; then a task ends or goes back into the queue.
func (c *cluster) step(greedy bool) {
	for _, i := range c.Perm(len(c.arrays)) {
		a := c.arrays[i]
		for c.startable(a) && (greedy || c.IntN(3) > 0) {
			a.pending, a.running = a.pending-1, a.running+1
			if n := c.running(); c.bound(a) > 0 && n > c.bound(a) {
				c.t.Fatalf("%d tasks run, array %s (share %d, after %v) with more than %d: %+v", n, a.ID, a.Share, a.After, c.bound(a), c.jobs())
			}
		}
	}
	if busy := slices.DeleteFunc(slices.Clone(c.arrays), func(a *queued) bool { return a.running == 0 }); len(busy) > 0 {
		a := busy[c.IntN(len(busy))]
		a.running--
		if c.IntN(6) == 0 {
			a.pending++
		}
	}
}

// bound returns how many tasks may run when one of the array starts: what its submission allows, or a later one; 0 if any number.
func (c *cluster) bound(a *queued) (n int) {
	later := c.throttles[a.by:]
	if slices.Contains(later, 0) {
		return 0
	}
	return slices.Max(later)
}

func (c *cluster) jobs() (jobs []Job) {
	for _, a := range c.arrays {
		jobs = append(jobs, a.Job)
	}
	return jobs
}

// finish runs all that is queued.
func (c *cluster) finish(greedy bool) {
	for range 100000 {
		if !slices.ContainsFunc(c.arrays, func(a *queued) bool { return !a.over() }) {
			return
		}
		c.step(greedy)
	}
	c.t.Fatalf("not all arrays run: %+v", c.jobs())
}

func newCluster(t *testing.T, seed uint64, takes int) *cluster {
	return &cluster{Rand: rand.New(rand.NewPCG(seed, 0)), t: t, takes: takes}
}

// The shares of one submission to an empty queue: all its arrays at once where there are as many places, else one after another.
func TestShares(t *testing.T) {
	for _, c := range []struct {
		tasks, size, throttle int
		want                  []Job // without ids and First
	}{
		{10, 1000, 5, []Job{{Tasks: 10, Share: 5}}},
		{10, 1000, 50, []Job{{Tasks: 10, Share: 50}}},
		{10, 1000, 1, []Job{{Tasks: 10, Share: 1}}},
		{10, 1000, 0, []Job{{Tasks: 10}}},
		{8, 4, 0, []Job{{Tasks: 4}, {Tasks: 4}}},
		{10, 4, 5, []Job{{Tasks: 4, Share: 2}, {Tasks: 4, Share: 2}, {Tasks: 2, Share: 1}}},
		{10, 4, 3, []Job{{Tasks: 4, Share: 1}, {Tasks: 4, Share: 1}, {Tasks: 2, Share: 1}}},
		{9, 4, 3, []Job{{Tasks: 4, Share: 1}, {Tasks: 4, Share: 1}, {Tasks: 1, Share: 1}}},
		{10, 4, 2, []Job{{Tasks: 4, Share: 1}, {Tasks: 4, Share: 1}, {Tasks: 2, Share: 1, After: []string{"101"}}}},
		{10, 4, 1, []Job{{Tasks: 4, Share: 1}, {Tasks: 4, Share: 1, After: []string{"101"}}, {Tasks: 2, Share: 1, After: []string{"102", "101"}}}},
		{2000, 4000, 5, []Job{{Tasks: 1000, Share: 2}, {Tasks: 1000, Share: 3}}},
		{2002, 1000, 60, []Job{{Tasks: 1000, Share: 29}, {Tasks: 1000, Share: 30}, {Tasks: 2, Share: 1}}},
	} {
		const takes = 1000 // whatever the site says
		var jobs []Job
		err := submitArrays(c.tasks, c.size, free(c.throttle, nil), func(j *Job) error {
			if j.Tasks > takes {
				return errors.New("Invalid job array specification")
			}
			j.ID = strconv.Itoa(101 + len(jobs))
			jobs = append(jobs, *j)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		first := 0
		for i := range c.want {
			c.want[i].ID, c.want[i].First = strconv.Itoa(101+i), first
			first += c.want[i].Tasks
		}
		if !reflect.DeepEqual(jobs, c.want) {
			t.Errorf("%d tasks, %d an array, throttle %d:\n%+v, want\n%+v", c.tasks, c.size, c.throttle, jobs, c.want)
		}
	}
}

// The queue says what is live, and how many of its tasks; jobs.json, what its share is.
func TestLiveArrays(t *testing.T) {
	tenth := Job{ID: "10", First: 3, Tasks: 4, Share: 2, After: []string{"8"}}
	subs := []*Submission{{Dir: "/o/slurm/0a1b2c3d", Jobs: []Job{{ID: "8", Tasks: 3, Share: 2}, tenth, {ID: "11"}}}, {Dir: "/o/slurm/ffffffff"}}
	got := LiveArrays(subs, []Row{
		{"8", 0, "COMPLETED", "None", "x-0a1b2c3d-0"},
		{"8", 1, "FAILED", "NonZeroExitCode", "x-0a1b2c3d-0"},
		{"10", 0, "COMPLETED", "None", "x-0a1b2c3d-3"},
		{"10", 1, "RUNNING", "None", "x-0a1b2c3d-3"},
		{"10", 2, "REQUEUED", "None", "x-0a1b2c3d-3"},
		{"10", 3, "PENDING", "JobArrayTaskLimit", "x-0a1b2c3d-3"},
		{"11", -1, "PENDING", "Dependency", "x-0a1b2c3d-draw"},
		{"9", 0, "PENDING", "Priority", "x-ffffffff-0"}, // never noted
		{"7", 0, "RUNNING", "None", "x-99999999-0"},     // another folder's
	})
	if want := []LiveArray{{Job{ID: "9"}, 1}, {tenth, 3}}; !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// What live arrays do not use is free at once; what they use, when they have ended.
func TestFreePlaces(t *testing.T) {
	array := func(id string, left, share int, after ...string) LiveArray {
		return LiveArray{Job{ID: id, Tasks: 100, Share: share, After: after}, left}
	}
	for _, c := range []struct {
		n    int
		live []LiveArray
		want []places
	}{
		{0, []LiveArray{array("1", 5, 2)}, []places{{}}},
		{5, nil, []places{{n: 5}}},
		{5, []LiveArray{array("1", 9, 2)}, []places{{n: 3}, {2, []string{"1"}}}},
		{5, []LiveArray{array("1", 1, 2)}, []places{{n: 4}, {1, []string{"1"}}}},
		{5, []LiveArray{array("1", 9, 3), array("2", 9, 2)}, []places{{3, []string{"1"}}, {2, []string{"2"}}}},
		// one place after another
		{5, []LiveArray{array("1", 9, 3), array("2", 9, 3, "1")}, []places{{n: 2}, {3, []string{"2", "1"}}}},
		// a part of it
		{5, []LiveArray{array("1", 9, 3), array("2", 9, 1, "1")}, []places{{n: 2}, {2, []string{"1"}}, {1, []string{"2", "1"}}}},
		// more than the last task uses
		{5, []LiveArray{array("1", 1, 5), array("2", 9, 2, "1"), array("3", 9, 2, "1")}, []places{{n: 1}, {2, []string{"2", "1"}}, {2, []string{"3", "1"}}}},
		{5, []LiveArray{array("1", 9, 3), array("2", 9, 3, "1"), array("3", 9, 3, "2", "1")}, []places{{n: 2}, {3, []string{"3", "2", "1"}}}},
		// what it waited for has ended
		{5, []LiveArray{array("2", 9, 3, "1")}, []places{{n: 2}, {3, []string{"2"}}}},
		// without a throttle
		{5, []LiveArray{array("1", 99, 0)}, []places{{5, []string{"1"}}}},
		{5, []LiveArray{array("1", 3, 0)}, []places{{n: 2}, {3, []string{"1"}}}},
		// under a higher one
		{5, []LiveArray{array("1", 9, 4), array("2", 9, 4), array("3", 9, 4)}, []places{{1, []string{"2", "1"}}, {4, []string{"3", "1", "2"}}}},
	} {
		if got := free(c.n, c.live); !reflect.DeepEqual(got, c.want) {
			t.Errorf("throttle %d, %+v:\n%+v, want\n%+v", c.n, c.live, got, c.want)
		}
	}
}

// Tasks go to all places: to each a task, and then as many.
func TestDivide(t *testing.T) {
	all := []places{{n: 3}, {47, []string{"1"}}}
	for _, c := range []struct {
		tasks int
		want  []int
	}{{1, []int{1}}, {3, []int{3}}, {10, []int{3, 7}}, {100, []int{6, 94}}, {1000, []int{60, 940}}} {
		var got []int
		for _, b := range divide(c.tasks, all) {
			got = append(got, b.tasks)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%d tasks: %v, want %v", c.tasks, got, c.want)
		}
	}
}

// However tasks come and go, no task of a folder starts beyond its throttle and every task runs: under one throttle and under changing
// ones, with arrays that the site takes only when they are small, tasks that are lost, and submissions to a queue that is not empty.
func TestThrottle(t *testing.T) {
	for seed := range uint64(300) {
		c := newCluster(t, seed, 1000)
		n := 1 + c.IntN(12)
		for range 1 + c.IntN(5) {
			c.takes = 1 + c.IntN(9)
			if seed%3 == 0 {
				n = c.IntN(13) // 0 is none
			}
			c.submit(1+c.IntN(40), n)
			for range c.IntN(40) {
				c.step(c.IntN(2) == 0)
			}
			if c.IntN(4) == 0 { // an array is cancelled
				a := c.arrays[c.IntN(len(c.arrays))]
				a.pending, a.running = 0, 0
			}
		}
		c.finish(seed%2 == 0)
	}
}
