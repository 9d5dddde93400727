package cli

import (
	"testing"
)

// What is left is foreseen by what trials like it took, not by the mean of all.
func TestTimeLeftGoesByClass(t *testing.T) {
	e := estimate{}
	e.add("small", 1)
	e.add("small", 3)
	e.add("large", 100)
	for _, c := range []struct {
		classes map[string]int
		want    float64
	}{
		{map[string]int{"small": 5}, 10}, {map[string]int{"large": 2, "small": 1}, 202}, {map[string]int{"": 3}, 104}, {map[string]int{"other": 3, "small": 0}, 104}, {nil, 0},
	} {
		if got, known := e.total(c.classes); !known || got != c.want {
			t.Errorf("%v: %g s, %v; want %g", c.classes, got, known, c.want)
		}
	}
	if _, known := (estimate{}).total(map[string]int{"small": 1}); known {
		t.Error("nothing is recorded, and the time left is known")
	}
}

// A program of go run is known by the cache it lies in, whatever that is called.
func TestByGoRun(t *testing.T) {
	const hash = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	for program, want := range map[string]bool{
		"/tmp/go-build123/b001/exe/msweep": true, "/home/u/.cache/go-build/01/" + hash + "-d/msweep": true, "/scratch/cache/01/" + hash + "-d/msweep": true,
		"msweep": false, "./msweep": false, "/opt/" + hash + "/msweep": false,
	} {
		if got := byGoRun(program); got != want {
			t.Errorf("%s: %v", program, got)
		}
	}
}

func TestLasting(t *testing.T) {
	for seconds, want := range map[float64]string{
		0: "0 s", .0123456: "0.01 s", .949: "0.9 s", .951: "1 s", 1.9701: "2 s", 9.4: "9 s", 9.84: "10 s", 26.4: "26 s", 59.4: "59 s", 59.6: "1 min", 147.2: "2 min 27 s",
		3599.7: "1 h", 43560: "12 h 6 min", 172799: "48 h", 180000: "2 d 2 h",
	} {
		if got := lasting(seconds); got != want {
			t.Errorf("%g s: %q, want %q", seconds, got, want)
		}
	}
}
