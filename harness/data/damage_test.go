package data

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// The error of every damaged file is one line that says where. DIR stands for the folder.
func TestDamage(t *testing.T) {
	mnist := func(name string, content []byte) func(t *testing.T) (Spec, string) {
		return func(t *testing.T) (Spec, string) { return &MNIST{}, mnistFiles().with(name, content).in(t) }
	}
	cifar := func(name string, content []byte) func(t *testing.T) (Spec, string) {
		return func(t *testing.T) (Spec, string) { return &CIFAR10{}, cifarFiles().with(name, content).in(t) }
	}
	table := func(content string) func(t *testing.T) (Spec, string) {
		return func(t *testing.T) (Spec, string) {
			return &CSV{File: "t.csv"}, files{"t.csv": []byte(content)}.in(t)
		}
	}
	images, ys := mnistFiles()["train-images-idx3-ubyte"], mnistFiles()["train-labels-idx1-ubyte"]
	record := cifarFiles()["data_batch_2.bin"]
	badZip := zip(images)
	badZip[len(badZip)-8] ^= 1 // in the checksum

	var many strings.Builder
	for i := range 1200 {
		fmt.Fprintf(&many, "1,%d\n", i)
	}

	for _, c := range []struct {
		name string
		make func(t *testing.T) (Spec, string)
		want string
	}{
		{"folder missing", func(t *testing.T) (Spec, string) { return &MNIST{}, t.TempDir() + "/none" }, "no data folder DIR"},
		{"folder is a file", func(t *testing.T) (Spec, string) {
			dir := t.TempDir() + "/file"
			os.WriteFile(dir, nil, 0o666)
			return &MNIST{}, dir
		}, "data folder DIR is a file"},
		{"file missing", mnist("train-labels-idx1-ubyte", nil), "no data file DIR/train-labels-idx1-ubyte, plain or .gz"},
		{"empty file", mnist("train-labels-idx1-ubyte", []byte{}), "train-labels-idx1-ubyte: byte 0: the file ends in its header of 8 bytes"},
		{"wrong magic", mnist("train-images-idx3-ubyte", ys), "train-images-idx3-ubyte: byte 0: magic number 0x00000801; expected 0x00000803"},
		{"truncated header", mnist("train-images-idx3-ubyte", images[:11]), "train-images-idx3-ubyte: byte 11: the file ends in its header of 16 bytes"},
		{"truncated body", mnist("train-images-idx3-ubyte", images[:100]), "train-images-idx3-ubyte: byte 100: the file ends; its header promises 196 bytes"},
		{"truncated labels", mnist("train-labels-idx1-ubyte", ys[:37]), "train-labels-idx1-ubyte: byte 37: the file ends; its header promises 38 bytes"},
		{"oversized", mnist("train-images-idx3-ubyte", append(images[:196:196], 0)), "train-images-idx3-ubyte: byte 196: the file goes on; its header promises 196 bytes"},
		{"no images", mnist("train-images-idx3-ubyte", idx(idxImages, []uint32{0, 2, 3}, nil)), "train-images-idx3-ubyte: byte 4: 0 examples; expected 1 to 16777216"},
		{"a side of zero", mnist("train-images-idx3-ubyte", idx(idxImages, []uint32{30, 2, 0}, nil)), "train-images-idx3-ubyte: byte 12: a side of 0 pixels; expected 1 to 4096"},
		{"claims terabytes", mnist("train-images-idx3-ubyte", idx(idxImages, []uint32{1 << 24, 1 << 12, 1 << 12}, nil)), "train-images-idx3-ubyte: byte 16: the file ends; its header promises 281474976710672 bytes"},
		{"counts differ", mnist("train-labels-idx1-ubyte", idx(idxLabels, []uint32{29}, labels(29))), "train-labels-idx1-ubyte: byte 4: 29 labels; expected 30, one an image of train-images-idx3-ubyte"},
		{"sizes differ", mnist("t10k-images-idx3-ubyte.gz", zip(idx(idxImages, []uint32{20, 3, 2}, counting(120)))), "t10k-images-idx3-ubyte.gz: byte 8: images of 3 × 2; expected 2 × 3 as in train-images-idx3-ubyte"},
		{"label out of range", mnist("train-labels-idx1-ubyte", idx(idxLabels, []uint32{30}, append(labels(29), 12))), "train-labels-idx1-ubyte: byte 37: label 12; expected 0 to 9: images of 10 classes are read, and a CSV table (data.kind=csv) of any number"},
		{"not gzip", mnist("t10k-labels-idx1-ubyte.gz", ys), "t10k-labels-idx1-ubyte.gz: byte 0: not gzip: gzip: invalid header"},
		{"wrong checksum", mnist("t10k-images-idx3-ubyte.gz", badZip), "t10k-images-idx3-ubyte.gz: byte 196: cannot read on: gzip: invalid checksum"},
		{"truncated gzip", mnist("t10k-labels-idx1-ubyte.gz", zip(ys)[:20]), "t10k-labels-idx1-ubyte.gz: byte 9: cannot read on: unexpected EOF"},

		{"CIFAR without a folder", func(*testing.T) (Spec, string) { return &CIFAR10{}, "" }, "cifar10 needs --data DIR, a folder with data_batch_1.bin to data_batch_5.bin and test_batch.bin"},
		{"CIFAR file missing", cifar("data_batch_3.bin.gz", nil), "no data file DIR/data_batch_3.bin, plain or .gz"},
		{"CIFAR empty file", cifar("test_batch.bin", []byte{}), "test_batch.bin: byte 0: the file ends after 0 of the 3073 bytes of record 1"},
		{"CIFAR truncated record", cifar("data_batch_2.bin", record[:5000]), "data_batch_2.bin: byte 5000: the file ends after 1927 of the 3073 bytes of record 2"},
		{"CIFAR label", cifar("data_batch_2.bin", append(record[:2*cifarRecord:2*cifarRecord], append([]byte{200}, counting(3072)...)...)), "data_batch_2.bin: byte 6146: label 200; expected 0 to 9"},
		{"CIFAR oversized", cifar("data_batch_3.bin.gz", zip(make([]byte, 10_001*cifarRecord))), "data_batch_3.bin.gz: byte 30730000: the file goes on; expected at most 10000 records"},

		{"CSV without a file", func(t *testing.T) (Spec, string) { return &CSV{}, t.TempDir() }, "file: missing; expected the name of a CSV file in DIR"},
		{"CSV file missing", func(t *testing.T) (Spec, string) { return &CSV{File: "u.csv"}, t.TempDir() }, "no data file DIR/u.csv, plain or .gz"},
		{"CSV file is a folder", func(t *testing.T) (Spec, string) { return &CSV{File: "."}, t.TempDir() }, "DIR is a folder; expected a regular file"},
		{"CSV class unknown", func(t *testing.T) (Spec, string) {
			return &CSV{File: "t.csv", Class: "kin"}, files{"t.csv": irisLike()}.in(t)
		}, `class = kin: no such column at t.csv:1; expected one of a, b, kind; did you mean "kind"?`},
		{"CSV drops an unknown column", func(t *testing.T) (Spec, string) {
			return &CSV{File: "t.csv", Drop: []string{"A"}}, files{"t.csv": irisLike()}.in(t)
		}, `drop = A: no such column at t.csv:1; expected one of a, b, kind; did you mean "a"?`},
		{"CSV drops its class", func(t *testing.T) (Spec, string) {
			return &CSV{File: "t.csv", Class: "kind", Drop: []string{"a", "kind"}}, files{"t.csv": irisLike()}.in(t)
		}, "drop = kind: the class column; expected another column, or another class"},
		{"CSV drops all features", func(t *testing.T) (Spec, string) {
			return &CSV{File: "t.csv", Drop: []string{"a", "b"}}, files{"t.csv": irisLike()}.in(t)
		}, "t.csv:1: no feature is left beside the class (kind); expected one at least"},
		{"empty CSV", table(""), "t.csv: the file is empty; expected a header line"},
		{"only a header", table("a,b,c\n"), "t.csv: no class in column 3 (c), 0 rows; expected two classes or more"},
		{"one class", table("a,b,c\n1,2,x\n3,4,x\n"), "t.csv: one class in column 3 (c), 2 rows; expected two classes or more"},
		{"no header", table("5.1,3.5,setosa\n4.9,3,virginica\n"), "t.csv:1: no header: this line holds numbers, as the rows do; expected a line with the names of the columns in front of it, such as x1,x2,class"},
		{"no header, one missing value", table("?;3.5;setosa\n4.9;3;virginica\n"), "t.csv:1: no header: this line holds numbers, as the rows do; expected a line with the names of the columns in front of it, such as x1;x2;class"},
		{"no header, the class in front", table("1,5.1,3.5\n2,4.9,3\n"), "t.csv:1: no header: this line holds numbers, as the rows do; expected a line with the names of the columns in front of it, such as x1,x2,class"},
		{"no header, one line", table("5.1,3.5,setosa\n"), "t.csv:1: no header: this line holds numbers, as the rows do; expected a line with the names of the columns in front of it, such as x1,x2,class"},
		{"no header, wide", table(strings.Repeat("1,", 12) + "x\n" + strings.Repeat("1,", 12) + "y\n"), "t.csv:1: no header: this line holds numbers, as the rows do; expected a line with the names of the columns in front of it, such as x1,x2,…,x12,class"},
		{"a name twice", table("a,a,c\n1,2,x\n"), "t.csv:1: column 2 (a) has the same name as another column"},
		{"a name twice but for what cannot be seen", table("a,\u200ba\u00a0,c\n1,2,x\n"), "t.csv:1: column 2 (a) has the same name as another column"},
		{"no name in the middle", table("a,,c\n1,2,x\n"), "t.csv:1: column 2 has no name"},
		{"no name at the end", table("a,b,\n1,x,\n1,y,2\n"), "t.csv:1: column 3 has no name"},
		{"no name in front, and no index", table(",a,c\n1.5,2,x\n1.5,2,y\n"), "t.csv:1: column 1 has no name, and is no index, for values stand in several rows; expected a name"},
		{"not a table", table("hello\n"), "t.csv:1: one column; expected a feature and a class at least, divided by commas, semicolons or tabs"},
		{"two separators", table("a, in cm;b, in cm;c\n1;2;x\n"), "separator: t.csv: the header has 3 columns divided by comma, and as many divided by semicolon; expected one of the two: comma, semicolon"},
		{"ragged", table("a,b,c\n1,2,x\n1,2\n"), "t.csv:3: 2 fields; expected 3 as in the header"},
		{"not a number", table("a,b,c\n1,2,x\n1,two,y\n"), "t.csv:3: column 2 (b) = two: not a number; expected one, or this column in data.drop or as data.class"},
		{"something that cannot be seen", table("a,b,c\n1,2,x\n1,2\u200b0,y\n"), `t.csv:3: column 2 (b) = 2\u200b0: not a number; expected one, or this column in data.drop or as data.class`},
		{"a decimal comma between commas", table("a,b,c\n1,2,x\n1,\"2,5\",y\n"), "t.csv:3: column 2 (b) = 2,5: not a number; expected one, or this column in data.drop or as data.class"},
		{"a decimal comma and a decimal point", table("a;b;c\n1;2.5;x\n1;1,234;y\n"), "t.csv:3: column 2 (b) = 1,234: a decimal comma, where line 2 has a decimal point (2.5); expected one of the two"},
		{"a decimal point and a decimal comma", table("a;b;c\n1;2,5;x\n1.5;1;y\n"), "t.csv:3: column 1 (a) = 1.5: a decimal point, where line 2 has a decimal comma (2,5); expected one of the two"},
		{"missing value", table("a,b,c\n1,2,x\n\n1, ,y\n"), "t.csv:4: column 2 (b) = (empty): a missing value; expected a number, or this column in data.drop"},
		{"missing class", table("a,b,c\n1,2,\n1,2,y\n"), "t.csv:2: column 3 (c) = (empty): a missing value; expected the name of a class"},
		{"N/A", table("a,b,c\n1,2,x\n1,N/A,y\n"), "t.csv:3: column 2 (b) = N/A: a missing value; expected a number, or this column in data.drop"},
		{"NaN", table("a,b,c\n1,2,x\nNaN,2,y\n"), "t.csv:3: column 1 (a) = NaN: a missing value; expected a number, or this column in data.drop"},
		{"infinite", table("a,b,c\n1,2,x\n-Inf,2,y\n"), "t.csv:3: column 1 (a) = -Inf: not finite; expected a number within ±3.4e38"},
		{"too large", table("a,b,c\n1,2,x\n1e39,2,y\n"), "t.csv:3: column 1 (a) = 1e39: not finite; expected a number within ±3.4e38"},
		{"open quote", table("a,b,c\n1,2,x\n1,\"2,y\n"), "t.csv:3: byte 8 of the line: extraneous or missing \" in quoted-field"},
		{"too many classes", table("a,b\n" + many.String()), "t.csv:1002: more than 1000 classes in column 2 (b); expected the class column as data.class"},
		{"UTF-16", table("\xff\xfea\x00,\x00b\x00\n\x00"), "t.csv: the text is UTF-16LE; expected UTF-8, which iconv -f UTF-16 -t UTF-8 makes of it"},
		{"UTF-16, large end first", table("\xfe\xff\x00a\x00,\x00b\x00\n"), "t.csv: the text is UTF-16BE; expected UTF-8, which iconv -f UTF-16 -t UTF-8 makes of it"},
		{"UTF-16 without a mark", table("a\x00,\x00b\x00\n\x00"), "t.csv: the text is UTF-16LE; expected UTF-8, which iconv -f UTF-16LE -t UTF-8 makes of it"},
		{"Latin-1", table("a,b\n1,x\n2,gr\xfcn\n"), "t.csv:3: not UTF-8; expected UTF-8, which iconv -f WINDOWS-1252 -t UTF-8 makes of most such files"},
	} {
		t.Run(c.name, func(t *testing.T) {
			spec, dir := c.make(t)
			_, err := spec.Load(dir)
			if err == nil {
				t.Fatal("no error")
			}
			got := err.Error()
			if dir != "" {
				got = strings.ReplaceAll(got, dir, "DIR")
			}
			if got != c.want {
				t.Errorf("\n got %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestDamagedBundledRows(t *testing.T) {
	const head = "label,pixel0\n"
	zeros := strings.Repeat(",0", 784)
	for _, c := range []struct{ name, content, want string }{
		{"empty", "", `x.csv:1: no header; expected one that starts with "label,"`},
		{"no rows", head, "x.csv: no rows below the header"},
		{"short", head + "1" + zeros + "\n2,0,0\n", "x.csv:3: 3 fields; expected 785"},
		{"long", head + "1" + zeros + ",0\n", "x.csv:2: 786 fields; expected 785"},
		{"label", head + "10" + zeros + "\n", "x.csv:2: label 10; expected 0 to 9"},
		{"pixel", head + "1,256" + zeros[2:] + "\n", "x.csv:2: field 2: pixel 256; expected 0 to 255"},
		{"letter", head + "1,a" + zeros[2:] + "\n", "x.csv:2: field 2: not a whole number of at most three digits"},
		{"empty field", head + "1," + zeros[2:] + "\n", "x.csv:2: field 2: not a whole number of at most three digits"},
		{"overlong", head + "1,0001" + zeros[2:] + "\n", "x.csv:2: field 2: not a whole number of at most three digits"},
		{"empty line", head + "\n", "x.csv:2: field 1: not a whole number of at most three digits"},
	} {
		if _, err := parseDigits("x.csv", []byte(c.content)); err == nil || err.Error() != c.want {
			t.Errorf("%s: %v; want %s", c.name, err, c.want)
		}
	}
	if e, err := parseDigits("x.csv", []byte(head+"7,255"+zeros[2:])); err != nil || e.Len() != 1 || e.pixels[0] != 255 {
		t.Errorf("a last line without its end: %v", err)
	}
}
