package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

type loader = func(Mem, reg.VecPhysical)

type storer = func(reg.VecPhysical, Mem)

// step is one vector of a step of an optimizer. The registers from 5 on hold the constants, the last but one the bits of an exponent; 4 is
// for what comes between.
type step struct {
	isa
	constants map[string]reg.VecPhysical
}

// updates writes the steps of the optimizers, operation by operation as package kernel defines them in Go.
func (v isa) updates() {
	v.momentum("momentum", false)
	v.momentum("nesterov", true)
	v.adam()
	v.rmsprop()
}

// update writes a kernel over the arrays, with float32 constants.
func (v isa) update(name string, arrays, constants []string, body func(u step, at func(string) Mem, load loader, store storer)) {
	sig := "func(n int"
	for _, a := range arrays {
		sig += ", " + a + " *float32"
	}
	for _, c := range constants {
		sig += ", " + c + " float32"
	}
	u := step{v, map[string]reg.VecPhysical{}}
	setup := func() {
		for i, c := range constants {
			u.constants[c] = v.r[5+i]
			VBROADCASTSS(argument(c), v.r[5+i])
		}
		VMOVUPS(word(0x7f800000_7f800000), v.r[len(v.r)-2])
	}
	v.each(name, sig+")", arrays, setup, func(at func(string) Mem, load loader, store storer) { body(u, at, load, store) }, nil)
}

// times sets t = c·x.
func (u step) times(c string, x, t reg.VecPhysical) { VMULPS(u.constants[c], x, t) }

// flush zeroes the lanes of x below the smallest normal number: those without a bit of an exponent.
func (u step) flush(x reg.VecPhysical) {
	exponent, t := u.r[len(u.r)-2], u.r[4]
	if u.wide() {
		VPTESTMD(exponent, x, reg.K2)
		VMOVAPS_Z(x, reg.K2, x)
		return
	}
	VPAND(exponent, x, t)
	VPCMPEQD(word(0), t, t)
	VPANDN(x, t, x)
}

// decayed sets g = g + decay·w.
func (u step) decayed(g, w reg.VecPhysical) {
	t := u.r[4]
	u.times("decay", w, t)
	VADDPS(t, g, g)
	u.flush(g)
}

// average sets m = keep·m + t.
func (u step) average(keep string, m, t reg.VecPhysical) {
	u.times(keep, m, m)
	VADDPS(t, m, m)
	u.flush(m)
}

func (v isa) momentum(name string, nesterov bool) {
	v.update(name, []string{"w", "v", "grad"}, []string{"mu", "decay", "eta"}, func(u step, at func(string) Mem, load loader, store storer) {
		w, v, g, t := u.r[0], u.r[1], u.r[2], u.r[4]
		load(at("w"), w)
		load(at("v"), v)
		load(at("grad"), g)
		u.decayed(g, w)
		u.average("mu", v, g)
		store(v, at("v"))
		if nesterov {
			u.times("mu", v, v)
			VADDPS(v, g, v)
		}
		u.times("eta", v, t)
		VSUBPS(t, w, w)
		u.flush(w)
		store(w, at("w"))
	})
}

func (v isa) adam() {
	constants := []string{"beta1", "rest1", "beta2", "rest2", "decay", "keep", "eta", "eps"}
	v.update("adam", []string{"w", "m", "v", "grad"}, constants, func(u step, at func(string) Mem, load loader, store storer) {
		w, m, v, g, t := u.r[0], u.r[1], u.r[2], u.r[3], u.r[4]
		load(at("w"), w)
		load(at("m"), m)
		load(at("v"), v)
		load(at("grad"), g)
		u.decayed(g, w)
		u.times("rest1", g, t)
		u.average("beta1", m, t)
		store(m, at("m"))
		u.times("rest2", g, t)
		VMULPS(g, t, t)
		u.average("beta2", v, t)
		store(v, at("v"))
		VSQRTPS(v, v)
		VADDPS(u.constants["eps"], v, v)
		u.times("eta", m, m)
		VDIVPS(v, m, m)
		u.times("keep", w, w)
		VSUBPS(m, w, w)
		u.flush(w)
		store(w, at("w"))
	})
}

func (v isa) rmsprop() {
	constants := []string{"alpha", "rest", "mu", "decay", "eta", "eps"}
	v.update("rmsprop", []string{"w", "s", "v", "grad"}, constants, func(u step, at func(string) Mem, load loader, store storer) {
		w, s, v, g, t := u.r[0], u.r[1], u.r[2], u.r[3], u.r[4]
		load(at("w"), w)
		load(at("s"), s)
		load(at("v"), v)
		load(at("grad"), g)
		u.decayed(g, w)
		u.times("rest", g, t)
		VMULPS(g, t, t)
		u.average("alpha", s, t)
		store(s, at("s"))
		VSQRTPS(s, s)
		VADDPS(u.constants["eps"], s, s)
		VDIVPS(s, g, g)
		u.average("mu", v, g)
		store(v, at("v"))
		u.times("eta", v, t)
		VSUBPS(t, w, w)
		u.flush(w)
		store(w, at("w"))
	})
}
