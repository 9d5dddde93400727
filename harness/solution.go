package harness

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"slices"

	"msharp/harness/config"
	"msharp/harness/disk"
	"msharp/harness/folder"
	"msharp/models"
	"msharp/sharpness"
)

// Solution is a trained network of a trial, from its kept weights or by training again.
type Solution struct {
	ID      string
	w       []float32
	arrays  []models.Array
	run     *training // of the first of several; it has the data
	trained *Trained  // of Untrained alone, and with it:
	kept    string    // the file of kept weights, which need not be there
	path    *path     // from TrainAgain on
}

// Solutions reads the kept weights of trials, which must be different weights of one architecture. The losses around them are those of the
// first trial's data. The error names the file, or the trials.
func Solutions(trials []config.Trial, out folder.Dir) (all []*Solution, err error) {
	for i, t := range trials {
		run, err := kept(t, out, nil)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("%s: no weights of trial %s are kept; expected those of a trial that was run with keep_weights: true", out.Weights(t.ID), t.ID)
		} else if err != nil {
			return nil, err
		}
		s := &Solution{ID: t.ID, w: run.w, arrays: run.net.Arrays(), run: run}
		all = append(all, s)
		if i == 0 {
			continue
		}
		s.run = nil
		if err := all[0].fits(s); err != nil {
			return nil, fmt.Errorf("%s: %w", out.Weights(t.ID), err)
		}
		for _, other := range all[:i] {
			if slices.Equal(s.w, other.w) {
				return nil, fmt.Errorf("%s: the weights of trial %s are those of trial %s; expected different solutions", out.Weights(t.ID), t.ID, other.ID)
			}
		}
	}
	return all, nil
}

// kept returns a trial with its kept weights. The error wraps fs.ErrNotExist if there are none.
func kept(t config.Trial, out folder.Dir, d *draws) (*training, error) {
	run, err := trainingOf(t, d)
	if err == nil {
		err = run.readKept(out.Weights(t.ID), t.ID)
	}
	if err != nil {
		return nil, err
	}
	return run, nil
}

// readKept takes the weights that a file keeps. The error is that of opening it, or a *damagedWeights.
func (t *training) readKept(path, id string) error {
	b, err := disk.ReadBounded(path, t.mostSaved())
	if err != nil && !errors.Is(err, disk.ErrSize) {
		return err
	}
	if err == nil {
		err = under(path, t.read(b, id))
	}
	if err != nil {
		return &damagedWeights{err}
	}
	return nil
}

// fits says which of the other's arrays has another shape.
func (s *Solution) fits(other *Solution) error {
	for i, a := range s.arrays {
		if i >= len(other.arrays) {
			return fmt.Errorf("trial %s has no %s; expected an array of shape %v, as trial %s has", other.ID, a.Name, a.Shape, s.ID)
		}
		if b := other.arrays[i]; b.Name != a.Name || !slices.Equal(b.Shape, a.Shape) {
			return fmt.Errorf("%s of trial %s has shape %v; expected %s of shape %v, as trial %s has", b.Name, other.ID, b.Shape, a.Name, a.Shape, s.ID)
		}
	}
	if n := len(s.arrays); len(other.arrays) > n {
		return fmt.Errorf("trial %s has %s; expected no further array, as trial %s has", other.ID, other.arrays[n].Name, s.ID)
	}
	return nil
}

// sum is the sha256 of the weights.
func (s *Solution) sum() string {
	h := sha256.New()
	var b [4]byte
	for _, x := range s.w {
		binary.LittleEndian.PutUint32(b[:], math.Float32bits(x))
		h.Write(b[:])
	}
	return hex.EncodeToString(h.Sum(nil))
}

// batch returns the examples of a split by name. The error says that there are none.
func (s *Solution) batch(split string) (b models.Batch, err error) {
	switch split {
	case "train":
		b = s.run.train.batch
	case "val":
		b = s.run.val.batch
	case "test":
		b = s.run.test.batch
	}
	if b.Len() == 0 {
		return b, fmt.Errorf("trial %s has no examples in the split %q", s.ID, split)
	}
	return b, nil
}

// RoomForView returns an error if there is not the memory for a view of a trial's landscape that holds so many vectors of weights, of solutions
// or of a path, so many points at a time.
func RoomForView(t config.Trial, v View, vectors, workers int) error {
	net, err := t.Config.Model.Spec.Build(t.Source.Shape, t.Source.Classes)
	if err != nil {
		return nil // reading the trial says why
	}
	return keepDoor([]config.Trial{t}).enter(context.Background(), viewBytes(t, v, net, vectors, workers))
}

// viewBytes is about how many bytes a view takes at its peak.
func viewBytes(t config.Trial, v View, net *models.Net, vectors, workers int) int64 {
	train, val, test := t.Source.Amounts(t.Config.Data.Spec.Drawn())
	vector := float64(net.Dim())
	each := net.Footprint(min(chunkSize, max(train, val, test)))
	each.Eval()
	axes := float64(4*vector*float64(vectors)) + float64(16*vector)
	grid := float64(64*float64(v.Points)*float64(v.Points)) + float64(float64(workers)*(each.Bytes()+float64(8*vector)+16*chunkSize))
	products := net.Footprint(min(chunkSize, train))
	finding := needBytes(v.need(), net, train, products) + products.Bytes() + landscapeBytes([]sharpness.Need{v.need()}, net)
	if v.Along == "trajectory" {
		finding = sharpness.TrajectoryBytes(vectors) + float64(8*vector) // a point on its way to the plane
	}
	t.Config.Measures, t.Config.Watch = nil, nil
	return whole(float64(Memory(t)) + axes + max(grid, finding))
}
