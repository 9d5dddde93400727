package main

import "fmt"

type shape struct{ rows, vectors int }

// tilesMost is how many rows the registers hold of so many vectors: rows × vectors accumulators, the vectors of a row of b, and a number of a.
// A single row takes vectors of b one after the other.
var tilesMost = map[int]int{1: 12, 2: 12, 3: 8, 4: 6, 8: 2, 16: 1}

func tiles() (t []shape) {
	for _, v := range []int{1, 2, 3, 4, 8, 16} {
		for r := 1; r <= tilesMost[v]; r++ {
			t = append(t, shape{r, v})
		}
	}
	return t
}

// tile is c = a·b + d, or without d where that is nil, for m rows, a multiple of rows, and for vectors·4 columns or up to three fewer: the last
// vector lies last bytes from the first, over a part of the one before it. The terms come in runs of k: element (i, p) of run s of a lies at
// a + i·rsa + s·(k·csa + jump) + p·csa, its row of b at b + (s·k + p)·ldb, row i of c at c + i·ldc and of d at d + i·ldd; strides in bytes.
//
// An edge is one vector of which fewer than four columns are there, the last of them at last: the lanes are columns 0, 1, 2 or, where those are
// not there, the last one over again.
func tile(rows, vectors int, edge bool) {
	name, doc := fmt.Sprintf("tile%dx%dNEON", rows, vectors), fmt.Sprintf("multiplies blocks of %d rows by %d vectors of columns: see tile.", rows, vectors)
	if edge {
		name, doc = fmt.Sprintf("edge%dNEON", rows), fmt.Sprintf("multiplies blocks of %d rows by one to three columns: see tile.", rows)
	}
	ints := func(names ...string) []param { return params("int", names...) }
	pointer := func(name string) []param { return params("*float32", name) }
	list := join(ints("m", "runs", "k"), pointer("a"), ints("rsa", "csa", "jump"), pointer("b"), ints("ldb"), pointer("c"), ints("ldc"), pointer("d"), ints("ldd", "last"))
	function(name, doc, list, func() {
		// R0 to R11 are rows of a.
		const at, csa, row, ldb, count, left, last, m, a, c, d, t, second, rsa = r(12), r(13), r(14), r(15), r(16), r(17), r(19), r(20), r(21), r(22), r(23), r(24), r(25), r(26)
		acc := func(i, j int) vec { return vec(i*vectors + j) }
		abreast := vectors // registers of a row of b
		if rows == 1 {
			abreast = min(vectors, 8)
		}
		b := func(j int) vec { return vec(rows*vectors + j%abreast) }
		free := rows*vectors + abreast // numbers of a take turns in the registers from here on
		spare := vec(31)
		for _, x := range []struct {
			r
			name string
		}{{csa, "csa"}, {ldb, "ldb"}, {last, "last"}, {m, "m"}, {a, "a"}, {c, "c"}, {d, "d"}, {rsa, "rsa"}} {
			op("MOVD %s, %s", arg(x.name), x.r)
		}
		if edge {
			op("MOVD $4, %s", second)
			op("CMP %s, %s", second, last)
			op("CSEL LT, %s, %s, %s", last, second, second) // where column 1 is
		}
		// load reads the vectors [from, to) at base.
		load := func(base r, from, to int) {
			if edge {
				op("FMOVS (%s), F%d", base, b(0))
				op("FMOVS (%s)(%s), F%d", base, second, spare)
				setLane(b(0), 1, spare)
				op("FMOVS (%s)(%s), F%d", base, last, spare)
				setLane(b(0), 2, spare)
				return
			}
			whole := min(to, vectors-1)
			for j := from; j < whole; j += 2 {
				if j+1 < whole {
					op("FLDPQ %d(%s), (F%d, F%d)", 16*j, base, b(j), b(j+1))
				} else {
					op("FMOVQ %d(%s), F%d", 16*j, base, b(j))
				}
			}
			if to == vectors {
				loadAt(b(vectors-1), base, last)
			}
		}
		step := vectors // vectors of b at a time
		if rows == 1 {
			step = 2
		}

		label("rows")
		op("MOVD %s, R0", a)
		for i := 1; i < rows; i++ {
			op("ADD %s, R%d, R%d", rsa, i-1, i)
		}
		op("MOVD %s, %s", arg("b"), row)
		op("MOVD %s, %s", arg("runs"), left)
		op("MOVD %s, %s", arg("k"), count)
		op("MOVD $0, %s", at)
		for i := range rows {
			for j := range vectors {
				zero(acc(i, j))
			}
		}
		label("terms")
		for from := 0; from < vectors; from += step {
			to := min(from+step, vectors)
			load(row, from, to)
			for i := range rows {
				x := vec(free + i%(32-free))
				if from == 0 {
					op("FMOVS (R%d)(%s), F%d", i, at, x)
				}
				for j := from; j < to; j++ {
					fmaFirst(acc(i, j), b(j), x)
				}
			}
		}
		op("ADD %s, %s", ldb, row)
		op("ADD %s, %s", csa, at)
		op("SUBS $1, %s", count)
		op("BNE terms")
		op("SUBS $1, %s", left)
		op("BEQ sum")
		op("MOVD %s, %s", arg("jump"), t)
		op("ADD %s, %s", t, at)
		op("MOVD %s, %s", arg("k"), count)
		op("B terms")

		label("sum")
		op("CBZ %s, store", d)
		op("MOVD %s, %s", arg("ldd"), t)
		for i := range rows {
			for from := 0; from < vectors; from += step {
				to := min(from+step, vectors)
				load(d, from, to)
				for j := from; j < to; j++ {
					single.add(acc(i, j), b(j), acc(i, j))
				}
			}
			op("ADD %s, %s", t, d)
		}
		label("store")
		op("MOVD %s, %s", arg("ldc"), t)
		for i := range rows {
			if edge {
				op("FMOVS F%d, (%s)", acc(i, 0), c)
				takeLane(spare, 1, acc(i, 0))
				op("FMOVS F%d, (%s)(%s)", spare, c, second)
				takeLane(spare, 2, acc(i, 0))
				op("FMOVS F%d, (%s)(%s)", spare, c, last)
			} else {
				j := 0
				for ; j+2 < vectors; j += 2 {
					op("FSTPQ (F%d, F%d), %d(%s)", acc(i, j), acc(i, j+1), 16*j, c)
				}
				if j < vectors-1 {
					op("FMOVQ F%d, %d(%s)", acc(i, j), 16*j, c)
				}
				storeAt(acc(i, vectors-1), c, last)
			}
			op("ADD %s, %s", t, c)
		}
		for range rows {
			op("ADD %s, %s", rsa, a)
		}
		op("SUBS $%d, %s", rows, m)
		op("BNE rows")
	})
}
