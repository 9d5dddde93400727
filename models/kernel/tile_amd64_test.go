//go:build !noasm

package kernel

import "testing"

// The first block of enough rows has a keeping tile, however many there are.
func TestEveryFirstBlockCanKeep(t *testing.T) {
	for _, e := range []engine{engine512, engine2} {
		most := len(e.two.tiles) - 1
		for rows := enough; rows < 500; rows++ {
			blocks := (rows + most - 1) / most
			if high := (rows + blocks - 1) / blocks; e.keeping[high] == nil {
				t.Errorf("%d lanes: %d of %d rows have none", e.lanes, high, rows)
			}
		}
	}
}
