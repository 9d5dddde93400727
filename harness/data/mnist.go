package data

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"

	"msharp/models"
)

var _ = Table.Add("mnist", func() Spec { return &MNIST{Split{Train: 1024, Val: 1024}} })

// MNIST is handwritten digits (LeCun, Cortes, Burges), grey images of 28 × 28. Without a folder it is the 5000 training and 500 test rows
// inside golearn; those of the 5000 that are not drawn are then test examples too. In a folder it is the four IDX files, of 60,000 and
// 10,000 images. The files of Fashion-MNIST (Xiao, Rasul, Vollgraf 2017) have the same names and are read as well.
type MNIST struct {
	Split `yaml:",inline"`
}

// Load reads the bundled rows, or train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and
// t10k-labels-idx1-ubyte in dir, each plain or, if there is no plain one, .gz. Images may have another size if all have the same.
func (*MNIST) Load(dir string) (*Source, error) {
	if dir == "" {
		return loadBundledMNIST()
	}
	sum := sha256.New()
	train, shape, err := readIDXPair(dir, "train-images-idx3-ubyte", "train-labels-idx1-ubyte", sum)
	if err != nil {
		return nil, err
	}
	test, testShape, err := readIDXPair(dir, "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte", sum)
	if err != nil {
		return nil, err
	}
	if shape != testShape {
		return nil, fmt.Errorf("t10k-images-idx3-ubyte: byte 8: images of %d × %d; expected %d × %d as in train-images-idx3-ubyte", testShape.H, testShape.W, shape.H, shape.W)
	}
	return &Source{
		Shape: shape, Classes: len(digits), ClassNames: digits, Pool: train, Test: test,
		SHA256: hex.EncodeToString(sum.Sum(nil)), Origin: dir,
	}, nil
}

var digits = []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}

func readIDXPair(dir, imageFile, labelFile string, sum io.Writer) (*images, models.Shape, error) {
	var shape models.Shape
	fi, err := open(dir, imageFile, sum)
	if err != nil {
		return nil, shape, err
	}
	defer fi.close()
	pixels, n, shape, err := readIDXImages(fi)
	if err != nil {
		return nil, shape, err
	}
	fl, err := open(dir, labelFile, sum)
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
