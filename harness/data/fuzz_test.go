package data

import (
	"bytes"
	"encoding/csv"
	"io"
	"math"
	"strconv"
	"strings"
	"testing"
)

// Images and labels that were read, written again, give the same file.
func FuzzIDX(f *testing.F) {
	f.Add(idx(idxImages, []uint32{2, 2, 3}, counting(12)))
	f.Add(idx(idxLabels, []uint32{5}, labels(5)))
	f.Add(idx(idxImages, []uint32{1 << 31, 1 << 31, 1 << 31}, nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		pixels, n, shape, err := readIDXImages(newFile("x", bytes.NewReader(b), io.Discard))
		if err == nil && !bytes.Equal(b, idx(idxImages, []uint32{uint32(n), uint32(shape.H), uint32(shape.W)}, pixels)) {
			t.Error("images read otherwise than written")
		}
		ys, err := readIDXLabels(newFile("x", bytes.NewReader(b), io.Discard), 10)
		if err == nil && !bytes.Equal(b, idx(idxLabels, []uint32{uint32(len(ys))}, ys)) {
			t.Error("labels read otherwise than written")
		}
	})
}

func FuzzCIFAR(f *testing.F) {
	f.Add(counting(cifarRecord))
	f.Add(append([]byte{1}, counting(2*cifarRecord)...))
	f.Add(make([]byte, 2*cifarRecord))
	f.Fuzz(func(t *testing.T, b []byte) {
		e := &images{size: 3 * cifarPlane}
		if addCIFAR(e, newFile("x", bytes.NewReader(b), io.Discard)) != nil {
			return
		}
		var again []byte
		for i, y := range e.labels {
			again = append(again, y)
			for c := range 3 {
				for p := range cifarPlane {
					again = append(again, e.pixels[i*e.size+3*p+c])
				}
			}
		}
		if !bytes.Equal(b, again) {
			t.Error("read otherwise than written")
		}
	})
}

// Whatever is read as a table has the values that strconv and a search find in it.
func FuzzCSV(f *testing.F) {
	f.Add(irisLike(), "")
	f.Add(irisLike(), "b")
	f.Add([]byte("a,b\r\n1,\"x\ny\"\r\n\r\n0x1p-2, z \r\n"), "")
	f.Add([]byte("a,b\n1,2\n1e400,3\n"), "a")
	f.Add([]byte(",a;b;c,\n0;1,5;1.0\n1;-2,5;1\n2;TRUE;x\n"), "")
	f.Fuzz(func(t *testing.T, b []byte, class string) {
		table, err := readTable("x", b, CSV{Class: class})
		if err != nil {
			return
		}
		e, err := table.examples()
		if err != nil {
			t.Fatal(err)
		}
		r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(b, []byte("\ufeff"))))
		r.Comma, r.FieldsPerRecord = table.comma, -1
		rows, err := r.ReadAll()
		if err != nil || len(rows) != e.Len()+1 || len(table.classes) < 2 {
			t.Fatalf("%d examples of %d classes from %d lines, %v", e.Len(), len(table.classes), len(rows), err)
		}
		for i, row := range rows[1:] {
			x := e.x[i*e.dim : (i+1)*e.dim]
			for j, v := range row {
				v = trim(v)
				switch got := table.classes[e.Label(i)]; {
				case table.role[j] == asDropped:
				case j == table.class:
					wantX, err1 := strconv.ParseFloat(strings.Replace(v, ",", ".", 1), 64)
					gotX, err2 := strconv.ParseFloat(got, 64)
					if got != v && (err1 != nil || err2 != nil || gotX != wantX) {
						t.Errorf("class %q is read as %q", v, got)
					}
				default:
					want, err := strconv.ParseFloat(strings.Replace(v, ",", ".", 1), 64)
					if err != nil && strings.EqualFold(v, "true") {
						want = 1
					}
					if x[0] != want || math.IsInf(want, 0) {
						t.Errorf("%q is read as %g", v, x[0])
					}
					x = x[1:]
				}
			}
		}
	})
}

func FuzzBundled(f *testing.F) {
	line := "7" + strings.Repeat(",0,255", 392) + "\n"
	f.Add([]byte("label,\n" + line))
	f.Add([]byte("label,\n" + line + line[:100]))
	f.Add([]byte("label,\n" + strings.Replace(line, "255", "256", 1)))
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := parseDigits("x", b)
		if err != nil {
			return
		}
		_, body, _ := strings.Cut(string(b), "\n")
		lines := strings.Split(strings.TrimSuffix(body, "\n"), "\n")
		if len(lines) != e.Len() || len(e.pixels) != 784*e.Len() {
			t.Fatalf("%d rows and %d pixels from %d lines", e.Len(), len(e.pixels), len(lines))
		}
		for i, line := range lines {
			for j, v := range strings.Split(line, ",") {
				got := int(e.labels[i])
				if j > 0 {
					got = int(e.pixels[784*i+j-1])
				}
				if want, err := strconv.Atoi(v); err != nil || got != want {
					t.Errorf("%q is read as %d", v, got)
				}
			}
		}
	})
}
