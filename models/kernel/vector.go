package kernel

// Dot returns Σ_i x_i y_i, products and sum in float64.
func Dot(x, y []float32) (s float64) {
	y = y[:len(x)]
	for i, v := range x {
		s += float64(v) * float64(y[i])
	}
	return s
}

// Axpy sets y_i += a x_i, the product in float64.
func Axpy(y []float32, a float64, x []float32) {
	x = x[:len(y)]
	for i, v := range x {
		y[i] += float32(a * float64(v))
	}
}

// ScaleTo sets y_i = a x_i, the product in float64: y and x may be the same.
func ScaleTo(y []float32, a float64, x []float32) {
	x = x[:len(y)]
	for i, v := range x {
		y[i] = float32(a * float64(v))
	}
}

// AddRow adds row to every row of m.
func AddRow(m Mat, row []float32) {
	for i := range m.Rows {
		r := m.Row(i)
		for j, v := range row {
			r[j] += v
		}
	}
}

// AddColSums adds the sum of each column of m to dst, each summed in float64.
func AddColSums(dst []float32, m Mat, s *Scratch) {
	defer s.Release(s.Mark())
	sum := s.Float64s(m.Cols)
	for i := range m.Rows {
		for j, v := range m.Row(i) {
			sum[j] += float64(v)
		}
	}
	for j, v := range sum {
		dst[j] += float32(v)
	}
}

// Finite reports whether x holds neither NaN nor an infinity.
func Finite(x []float32) bool {
	var s float32
	for _, v := range x {
		s += v * 0 // NaN for NaN and ±Inf, 0 otherwise
	}
	return s == 0
}
