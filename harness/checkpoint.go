package harness

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"

	"msharp/harness/record"
	"msharp/harness/safetensors"
	"msharp/models/kernel"
)

// checkpointVersion is raised whenever a trial cannot continue from a checkpoint of the version before.
const checkpointVersion = 1

// progress is the state of a training run beside its vectors. The batch order and the schedule follow from the numbers of the epoch and the
// step.
type progress struct {
	Epochs     []record.Epoch `json:"epochs"`
	Steps      int            `json:"steps"`
	Stopped    bool           `json:"stopped"`
	BestVal    record.Number  `json:"best_val_error"`
	BestAt     record.Number  `json:"best_val_epoch"`
	BestTest   record.Number  `json:"best_val_test_error"`
	BestBlocks []int          `json:"best_val_test_blocks,omitempty"`
	Zero       int            `json:"zero_gradients"`
	Seconds    float64        `json:"train_seconds"`
	Watch      record.Watch   `json:"watch,omitzero"`
	Counts     map[string]int `json:"counts"` // of the optimizer
}

// checkpoint returns the trial's state after a whole epoch, seconds into its training, as the bytes of a safetensors file: the weights,
// the optimizer's vectors, and the rest in its metadata, with a sha256 over all of it.
func (t *training) checkpoint(id string, seconds float64) []byte {
	p := progress{
		Epochs: t.epochs, Steps: t.steps, Stopped: t.stopped,
		BestVal: record.Number(t.best.val), BestAt: record.Number(t.best.epoch), BestTest: record.Number(t.best.test), BestBlocks: t.best.blocks,
		Zero: t.zero + t.problem.ZeroGroups(), Seconds: seconds, Watch: t.watch, Counts: map[string]int{},
	}
	f := safetensors.File{Tensors: []safetensors.Tensor{{Name: "w", Shape: []int{len(t.w)}, Data: t.w}}}
	t.stepper.Remember(saving{&f, p.Counts})
	text, err := json.Marshal(p)
	if err != nil {
		panic(err) // what is not finite is null
	}
	f.Metadata = map[string]string{
		"format": "msharp checkpoint", "version": strconv.Itoa(checkpointVersion), "id": id, "arithmetic": arithmetic(), "progress": string(text),
	}
	f.Metadata["sha256"] = checksum(f)
	return f.Encode()
}

// resume puts t where checkpoint left a run of the same trial. After an error t is as it was.
func (t *training) resume(b []byte, id string) error {
	f, err := safetensors.Decode(b)
	if err != nil {
		return err
	}
	said := f.Metadata["sha256"]
	delete(f.Metadata, "sha256")
	for _, want := range []struct{ key, value string }{
		{"format", "msharp checkpoint"}, {"version", strconv.Itoa(checkpointVersion)}, {"id", id}, {"arithmetic", arithmetic()},
	} {
		if got := f.Metadata[want.key]; got != want.value {
			return fmt.Errorf("%s is %q, expected %q", want.key, got, want.value)
		}
	}
	if checksum(f) != said {
		return errOtherBytes
	}
	var p progress
	if err := json.Unmarshal([]byte(f.Metadata["progress"]), &p); err != nil {
		return fmt.Errorf("progress: %w", record.Fault(err))
	}
	if t.TestAt == "best_val" && !math.IsNaN(float64(p.BestAt)) && (math.IsNaN(float64(p.BestTest)) || p.BestBlocks == nil) {
		return errors.New("its run did not take the test error at the best validation error")
	}
	var seen record.Watch
	if w := t.Watch; w != nil {
		if seen = p.Watch.Only(w.Columns()); !seen.Has(w.Every, w.Unit, w.Columns()) {
			return errors.New("its run did not watch what is asked for")
		}
	}
	for _, copying := range []bool{false, true} {
		r := &restoring{file: f, counts: p.Counts, copying: copying}
		r.tensor("w", t.w)
		t.stepper.Remember(r)
		if r.err != nil {
			return r.err
		}
	}
	t.epochs, t.steps, t.stopped, t.zero, t.before = p.Epochs, p.Steps, p.Stopped, p.Zero, p.Seconds
	t.watch = seen
	t.best = best{float64(p.BestVal), float64(p.BestAt), float64(p.BestTest), p.BestBlocks}
	return nil
}

// arithmetic names the kernels that give equal bits.
func arithmetic() string {
	if kernel.Name() == "generic" {
		return "generic"
	}
	return "fused"
}

var errOtherBytes = errors.New("its bytes are not those that were written: the sha256 differs")

func checksum(f safetensors.File) string {
	sum := sha256.Sum256(f.Encode())
	return hex.EncodeToString(sum[:])
}

// saving puts an optimizer's state into a file.
type saving struct {
	file   *safetensors.File
	counts map[string]int
}

func (s saving) Count(name string, n *int) { s.counts[name] = *n }
func (s saving) Vector(name string, v []float32) {
	s.file.Tensors = append(s.file.Tensors, safetensors.Tensor{Name: "optimizer." + name, Shape: []int{len(v)}, Data: v})
}

// restoring looks whether a file has an optimizer's state and, if it is copying, puts it into the optimizer.
type restoring struct {
	file    safetensors.File
	counts  map[string]int
	copying bool
	err     error
}

func (s *restoring) Count(name string, n *int) {
	if v, ok := s.counts[name]; !ok {
		s.err = fmt.Errorf("no count %q", name)
	} else if s.copying {
		*n = v
	}
}

func (s *restoring) Vector(name string, v []float32) { s.tensor("optimizer."+name, v) }

func (s *restoring) tensor(name string, v []float32) {
	if t, ok := s.file.Tensor(name); !ok || len(t.Data) != len(v) {
		s.err = fmt.Errorf("%d numbers of %s, expected %d", len(t.Data), name, len(v))
	} else if s.copying {
		copy(v, t.Data)
	}
}
