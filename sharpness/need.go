package sharpness

import "msharp/models/ascent"

// Need is what a Measure needs memory for.
type Need struct {
	Bytes int           // that Of holds at a time for each weight
	Fixed int           // bytes that it holds besides, whatever the network
	Grad  bool          // whether it calls Landscape.Grad
	Rules []ascent.Rule // that it passes to Landscape.AscentGains

	Responses bool // whether it calls Landscape.Responses
	Features  int  // most examples of which Of holds the features, in float32, and twice their smaller square in float64
	PathNorm  bool // whether it calls Landscape.PathNorm

	SecondOrder bool // whether it calls Landscape.HessVec or GaussNewtonVec
	Trace       bool // whether it calls Landscape.GaussNewtonTrace
	Examples    int  // most examples that it asks Landscape.ExampleProducts for; -1 is all; 0 is that it does not ask
	PairBytes   int  // that Of holds at a time for each ordered pair of these; for each alone it may hold a kilobyte
}

// Needer is a Measure that says what it needs. Of any other more is assumed than most need: see NeedOf.
type Needer interface {
	Measure
	Need() Need
}

// NeedOf returns what m needs; if m does not say, four float64s a weight, gradients, one-step ascents of groups of every size,
// second-order products, responses and the path norm.
func NeedOf(m Measure) Need {
	if n, ok := m.(Needer); ok {
		return n.Need()
	}
	n := Need{Bytes: 32, Grad: true, SecondOrder: true, Trace: true, Responses: true, PathNorm: true}
	for _, size := range []int{1, 2, 4, 8, 16, 32, 64, 128, 256, 0} {
		n.Rules = append(n.Rules, ascent.Rule{Rho: 1, M: size})
	}
	return n
}
