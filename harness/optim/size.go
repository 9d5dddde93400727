package optim

// Sized is a Spec whose Stepper holds other numbers than a gradient and, for each weight, as many as it remembers.
type Sized interface {
	Spec
	Size(dim int) (held, saved float64) // as SizeOf returns
}

// SizeOf returns how many float32s a Stepper of s for dim weights holds, and how many of these it passes to Remember. It makes none of that
// size.
func SizeOf(s Spec, dim int) (held, saved float64) {
	if sized, ok := s.(Sized); ok {
		return sized.Size(dim)
	}
	var of counted
	s.New(1).Remember(&of)
	saved = float64(of) * float64(dim)
	return saved + float64(dim), saved
}

// counted is how many numbers are remembered.
type counted int

func (c *counted) Vector(_ string, v []float32) { *c += counted(len(v)) }
func (c *counted) Count(string, *int)           {}

// Size is that of Base: SAM's ascents take the memory of the objective.
func (s *SAM) Size(dim int) (held, saved float64) { return SizeOf(s.Base.Spec, dim) }
