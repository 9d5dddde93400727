package data

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
)

// stranger is a form of data that is not read, told by a name in the folder.
type stranger struct {
	like string // a pattern of path.Match for the name in lower case
	dir  bool   // whether the name is a folder's
	what string // what lies there, and what would do
}

// strangers are what people have at hand in place of the files that are read.
var strangers = []stranger{
	{"emnist-letters-*", false, "EMNIST's letters, of 26 classes; images of ten classes are read, and a CSV table (data.kind=csv) of any number"},
	{"emnist-by*", false, "EMNIST by letter and digit, of 47 or 62 classes; images of ten classes are read, and a CSV table (data.kind=csv) of any number"},
	{"emnist-balanced-*", false, "EMNIST's balanced letters and digits, of 47 classes; images of ten classes are read, and a CSV table (data.kind=csv) of any number"},
	{"emnist-*", false, "digits of EMNIST; copies of its four files under the names train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte are read"},
	{"cifar-10-batches-py", true, pickles},
	{"batches.meta", false, pickles},
	{"data_batch_1", false, pickles},
	{"cifar-100-*", true, "CIFAR-100; the binary version of CIFAR-10 is read"},
	{"fine_label_names.txt", false, "CIFAR-100; the binary version of CIFAR-10 is read"},
	{"*.tar.gz", false, packed},
	{"*.tgz", false, packed},
	{"*.zip", false, packed},
	{"*.tar", false, packed},
	{"*.npz", false, "NumPy's arrays; IDX files, CIFAR-10's binary version and CSV tables are read"},
	{"*.pkl*", false, "Python's pickles; IDX files, CIFAR-10's binary version and CSV tables are read"},
	{"*.pt", false, "PyTorch's tensors; the files in MNIST/raw beside them are read"},
	{"*.parquet", false, "Parquet tables; IDX files, CIFAR-10's binary version and CSV tables are read"},
	{"*.csv*", false, "a CSV table; data.kind=csv data.file=NAME reads it"},
}

const (
	pickles = "the Python version of CIFAR-10, which is pickles; the binary version is read: data_batch_1.bin to data_batch_5.bin and test_batch.bin of cifar-10-binary.tar.gz"
	packed  = "an archive; what it unpacks to is read"
)

// whatLies says what a folder holds in place of the files that were looked for there, and what would do.
func whatLies(dir string, entries []fs.DirEntry) string {
	if len(entries) == 0 {
		return "that folder is empty"
	}
	for _, s := range strangers {
		for _, e := range entries {
			if like, _ := filepath.Match(s.like, strings.ToLower(e.Name())); like && e.IsDir() == s.dir {
				return fmt.Sprintf("%s is %s", filepath.Join(dir, e.Name()), s.what)
			}
		}
	}
	const most = 5
	var names []string
	for _, e := range entries[:min(most, len(entries))] {
		names = append(names, e.Name())
	}
	text := "there lie " + strings.Join(names, ", ")
	if n := len(entries) - most; n > 0 {
		text += fmt.Sprintf(" and %d more", n)
	}
	return text
}
