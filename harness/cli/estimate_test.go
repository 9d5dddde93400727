package cli

import "testing"

func TestLasting(t *testing.T) {
	for seconds, want := range map[float64]string{
		0: "0 s", .0123456: "0.0123 s", 1.9701: "1.97 s", 9.9994: "10 s", 26.4: "26 s", 59.4: "59 s", 59.6: "1 min", 147.2: "2 min 27 s",
		3599.7: "1 h", 43560: "12 h 6 min", 172799: "48 h", 180000: "2 d 2 h",
	} {
		if got := lasting(seconds); got != want {
			t.Errorf("%g s: %q, want %q", seconds, got, want)
		}
	}
}
