package kernel

// first returns the first n numbers of x; fewer is a panic, room behind them or not.
func first[T any](x []T, n int) []T { return x[:n:len(x)] }

// Dot returns Σ_i x_i y_i, products and sum in float64.
func Dot(x, y []float32) float64 {
	if len(x) == 0 {
		return 0
	}
	return use.dot(x, first(y, len(x)))
}

// Axpy sets y_i += float32(a x_i), the product in float64.
func Axpy(y []float32, a float64, x []float32) {
	if len(y) > 0 {
		use.axpy(y, a, first(x, len(y)))
	}
}

// ScaleTo sets y_i = float32(a x_i), the product in float64. y and x may be the same.
func ScaleTo(y []float32, a float64, x []float32) {
	if len(y) > 0 {
		use.scaleTo(y, a, first(x, len(y)))
	}
}

// Add sets y_i += x_i.
func Add(y, x []float32) {
	if len(y) > 0 {
		use.add(y, first(x, len(y)))
	}
}

// ReLU sets y_i = x_i where x_i > 0 or x_i is NaN, else 0. y and x may be the same.
func ReLU(y, x []float32) {
	if len(y) > 0 {
		use.relu(y, first(x, len(y)))
	}
}

// ReLUBack sets dx_i = dy_i where y_i ≠ 0 or y_i is NaN, else 0: the gradient of ReLU from its output y. dx and dy may be the same.
func ReLUBack(dx, dy, y []float32) {
	if len(dx) > 0 {
		use.reluBack(dx, first(dy, len(dx)), first(y, len(dx)))
	}
}

// Tanh sets y_i = tanh x_i. y and x may be the same.
func Tanh(y, x []float32) {
	if len(y) > 0 {
		use.tanh(y, first(x, len(y)))
	}
}

// TanhBack sets dx_i = float32(dy_i sech² x_i), the product in float64: the gradient of Tanh from its input x, because its output has rounded to
// ±1 long before the gradient is 0. dx and dy may be the same.
func TanhBack(dx, dy, x []float32) {
	if len(dx) > 0 {
		use.tanhBack(dx, first(dy, len(dx)), first(x, len(dx)))
	}
}

// Exp sets y_i = exp x_i, the bits of elementary.Exp. y and x may be the same.
func Exp(y, x []float64) {
	if len(y) > 0 {
		use.exp(y, first(x, len(y)))
	}
}

// Log1p sets y_i = ln(1 + x_i), the bits of elementary.Log1p. y and x may be the same.
func Log1p(y, x []float64) {
	if len(y) > 0 {
		use.log1p(y, first(x, len(y)))
	}
}

// Transpose sets y = xᵀ. They do not overlap.
func Transpose(y, x Mat) {
	check("Transpose", y, x.Cols, 0, 0, x.Rows)
	if y.Rows > 0 && y.Cols > 0 {
		_, _ = y.Row(y.Rows-1), x.Row(x.Rows-1)
		use.transpose(y, x)
	}
}

// Finite reports whether x holds neither NaN nor an infinity.
func Finite(x []float32) bool {
	d := Dot(x, x) // NaN and ∞ stay; squares of float32 are far inside float64
	return d-d == 0
}
