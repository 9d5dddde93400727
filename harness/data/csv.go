package data

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"

	"github.com/sjwhitworth/golearn/base"

	"msharp/models"
	"msharp/models/kind"
)

var _ = Table.Add("csv", func() Spec { return &CSV{Split: Split{Train: 60, Val: 30, Pool: Shared}} })

// CSV is a table of numbers with a header line and a class column. The default is Fisher's iris (1936; 150 flowers, 3 species, 4 lengths
// in cm), which is inside golearn.
type CSV struct {
	Split `yaml:",inline"`
	File  string `yaml:"file"`  // a name in the data folder, or a path; plain or .gz; "" is iris
	Class string `yaml:"class"` // the class column; "" is the last
}

// Load reads the table. Classes are numbered in the order of their names, and the other columns are features in file order.
// The table has no test rows of its own: test examples are drawn from the rows that train and val leave.
func (c *CSV) Load(dir string) (*Source, error) {
	var content []byte
	var name, origin string
	if c.File == "" {
		if dir != "" {
			return nil, &kind.Error{Key: "file", Problem: "missing", Expected: "the name of a CSV file in " + dir}
		}
		files, from, err := readBundled(bundledIris)
		if err != nil {
			return nil, err
		}
		content, name, origin = files[0], bundledIris.name, "the iris rows inside "+from
	} else {
		f, err := open(dir, c.File, io.Discard)
		if err != nil {
			return nil, err
		}
		defer f.close()
		f.bound(asTable)
		if content, err = io.ReadAll(f); err != nil {
			return nil, f.errorf(f.at, "cannot read on: %v", err)
		}
		name, origin = f.name, c.File
		if dir != "" {
			origin += " in " + dir
		}
	}
	sum := sha256.Sum256(content)
	content = bytes.TrimPrefix(content, []byte("\ufeff")) // the mark that spreadsheets put in front of UTF-8
	t, err := checkTable(name, content, c.Class)
	if err != nil {
		return nil, err
	}
	rows, err := parseTable(content, t)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &Source{
		Shape: models.Shape{C: rows.dim, H: 1, W: 1}, Classes: len(t.classes), ClassNames: t.classes, Pool: rows,
		Name: cmp.Or(NameOf("csv", hex.EncodeToString(sum[:])), name), SHA256: hex.EncodeToString(sum[:]), Origin: origin,
	}, nil
}

// parseTable reads a table that checkTable has accepted into golearn's instances, and the examples from there.
//
// It makes the attributes itself, with sorted classes, because golearn would guess a column's type from its first value and number classes
// in the order in which they come.
func parseTable(content []byte, t *table) (e *vectors, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("golearn cannot read the table: %v", r)
		}
	}()
	grid := indexed{base.NewDenseInstances(), map[base.Attribute]base.AttributeSpec{}}
	attrs, specs := make([]base.Attribute, len(t.columns)), make([]base.AttributeSpec, len(t.columns))
	for j, name := range t.columns {
		if j == t.class {
			class := base.NewCategoricalAttribute()
			for _, c := range t.classes {
				class.GetSysValFromString(c)
			}
			attrs[j] = class
		} else {
			attrs[j] = base.NewFloatAttribute("")
		}
		attrs[j].SetName(name)
		specs[j] = grid.AddAttribute(attrs[j])
		grid.places[attrs[j]] = specs[j]
	}
	if err := grid.Extend(t.rows); err != nil {
		return nil, err
	}
	if err := base.ParseCSVBuildInstancesFromReader(bytes.NewReader(content), attrs, true, grid); err != nil {
		return nil, err
	}
	features := slices.Delete(slices.Clone(specs), t.class, t.class+1)
	e = &vectors{dim: len(features), x: make([]float64, 0, t.rows*len(features)), labels: make([]int, 0, t.rows)}
	for i := range t.rows {
		for _, s := range features {
			e.x = append(e.x, base.UnpackBytesToFloat(grid.Get(s, i)))
		}
		e.labels = append(e.labels, int(base.UnpackBytesToU64(grid.Get(specs[t.class], i))))
	}
	return e, nil
}

// indexed is instances that know where their attributes are: golearn's own look through all of them for each.
type indexed struct {
	*base.DenseInstances
	places map[base.Attribute]base.AttributeSpec
}

func (g indexed) GetAttribute(a base.Attribute) (base.AttributeSpec, error) { return g.places[a], nil }
