package data

// images holds examples with one byte a value, 0 to 255, in NHWC order.
type images struct {
	size   int    // values of one example
	pixels []byte // Len × size
	labels []byte // Len
}

func (e *images) Len() int        { return len(e.labels) }
func (e *images) Label(i int) int { return int(e.labels[i]) }
func (e *images) Row(dst []float64, i int) {
	for j, v := range e.pixels[i*e.size : (i+1)*e.size] {
		dst[j] = float64(v)
	}
}

func (e *images) Bytes() int64 { return int64(cap(e.pixels) + cap(e.labels)) }

// vectors holds examples of any finite values.
type vectors struct {
	dim    int       // values of one example
	x      []float64 // Len × dim
	labels []int     // Len
}

func (e *vectors) Len() int                 { return len(e.labels) }
func (e *vectors) Label(i int) int          { return e.labels[i] }
func (e *vectors) Row(dst []float64, i int) { copy(dst, e.x[i*e.dim:(i+1)*e.dim]) }
func (e *vectors) Bytes() int64             { return 8 * int64(cap(e.x)+cap(e.labels)) }

var (
	_ Examples = (*images)(nil)
	_ Examples = (*vectors)(nil)
)
