package data

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

var _ = Table.Add("fashion", func() Spec { return &Fashion{Split: Split{Train: 1024, Val: 1024, Pool: Shared}} })

// Fashion is Fashion-MNIST (Xiao, Rasul, Vollgraf 2017): clothes of ten kinds in files of MNIST's names, numbers and form. Without a folder it is
// what Debian's package dataset-fashion-mnist has installed.
type Fashion struct {
	Split `yaml:",inline"`
	Label string `yaml:"label"` // names data that are not known by their sha256
}

// fashionFolder is where Debian's package puts the files.
var fashionFolder = "/usr/share/datasets/fashion-mnist"

// Load reads four IDX files as MNIST's Load does, in dir, in raw, FashionMNIST/raw or data/fashion below it, or in its only folder that has them.
func (f *Fashion) Load(dir string) (*Source, error) {
	if dir == "" {
		dir = fashionFolder
		if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("no Fashion-MNIST in %s, where Debian's package dataset-fashion-mnist puts it (apt-get install dataset-fashion-mnist); install it, or name a folder with its four IDX files by --data", dir)
		}
	}
	src, err := loadIDX(dir, "raw", "FashionMNIST/raw", "FashionMNIST", "fashion-mnist", "fashion", "data/fashion")
	if err != nil {
		return nil, err
	}
	return src.named("fashion", f.Label)
}

// Bare drops Label.
func (f *Fashion) Bare() Spec {
	if f.Label == "" {
		return f
	}
	return &Fashion{Split: f.Split}
}

// Absent leaves out what is not given, and a pool at its default.
func (f Fashion) Absent() []string {
	return append(f.Split.Absent(), notGiven(map[string]string{"label": f.Label})...)
}
