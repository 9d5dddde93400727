package data

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"sync"

	"msharp/harness/disk"
	"msharp/harness/limits"
	"msharp/models"
)

// packedSet is four gzipped IDX files that are known by their bytes as they are packed. What they unpack to is known too, so that they are
// unpacked only when an example is first read: a plan reads none.
type packedSet struct {
	files       [4]packedFile // in the order of idxFiles
	train, test int           // images, of 28 × 28
	sum         string        // of the unpacked files
}

type packedFile struct {
	size   int64
	sha256 string
}

var (
	packedMNIST = packedSet{[4]packedFile{
		{9912422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"},
		{28881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"},
		{1648877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"},
		{4542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"},
	}, 60_000, 10_000, sumMNIST}
	packedFashion = packedSet{[4]packedFile{
		{26421856, "b0564c3eedabfbf835052cff8503ea422014ce006caf5b757f851416ee8300c7"},
		{29491, "0ae29f65d86684f32d1b9c85147786c547b9c6aebcaf235f0400a0cce308b056"},
		{4422079, "cc1d090a38ace84dfa1aa66e3ada7c336ef481a96936906477e6dd344da56eaa"},
		{5125, "8d3605d196f4be44669e46906da9733c8131fef761fdbfec72c424d5222f1a05"},
	}, 60_000, 10_000, sumFashion}

	packedSets = []packedSet{packedMNIST, packedFashion}
)

const packedSide = 28

// open returns the set that lies at four paths; nil if it is another, or if the memory does not suffice to unpack it.
func (s packedSet) open(paths []string) (*Source, error) {
	for i, f := range s.files {
		if info, err := os.Stat(paths[i]); err != nil || !info.Mode().IsRegular() || info.Size() != f.size {
			return nil, nil
		}
	}
	if room := limits.Memory.Bytes / 10 * 8 / asRead; room > 0 && room < int64(s.train*packedSide*packedSide) {
		return nil, nil
	}
	var contents [][]byte
	for i, f := range s.files {
		b, err := disk.ReadBounded(paths[i], f.size)
		if err != nil {
			return nil, err
		}
		if fmt.Sprintf("%x", sha256.Sum256(b)) != f.sha256 {
			return nil, nil
		}
		contents = append(contents, b)
	}
	return s.source(contents)
}

// source returns the set of files whose sha256 have been checked.
func (s packedSet) source(contents [][]byte) (*Source, error) {
	train, err := newPacked(s.train, contents[0], contents[1])
	if err != nil {
		return nil, err
	}
	test, err := newPacked(s.test, contents[2], contents[3])
	if err != nil {
		return nil, err
	}
	return imageSource(models.Shape{C: 1, H: packedSide, W: packedSide}, train, test, s.sum), nil
}

// packedImages are images that are unpacked when the first of them is read.
type packedImages struct {
	labels []byte
	size   int
	file   int // bytes, as packed
	whole  func() *images
}

// newPacked takes gzipped IDX files of n images and of their labels.
func newPacked(n int, imageFile, labelFile []byte) (*packedImages, error) {
	z, err := gzip.NewReader(bytes.NewReader(labelFile))
	if err != nil {
		return nil, err
	}
	labels, err := readIDXLabels(newFile("labels", z, io.Discard), len(digits))
	if err != nil {
		return nil, err
	}
	const size = packedSide * packedSide
	return &packedImages{labels, size, len(imageFile), sync.OnceValue(func() *images {
		pixels, err := unpack(imageFile, n*size)
		if err != nil {
			panic(err) // the sha256 of the file has been checked
		}
		return &images{size, pixels, labels}
	})}, nil
}

// unpack returns the last bytes of a gzipped IDX file of images, behind its header.
func unpack(file []byte, bytesOf int) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(file))
	if err != nil {
		return nil, err
	}
	whole := make([]byte, idxImagesHeader+bytesOf)
	if _, err := io.ReadFull(z, whole); err != nil {
		return nil, err
	}
	return whole[idxImagesHeader:], nil
}

func (e *packedImages) Len() int                 { return len(e.labels) }
func (e *packedImages) Label(i int) int          { return int(e.labels[i]) }
func (e *packedImages) Row(dst []float64, i int) { e.whole().Row(dst, i) }

// Bytes counts the images as unpacked, and the file that is there until they are.
func (e *packedImages) Bytes() int64 { return int64(len(e.labels)*e.size + cap(e.labels) + e.file) }

var _ Examples = (*packedImages)(nil)
