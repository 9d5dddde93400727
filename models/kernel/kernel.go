package kernel

import (
	"fmt"
	"os"
	"strings"
)

//go:generate sh -c "cd asm && go run . -out ../asm_amd64.s -stubs ../asm_amd64.go -pkg kernel"
//go:generate sh -c "cd asm && go run ./neon -out ../asm_arm64.s -stubs ../asm_arm64.go -pkg kernel"

// arithmetic is one implementation of everything the package computes. The one in use is chosen once, at start: the best that the
// processor runs, or the one that the environment variable MSHARP_KERNEL names (avx512 or avx2 on amd64, neon on arm64, generic). A name that this machine does
// not have ends the program with exit status 2.
type arithmetic struct {
	name        string
	mul         func(c Mat, a Strided, b, d Mat, more bool)    // c = a·b + d, no d without data; if more, the sums go on from c
	panel       int                                            // columns that mul takes abreast; 0 if it does not know more, and wants no panels
	mulKeeping  func(y, c Mat, a Strided, b, d Mat, more bool) // mul of one whole panel b and enough rows, and y = b; nil if b is better copied before
	mulNT       func(c, a, b Mat, acc bool)
	gram        func(c, a Mat)
	axpy        func(y []float32, a float64, x []float32)
	scaleTo     func(y []float32, a float64, x []float32)
	add         func(y, x []float32)
	relu        func(y, x []float32)
	reluBack    func(dx, dy, y []float32)
	tanh        func(y, x []float32)
	tanhBack    func(dx, dy, x []float32)
	exp, log1p  func(y, x []float64)
	dot         func(x, y []float32) float64
	transpose   func(y, x Mat)
	maxPool     func(y, x []float32, w Windows)
	maxPoolBack func(dx, dy, x, y []float32, w Windows)
	momentum    func(w, v, g []float32, c Momentum)
	adam        func(w, m, v, g []float32, c Adam)
	rmsprop     func(w, s, v, g []float32, c RMSProp)
	peak        func(n int) (flops float64)
}

var use = chosen()

// Name returns which arithmetic runs: "avx512", "avx2", "neon" or "generic". All but the last give the same bits, and that gives its own on
// every processor.
func Name() string { return use.name }

// chosen returns what the environment asks for.
func chosen() arithmetic {
	a, err := asked(os.LookupEnv)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	return a
}

func asked(environment func(name string) (value string, set bool)) (arithmetic, error) {
	if old, set := environment("MSWEEP_KERNEL"); set {
		return arithmetic{}, fmt.Errorf("MSWEEP_KERNEL=%s: the variable is now called MSHARP_KERNEL; use MSHARP_KERNEL=%s", old, old)
	}
	name, _ := environment("MSHARP_KERNEL")
	return choose(name)
}

// choose returns the named arithmetic, or the best for "".
func choose(name string) (arithmetic, error) {
	have := append(accelerated(), generic)
	if name == "" {
		return have[0], nil
	}
	names := make([]string, len(have))
	for i, a := range have {
		if names[i] = a.name; a.name == name {
			return a, nil
		}
	}
	return arithmetic{}, fmt.Errorf("MSHARP_KERNEL=%s: expected one of %s on this machine", name, strings.Join(names, ", "))
}

// Peak runs n rounds of multiply-adds that touch no memory and returns how many floating-point operations they were: timed, the most
// that this arithmetic can reach on this machine.
func Peak(n int) (flops float64) { return use.peak(n) }
