package harness

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"msharp/harness/record"
	"msharp/harness/safetensors"
)

func weightsPath(out, id string) string { return filepath.Join(out, "weights", id+".safetensors") }

// weights returns the trained network as the bytes of a safetensors file, an array a tensor (models.Net.Arrays), the trial's id and
// configuration in the metadata.
func (t *training) weights(id string) []byte {
	config, err := json.Marshal(Settings(t.Config))
	if err != nil {
		panic(err) // numbers in Settings are finite
	}
	f := safetensors.File{Metadata: map[string]string{"format": "msharp weights", "id": id, "config": string(config)}}
	at := 0
	for _, a := range t.net.Arrays() {
		f.Tensors = append(f.Tensors, safetensors.Tensor{Name: a.Name, Shape: a.Shape, Data: t.w[at : at+a.Size()]})
		at += a.Size()
	}
	return f.Encode()
}

// kept reports whether the trial's trained weights are in folder out.
func (t Trial) kept(out string) bool {
	_, err := os.Stat(weightsPath(out, t.ID))
	return err == nil
}

// measureKept returns the measures and metrics of the trial's kept weights, without training.
func (t Trial) measureKept(out string) (v record.Values, err error) {
	path := weightsPath(out, t.ID)
	b, err := os.ReadFile(path)
	if err != nil {
		return v, err
	}
	run, err := t.training()
	if err != nil {
		return v, err
	}
	if err := run.read(b, t.ID); err != nil {
		return v, fmt.Errorf("%s: %w; without that file the trial is trained again", path, err)
	}
	return run.measure(true)
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
		if !ok || len(x.Data) != a.Size() {
			return fmt.Errorf("%d numbers of %s, expected %d", len(x.Data), a.Name, a.Size())
		}
		at += copy(t.w[at:], x.Data)
	}
	return nil
}
