package data

// Blocks is how many blocks the test images of a data set are cut into, so that the test sample counts in an interval: example i of the
// file is in block i mod 50, whatever the seed. Of examples that are left over of the pool it is their number there.
const Blocks = 50

// blockOf returns the block of an example by its number among pool and test.
func (s *Source) blockOf(i int) uint8 {
	_, j := s.at(i)
	return uint8(j % Blocks)
}
