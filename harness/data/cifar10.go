package data

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"msharp/models"
)

var _ = Table.Add("cifar10", func() Spec { return &CIFAR10{Split: Split{Train: 1024, Val: 1024, Pool: Shared}} })

// CIFAR10 is colour photographs, 32 × 32, of ten kinds of things (Krizhevsky 2009): 50,000 to train and 10,000 to test, in the "binary
// version" of https://www.cs.toronto.edu/~kriz/cifar.html. It has no default folder.
type CIFAR10 struct {
	Split `yaml:",inline"`
	Label string `yaml:"label"` // names data that are not known by their sha256
}

var cifarNames = []string{"airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"}

const (
	cifarPlane   = 32 * 32
	cifarRecord  = 1 + 3*cifarPlane // a label, then the red, the green and the blue plane
	cifarRecords = 10_000           // in a file, at most
)

// Load reads data_batch_1.bin to data_batch_5.bin and test_batch.bin in dir, in cifar-10-batches-bin below it, or in its only folder that has
// them, each plain or, if there is no plain one, .gz. Files may have fewer records than the usual 10,000.
func (c *CIFAR10) Load(dir string) (*Source, error) {
	if dir == "" {
		return nil, errors.New("cifar10 needs --data DIR, a folder with data_batch_1.bin to data_batch_5.bin and test_batch.bin")
	}
	var files wanted
	for k := 1; k <= 5; k++ {
		files.files = append(files.files, []string{fmt.Sprintf("data_batch_%d.bin", k)})
	}
	files.files = append(files.files, []string{"test_batch.bin"})
	files.below = []string{"cifar-10-batches-bin"}
	paths, err := files.find(dir)
	if err != nil {
		return nil, err
	}
	sum := sha256.New()
	pool, test := &images{size: 3 * cifarPlane}, &images{size: 3 * cifarPlane}
	for k, path := range paths {
		to := pool
		if k == 5 {
			to = test
		}
		if err := addCIFARFile(to, path, sum); err != nil {
			return nil, err
		}
	}
	src := &Source{
		Shape: models.Shape{C: 3, H: 32, W: 32}, Classes: len(cifarNames), ClassNames: cifarNames, Pool: pool, Test: test,
		SHA256: hex.EncodeToString(sum.Sum(nil)), Origin: filepath.Dir(paths[0]),
	}
	return src.named("cifar10", c.Label)
}

// Bare drops Label.
func (c *CIFAR10) Bare() Spec {
	if c.Label == "" {
		return c
	}
	return &CIFAR10{Split: c.Split}
}

// Absent leaves out what is not given, and a pool at its default.
func (c CIFAR10) Absent() []string {
	return append(c.Split.Absent(), notGiven(map[string]string{"label": c.Label})...)
}

func addCIFARFile(to *images, path string, sum io.Writer) error {
	f, err := openPath(path, sum)
	if err != nil {
		return err
	}
	defer f.close()
	return addCIFAR(to, f)
}

// addCIFAR appends the records of f, which must hold at least one.
func addCIFAR(to *images, f *file) error {
	for n := 0; ; n++ {
		start := f.at
		b, err := f.atMost(cifarRecord)
		switch {
		case err != nil:
			return err
		case len(b) == 0 && n > 0:
			return nil
		case len(b) < cifarRecord:
			return f.errorf(f.at, "the file ends after %d of the %d bytes of record %d", len(b), cifarRecord, n+1)
		case n == cifarRecords:
			return f.errorf(start, "the file goes on; expected at most %d records", cifarRecords)
		case int(b[0]) >= len(cifarNames):
			return f.errorf(start, "label %d; expected 0 to %d", b[0], len(cifarNames)-1)
		}
		to.labels = append(to.labels, b[0])
		red, green, blue := b[1:1+cifarPlane], b[1+cifarPlane:1+2*cifarPlane], b[1+2*cifarPlane:]
		for i := range red {
			to.pixels = append(to.pixels, red[i], green[i], blue[i])
		}
	}
}
