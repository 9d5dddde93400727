package harness

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"

	"msharp/harness/config"
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

// kept reports whether a trial's trained weights are in folder out.
func kept(out folder.Dir, id string) bool {
	_, err := os.Stat(out.Weights(id))
	return err == nil
}

// measureKept returns the measures and metrics of the kept weights of a trial, without training.
func measureKept(t config.Trial, out folder.Dir) (v record.Values, err error) {
	path := out.Weights(t.ID)
	b, err := os.ReadFile(path)
	if err != nil {
		return v, err
	}
	run, err := trainingOf(t)
	if err != nil {
		return v, err
	}
	if err := run.read(b, t.ID); err != nil {
		return v, fmt.Errorf("%s: %w; if that file is removed, the trial is trained again", path, err)
	}
	v, err = run.measure(true)
	delete(v.Numbers, config.TestAtBestVal) // which only training gives
	return v, err
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
