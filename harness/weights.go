package harness

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"msharp/harness/config"
	"msharp/harness/disk"
	"msharp/harness/folder"
	"msharp/harness/record"
	"msharp/harness/safetensors"
	"msharp/models/kernel"
)

// weights returns the trained network as the bytes of a safetensors file: a tensor for each array of models.Net.Arrays, and the trial's id, its
// settings and a sha256 over all of it in the metadata.
func (t *training) weights(id string) []byte {
	settings, err := json.Marshal(config.Settings(t.Config))
	if err != nil {
		panic(err) // numbers in Settings are finite
	}
	f := safetensors.File{Metadata: map[string]string{"format": "msharp weights", "id": id, "config": string(settings)}}
	at := 0
	for _, a := range t.net.Arrays() {
		f.Tensors = append(f.Tensors, safetensors.Tensor{Name: a.Name, Shape: a.Shape, Data: t.w[at : at+a.Size()]})
		at += a.Size()
	}
	f.Metadata["sha256"] = checksum(f)
	return f.Encode()
}

// measureKept returns the measures and metrics of the kept weights of a trial, without training.
func measureKept(t config.Trial, out folder.Dir, d *draws) (v record.Values, err error) {
	path := out.Weights(t.ID)
	run, err := trainingOf(t, d)
	if err != nil {
		return v, err
	}
	b, err := disk.ReadBounded(path, run.mostSaved())
	if err != nil && !errors.Is(err, disk.ErrSize) {
		return v, err
	}
	if err == nil {
		err = under(path, run.read(b, t.ID))
	}
	if err != nil {
		return v, &damagedWeights{err}
	}
	v, err = run.measure(true)
	delete(v.Numbers, config.TestAtBestVal) // which only training gives
	return v, err
}

// damagedWeights says that a file of kept weights is not what was written.
type damagedWeights struct{ why error }

func (e *damagedWeights) Error() string {
	return e.why.Error() + "; run trains the trial again, and so it does if that file is removed"
}

// mostSaved is more than a file of the network's weights, or of its state under way, has bytes.
func (t *training) mostSaved() int64 { return 64<<20 + 64*int64(len(t.w)) }

func under(path string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", path, err)
}

// read takes the weights that a file holds.
func (t *training) read(b []byte, id string) error {
	f, err := safetensors.Decode(b)
	if err != nil {
		return err
	}
	if f.Metadata["id"] != id {
		return fmt.Errorf("weights of trial %q, expected %q", f.Metadata["id"], id)
	}
	at := 0
	for _, a := range t.net.Arrays() {
		x, ok := f.Tensor(a.Name)
		if !ok || !slices.Equal(x.Shape, a.Shape) {
			return fmt.Errorf("%s has shape %v, expected %v", a.Name, x.Shape, a.Shape)
		}
		at += copy(t.w[at:], x.Data)
	}
	if !kernel.Finite(t.w) {
		return errors.New("weights that are not finite")
	}
	if said, ok := f.Metadata["sha256"]; ok { // older files have none
		delete(f.Metadata, "sha256")
		if checksum(f) != said {
			return errOtherBytes
		}
	}
	return nil
}
