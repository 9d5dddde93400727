package data

import (
	"bytes"
	"fmt"

	// golearn reads tables here, and counts the confusions. Its packages base and evaluation bring eleven others of six modules that nothing else
	// needs; the program is .03 MB larger for them, the module cache 71 MB, most of which is data sets.
	"github.com/sjwhitworth/golearn/base"
)

// examples reads the table's text into golearn's instances, and the examples from there. The text is gone then.
//
// It makes the attributes itself, with sorted classes, because golearn would guess a column's type from its first value and number classes
// in the order in which they come.
func (t *table) examples() (e *vectors, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("golearn cannot read the table: %v", r)
		}
	}()
	grid := indexed{base.NewDenseInstances(), map[base.Attribute]base.AttributeSpec{}}
	var attrs []base.Attribute
	var features []base.AttributeSpec
	var class base.AttributeSpec
	for j, role := range t.role {
		var attr base.Attribute
		switch role {
		case asDropped:
			continue
		case asClass:
			named := base.NewCategoricalAttribute()
			for _, code := range t.codes {
				named.GetSysValFromString(code)
			}
			attr = named
		case asFeature:
			attr = base.NewFloatAttribute("")
		}
		attr.SetName(t.columns[j])
		spec := grid.AddAttribute(attr)
		grid.places[attr] = spec
		attrs = append(attrs, attr)
		if role == asClass {
			class = spec
		} else {
			features = append(features, spec)
		}
	}
	if err := grid.Extend(t.rows); err != nil {
		return nil, err
	}
	if err := base.ParseCSVBuildInstancesFromReader(bytes.NewReader(t.text), attrs, false, grid); err != nil {
		return nil, err
	}
	t.text = nil
	e = &vectors{dim: len(features), x: make([]float64, 0, t.rows*len(features)), labels: make([]int, 0, t.rows)}
	for i := range t.rows {
		for _, s := range features {
			e.x = append(e.x, base.UnpackBytesToFloat(grid.Get(s, i)))
		}
		e.labels = append(e.labels, int(base.UnpackBytesToU64(grid.Get(class, i))))
	}
	return e, nil
}

// indexed is instances that know where their attributes are: golearn's own look through all of them for each.
type indexed struct {
	*base.DenseInstances
	places map[base.Attribute]base.AttributeSpec
}

func (g indexed) GetAttribute(a base.Attribute) (base.AttributeSpec, error) { return g.places[a], nil }
