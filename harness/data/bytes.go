package data

import "fmt"

// Bytes returns the size of the examples in memory.
func (s *Source) Bytes() int64 {
	bytes := s.bytesOf(s.Pool)
	if s.Test != nil {
		bytes += s.bytesOf(s.Test)
	}
	return bytes
}

// Amount says how many examples there are: "60000 + 10000 examples", those of the data set's own test after the pool's.
func (s *Source) Amount() string {
	if s.Test == nil {
		return fmt.Sprintf("%d examples", s.Pool.Len())
	}
	return fmt.Sprintf("%d + %d examples", s.Pool.Len(), s.Test.Len())
}

// bytesOf takes Examples that do not say their size for vectors.
func (s *Source) bytesOf(e Examples) int64 {
	if sized, ok := e.(interface{ Bytes() int64 }); ok {
		return sized.Bytes()
	}
	return 8 * int64(e.Len()) * int64(s.Shape.Size()+1)
}

// Amounts returns how many examples each part of a split has: none if Check refuses the split.
func (s *Source) Amounts(split Split) (train, val, test int) {
	if s.Check(split) != nil {
		return 0, 0, 0
	}
	test = split.Test
	if test == 0 {
		test = s.candidates(split)
	}
	return split.Train, split.Val, test
}

// SetBytes returns the size of the Set that Draw makes of a split, and of all that Draw holds while it makes it. It draws nothing.
func (s *Source) SetBytes(split Split) (set, drawing float64) {
	train, val, test := s.Amounts(split)
	if train == 0 {
		return 0, 0
	}
	set = float64(train+val+test)*(4*float64(s.Shape.Size())+8) + 2*float64(test) // a list of blocks that grows
	all := s.Pool.Len()
	if s.Test != nil {
		all += s.Test.Len()
	}
	// The numbers of all examples stand in up to four lists, those of chosen test examples also in a map. One list stays until the set is made.
	choosing := 4*8*float64(all) + 40*float64(split.Test)
	return set, max(choosing, set+8*float64(all))
}
