//go:build unix

package kernel

import (
	"math/rand/v2"
	"os"
	"syscall"
	"testing"
	"unsafe"
)

// guarded returns n zeros that end where memory ends or begin where it begins: one number further is a fault.
func guarded(t *testing.T, n int, first bool) []float32 {
	page := os.Getpagesize()
	size := (4*n+page-1)/page*page + 2*page
	b, err := syscall.Mmap(-1, 0, size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Munmap(b) })
	for _, guard := range [][]byte{b[:page], b[size-page:]} {
		if err := syscall.Mprotect(guard, syscall.PROT_NONE); err != nil {
			t.Fatal(err)
		}
	}
	all := unsafe.Slice((*float32)(unsafe.Pointer(&b[page])), (size-2*page)/4)
	if first {
		return all[:n:n]
	}
	return all[len(all)-n:]
}

// wide views memory as half as many float64.
func wide(x []float32) []float64 { return unsafe.Slice((*float64)(unsafe.Pointer(&x[0])), len(x)/2) }

// No kernel reads or writes beyond its operands, masked lanes included.
func TestNothingBeyondOperandsIsTouched(t *testing.T) {
	under(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(15, 16))
		guarded := func(n int) []float32 { return guarded(t, n, r.IntN(2) == 0) }
		mat := func(rows, cols int) Mat { return Mat{rows, cols, cols, guarded(rows * cols)} }
		for range 150 {
			m, n, k := 1+r.IntN(33), 1+r.IntN(210), 1+r.IntN(40)
			acc := r.IntN(2) == 0
			MulNN(mat(m, n), mat(m, k), mat(k, n), acc)
			MulTN(mat(m, n), mat(k, m), mat(k, n), acc)
			MulNT(mat(m, n), mat(m, k), mat(n, k), acc)
			laid(false)(mat(m, n), mat(m, k), mat(k, n), acc)
			laid(true)(mat(m, n), mat(m, k), mat(n, k), acc)
			Gram(mat(m, m), mat(m, k))
			Transpose(mat(n, m), mat(m, n))
			MulStrided(mat(3*m, n), Strided{Axis{3, m, 2, 1}, Axis{2, k, 3, 1}, guarded(m + k + 6)}, mat(2*k, n), acc)
			MulPlusRow(mat(m, n), mat(m, k).Strided(), mat(k, n), guarded(n))
			seen := patchesOf(2, m, 1, guarded(imageSize(2, m, 1)))
			MulPlusRow(mat(2*m, n), seen, mat(9, n), guarded(n))
			MulStrided(mat(9, n), seen.T(), mat(2*m, n), acc)
			w := Windows{Channels: n, Size: 1 + r.IntN(3), Stride: 4 * n * 3}
			MaxPool(guarded(4*n), guarded(w.span(4)), w)
			MaxPoolBack(guarded(w.span(4)), guarded(4*n), guarded(w.span(4)), guarded(4*n), w)
			for _, v := range vectors {
				v.f(guarded(n), guarded(n), guarded(n))
			}
			for _, u := range updates {
				u.f(guarded(n), guarded(n), guarded(n), guarded(n))
			}
			for _, c := range functions {
				c.f(wide(guarded(2*n)), wide(guarded(2*n)))
			}
			Dot(guarded(n), guarded(n))
			Finite(guarded(n))
		}
	})
}
