package data

import "msharp/models/kind"

// The sha256 of data sets' files, uncompressed and in reading order.
const (
	sumRows    = "1ec5330cac441a6c6724d106d13202775d6fa6b148c155ac6c743727a68dd79c" // the rows of MNIST inside golearn
	sumMNIST   = "b2d8f5bf39174ee5ffeefa97e42d673c35432b411bb5d1f74fbbeddae7f1690a"
	sumFashion = "14410854cf7a289477dcfc7df3f8ec24741e281cdcc425ede0d9a748ca630214"
	sumPart    = "bf759460c4379ba2fbc050f0bd808c1f5a90425541fe7f2031ca5f39bacead29"
)

// known names data sets by their sha256. Data are what their bytes are, whatever kind reads them.
var known = map[string]string{
	sumRows:            "MNIST",
	sumMNIST:           "MNIST",
	sumFashion:         "Fashion-MNIST",
	sumPart:            "a part of CIFAR-10 (JPEG-decoded, 20,000 + 4,000 images)",
	bundledIris.sha256: "iris",
}

// unknown names what a kind reads where nothing else does.
var unknown = map[string]string{
	"mnist":   "unknown images in IDX files",
	"fashion": "unknown images in IDX files",
	"cifar10": "unknown images in files like CIFAR-10's",
}

// NameOf returns the name for people of the data of a sha256 that a kind has read: "Fashion-MNIST"; "" if there is none.
func NameOf(kind, sha256 string) string {
	if name := known[sha256]; name != "" {
		return name
	}
	return unknown[kind]
}

// named gives a source the label as its name, or that of NameOf without one. A label for data that are known must be their name.
func (s *Source) named(of, label string) (*Source, error) {
	s.Name = NameOf(of, s.SHA256)
	if name := known[s.SHA256]; label != "" && name != "" && name != label {
		return nil, &kind.Error{Key: "label", Value: label, Problem: "the files are those of " + name, Expected: "no label"}
	}
	if label != "" {
		s.Name = label
	}
	return s, nil
}

var (
	digits   = []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}
	garments = []string{"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"}
)
