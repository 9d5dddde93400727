package main

// pool takes a row of windows, n channels each, over an image x whose rows lie row bytes apart: window i is size × size pixels of n
// channels, its first at x + 4·i·size·n. Forward writes the largest of each channel to y, windows × n. Back moves dy to the first pixel of
// dx, laid out as x, where x is y, and sets dx = 0 elsewhere. A NaN is the largest, and where x or y is one the first pixel takes dy.
func pool(back bool) {
	name, doc := "maxPoolNEON", "is MaxPool: see pool."
	arrays := []string{"y"}
	if back {
		name, doc, arrays = "maxPoolBackNEON", "is MaxPoolBack: see pool.", []string{"y", "dy", "dx"}
	}
	list := join(params("int", "windows", "n", "size"), params("*float32", "x"), params("int", "row"), params("*float32", arrays...))
	function(name, doc, list, func() {
		const windows, n, size, x, row, y, dy, dx = r(0), r(1), r(2), r(3), r(4), r(5), r(6), r(7) // dx lies so far from x
		const pixel, next, count, line, at, rows, cols = r(8), r(9), r(10), r(11), r(12), r(13), r(14)
		load := []r{windows, n, size, x, row, y, dy, dx}
		for i, p := range list {
			op("MOVD %s, %s", arg(p.name), load[i])
		}
		if back {
			op("SUB %s, %s", x, dx)
		}
		op("LSL $2, %s, %s", n, pixel)
		op("MUL %s, %s, %s", size, pixel, next)
		op("SUB %s, %s", pixel, next) // from behind a window's first pixel to the next window

		const v, top, left, beyond, t = vec(0), vec(1), vec(2), vec(3), vec(4)
		body := func(part, move string, bytes int) {
			op("MOVD %s, %s", x, line)
			op("MOVD %s, %s", size, rows)
			if back {
				op("%s (%s), F%d", move, y, top)
				op("%s (%s), F%d", move, dy, left)
			} else {
				op("%s (%s), F%d", move, x, top)
			}
			label(part + "_line")
			op("MOVD %s, %s", line, at)
			op("MOVD %s, %s", size, cols)
			label(part + "_pixel")
			op("%s (%s), F%d", move, at, v)
			if back {
				// Not the top: larger or smaller; a NaN is neither.
				single.greater(beyond, v, top)
				single.greater(t, top, v)
				or(beyond, beyond, t)
				clear(t, left, beyond)
				and(left, left, beyond)
				if bytes == 16 {
					storeAt(t, at, dx)
				} else {
					op("FMOVS F%d, (%s)(%s)", t, at, dx)
				}
			} else {
				single.greater(beyond, v, top)
				single.equal(t, v, v)
				where(top, v, beyond)
				whereNot(top, v, t) // a NaN
			}
			op("ADD %s, %s", pixel, at)
			op("SUBS $1, %s", cols)
			op("BNE %s_pixel", part)
			op("ADD %s, %s", row, line)
			op("SUBS $1, %s", rows)
			op("BNE %s_line", part)
			if back {
				op("ADD $%d, %s", bytes, dy)
			} else {
				op("%s F%d, (%s)", move, top, y)
			}
			op("ADD $%d, %s", bytes, x)
			op("ADD $%d, %s", bytes, y)
			op("SUBS $1, %s", count)
			op("BNE %s", part)
		}
		label("window")
		op("LSR $2, %s, %s", n, count)
		op("CBZ %s, tail", count)
		label("four")
		body("four", "FMOVQ", 16)
		label("tail")
		op("ANDS $3, %s, %s", n, count)
		op("BEQ next")
		label("one")
		body("one", "FMOVS", 4)
		label("next")
		op("ADD %s, %s", next, x)
		op("SUBS $1, %s", windows)
		op("BNE window")
	})
}
