package data

import (
	"crypto/sha256"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"msharp/models"
)

func row(s *Source, e Examples, i int) []float64 {
	x := make([]float64, s.Shape.Size())
	e.Row(x, i)
	return x
}

func TestMNISTFolder(t *testing.T) {
	s, err := (&MNIST{}).Load(mnistFiles().in(t))
	if err != nil {
		t.Fatal(err)
	}
	if (s.Shape != models.Shape{C: 1, H: 2, W: 3}) || s.Pool.Len() != 30 || s.Test.Len() != 20 || s.LeftoverIsTest {
		t.Errorf("read %+v", s)
	}
	if got, want := row(s, s.Pool, 1), []float64{222, 3, 40, 77, 114, 151}; !slices.Equal(got, want) {
		t.Errorf("image 1 is %v; want %v", got, want)
	}
	if s.Pool.Label(13) != 3 || s.Test.Label(19) != 9 {
		t.Error("labels are not those of the file")
	}

	h := sha256.New()
	h.Write(idx(idxImages, []uint32{30, 2, 3}, counting(180)))
	h.Write(idx(idxLabels, []uint32{30}, labels(30)))
	h.Write(idx(idxImages, []uint32{20, 2, 3}, counting(120)))
	h.Write(idx(idxLabels, []uint32{20}, labels(20)))
	if want := fmt.Sprintf("%x", h.Sum(nil)); s.SHA256 != want {
		t.Errorf("sha256 %s; want that of the uncompressed files, %s", s.SHA256, want)
	}
}

func TestBundledRows(t *testing.T) {
	s := rows(t)
	set := mustDraw(t, s, Split{Train: 1024, Val: 1024}, 1)
	if s.Pool.Len() != 5000 || s.Test.Len() != 500 || set.Test.Len() != 5500-2048 || set.Train.X.Cols != 784 {
		t.Errorf("read %d and %d rows, drew %d test rows of %d", s.Pool.Len(), s.Test.Len(), set.Test.Len(), set.Train.X.Cols)
	}
}

func TestBundledRowsMustBeThese(t *testing.T) {
	err := bundledTest.verify([]byte("label,pixel0\n"))
	want := fmt.Sprintf("mnist_test.csv inside github.com/sjwhitworth/golearn: sha256 is %x; expected %s", sha256.Sum256([]byte("label,pixel0\n")), bundledTest.sha256)
	if err == nil || err.Error() != want {
		t.Errorf("%v; want %s", err, want)
	}
}

func TestCIFARPlanesBecomePixels(t *testing.T) {
	s := load(t, "cifar10")
	if (s.Shape != models.Shape{C: 3, H: 32, W: 32}) || s.Pool.Len() != 40 || s.Test.Len() != 8 {
		t.Fatalf("read %v, %d and %d", s.Shape, s.Pool.Len(), s.Test.Len())
	}
	file, x := counting(8*cifarRecord), row(s, s.Pool, 17) // record 1 of the compressed third file
	for y := range 32 {
		for xx := range 32 {
			for c := range 3 {
				if got, want := x[(y*32+xx)*3+c], float64(file[cifarRecord+1+c*1024+y*32+xx]); got != want {
					t.Fatalf("channel %d at %d, %d is %g; want %g", c, y, xx, got, want)
				}
			}
		}
	}
	if s.Pool.Label(17) != 3 {
		t.Errorf("label %d; want 3", s.Pool.Label(17))
	}
}

func TestCSV(t *testing.T) {
	dir := files{"t.csv": irisLike(), "z.csv.gz": zip(irisLike()), "first.csv": []byte("kind,a,b\n9,7,8\n10,5,6\n"), "bom.csv": append([]byte("\ufeff"), irisLike()...)}.in(t)
	var hashes []string
	for _, file := range []string{"t.csv", "z.csv", "z.csv.gz", "bom.csv"} {
		s, err := (&CSV{File: file}).Load(dir)
		if err != nil {
			t.Fatal(err)
		}
		if (s.Shape != models.Shape{C: 2, H: 1, W: 1}) || !slices.Equal(s.ClassNames, []string{"x", "y", "z"}) || s.Pool.Len() != 4 || s.Test != nil {
			t.Errorf("%s: read %+v", file, s)
		}
		if got := row(s, s.Pool, 1); !slices.Equal(got, []float64{-300, 4}) || s.Pool.Label(1) != 1 || s.Pool.Label(2) != 0 {
			t.Errorf("%s: row 1 is %v of class %d", file, got, s.Pool.Label(1))
		}
		hashes = append(hashes, s.SHA256)
	}
	if hashes[0] != hashes[1] || hashes[0] != hashes[2] || hashes[0] == hashes[3] {
		t.Errorf("hashes %q", hashes)
	}
	s, err := (&CSV{File: filepath.Join(dir, "first.csv"), Class: "kind"}).Load("")
	if err != nil {
		t.Fatal(err)
	}
	if got := row(s, s.Pool, 0); !slices.Equal(got, []float64{7, 8}) || !slices.Equal(s.ClassNames, []string{"9", "10"}) || s.Pool.Label(0) != 0 {
		t.Errorf("the class in front: row %v, classes %q", got, s.ClassNames)
	}
}

// A table wider than a page of golearn's, with the class in the middle, comes back as strconv reads it.
func TestWideCSV(t *testing.T) {
	const columns, class, rows = 1200, 700, 9
	var b strings.Builder
	for j := range columns {
		fmt.Fprintf(&b, "c%d,", j)
	}
	b.WriteString("end\n")
	want := make([][]float64, rows)
	for i := range rows {
		for j := range columns + 1 {
			v := strconv.FormatFloat(float64(i*7919+j)/13, 'g', -1, 64)
			if j == class {
				v = []string{"one", "two", "a third"}[i%3]
			} else {
				x, _ := strconv.ParseFloat(v, 64)
				want[i] = append(want[i], x)
			}
			if b.WriteString(v); j < columns {
				b.WriteByte(',')
			}
		}
		b.WriteByte('\n')
	}
	s, err := (&CSV{File: "wide.csv", Class: fmt.Sprintf("c%d", class)}).Load(files{"wide.csv": []byte(b.String())}.in(t))
	if err != nil {
		t.Fatal(err)
	}
	for i := range rows {
		if !slices.Equal(row(s, s.Pool, i), want[i]) || s.Pool.Label(i) != []int{1, 2, 0}[i%3] {
			t.Fatalf("row %d is not what was written", i)
		}
	}
}

func TestIris(t *testing.T) {
	s := load(t, "csv")
	if (s.Shape != models.Shape{C: 4, H: 1, W: 1}) || !slices.Equal(s.ClassNames, []string{"Iris-setosa", "Iris-versicolor", "Iris-virginica"}) || s.Pool.Len() != 150 {
		t.Errorf("read %+v", s)
	}
	if got := row(s, s.Pool, 149); !slices.Equal(got, []float64{5.9, 3.0, 5.1, 1.8}) {
		t.Errorf("the last flower is %v", got)
	}
}

func TestSpiralsAreRoundedAndBalanced(t *testing.T) {
	s, err := (&Spirals{N: 40, Classes: 4, Turns: 2}).Load("")
	if err != nil {
		t.Fatal(err)
	}
	for i := range s.Pool.Len() {
		x := row(s, s.Pool, i)
		if r := x[0]*x[0] + x[1]*x[1]; r < 0.0099 || r > 1 || x[0]*(1<<20) != float64(int(x[0]*(1<<20))) || s.Pool.Label(i) != i%4 {
			t.Errorf("point %v of class %d", x, s.Pool.Label(i))
		}
	}
}

func TestAHeaderCannotClaimMemory(t *testing.T) {
	claim := idx(idxImages, []uint32{1 << 24, 1 << 12, 1 << 12}, counting(100))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, _, _, err := readIDXImages(newFile("x", strings.NewReader(string(claim)), io.Discard)); err == nil {
		t.Error("no error")
	}
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > 1<<20 {
		t.Errorf("%d bytes for a file of %d", n, len(claim))
	}
}
