package cli

import (
	"slices"
	"testing"
)

// Numbers are listed ascending, infinity last; where a value is none, the order stays.
func TestAscend(t *testing.T) {
	for _, c := range []struct{ texts, want []string }{
		{[]string{"0.1", "0.05", "10", "1e-05"}, []string{"1e-05", "0.05", "0.1", "10"}},
		{[]string{".inf", "2", "1.5"}, []string{"1.5", "2", ".inf"}},
		{[]string{"tanh", "relu", "1"}, []string{"tanh", "relu", "1"}},
		{nil, nil},
	} {
		got := slices.Clone(c.texts)
		if ascend(got); !slices.Equal(got, c.want) {
			t.Errorf("%q: %q, want %q", c.texts, got, c.want)
		}
	}
}
