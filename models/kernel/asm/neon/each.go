package main

// Constants of the function being written lie in registers from the last one down.
var constants struct {
	of   map[uint64]vec
	next vec
}

// bits64 is 64 bits twice.
func bits64(bits uint64) vec {
	v, made := constants.of[bits]
	if !made {
		v = constants.next
		constants.next--
		constants.of[bits] = v
	}
	return v
}

// withConstants writes setup, the constants that body asks for, and then body, which leaves them the registers above low.
func withConstants(low vec, setup, body func()) {
	constants.of, constants.next = map[uint64]vec{}, 31
	setup()
	text := later(body)
	if constants.next < low {
		panic("too many constants")
	}
	for v := vec(31); v > constants.next; v-- {
		for bits, at := range constants.of {
			if at == v {
				loadBits(v, bits)
			}
		}
	}
	assembly.WriteString(text)
}

// access is how one turn of a loop reads and writes its arrays.
type access struct {
	load  func(array string, d vec)
	store func(s vec, array string)
}

// each writes a function over the n ≥ 1 numbers of the arrays: body with four at a time, then with one, in the first lane, for each that is left.
// The body leaves the constants the registers above low.
func each(name, doc string, arrays []string, more []param, low vec, setup func(), body func(access)) {
	function(name+"NEON", doc, join(params("int", "n"), params("*float32", arrays...), more), func() {
		const n, count, first = r(0), r(1), r(2)
		at := map[string]r{}
		op("MOVD %s, %s", arg("n"), n)
		for i, a := range arrays {
			at[a] = first + r(i)
			op("MOVD %s, %s", arg(a), at[a])
		}
		turn := func(move string, bytes int) {
			body(access{
				func(a string, d vec) { op("%s (%s), F%d", move, at[a], d) },
				func(s vec, a string) { op("%s F%d, (%s)", move, s, at[a]) },
			})
			for _, a := range arrays {
				op("ADD $%d, %s", bytes, at[a])
			}
		}
		withConstants(low, setup, func() {
			op("LSR $2, %s, %s", n, count)
			op("CBZ %s, tail", count)
			label("four")
			turn("FMOVQ", 16)
			op("SUBS $1, %s", count)
			op("BNE four")
			label("tail")
			op("ANDS $3, %s", n)
			op("BEQ end")
			label("one")
			turn("FMOVS", 4)
			op("SUBS $1, %s", n)
			op("BNE one")
			label("end")
		})
	})
}
