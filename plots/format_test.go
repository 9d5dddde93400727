package plots

import "testing"

func TestPower10(t *testing.T) {
	for exp, want := range map[int]string{0: "10⁰", 3: "10³", -12: "10⁻¹²"} {
		if got := power10(exp); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
