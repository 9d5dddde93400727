package harness

import "testing"

func TestOracles(t *testing.T) {
	for _, o := range Oracles() {
		if !o.OK() {
			t.Errorf("%s: %v, want %v ± %v", o.Name, o.Got, o.Want, o.Tolerance)
		}
	}
}
