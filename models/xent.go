package models

import (
	"math"

	"msharp/models/kernel"
)

// crossEntropy sets loss[i] to the softmax cross-entropy −log p_y of each row of logits z, and predicted[i] to its largest
// class, the first of equals. Unless dz is empty it receives scale times the gradients at z, row by row.
//
// Near a fitted minimum p_y rounds to 1, so neither 1 − p_y nor log p_y is taken: the label's gradient is −Σ_{j≠y} p_j, and the
// loss log1p Σ_{j≠y} exp(z_j − z_y).
func crossEntropy(loss []float64, predicted []int, dz, z kernel.Mat, y []int, scale float64) {
	for i := range z.Rows {
		row := z.Row(i)
		top := 0
		for j, v := range row {
			if v > row[top] {
				top = j
			}
		}
		predicted[i] = top
		var d []float32
		if dz.Data != nil {
			d = dz.Row(i)
		}
		shift, zy := float64(row[top]), float64(row[y[i]])
		var others float64 // Σ_{j≠y} exp(z_j − shift)
		for j, v := range row {
			if j == y[i] {
				continue
			}
			e := math.Exp(float64(v) - shift)
			others += e
			if d != nil {
				d[j] = float32(e)
			}
		}
		label := math.Exp(zy - shift)
		if top == y[i] {
			loss[i] = math.Log1p(others)
		} else {
			loss[i] = shift - zy + math.Log(others+label)
		}
		if d != nil {
			kernel.ScaleTo(d, scale/(others+label), d)
			d[y[i]] = float32(-scale * others / (others + label))
		}
	}
}
