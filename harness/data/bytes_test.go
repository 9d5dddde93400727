package data

import "testing"

// The sizes that are known beforehand are those of the sets that are drawn.
func TestSizesAreThoseOfTheSets(t *testing.T) {
	eachKind(t, func(t *testing.T, s *Source) {
		split := some(s)
		for _, split.Test = range []int{0, 7} {
			set := mustDraw(t, s, split, 1)
			train, val, test := s.Amounts(split)
			if train != set.Train.Len() || val != set.Val.Len() || test != set.Test.Len() {
				t.Errorf("%d, %d and %d examples; want %d, %d and %d", train, val, test, set.Train.Len(), set.Val.Len(), set.Test.Len())
			}
			want := 0
			for _, b := range []int{len(set.Train.X.Data), len(set.Val.X.Data), len(set.Test.X.Data)} {
				want += 4 * b
			}
			want += 8*(train+val+test) + 2*test // the labels, and the blocks of a list that has grown
			if got, drawing := s.SetBytes(split); got != float64(want) || drawing < got {
				t.Errorf("a set of %v bytes, %v while it is drawn; want %d", got, drawing, want)
			}
		}
		if set, drawing := s.SetBytes(Split{Train: s.Pool.Len() + 1}); set != 0 || drawing != 0 {
			t.Errorf("a set that cannot be drawn has %v bytes, and %v", set, drawing)
		}
	})
}

// A source takes between one and eight bytes a value, and the room in which it has grown.
func TestBytesOfSources(t *testing.T) {
	eachKind(t, func(t *testing.T, s *Source) {
		values := s.Pool.Len() * (s.Shape.Size() + 1)
		if s.Test != nil {
			values += s.Test.Len() * (s.Shape.Size() + 1)
		}
		width := 8
		switch s.Pool.(type) {
		case *images, *packedImages:
			width = 1
		}
		if got := s.Bytes(); got < int64(width*values) || got > int64(2*width*values)+1024 {
			t.Errorf("%d bytes for %d values of %d", got, values, width)
		}
	})
}
