package main

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"msharp/harness"
	"msharp/harness/disk"
	"msharp/harness/record"
	"msharp/models/kernel"
	"msharp/sharpness"
)

// Report is everything that is found.
type Report struct {
	File     string        `json:"file"`
	Format   string        `json:"format"`
	Tensors  []Tensor      `json:"tensors"` // in the order of the layers
	Weights  int           `json:"weights"`
	Data     Data          `json:"data"`
	Loss     record.Number `json:"loss"`  // mean cross-entropy; null if it is not finite, as every number
	Wrong    int           `json:"wrong"` // examples predicted wrong
	Error    record.Number `json:"error"` // the share of them
	Kernel   string        `json:"kernel"`
	Measures []Value       `json:"measures"`
}

// Tensor is where a tensor of the file went.
type Tensor struct {
	Name  string `json:"name"`
	DType string `json:"dtype"`
	Shape []int  `json:"shape"` // in the file
	Layer string `json:"layer"`
	As    []int  `json:"as"` // its shape in the network: in × out, or height × width × in × out
}

// Data is the examples that the network is weighed on.
type Data struct {
	Name     string    `json:"name"`
	Origin   string    `json:"origin"`
	SHA256   string    `json:"sha256"`
	Split    string    `json:"split"`
	Examples int       `json:"examples"`
	Classes  []string  `json:"classes"` // by their labels, from 0
	Unit     float64   `json:"unit"`    // values are divided by it first
	Mean     []float64 `json:"mean"`
	Std      []float64 `json:"std"`
}

// Value is a column of a measure.
type Value struct {
	Column string        `json:"column"`
	Title  string        `json:"title"`
	Value  record.Number `json:"value"`
}

// report says what is weighed.
func (g given) report() *Report {
	r := &Report{File: g.tensors.path, Format: g.tensors.format, Weights: g.Dim(), Kernel: kernel.Name(), Measures: []Value{}}
	for _, a := range g.arrays {
		t := g.tensors.named(a.Name)
		r.Tensors = append(r.Tensors, Tensor{t.Name, t.DType, t.Shape, a.layer, a.Shape})
	}
	r.Data = Data{
		Name: g.source.Name, Origin: g.source.Origin, SHA256: g.source.SHA256, Split: g.Split, Examples: g.batch.Len(),
		Classes: g.source.ClassNames, Unit: g.source.Unit(), Mean: g.Mean, Std: g.Std,
	}
	return r
}

// proof writes which tensors went where, and which data they meet.
func (r *Report) proof(w io.Writer) error {
	fmt.Fprintf(w, "%s: %s, %d weights in %d tensors\n\n", r.File, r.Format, r.Weights, len(r.Tensors))
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "tensor\tdtype\tshape\tbelongs to\tas")
	for _, x := range r.Tensors {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", x.Name, x.DType, times(x.Shape), x.Layer, times(x.As))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	unit := ""
	if r.Data.Unit != 1 {
		unit = fmt.Sprintf("/%g", r.Data.Unit)
	}
	_, err := fmt.Fprintf(w, "\n%s, %s: %d examples, (x%s − %s)/%s; classes %s\n",
		r.Data.Name, r.Data.Split, r.Data.Examples, unit, list(r.Data.Mean), list(r.Data.Std), quoted(r.Data.Classes))
	return err
}

// scores writes loss and error.
func (r *Report) scores(w io.Writer) error {
	_, err := fmt.Fprintf(w, "loss %.7g, error %.7g (%d of %d)\n", float64(r.Loss), float64(r.Error), r.Wrong, r.Data.Examples)
	return err
}

// table writes the measures.
func (r *Report) table(w io.Writer) error {
	if len(r.Measures) == 0 {
		return nil
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "\nmeasure\tvalue\tin words")
	for _, v := range r.Measures {
		fmt.Fprintf(t, "%s\t%.6g\t%s\n", v.Column, float64(v.Value), v.Title)
	}
	return t.Flush()
}

func times(shape []int) string {
	if len(shape) == 0 {
		return "one number"
	}
	var s []string
	for _, d := range shape {
		s = append(s, strconv.Itoa(d))
	}
	return strings.Join(s, " × ")
}

// list writes one number plainly, and the first of many.
func list(x []float64) string {
	const most = 4
	switch {
	case len(x) == 1:
		return fmt.Sprint(x[0])
	case len(x) > most:
		return fmt.Sprintf("(%v and %d more)", x[:most], len(x)-most)
	}
	return fmt.Sprint(x)
}

// score takes loss and error.
func (r *Report) score(s *harness.Weighing) {
	loss, wrong := s.Score()
	r.Loss, r.Wrong, r.Error = record.Number(loss), wrong, record.Number(float64(wrong)/float64(r.Data.Examples))
}

// every returns every measure at its defaults, but those that do not fit so many examples, of which it says why.
func every(examples int) (all []sharpness.Any, left []string) {
	for _, name := range sharpness.Table.Names() {
		m, err := sharpness.Table.New(name)
		if err != nil {
			panic(err) // a name of the table
		}
		if f, ok := m.(sharpness.Fitter); ok {
			if err := f.Fits(examples); err != nil {
				left = append(left, fmt.Sprintf("%s: left out, for %v", name, err))
				continue
			}
		}
		all = append(all, sharpness.Any{Spec: m})
	}
	return all, left
}

// measure takes measures and says on talk how far it is. One that fails leaves the others alone. named says that the user has asked for
// each: one that needs first weights which are not given is then an error.
func (r *Report) measure(s *harness.Weighing, measures []sharpness.Any, named bool, talk io.Writer) (failed error) {
	for i, m := range measures {
		fmt.Fprintf(talk, "%s, %d of %d: ", m.Kind(), i+1, len(measures))
		began := time.Now()
		values, err := s.Measure(m)
		switch {
		case errors.Is(err, harness.ErrInit) && !named:
			fmt.Fprintf(talk, "left out, for %v; --init names them\n", err)
			continue
		case errors.Is(err, harness.ErrInit):
			err = usage{fmt.Errorf("measure %s: %w; name them by --init", m.Kind(), err)}
		}
		if err != nil {
			fmt.Fprintln(talk, "failed")
			failed = errors.Join(failed, err)
			continue
		}
		fmt.Fprintf(talk, "%.1f s\n", time.Since(began).Seconds())
		for k, c := range m.Spec.Columns() {
			r.Measures = append(r.Measures, Value{c.Name(), c.Title, record.Number(values[k])})
		}
	}
	return failed
}

// writeLogits writes a CSV: a row an example in file order, its label and its logits, with all their digits.
func writeLogits(path string, s *harness.Weighing, labels []int, classes int) error {
	return disk.WriteWith(path, func(w io.Writer) error {
		line := []byte("label")
		for c := range classes {
			line = strconv.AppendInt(append(line, ','), int64(c), 10)
		}
		_, err := w.Write(append(line, '\n'))
		s.Logits(func(i int, z []float32) {
			line = strconv.AppendInt(line[:0], int64(labels[i]), 10)
			for _, v := range z {
				line = strconv.AppendFloat(append(line, ','), float64(v), 'g', -1, 32)
			}
			if err == nil {
				_, err = w.Write(append(line, '\n'))
			}
		})
		return err
	})
}
