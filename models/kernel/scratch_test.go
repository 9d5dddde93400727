package kernel

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// Whatever is taken and given back in whatever order, no piece that is still held changes, and Float64s are zero.
func TestScratchPiecesDoNotOverlap(t *testing.T) {
	type piece struct {
		before Mark
		f32    []float32
		f64    []float64
		stamp  float32
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		var s Scratch
		var held []piece
		for step := range 200 {
			if r.IntN(4) == 0 && len(held) > 0 {
				i := r.IntN(len(held)) // all that was taken since, and nothing else
				if r.IntN(3) == 0 {
					i = 0
				}
				s.Release(held[i].before)
				held = held[:i]
			} else {
				p := piece{before: s.Mark(), stamp: float32(step + 1)}
				switch n := r.IntN(20); r.IntN(3) {
				case 0:
					p.f32 = s.Float32s(n)
				case 1:
					p.f32 = s.Mat(n, 1+r.IntN(5)).Data
				case 2:
					p.f64 = s.Float64s(n)
					if i := slices.IndexFunc(p.f64, func(v float64) bool { return v != 0 }); i >= 0 {
						t.Fatalf("Float64s holds %v", p.f64[i])
					}
				}
				p.f32, p.f64 = p.f32[:len(p.f32):cap(p.f32)], p.f64[:len(p.f64):cap(p.f64)]
				for i := range p.f32 {
					p.f32[i] = p.stamp
				}
				for i := range p.f64 {
					p.f64[i] = float64(p.stamp)
				}
				_, _ = append(p.f32, -1), append(p.f64, -1) // an append writes into nobody's piece
				held = append(held, p)
			}
			for _, p := range held {
				if slices.ContainsFunc(p.f32, func(v float32) bool { return v != p.stamp }) || slices.ContainsFunc(p.f64, func(v float64) bool { return v != float64(p.stamp) }) {
					t.Fatalf("piece %v was overwritten: %v %v", p.stamp, p.f32, p.f64)
				}
			}
		}
	}
}

func TestScratchSizes(t *testing.T) {
	var s Scratch
	m := s.Mat(3, 4)
	if m.Rows != 3 || m.Cols != 4 || m.Stride != 4 || len(m.Data) != 12 || len(s.Float32s(5)) != 5 || len(s.Float64s(6)) != 6 || len(s.Float32s(0)) != 0 {
		t.Errorf("%+v", m)
	}
}

// Once a call has run, the same call allocates nothing, nested calls and a smaller one included.
func TestScratchAllocatesOnlyOnce(t *testing.T) {
	var s Scratch
	inner := func(n int) {
		defer s.Release(s.Mark())
		s.Float32s(n)
		s.Float64s(2 * n)
	}
	call := func() {
		defer s.Release(s.Mark())
		s.Mat(10, 20)
		inner(500)
		s.Float64s(30)
		inner(100)
		s.Mat(7, 7)
	}
	call()
	if n := testing.AllocsPerRun(20, call); n != 0 {
		t.Errorf("%v allocations a call once warm", n)
	}
	if s.Mark() != (Mark{}) {
		t.Errorf("%+v is still taken", s.Mark())
	}
}
