package data

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"

	"msharp/models"
	"msharp/models/kind"
)

var _ = Table.Add("csv", func() Spec { return &CSV{Split: Split{Train: 60, Val: 30, Pool: Shared}} })

// CSV is a table of numbers with a header line and a class column. The default is Fisher's iris (1936; 150 flowers, 3 species, 4 lengths
// in cm), which is inside golearn.
type CSV struct {
	Split     `yaml:",inline"`
	File      string   `yaml:"file"`            // a name in the data folder, or a path; plain or .gz; "" is iris
	Class     string   `yaml:"class"`           // the class column; "" is the last that is not dropped
	Drop      []string `yaml:"drop" empty:"ok"` // columns that are neither class nor feature
	Separator string   `yaml:"separator"`       // between columns: comma, semicolon or tab; "" is what the header has
}

// Absent leaves out a shared pool, and drop and separator at their defaults, so that records are those of before there were these keys.
func (c CSV) Absent() (keys []string) {
	keys = c.Split.Absent()
	if len(c.Drop) == 0 {
		keys = append(keys, "drop")
	}
	if c.Separator == "" {
		keys = append(keys, "separator")
	}
	return keys
}

// separator is a character that divides columns, and its names in the YAML.
type separator struct {
	name string
	char rune
}

var separators = []separator{{"comma", ','}, {"semicolon", ';'}, {"tab", '\t'}}

// Check puts a separator's name in place of the character itself.
func (c *CSV) Check() error {
	for i, name := range c.Drop {
		if slices.Contains(c.Drop[:i], name) {
			return &kind.Error{Key: "drop", Value: name, Problem: "a column given twice", Expected: "each once"}
		}
	}
	if c.Separator == "" {
		return nil
	}
	for _, s := range separators {
		if c.Separator == s.name || c.Separator == string(s.char) || c.Separator == `\t` && s.char == '\t' {
			c.Separator = s.name
			return nil
		}
	}
	return &kind.Error{Key: "separator", Value: c.Separator, Problem: "unknown separator", Expected: "one of comma, semicolon, tab"}
}

// Load reads the table. Classes are numbered in the order of their names, numbers by size and in front of other names. The other columns are
// features in file order. The table has no test rows of its own: test examples are drawn from the rows that train and val leave.
func (c *CSV) Load(dir string) (*Source, error) {
	content, name, origin, err := c.read(dir)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(content)
	t, err := readTable(name, content, *c)
	if err != nil {
		return nil, err
	}
	content = nil // golearn reads another text, and takes its time
	rows, err := t.examples()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &Source{
		Shape: models.Shape{C: rows.dim, H: 1, W: 1}, Classes: len(t.classes), ClassNames: t.classes, ClassColumn: t.columns[t.class], Pool: rows,
		Name: cmp.Or(NameOf("csv", hex.EncodeToString(sum[:])), name), SHA256: hex.EncodeToString(sum[:]), Origin: origin,
		Notes: t.notes, Warnings: t.warnings,
	}, nil
}

// read returns the bytes of the file, its name in messages, and where it was found.
func (c *CSV) read(dir string) (content []byte, name, origin string, err error) {
	if c.File == "" {
		if dir != "" {
			return nil, "", "", &kind.Error{Key: "file", Problem: "missing", Expected: "the name of a CSV file in " + dir}
		}
		files, from, err := readBundled(bundledIris)
		if err != nil {
			return nil, "", "", err
		}
		return files[0], bundledIris.name, "the iris rows inside " + from, nil
	}
	f, err := open(dir, c.File, io.Discard)
	if err != nil {
		return nil, "", "", err
	}
	defer f.close()
	f.bound(asTable)
	if content, err = io.ReadAll(f); err != nil {
		return nil, "", "", f.errorf(f.at, "cannot read on: %v", err)
	}
	if origin = c.File; dir != "" {
		origin += " in " + dir
	}
	return content, f.name, origin, nil
}
