package models

import "msharp/models/kernel"

// blockLogits is how many logits crossEntropy takes at once: they and their exponentials stay in the core's first cache.
const blockLogits = 1 << 10

// crossEntropy sets loss[i] to the softmax cross-entropy −log p_y of each row of logits z, and predicted[i] to its largest
// class, the first of equals. Unless dz is empty it receives scale times the gradients at z, row by row.
//
// Near a fitted minimum p_y rounds to 1, so neither 1 − p_y nor log p_y is taken: the label's gradient is −Σ_{j≠y} p_j, and with t
// the largest class the loss is z_t − z_y + log1p Σ_{j≠t} exp(z_j − z_t).
func crossEntropy(loss []float64, predicted []int, dz, z kernel.Mat, y []int, scale float64, s *kernel.Scratch) {
	block := max(1, blockLogits/z.Cols)
	for i := 0; i < z.Rows; i += block {
		j := min(i+block, z.Rows)
		var d kernel.Mat
		if dz.Data != nil {
			d = dz.Slice(i, j)
		}
		crossEntropyBlock(loss[i:j], predicted[i:j], d, z.Slice(i, j), y[i:j], scale, s)
	}
}

func crossEntropyBlock(loss []float64, predicted []int, dz, z kernel.Mat, y []int, scale float64, s *kernel.Scratch) {
	defer s.Release(s.Mark())
	n := z.Cols
	e := s.Float64s(z.Rows * n)
	for i := range z.Rows {
		row := z.Row(i)
		top := largest(row)
		predicted[i] = top
		shift, e := float64(row[top]), e[i*n:][:len(row)]
		for j, v := range row {
			e[j] = float64(v) - shift
		}
	}
	kernel.Exp(e, e)
	for i, top := range predicted {
		e := e[i*n:][:n]
		var rest float64
		for j, v := range e {
			if j != top {
				rest += v
			}
		}
		loss[i] = rest
		if dz.Data == nil {
			continue
		}
		sum, label := e[top]+rest, y[i]
		others := rest // Σ_{j≠y}
		if label != top {
			others = sum - e[label]
		}
		d, a := dz.Row(i), scale/sum
		for j, v := range e {
			d[j] = float32(a * v)
		}
		d[label] = float32(-scale * others / sum)
	}
	kernel.Log1p(loss, loss)
	for i, top := range predicted {
		row := z.Row(i)
		loss[i] = float64(row[top]) - float64(row[y[i]]) + loss[i]
	}
}

// crossEntropyAlong sets rdz to scale times the derivative of the gradients p − e_y along rz, (diag p − ppᵀ) rz, row by row. With t the largest
// class and s = rz − rz_t, it is p_k (s_k − Σ_{j≠t} p_j s_j): as in crossEntropy, nothing is lost where p_t rounds to 1.
func crossEntropyAlong(rdz, rz, z kernel.Mat, scale float64, s *kernel.Scratch) {
	block := max(1, blockLogits/z.Cols)
	for i := 0; i < z.Rows; i += block {
		j := min(i+block, z.Rows)
		crossEntropyAlongBlock(rdz.Slice(i, j), rz.Slice(i, j), z.Slice(i, j), scale, s)
	}
}

func crossEntropyAlongBlock(rdz, rz, z kernel.Mat, scale float64, s *kernel.Scratch) {
	defer s.Release(s.Mark())
	n := z.Cols
	e := s.Float64s(z.Rows * n)
	for i := range z.Rows {
		row := z.Row(i)
		shift, e := float64(row[largest(row)]), e[i*n:][:len(row)]
		for j, v := range row {
			e[j] = float64(v) - shift
		}
	}
	kernel.Exp(e, e)
	for i := range z.Rows {
		r, d, e := rz.Row(i), rdz.Row(i), e[i*n:][:n]
		top := largest(z.Row(i))
		from := float64(r[top])
		var sum, mean float64 // over the others
		for j, v := range e {
			if j != top {
				sum += v
				mean += float64(v * (float64(r[j]) - from))
			}
		}
		sum += e[top]
		mean /= sum
		for j, v := range e {
			d[j] = float32(scale * (v / sum) * (float64(r[j]) - from - mean))
		}
	}
}

// largest returns where the largest number of row is, the first of equals. No NaN is larger than what came before it, and nothing than a NaN.
func largest(row []float32) (top int) {
	for j, v := range row {
		if v > row[top] {
			top = j
		}
	}
	return top
}
