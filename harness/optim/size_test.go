package optim

import (
	"runtime"
	"testing"
)

// flat is a loss without slope.
var flat = Closure(func(g, w []float32) float64 { clear(g); return 0 })

// An optimizer holds what SizeOf says, which a sweep plans its memory by. One that holds more has a method Size.
func TestSizesAreThoseOfTheSteppers(t *testing.T) {
	const dim = 1 << 18
	for _, name := range Table.Names() {
		spec, err := Table.New(name)
		if err != nil {
			t.Fatal(err)
		}
		held, saved := SizeOf(spec, dim)
		w := make([]float32, dim)
		flat.AscentGrad(w, w, (&SAM{Rho: 1}).Rule()) // the loss has its buffers
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		step := spec.New(dim)
		step.Step(w, flat, .1)
		runtime.ReadMemStats(&after)
		if got := float64(after.TotalAlloc-before.TotalAlloc) / 4; !(held >= got-1<<12 && held <= 1.5*got+1<<12) {
			t.Errorf("%s holds %.2f numbers a weight, says %.2f", name, got/dim, held/dim)
		}
		var of counted
		step.Remember(&of)
		if float64(of) != saved {
			t.Errorf("%s remembers %.2f numbers a weight, says %.2f", name, float64(of)/dim, saved/dim)
		}
	}
}
