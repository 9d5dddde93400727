package harness

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"msharp/harness/config"
	"msharp/harness/folder"
	"msharp/harness/record"
	"msharp/harness/safetensors"
	"msharp/models"
	"msharp/models/kernel"
)

// weightsFormat stands in the metadata of kept weights.
const weightsFormat = "msharp weights"

// TorchLayout is the layout that the metadata of kept weights name: PyTorch's. Files without a layout have the arrays of models.Net.Arrays.
const TorchLayout = "torch"

// weights returns the trained network as the bytes of a safetensors file that PyTorch's load_state_dict takes: a tensor for each array of
// models.Net.Torch, with that name, shape and order. In the metadata are the layout, the modules of the nn.Sequential, the mean and the
// std by channel that its inputs are scaled with (in units of data.Source.Unit, as torchvision's Normalize takes them), the trial's id,
// its settings, and a sha256 over all of it.
func (t *training) weights(id string) []byte {
	torch := t.net.Torch()
	f := safetensors.File{Metadata: map[string]string{
		"format": weightsFormat, "layout": TorchLayout, "modules": "nn.Sequential(" + strings.Join(torch.Modules, ", ") + ")", "id": id,
		"config": text(config.Settings(t.Config)), "mean": text(numbers(t.mean)), "std": text(numbers(t.std)),
	}}
	at := 0
	for _, a := range torch.Arrays {
		x := safetensors.Tensor{Name: a.Name, Shape: a.TorchShape(), Data: make([]float32, a.Size())}
		a.ToTorch(x.Data, t.w[at:])
		f.Tensors = append(f.Tensors, x)
		at += a.Size()
	}
	f.Metadata["sha256"] = checksum(f)
	return f.Encode()
}

// text is JSON.
func text(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // numbers in Settings are finite, and a record.Number that is not is null
	}
	return string(b)
}

func numbers(x []float64) []record.Number {
	out := make([]record.Number, len(x))
	for i, v := range x {
		out[i] = record.Number(v)
	}
	return out
}

// measureKept returns the measures and metrics of the kept weights of a trial, without training.
func measureKept(t config.Trial, out folder.Dir, d *draws) (v record.Values, err error) {
	run, err := kept(t, out, d)
	if err != nil {
		return v, err
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
func (t *training) mostSaved() int64 {
	return 64<<20 + 64*int64(len(t.w)) + 64*int64(t.Looks())*int64(len(t.Watch.Columns()))
}

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
	layout := f.Metadata["layout"]
	torch := layout == TorchLayout
	if layout != "" && !torch {
		return fmt.Errorf("weights of layout %q, expected %q or none", layout, TorchLayout)
	}
	arrays, shape := t.net.Arrays(), func(a models.Array) []int { return a.Shape }
	if torch {
		arrays, shape = t.net.Torch().Arrays, models.Array.TorchShape
	}
	at := 0
	for _, a := range arrays {
		x, ok := f.Tensor(a.Name)
		if !ok || !slices.Equal(x.Shape, shape(a)) {
			return fmt.Errorf("%s has shape %v, expected %v", a.Name, x.Shape, shape(a))
		}
		if w := t.w[at : at+a.Size()]; torch {
			a.FromTorch(w, x.Data)
		} else {
			copy(w, x.Data)
		}
		at += a.Size()
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
