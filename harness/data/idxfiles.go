package data

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"path/filepath"

	"msharp/models"
)

// idxFiles are the four files of MNIST and of the data sets after it, in reading order. Some programs that unpack them write a dot for the
// dash.
var idxFiles = [][]string{
	{"train-images-idx3-ubyte", "train-images.idx3-ubyte"},
	{"train-labels-idx1-ubyte", "train-labels.idx1-ubyte"},
	{"t10k-images-idx3-ubyte", "t10k-images.idx3-ubyte"},
	{"t10k-labels-idx1-ubyte", "t10k-labels.idx1-ubyte"},
}

// loadIDX reads the four files in dir, or in a folder below it.
func loadIDX(dir string, below ...string) (*Source, error) {
	paths, err := wanted{idxFiles, below}.find(dir)
	if err != nil {
		return nil, err
	}
	src, err := readIDXFiles(paths)
	if err != nil {
		return nil, err
	}
	src.Origin = filepath.Dir(paths[0])
	return src, nil
}

func readIDXFiles(paths []string) (*Source, error) {
	for _, set := range packedSets {
		if src, err := set.open(paths); src != nil || err != nil {
			return src, err
		}
	}
	sum := sha256.New()
	train, shape, err := readIDXPair(paths[0], paths[1], sum)
	if err != nil {
		return nil, err
	}
	test, testShape, err := readIDXPair(paths[2], paths[3], sum)
	if err != nil {
		return nil, err
	}
	if shape != testShape {
		return nil, fmt.Errorf("%s: byte 8: images of %d × %d; expected %d × %d as in %s", filepath.Base(paths[2]), testShape.H, testShape.W, shape.H, shape.W, filepath.Base(paths[0]))
	}
	return imageSource(shape, train, test, hex.EncodeToString(sum.Sum(nil))), nil
}

// imageSource is a Source of ten classes of images. Classes have names where the data are known to be others than digits.
func imageSource(shape models.Shape, train, test Examples, sum string) *Source {
	classes := digits
	if sum == sumFashion {
		classes = garments
	}
	return &Source{Shape: shape, Classes: len(classes), ClassNames: classes, Pool: train, Test: test, SHA256: sum}
}

func readIDXPair(imageFile, labelFile string, sum io.Writer) (*images, models.Shape, error) {
	var shape models.Shape
	fi, err := openPath(imageFile, sum)
	if err != nil {
		return nil, shape, err
	}
	defer fi.close()
	pixels, n, shape, err := readIDXImages(fi)
	if err != nil {
		return nil, shape, err
	}
	fl, err := openPath(labelFile, sum)
	if err != nil {
		return nil, shape, err
	}
	defer fl.close()
	labels, err := readIDXLabels(fl, len(digits))
	if err != nil {
		return nil, shape, err
	}
	if len(labels) != n {
		return nil, shape, fl.errorf(4, "%d labels; expected %d, one an image of %s", len(labels), n, fi.name)
	}
	return &images{shape.Size(), pixels, labels}, shape, nil
}
