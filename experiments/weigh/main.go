// Weigh measures the sharpness of a network that was trained elsewhere: PyTorch's weights, a model file of about ten lines, and the data.
//
//	go run ./experiments/weigh --weights net.safetensors --model model.yaml   the tensors, loss and error, every measure
//	... --data DIR       the data set's files, where they are not at their default place
//	... --json           the same as one JSON object
//	... --logits FILE    and the logits of every example, as CSV
//	... --init FILE      the weights before training, for measures that ask for them
//
// Weights are a safetensors file as safetensors.torch.save_file(model.state_dict(), FILE) writes it, of F32, F16, BF16 or F64; a .npz as
// numpy.savez(FILE, **{k: v.numpy() for k, v in model.state_dict().items()}) writes it; or a folder of .npy. A model file:
//
//	input: [1, 28, 28]                 # channels, height, width; or the length of a vector
//	mean: 0.1307                       # of pixels from 0 to 1, by channel or one for all, as torchvision's Normalize has it
//	std: 0.3081
//	layers:                            # Linear, Conv2d, MaxPool2d, ReLU, Tanh, Flatten, Dropout
//	  - {kind: Conv2d, out_channels: 16, kernel_size: 3, padding: 1}
//	  - ReLU
//	  - {kind: MaxPool2d, kernel_size: 2}
//	  - Flatten
//	  - {kind: Linear, out_features: 10, name: head}   # head.weight, head.bias; without name they are 4.weight, as nn.Sequential has them
//	data: mnist                        # as in the configurations; --data names the folder
//	split: train                       # or test
//	examples: 10000                    # the first so many; 0, the default, is all
//	measures: [{kind: msharp, m: [1, 16], rho: [0.05]}, gradnorm]   # default: every measure
//
// First it proves that the network is yours: it lists what became of each tensor, then loss and error, to hold against your own. All is
// computed in float32, on the part of the data that split names, in file order; the classes of a table are numbered in the order of their
// names. Progress goes to stderr. Exit status: 0; 1 the world failed, or a measure; 2 usage, the model file or the weights.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"msharp/harness"
	"msharp/harness/config"
	"msharp/harness/data"
	"msharp/harness/disk"
	"msharp/harness/folder"
	"msharp/harness/limits"
	"msharp/models"
	"msharp/models/kind"
	"msharp/sharpness"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// order is the command line.
type order struct {
	weights, model, init, logits, data string
	json                               bool
}

// usage is a fault of what the user has given.
type usage struct{ error }

// run returns the exit status: 1 is a fault of the world, 2 one of usage.
func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("weigh", flag.ContinueOnError)
	flags.SetOutput(stderr)
	var o order
	flags.StringVar(&o.weights, "weights", "", "the network's weights: a safetensors `FILE`, a .npz, or a folder of .npy")
	flags.StringVar(&o.model, "model", "", "the model `FILE`: layers, input, data, measures")
	flags.StringVar(&o.data, "data", "", "`DIR` with the files of the data set; without it, its own default")
	flags.StringVar(&o.init, "init", "", "a `FILE` of the weights that training started from, as --weights")
	flags.StringVar(&o.logits, "logits", "", "write the logits of every example into this CSV `FILE`")
	flags.BoolVar(&o.json, "json", false, "one JSON object in place of the tables")
	flags.Func("limit", "bound of memory, or of the model file, as `KEY=SIZE`: memory=2GiB, config=1MiB", limits.Set)
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return 0
	} else if err != nil {
		return 2 // which Parse has said
	}
	err := func() error {
		switch {
		case flags.NArg() > 0:
			return usage{fmt.Errorf("it takes no words such as %q", flags.Arg(0))}
		case o.weights == "" || o.model == "":
			return usage{errors.New("--weights FILE and --model FILE are needed")}
		case o.logits != "":
			for _, path := range []string{o.weights, o.model, o.init, o.data} {
				if same(path, o.logits) || same(path, filepath.Dir(o.logits)) {
					return usage{fmt.Errorf("--logits %s: %s is read; expected another file, outside folders that are read", o.logits, path)}
				}
			}
			if err := folder.MayWrite(o.logits); err != nil {
				return usage{fmt.Errorf("--logits %w", err)}
			}
		}
		return o.run(stdout, stderr)
	}()
	if err == nil {
		return 0
	}
	fmt.Fprintln(stderr, "weigh:", strings.ReplaceAll(err.Error(), "\n", "; "))
	if errors.As(err, new(usage)) || errors.As(err, new(*kind.Error)) {
		return 2
	}
	return 1
}

// given is all that is weighed.
type given struct {
	Model
	network
	source  *data.Source
	tensors tensors
	w, init []float32
	asked   []sharpness.Any
	left    []string // why measures that nobody asked for by name are left out
	batch   models.Batch
}

func (o order) run(stdout, stderr io.Writer) error {
	g, err := o.read()
	if err != nil {
		return err
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(harness.Heap())
	}
	for _, doubt := range g.source.Warnings {
		fmt.Fprintln(stderr, "warning:", doubt)
	}
	r := g.report()
	if !o.json {
		if err := r.proof(stdout); err != nil {
			return err
		}
	}
	scale := harness.Weigh(g.Net, g.w, g.init, g.batch, g.Seed)
	r.score(scale)
	if !o.json {
		if err := r.scores(stdout); err != nil {
			return err
		}
	}
	if o.logits != "" {
		if err := writeLogits(o.logits, scale, g.batch.Y, g.Classes); err != nil {
			return err
		}
	}
	for _, why := range g.left {
		fmt.Fprintln(stderr, why)
	}
	failed := r.measure(scale, g.asked, g.Measures != nil, stderr)
	if o.json {
		enc := json.NewEncoder(stdout)
		enc.SetIndent("", "  ")
		err = enc.Encode(r)
	} else {
		err = r.table(stdout)
	}
	return errors.Join(err, failed)
}

// read reads everything, what is cheap first.
func (o order) read() (g given, err error) {
	text, err := config.ReadFile(o.model)
	if err != nil {
		return g, named("--model", err)
	}
	var doc config.Document
	if g.Model, doc, g.network, err = readModel(o.model, text); err != nil {
		return g, err
	}
	if g.w, g.tensors, err = g.weights("--weights", o.weights); err != nil {
		return g, err
	}
	if o.init != "" {
		if g.init, _, err = g.weights("--init", o.init); err != nil {
			return g, err
		}
	}
	if g.source, err = g.Data.Spec.Load(o.data); err != nil {
		if errors.As(err, new(*kind.Error)) {
			return g, doc.Locate(kind.Under("data", err))
		}
		return g, fmt.Errorf("data %s: %w", g.Data.Kind(), err)
	}
	examples, err := g.fits(g.source, g.network)
	if err != nil {
		return g, doc.Locate(err)
	}
	if g.asked = g.Measures; g.asked == nil {
		g.asked, g.left = every(examples)
	}
	need, room := harness.WeighingMemory(g.Net, examples, g.asked), harness.Room([]config.Trial{{Source: g.source}})
	if need > room {
		return g, fmt.Errorf("needs about %s of memory; expected at most %s, what there is of %v beside the data; fewer examples need less",
			disk.Size(need), disk.Size(room), limits.Memory)
	}
	g.batch, err = g.Model.batch(g.source)
	return g, doc.Locate(err)
}

// weights reads the weight vector that a flag names.
func (g given) weights(flag, path string) ([]float32, tensors, error) {
	t, err := readTensors(path, g.mostBytes())
	if errors.As(err, new(*fs.PathError)) {
		return nil, t, named(flag, err)
	}
	var w []float32
	if err == nil {
		w, err = g.place(t)
	}
	if err != nil {
		err = usage{err}
	}
	return w, t, err
}

// named returns an error about the file that a flag names: the user's fault if no such file is there.
func named(flag string, err error) error {
	err = fmt.Errorf("%s: %w", flag, err)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, disk.ErrKind) || errors.Is(err, disk.ErrSize) {
		return usage{err}
	}
	return err
}

// same reports whether two paths are one file that is there.
func same(a, b string) bool {
	x, err := os.Stat(a)
	if err != nil {
		return false
	}
	y, err := os.Stat(b)
	return err == nil && os.SameFile(x, y)
}
