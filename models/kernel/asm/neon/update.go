package main

// updates writes the steps of the optimizers, operation by operation as package kernel defines them in Go.
func updates() {
	momentum("momentum", false)
	momentum("nesterov", true)
	adam()
	rmsprop()
}

// step is one turn of a step of an optimizer. Its constants lie in the registers from 5 on; 4 is for what comes between.
type step struct {
	access
	constants map[string]vec
}

const between vec = 4

// update writes a step over the arrays, with float32 constants.
func update(name string, arrays, constants []string, body func(u step)) {
	u := step{constants: map[string]vec{}}
	setup := func() {
		for i, c := range constants {
			v := vec(5 + i)
			u.constants[c] = v
			op("FMOVS %s, F%d", arg(c), v)
			spread(v)
		}
	}
	each(name, "is a step of an optimizer: see package kernel.", arrays, params("float32", constants...), 14, setup, func(a access) {
		u.access = a
		body(u)
	})
}

// times sets t = c·x.
func (u step) times(t vec, c string, x vec) { single.mul(t, x, u.constants[c]) }

// flush zeroes the lanes of x below the smallest normal number: those without a bit of an exponent.
func (u step) flush(x vec) {
	anyBit(between, x, bits64(0x7f800000_7f800000))
	and(x, x, between)
}

// decayed sets g = g + decay·w.
func (u step) decayed(g, w vec) {
	u.times(between, "decay", w)
	single.add(g, g, between)
	u.flush(g)
}

// average sets m = keep·m + t.
func (u step) average(m vec, keep string, t vec) {
	u.times(m, keep, m)
	single.add(m, m, t)
	u.flush(m)
}

func momentum(name string, nesterov bool) {
	update(name, []string{"w", "v", "grad"}, []string{"mu", "decay", "eta"}, func(u step) {
		const w, v, g = vec(0), vec(1), vec(2)
		u.load("w", w)
		u.load("v", v)
		u.load("grad", g)
		u.decayed(g, w)
		u.average(v, "mu", g)
		u.store(v, "v")
		if nesterov {
			u.times(v, "mu", v)
			single.add(v, g, v)
		}
		u.times(v, "eta", v)
		single.sub(w, w, v)
		u.flush(w)
		u.store(w, "w")
	})
}

func adam() {
	constants := []string{"beta1", "rest1", "beta2", "rest2", "decay", "keep", "eta", "eps"}
	update("adam", []string{"w", "m", "v", "grad"}, constants, func(u step) {
		const w, m, v, g, t = vec(0), vec(1), vec(2), vec(3), vec(13)
		u.load("w", w)
		u.load("m", m)
		u.load("v", v)
		u.load("grad", g)
		u.decayed(g, w)
		u.times(t, "rest1", g)
		u.average(m, "beta1", t)
		u.store(m, "m")
		u.times(t, "rest2", g)
		single.mul(t, t, g)
		u.average(v, "beta2", t)
		u.store(v, "v")
		single.sqrt(v, v)
		single.add(v, v, u.constants["eps"])
		u.times(m, "eta", m)
		single.div(m, m, v)
		u.times(w, "keep", w)
		single.sub(w, w, m)
		u.flush(w)
		u.store(w, "w")
	})
}

func rmsprop() {
	constants := []string{"alpha", "rest", "mu", "decay", "eta", "eps"}
	update("rmsprop", []string{"w", "s", "v", "grad"}, constants, func(u step) {
		const w, s, v, g, t = vec(0), vec(1), vec(2), vec(3), vec(13)
		u.load("w", w)
		u.load("s", s)
		u.load("v", v)
		u.load("grad", g)
		u.decayed(g, w)
		u.times(t, "rest", g)
		single.mul(t, t, g)
		u.average(s, "alpha", t)
		u.store(s, "s")
		single.sqrt(s, s)
		single.add(s, s, u.constants["eps"])
		single.div(g, g, s)
		u.average(v, "mu", g)
		u.store(v, "v")
		u.times(t, "eta", v)
		single.sub(w, w, t)
		u.flush(w)
		u.store(w, "w")
	})
}
