package slurm

import (
	"fmt"
	"path/filepath"
	"reflect"
	"testing"
)

// What squeue prints is read; what a site prints around it is not.
func TestParseQueue(t *testing.T) {
	got := parseQueue("Welcome to the cluster!\n12_3|RUNNING|None|msweep-0a1b2c3d-0\n13|PENDING|Dependency|msweep-0a1b2c3d-draw\n" +
		"12_[4-7]|PENDING|Priority|x\n14|FAILED|NonZeroExitCode|other|job\n|||\n")
	want := []Row{
		{"12", 3, "RUNNING", "None", "msweep-0a1b2c3d-0"},
		{"13", -1, "PENDING", "Dependency", "msweep-0a1b2c3d-draw"},
		{"14", -1, "FAILED", "NonZeroExitCode", "other|job"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
}

func TestStates(t *testing.T) {
	for state, want := range map[string]State{
		"PENDING": Queued, "REQUEUED": Queued, "SPECIAL_EXIT": Queued,
		"RUNNING": Running, "COMPLETING": Running, "SUSPENDED": Running, "A_STATE_OF_THE_FUTURE": Running,
		"COMPLETED": Lost, "FAILED": Lost, "CANCELLED": Lost, "TIMEOUT": Lost, "NODE_FAIL": Lost, "OUT_OF_MEMORY": Lost, "PREEMPTED": Lost,
	} {
		if got := (Row{State: state}).state(); got != want {
			t.Errorf("%s is %d, want %d", state, got, want)
		}
	}
	for _, r := range []Row{{State: "PENDING", Reason: "launch failed requeued held"}, {State: "PENDING", Reason: "JobHeldUser"}, {State: "REQUEUE_HOLD"}} {
		if !r.held() {
			t.Errorf("%+v waits for nobody", r)
		}
	}
	if (Row{State: "PENDING", Reason: "Priority"}).held() {
		t.Error("a job that waits for its turn is held")
	}
}

// A trial of several submissions stands where it is best off; the queue's word counts for a job that was never noted.
func TestStandings(t *testing.T) {
	id := func(i int) string { return fmt.Sprintf("%016x", i) }
	plan := func(ids ...int) (p Plan) {
		for _, i := range ids {
			p.Tasks = append(p.Tasks, Task{Trials: []string{id(i)}})
		}
		return p
	}
	old := &Submission{Dir: "/o/slurm/0a1b2c3d", Plan: plan(0, 1, 2, 3, 4), Jobs: []Job{{ID: "10", Tasks: 2}, {ID: "11", First: 2, Tasks: 2}}}
	next := &Submission{Dir: "/o/slurm/ffffffff", Plan: plan(1, 2, 5)}
	broken := &Submission{Dir: "/o/slurm/eeeeeeee"}
	got := Standings([]*Submission{old, next, broken}, []Row{
		{"10", 1, "FAILED", "NonZeroExitCode", "x-0a1b2c3d-0"},
		{"11", 1, "RUNNING", "None", "x-0a1b2c3d-2"},
		{"20", 1, "PENDING", "launch failed requeued held", "x-ffffffff-0"},
		{"20", 2, "CANCELLED", "None", "x-ffffffff-0"},
		{"20", 9, "RUNNING", "None", "x-ffffffff-0"},           // no task of the plan
		{"21", -1, "PENDING", "Dependency", "x-ffffffff-draw"}, // no task
		{"30", 0, "RUNNING", "None", "x-99999999-0"},           // another folder's
		{"31", 0, "RUNNING", "None", "x-eeeeeeee-0"},
	})
	want := map[string]Standing{
		id(0): {Lost, "10_0", "no longer in the queue", false, filepath.Join(old.Dir, "10_0.log")},
		id(1): {Lost, "10_1", "FAILED (NonZeroExitCode)", false, filepath.Join(old.Dir, "10_1.log")},
		id(2): {Queued, "20_1", "PENDING (launch failed requeued held)", true, filepath.Join(next.Dir, "20_1.log")},
		id(3): {Running, "11_1", "RUNNING", false, filepath.Join(old.Dir, "11_1.log")},
		id(5): {Lost, "20_2", "CANCELLED", false, filepath.Join(next.Dir, "20_2.log")},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v\nwant %+v", got, want)
	}
	if len(broken.Live([]Row{{"31", 0, "RUNNING", "None", "x-eeeeeeee-0"}, {"31", 1, "FAILED", "", "x-eeeeeeee-0"}})) != 1 {
		t.Error("a submission lives while its jobs do")
	}
}

// An array that waits for the throttle says for which arrays, as long as they have not ended.
func TestAwaited(t *testing.T) {
	after := []string{"15", "13", "12", "11", "10"}
	s := &Submission{Dir: "/o/slurm/0a1b2c3d", Plan: Plan{Tasks: make([]Task, 1)}, Jobs: []Job{{ID: "20", Tasks: 1, After: after}}}
	for want, live := range map[string]int{
		"PENDING (Dependency)": 0, // of the user's own
		"PENDING (Dependency: after array 15, to keep within the throttle)":                  1,
		"PENDING (Dependency: after arrays 15, 13, 12, to keep within the throttle)":         3,
		"PENDING (Dependency: after arrays 15, 13, 12, 2 more, to keep within the throttle)": 5,
	} {
		queue := []Row{{"20", 0, "PENDING", "Dependency", "x-0a1b2c3d-0"}}
		for i, id := range after {
			state := "COMPLETED"
			if i < live {
				state = "RUNNING"
			}
			queue = append(queue, Row{id, 0, state, "None", "x-ffffffff-0"})
		}
		if got := s.standings(queue)[0].Said; got != want {
			t.Errorf("%d are live: %s, want %s", live, got, want)
		}
	}
}
