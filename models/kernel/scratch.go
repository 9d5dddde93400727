package kernel

// Scratch is a stack of memory for the inside of one call. It grows to the most that was ever wanted at once and then allocates
// nothing. The zero Scratch is ready. One goroutine at a time.
type Scratch struct {
	f32 stack[float32]
	f64 stack[float64]
}

// Mark is a height of the stack.
type Mark struct{ f32, f64 int }

// Mark returns the present height, for Release.
func (s *Scratch) Mark() Mark { return Mark{s.f32.used, s.f64.used} }

// Release gives back all that was taken since Mark.
func (s *Scratch) Release(m Mark) {
	s.f32.release(m.f32)
	s.f64.release(m.f64)
}

// Mat returns a rows × cols matrix of undefined content.
func (s *Scratch) Mat(rows, cols int) Mat { return View(rows, cols, s.f32.take(rows*cols)) }

// Float32s returns n numbers of undefined content.
func (s *Scratch) Float32s(n int) []float32 { return s.f32.take(n) }

// Float64s returns n zeros.
func (s *Scratch) Float64s(n int) []float64 {
	x := s.f64.take(n)
	clear(x)
	return x
}

type stack[T any] struct {
	buf        []T
	used, most int
}

func (s *stack[T]) take(n int) []T {
	lo := s.used
	s.used += n
	s.most = max(s.most, s.used)
	if s.used > len(s.buf) {
		return make([]T, n) // outgrown: served apart until the stack is empty and can be moved
	}
	return s.buf[lo:s.used:s.used]
}

func (s *stack[T]) release(used int) {
	s.used = used
	if used == 0 && s.most > len(s.buf) {
		s.buf = make([]T, s.most)
	}
}
