package data

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"msharp/harness/limits"
	"msharp/models/kind"
)

// Data are called by their bytes, others by their label.
func TestNames(t *testing.T) {
	s := &Source{SHA256: sumFashion}
	for _, c := range []struct{ sum, of, label, want string }{
		{sumFashion, "mnist", "", "Fashion-MNIST"},
		{sumMNIST, "fashion", "", "MNIST"},
		{sumRows, "mnist", "", "MNIST"},
		{sumMNIST, "mnist", "MNIST", "MNIST"},
		{sumPart, "cifar10", "", "a part of CIFAR-10 (JPEG-decoded, 20,000 + 4,000 images)"},
		{"0", "mnist", "", "unknown images in IDX files"},
		{"0", "fashion", "", "unknown images in IDX files"},
		{"0", "cifar10", "", "unknown images in files like CIFAR-10's"},
		{"0", "mnist", "KMNIST", "KMNIST"},
		{sumFashion, "mnist", "MNIST", "label = MNIST: the files are those of Fashion-MNIST; expected no label"},
	} {
		s.SHA256 = c.sum
		got, err := s.named(c.of, c.label)
		if err != nil {
			if err.Error() != c.want {
				t.Errorf("%+v: %v", c, err)
			}
		} else if got.Name != c.want {
			t.Errorf("%+v: %s", c, got.Name)
		}
	}
	for spec, want := range map[Spec]string{
		&MNIST{Label: "a"}: "a", &Fashion{Label: "a"}: "a", &CIFAR10{Label: "a"}: "a", &MNIST{}: "unknown images in IDX files",
	} {
		dir := plainFiles(30, 20).in(t)
		if _, ok := spec.(*CIFAR10); ok {
			dir = cifarFiles().in(t)
		}
		if s := loadFrom(t, spec, dir); s.Name != want {
			t.Errorf("%T is called %q; want %q", spec, s.Name, want)
		}
	}
}

// The files of MNIST are unpacked when an image is first read, by whomever, and are then those that their sha256 promises.
func TestPackedFilesAreTheData(t *testing.T) {
	t.Run("MNIST", func(t *testing.T) { checkPacked(t, loadFrom(t, &MNIST{Source: sourceFull}, ""), sumMNIST, digits) })
	t.Run("Fashion-MNIST", func(t *testing.T) {
		if _, err := os.Stat(fashionFolder); err != nil {
			t.Skipf("Debian's package dataset-fashion-mnist is not installed: %v", err)
		}
		s := loadFrom(t, &Fashion{}, "")
		checkPacked(t, s, sumFashion, garments)
		if _, ok := s.Pool.(*packedImages); !ok {
			t.Error("the files of the package are other than those that are known")
		}
	})
}

func checkPacked(t *testing.T, s *Source, sum string, classes []string) {
	t.Helper()
	if s.Pool.Len() != 60000 || s.Test.Len() != 10000 || s.LeftoverIsTest || s.SHA256 != sum || !slices.Equal(s.ClassNames, classes) {
		t.Fatalf("read %d and %d examples of %q, sha256 %s", s.Pool.Len(), s.Test.Len(), s.ClassNames, s.SHA256)
	}
	before := s.Bytes()
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() { row(s, s.Pool, i) })
	}
	all.Wait()
	h := sha256.New()
	for _, e := range []Examples{s.Pool, s.Test} {
		h.Write(idx(idxImages, []uint32{uint32(e.Len()), 28, 28}, nil))
		b := make([]byte, 0, e.Len()*784)
		ys := make([]byte, 0, e.Len())
		for i := range e.Len() {
			for _, v := range row(s, e, i) {
				b = append(b, byte(v))
			}
			ys = append(ys, byte(e.Label(i)))
		}
		h.Write(b)
		h.Write(idx(idxLabels, []uint32{uint32(e.Len())}, ys))
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != sum {
		t.Errorf("the images and labels, written again, have sha256 %s; want %s", got, sum)
	}
	if after := s.Bytes(); before != after || after < 70000*785 {
		t.Errorf("%d bytes before they are unpacked, %d after", before, after)
	}
}

// Files that are almost the known ones are read as any others, and so are those for which the memory does not suffice.
func TestPackedFilesMustBeThese(t *testing.T) {
	b := zip(idx(idxImages, []uint32{30, 2, 3}, counting(180)))
	dir := plainFiles(30, 20).with("train-images-idx3-ubyte", nil).with("train-images-idx3-ubyte.gz", b).in(t)
	paths, err := wanted{files: idxFiles}.find(dir)
	if err != nil {
		t.Fatal(err)
	}
	set := packedSet{train: 30, test: 20, sum: "x"}
	for i, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		set.files[i] = packedFile{int64(len(content)), fmt.Sprintf("%x", sha256.Sum256(content))}
	}
	broken := set
	broken.files[0].sha256 = "another"
	if s, err := broken.open(paths); s != nil || err != nil {
		t.Errorf("another sha256 gives %v, %v", s, err)
	}
	broken = set
	broken.files[2].size++
	if s, err := broken.open(paths); s != nil || err != nil {
		t.Errorf("another size gives %v, %v", s, err)
	}
	limit := *limits.Memory
	t.Cleanup(func() { *limits.Memory = limit })
	limits.Memory.Bytes = 1000
	if s, err := set.open(paths); s != nil || err != nil {
		t.Errorf("little memory gives %v, %v", s, err)
	}
}

func TestFashionIsNowhere(t *testing.T) {
	folder := fashionFolder
	t.Cleanup(func() { fashionFolder = folder })
	fashionFolder = filepath.Join(t.TempDir(), "none")
	_, err := (&Fashion{}).Load("")
	if err == nil {
		t.Fatal("it is read")
	}
	for _, want := range []string{fashionFolder, "apt-get install dataset-fashion-mnist", "--data"} {
		if !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%v; want %q in it, and one line", err, want)
		}
	}
	fashionFolder = plainFiles(30, 20).in(t)
	if s := loadFrom(t, &Fashion{}, ""); s.Name != "unknown images in IDX files" || s.Origin != fashionFolder {
		t.Errorf("other files in its place are called %s, of %s", s.Name, s.Origin)
	}
}

func TestSourcesOfMNIST(t *testing.T) {
	for _, c := range []struct {
		source string
		held   []string
		want   string
	}{
		{"", nil, sourceFull}, {"", []string{sumFashion}, sourceFull}, {"", []string{sumRows}, sourceGolearn}, {"", []string{sumRows, sumMNIST}, sourceFull},
		{"", []string{sumMNIST}, sourceFull}, {sourceFull, []string{sumRows}, sourceFull}, {sourceGolearn, nil, sourceGolearn}, {sourceGolearn, []string{sumMNIST}, sourceGolearn},
	} {
		m := &MNIST{Split: Split{Train: 7}, Source: c.source, Label: "x"}
		got := m.Choose(c.held).(*MNIST)
		if got.Source != c.want || got.Train != 7 || got.Label != "x" || m.Source != c.source {
			t.Errorf("%q with %v held gives %+v; want %s", c.source, c.held, got, c.want)
		}
		if bare := Bare(got).(*MNIST); *bare != (MNIST{Split: Split{Train: 7}}) {
			t.Errorf("bare it is %+v", bare)
		}
	}
	dir := plainFiles(30, 20).in(t)
	_, err := (&MNIST{Source: sourceGolearn}).Load(dir)
	want := fmt.Sprintf("source = golearn: given beside the folder %q; expected one of the two: without --data, golearn's rows are read", dir)
	if e := new(kind.Error); !errors.As(err, &e) || err.Error() != want {
		t.Errorf("%v; want %s", err, want)
	}
	loadFrom(t, &MNIST{Source: sourceFull}, dir)
}
