package data

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// renamed moves every file, contents changed.
func (f files) renamed(name func(string) string, change func([]byte) []byte) files {
	g := files{}
	for old, b := range f {
		g[name(old)] = change(b)
	}
	return g
}

func as(b []byte) []byte { return b }

// dotted is a name as 7-Zip and Kaggle leave it.
func dotted(name string) string {
	return strings.NewReplacer("-idx3", ".idx3", "-idx1", ".idx1").Replace(name)
}

// below puts files into a folder.
func below(dir string) func(string) string {
	return func(name string) string { return dir + "/" + name }
}

// halves is two gzip members, one after the other.
func halves(b []byte) []byte { return append(zip(b[:len(b)/2]), zip(b[len(b)/2:])...) }

func padded(b []byte) []byte { return append(b[:len(b):len(b)], make([]byte, 513)...) }

// Whatever form the files have in a folder, they are read, and as the same data.
func TestFoldersAsTheyCome(t *testing.T) {
	plain, photos := plainFiles(30, 20), cifarFiles().with("data_batch_3.bin.gz", nil).with("data_batch_3.bin", cifarFiles()["data_batch_1.bin"])
	gz := func(name string) string { return name + ".gz" }
	name := func(name string) string { return name }
	both := func(f, g files) files {
		all := files{}
		for name, b := range f {
			all[name] = b
		}
		for name, b := range g {
			all[name] = b
		}
		return all
	}
	noise := files{"readme.txt": []byte("x"), "processed/training.pt": []byte("x"), "__MACOSX/._train-images-idx3-ubyte": []byte("x")}
	for _, c := range []struct {
		form  string
		spec  Spec
		files files
		at    string // the folder they are found in
	}{
		{"plain", &MNIST{}, plain, "."},
		{"gzip", &MNIST{}, plain.renamed(gz, zip), "."},
		{"a dot before idx", &MNIST{}, plain.renamed(dotted, as), "."},
		{"a dot before idx, gzip", &MNIST{}, plain.renamed(func(n string) string { return gz(dotted(n)) }, zip), "."},
		{"gzip without .gz", &MNIST{}, plain.renamed(name, zip), "."},
		{"gzip padded with zeros", &MNIST{}, plain.renamed(gz, func(b []byte) []byte { return padded(zip(b)) }), "."},
		{"gzip of two members", &MNIST{}, plain.renamed(gz, halves), "."},
		{"gzip of two members, zeros between and behind", &MNIST{}, plain.renamed(gz, func(b []byte) []byte { return append(padded(zip(b[:9])), padded(zip(b[9:]))...) }), "."},
		{"as Kaggle's zip: names with a dot, and folders of the dash names that hold other bytes", &MNIST{},
			both(plain.renamed(dotted, as), plain.renamed(func(n string) string { return n + "/" + n }, func([]byte) []byte { return []byte("another") })), "."},
		{"as Kaggle's zip without the names with a dot", &MNIST{}, plain.renamed(func(n string) string { return n + "/" + n }, as), "train-images-idx3-ubyte"},
		{"torchvision's folder", &MNIST{}, both(noise, plain.renamed(below("MNIST/raw"), as)), "MNIST/raw"},
		{"torchvision's folder, Fashion-MNIST beside", &MNIST{}, both(plainFiles(7, 7).renamed(below("FashionMNIST/raw"), as), plain.renamed(below("MNIST/raw"), as)), "MNIST/raw"},
		{"torchvision's folder, MNIST beside", &Fashion{}, both(plainFiles(7, 7).renamed(below("MNIST/raw"), as), plain.renamed(below("FashionMNIST/raw"), as)), "FashionMNIST/raw"},
		{"the folder MNIST of torchvision's", &MNIST{}, both(noise, plain.renamed(below("raw"), as)), "raw"},
		{"the source of Fashion-MNIST", &Fashion{}, plain.renamed(func(n string) string { return "data/fashion/" + n + ".gz" }, zip), "data/fashion"},
		{"the only folder that has them", &MNIST{}, both(noise, plain.renamed(below("archive (2)"), as)), "archive (2)"},
		{"both plain and gzip", &MNIST{}, both(plain, plainFiles(7, 7).renamed(gz, zip)), "."},

		{"CIFAR-10", &CIFAR10{}, photos, "."},
		{"CIFAR-10, gzip", &CIFAR10{}, photos.renamed(gz, zip), "."},
		{"CIFAR-10, gzip without .gz", &CIFAR10{}, photos.renamed(name, zip), "."},
		{"CIFAR-10, gzip padded with zeros", &CIFAR10{}, photos.renamed(gz, func(b []byte) []byte { return padded(zip(b)) }), "."},
		{"CIFAR-10 as it unpacks", &CIFAR10{}, both(photos.renamed(below("cifar-10-batches-bin"), as), files{"cifar-10-binary.tar.gz": []byte("x")}), "cifar-10-batches-bin"},
		{"CIFAR-10 in another folder", &CIFAR10{}, photos.renamed(below("photos"), as), "photos"},
	} {
		t.Run(c.form, func(t *testing.T) {
			dir := c.files.in(t)
			s, err := c.spec.Load(dir)
			if err != nil {
				t.Fatal(err)
			}
			want, first := loadFrom(t, &MNIST{}, plain.in(t)), 222.
			if _, ok := c.spec.(*CIFAR10); ok {
				want, first = loadFrom(t, &CIFAR10{}, photos.in(t)), float64(photos["data_batch_1.bin"][cifarRecord+1])
			}
			if s.SHA256 != want.SHA256 || s.Pool.Len() != want.Pool.Len() || s.Test.Len() != want.Test.Len() || row(s, s.Pool, 1)[0] != first {
				t.Errorf("read %d and %d examples of sha256 %.12s, the second begins with %g; want %d, %d, %.12s, %g",
					s.Pool.Len(), s.Test.Len(), s.SHA256, row(s, s.Pool, 1)[0], want.Pool.Len(), want.Test.Len(), want.SHA256, first)
			}
			if at := filepath.Join(dir, filepath.FromSlash(c.at)); s.Origin != at {
				t.Errorf("found in %s; want %s", s.Origin, at)
			}
		})
	}
}

// What is not read is refused in one line that says what lies there and what would do.
func TestFoldersOfOtherData(t *testing.T) {
	letters := func(end string) files {
		return plainFiles(30, 20).renamed(func(n string) string {
			return "emnist-" + end + "-" + strings.Replace(n, "t10k", "test", 1) + ".gz"
		}, zip)
	}
	const noImages, noPhotos = "no data file DIR/train-images-idx3-ubyte, plain or .gz; ", "no data file DIR/data_batch_1.bin, plain or .gz; "
	for _, c := range []struct {
		what  string
		spec  Spec
		files files
		want  string
	}{
		{"nothing", &MNIST{}, files{}, noImages + "that folder is empty"},
		{"EMNIST's letters", &MNIST{}, letters("letters"), noImages + "DIR/emnist-letters-test-images-idx3-ubyte.gz is EMNIST's letters, of 26 classes; images of ten classes are read, and a CSV table (data.kind=csv) of any number"},
		{"EMNIST, balanced", &MNIST{}, letters("balanced"), noImages + "DIR/emnist-balanced-test-images-idx3-ubyte.gz is EMNIST's balanced letters and digits, of 47 classes; images of ten classes are read, and a CSV table (data.kind=csv) of any number"},
		{"EMNIST's digits", &MNIST{}, letters("digits"), noImages + "DIR/emnist-digits-test-images-idx3-ubyte.gz is digits of EMNIST; copies of its four files under the names train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte are read"},
		{"EMNIST's letters under MNIST's names", &MNIST{}, plainFiles(30, 20).with("train-labels-idx1-ubyte", idx(idxLabels, []uint32{30}, append(labels(29), 26))),
			"train-labels-idx1-ubyte: byte 37: label 26; expected 0 to 9: images of 10 classes are read, and a CSV table (data.kind=csv) of any number"},
		{"CIFAR-10 for Python", &CIFAR10{}, files{"data_batch_1": []byte("\x80\x02"), "batches.meta": []byte("\x80\x02"), "test_batch": []byte("\x80\x02")},
			noPhotos + "DIR/batches.meta is the Python version of CIFAR-10, which is pickles; the binary version is read: data_batch_1.bin to data_batch_5.bin and test_batch.bin of cifar-10-binary.tar.gz"},
		{"CIFAR-10 for Python, one folder up", &CIFAR10{}, files{"cifar-10-batches-py/data_batch_1": []byte("\x80\x02"), "cifar-10-python.tar.gz": nil},
			noPhotos + "DIR/cifar-10-batches-py is the Python version of CIFAR-10, which is pickles; the binary version is read: data_batch_1.bin to data_batch_5.bin and test_batch.bin of cifar-10-binary.tar.gz"},
		{"CIFAR-100", &CIFAR10{}, files{"cifar-100-binary/train.bin": nil}, noPhotos + "DIR/cifar-100-binary is CIFAR-100; the binary version of CIFAR-10 is read"},
		{"an archive", &CIFAR10{}, files{"cifar-10-binary.tar.gz": nil}, noPhotos + "DIR/cifar-10-binary.tar.gz is an archive; what it unpacks to is read"},
		{"NumPy's arrays", &MNIST{}, files{"mnist.npz": nil}, noImages + "DIR/mnist.npz is NumPy's arrays; IDX files, CIFAR-10's binary version and CSV tables are read"},
		{"a table", &MNIST{}, files{"mnist_train.csv": nil}, noImages + "DIR/mnist_train.csv is a CSV table; data.kind=csv data.file=NAME reads it"},
		{"anything", &MNIST{}, files{"a": nil, "b": nil, "c/d": nil, "e": nil, "f": nil, "g": nil}, noImages + "there lie a, b, c, e, f and 1 more"},
		{"two folders", &MNIST{}, plainFiles(30, 20).renamed(below("b"), as).with("a/train-images-idx3-ubyte", nil), "in b"},
		{"some of the files", &MNIST{}, plainFiles(30, 20).renamed(below("MNIST/raw"), as).with("MNIST/raw/t10k-labels-idx1-ubyte", nil), "no data file DIR/MNIST/raw/t10k-labels-idx1-ubyte, plain or .gz"},
		{"bytes behind gzip", &MNIST{}, plainFiles(30, 20).renamed(func(n string) string { return n + ".gz" }, func(b []byte) []byte { return append(padded(zip(b)), 'x') }),
			"train-images-idx3-ubyte.gz: byte 196: cannot read on: behind the compressed bytes, neither zeros nor more of them: unexpected EOF"},
	} {
		t.Run(c.what, func(t *testing.T) {
			dir := c.files.in(t)
			if c.want == "in b" { // a folder with other files is none of those that count
				if s := loadFrom(t, c.spec, dir); s.Origin != filepath.Join(dir, "b") {
					t.Errorf("found in %s", s.Origin)
				}
				for name, b := range plainFiles(30, 20) {
					if err := os.MkdirAll(filepath.Join(dir, "a"), 0o777); err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(filepath.Join(dir, "a", name), b, 0o666); err != nil {
						t.Fatal(err)
					}
				}
				c.want = "DIR holds more than one folder with such files: a, b; name one of them by --data"
			}
			_, err := c.spec.Load(dir)
			if err == nil {
				t.Fatal("it is read")
			}
			if got := strings.ReplaceAll(filepath.ToSlash(err.Error()), filepath.ToSlash(dir), "DIR"); got != c.want {
				t.Errorf("\n got %s\nwant %s", got, c.want)
			}
		})
	}
}

// Of many gzip members, and whatever lies between them, the reader gives what was packed, however it is asked.
func FuzzGunzip(f *testing.F) {
	f.Add(padded(halves(counting(300))), 7)
	f.Add(zip(nil), 1)
	f.Add(append(zip([]byte("a")), 1), 1)
	f.Add([]byte("\x1f\x8b\b"), 1) // a head that is cut off
	f.Fuzz(func(t *testing.T, b []byte, n int) {
		path := filepath.Join(t.TempDir(), "x")
		if err := os.WriteFile(path, b, 0o666); err != nil {
			t.Fatal(err)
		}
		d, err := openPath(path, io.Discard)
		if err != nil {
			if _, whole := gzip.NewReader(bytes.NewReader(b)); whole == nil {
				t.Fatal(err)
			}
			return
		}
		defer d.close()
		if _, zipped := d.r.(*gunzip); !zipped || n < 1 || n > 1<<16 {
			return
		}
		var got bytes.Buffer
		_, failed := io.CopyBuffer(struct{ io.Writer }{&got}, struct{ io.Reader }{d}, make([]byte, n))
		z, err := gzip.NewReader(bytes.NewReader(bytes.TrimRight(b, "\x00")))
		if err != nil || failed != nil {
			return
		}
		if want, err := io.ReadAll(z); err == nil && !bytes.Equal(got.Bytes(), want) {
			t.Errorf("read %d bytes; gzip reads %d", got.Len(), len(want))
		}
	})
}

// A name that is no regular file's is said, not waited for.
func TestAPipeForAFile(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no such devices in folders")
	}
	dir := plainFiles(30, 20).with("train-labels-idx1-ubyte", nil).in(t)
	if err := os.Symlink(os.DevNull, filepath.Join(dir, "train-labels-idx1-ubyte")); err != nil {
		t.Fatal(err)
	}
	_, err := (&MNIST{}).Load(dir)
	if want := filepath.Join(dir, "train-labels-idx1-ubyte") + " is a device; expected a regular file"; err == nil || err.Error() != want {
		t.Errorf("%v; want %s", err, want)
	}
	var missing *fs.PathError
	if errors.As(err, &missing) {
		t.Error("it is said to be missing")
	}
}
