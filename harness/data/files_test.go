package data

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"maps"
	"os"
	"path/filepath"
	"testing"
)

// files is a data folder: contents by name, with slashes for those in folders below it.
type files map[string][]byte

// in writes the files to a new folder.
func (f files) in(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range f {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, content, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// with returns a copy in which one file is replaced; nil removes it.
func (f files) with(name string, content []byte) files {
	g := maps.Clone(f)
	if g[name] = content; content == nil {
		delete(g, name)
	}
	return g
}

func zip(b []byte) []byte {
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	w.Write(b)
	w.Close()
	return z.Bytes()
}

// idx writes an IDX file, independently of the reader.
func idx(magic uint32, dims []uint32, body []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, magic)
	for _, d := range dims {
		b = binary.BigEndian.AppendUint32(b, d)
	}
	return append(b, body...)
}

// counting returns n bytes that differ from their neighbours.
func counting(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i * 37)
	}
	return b
}

func labels(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i % 10)
	}
	return b
}

// plainFiles is so many images of 2 × 3 to train and to test.
func plainFiles(train, test uint32) files {
	return files{
		"train-images-idx3-ubyte": idx(idxImages, []uint32{train, 2, 3}, counting(int(6*train))),
		"train-labels-idx1-ubyte": idx(idxLabels, []uint32{train}, labels(int(train))),
		"t10k-images-idx3-ubyte":  idx(idxImages, []uint32{test, 2, 3}, counting(int(6*test))),
		"t10k-labels-idx1-ubyte":  idx(idxLabels, []uint32{test}, labels(int(test))),
	}
}

// mnistFiles is 30 and 20 images of 2 × 3, two of the files compressed.
func mnistFiles() files {
	return files{
		"train-images-idx3-ubyte":   idx(idxImages, []uint32{30, 2, 3}, counting(180)),
		"train-labels-idx1-ubyte":   idx(idxLabels, []uint32{30}, labels(30)),
		"t10k-images-idx3-ubyte.gz": zip(idx(idxImages, []uint32{20, 2, 3}, counting(120))),
		"t10k-labels-idx1-ubyte.gz": zip(idx(idxLabels, []uint32{20}, labels(20))),
	}
}

// cifarFiles is 8 records in each file, one of them compressed.
func cifarFiles() files {
	f := files{}
	for k, name := range []string{"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin", "test_batch.bin"} {
		b := counting(8 * cifarRecord)
		for i := range 8 {
			b[i*cifarRecord] = byte((k + i) % 10)
		}
		f[name] = b
	}
	f["data_batch_3.bin.gz"] = zip(f["data_batch_3.bin"])
	delete(f, "data_batch_3.bin")
	return f
}

func init() {
	folders["cifar10"] = func(t testing.TB) string { return cifarFiles().in(t) }
	folders["fashion"] = func(t testing.TB) string { return plainFiles(300, 100).in(t) }
}

func irisLike() []byte {
	return []byte("a, b ,kind\n1,2.5,x\n-3e2,4,y\n5,6,x\n7,.5,z\n")
}
