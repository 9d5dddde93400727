package data

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"runtime/debug"

	"msharp/harness/disk"
	"msharp/models"
)

// bundle is a folder of a module that holds data files.
type bundle struct{ module, folder string }

var (
	inGolearn = bundle{golearn, "examples/datasets"}
	inGoMNIST = bundle{goMNIST, "data"}
)

// bundledFile is a file of a bundle, with the hash that it must have: with another version of the module the data could change silently.
type bundledFile struct {
	name, sha256 string
	in           bundle
}

var (
	bundledTrain = bundledFile{"mnist_train.csv", "a65175f5151d2f0b9b9cae1696b6580eda92906f552d8def78b68a3e7e50da9f", inGolearn}
	bundledTest  = bundledFile{"mnist_test.csv", "86fdfaf21ad8de40b2df214f9692c4972f08d22e251a98067dba0f6e43f704c0", inGolearn}
	bundledIris  = bundledFile{"iris_headers.csv", "6bb62af6b3c7ba0c55cad3819500e44aa80fbf1a3da6a06bc06691808cdf9c28", inGolearn}
)

// readBundled returns the contents of files of one bundle, and where they were found.
func readBundled(files ...bundledFile) (contents [][]byte, origin string, err error) {
	in, names := files[0].in, make([]string, len(files))
	for i, f := range files {
		names[i] = filepath.Join(filepath.FromSlash(in.folder), f.name)
	}
	program, _ := debug.ReadBuildInfo()
	dir, version, err := findModule(program, in.module, names...)
	if err != nil {
		return nil, "", err
	}
	for i, f := range files {
		b, err := disk.ReadFile(filepath.Join(dir, names[i]))
		if err != nil {
			return nil, "", err
		}
		if err := f.verify(b); err != nil {
			return nil, "", err
		}
		contents = append(contents, b)
	}
	return contents, in.module + " " + version, nil
}

func (f bundledFile) verify(b []byte) error {
	if got := fmt.Sprintf("%x", sha256.Sum256(b)); got != f.sha256 {
		return fmt.Errorf("%s inside %s: sha256 is %s; expected %s", f.name, f.in.module, got, f.sha256)
	}
	return nil
}

// loadBundledMNIST reads the files of MNIST inside GoMNIST.
func loadBundledMNIST() (*Source, error) {
	var files []bundledFile
	for i, f := range packedMNIST.files {
		files = append(files, bundledFile{idxFiles[i][0] + ".gz", f.sha256, inGoMNIST})
	}
	contents, origin, err := readBundled(files...)
	if err != nil {
		return nil, err
	}
	src, err := packedMNIST.source(contents)
	if err != nil {
		return nil, err
	}
	src.Origin = "the MNIST files inside " + origin
	return src, nil
}

// loadBundledRows reads the rows of MNIST inside golearn.
func loadBundledRows() (*Source, error) {
	files, origin, err := readBundled(bundledTrain, bundledTest)
	if err != nil {
		return nil, err
	}
	pool, err := parseDigits(bundledTrain.name, files[0])
	if err != nil {
		return nil, err
	}
	test, err := parseDigits(bundledTest.name, files[1])
	if err != nil {
		return nil, err
	}
	sum := sha256.New()
	sum.Write(files[0])
	sum.Write(files[1])
	src := imageSource(models.Shape{C: 1, H: 28, W: 28}, pool, test, hex.EncodeToString(sum.Sum(nil)))
	src.LeftoverIsTest, src.Origin = true, "the MNIST rows inside "+origin
	return src, nil
}

// parseDigits reads a header line that starts with "label,", then lines of a label and 28·28 pixels: whole numbers divided by commas, and
// nothing else, no space, sign or empty line.
func parseDigits(name string, b []byte) (*images, error) {
	const fields = 1 + 28*28
	head, body, _ := bytes.Cut(b, []byte("\n"))
	if !bytes.HasPrefix(head, []byte("label,")) {
		return nil, fmt.Errorf("%s:1: no header; expected one that starts with \"label,\"", name)
	}
	rows := bytes.Count(body, []byte("\n")) + 1
	e := &images{size: fields - 1, pixels: make([]byte, 0, min(rows*(fields-1), len(body))), labels: make([]byte, 0, rows)}
	for line := 2; len(body) > 0; line++ {
		field, v, digits := 0, 0, 0
		for end := false; !end; {
			c := byte('\n') // also for the end of the file
			if len(body) > 0 {
				c, body = body[0], body[1:]
			}
			if '0' <= c && c <= '9' && digits < 3 {
				v, digits = 10*v+int(c-'0'), digits+1
				continue
			}
			end = c == '\n'
			switch {
			case !end && c != ',' || digits == 0:
				return nil, fmt.Errorf("%s:%d: field %d: not a whole number of at most three digits", name, line, field+1)
			case field == 0 && v > 9:
				return nil, fmt.Errorf("%s:%d: label %d; expected 0 to 9", name, line, v)
			case v > 255:
				return nil, fmt.Errorf("%s:%d: field %d: pixel %d; expected 0 to 255", name, line, field+1, v)
			case field == 0:
				e.labels = append(e.labels, byte(v))
			case field < fields:
				e.pixels = append(e.pixels, byte(v))
			}
			field, v, digits = field+1, 0, 0
		}
		if field != fields {
			return nil, fmt.Errorf("%s:%d: %d fields; expected %d", name, line, field, fields)
		}
	}
	if e.Len() == 0 {
		return nil, fmt.Errorf("%s: no rows below the header", name)
	}
	return e, nil
}
