package record

import (
	"iter"
	"math"
)

// KeyType is what a configuration key holds.
type KeyType int

const (
	KeyUnknown KeyType = iota // no schema says it
	KeyText                   // also a list, as its JSON
	KeyTruth
	KeyWhole
	KeyReal // +∞ is the text .inf, for JSON has no number for it
)

// Schema returns the type of a dotted configuration key.
type Schema func(key string) KeyType

// infinity is +∞ in a configuration.
const infinity = ".inf"

// typeIn returns the type of the column's cells: what the schema says, whatever values the rows have, so that the tables of two sweeps agree. Where
// rows hold other values than the schema has, as records of other code may, a whole number widens to a real one, and anything to text. Of a
// key that no schema knows, numbers are real.
func (c column) typeIn(rows iter.Seq[row], schema Schema) KeyType {
	switch c.kind {
	case ofText:
		return KeyText
	case ofCount:
		return KeyWhole
	case ofRadius, ofValue, ofSeconds:
		return KeyReal
	}
	t := KeyUnknown
	if c.kind == ofSetting {
		t = schema(c.name)
	}
	cells := 0
	holds := func(is func(cell any) bool) bool {
		for r := range rows {
			if cell := c.cell(r); cell != nil && !is(cell) {
				return false
			} else if cell != nil {
				cells++
			}
		}
		return true
	}
	unknown, number := t == KeyUnknown, isNumber
	if c.kind == ofParameter {
		number = isReal
	}
	switch {
	case (unknown || t == KeyTruth) && holds(isTruth) && (cells > 0 || !unknown):
		return KeyTruth
	case t == KeyWhole && holds(isWhole):
		return KeyWhole
	case (t == KeyWhole || t == KeyReal) && holds(isReal), unknown && holds(number) && cells > 0:
		return KeyReal
	}
	return KeyText
}

func isTruth(cell any) bool  { _, ok := cell.(bool); return ok }
func isNumber(cell any) bool { v, ok := Float(cell); return ok && !math.IsNaN(v) }
func isReal(cell any) bool   { return cell == infinity || isNumber(cell) }
func isWhole(cell any) bool {
	v, _ := Float(cell)
	return v == math.Trunc(v) && math.Abs(v) <= 1<<53
}

// real returns a cell of a KeyReal column.
func real(cell any) float64 {
	if cell == infinity {
		return math.Inf(1)
	}
	v, _ := Float(cell)
	return v
}
