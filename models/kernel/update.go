package kernel

import "math"

// This file is the steps of the optimizers over weights w and what an optimizer remembers of each. Every product, sum, quotient and root is
// rounded to float32 by itself. A gradient with its penalty, a moment, a velocity or a weight below the smallest normal number, 2⁻¹²⁶, becomes
// zero: what decays would otherwise end in denormal numbers, which many processors compute a hundred times slower, and stay there.

// normal returns x, or 0 below the smallest normal number. NaN stays.
func normal(x float32) float32 {
	if math.Float32bits(x)&0x7f800000 == 0 { // no bit of an exponent
		return 0
	}
	return x
}

// Momentum is the numbers of a step of gradient descent with momentum.
type Momentum struct {
	Mu, Decay, Eta float32 // μ, λ, η
	Nesterov       bool
}

// Step sets v_i = μv_i + (g_i + λw_i) and w_i −= ηv_i, or with Nesterov w_i −= η(g_i + λw_i + μv_i).
func (c Momentum) Step(w, v, g []float32) {
	if n := len(w); n > 0 {
		use.momentum(w, first(v, n), first(g, n), c)
	}
}

func momentumGo(w, v, g []float32, c Momentum) {
	for i, g := range g[:len(w)] {
		g = normal(g + float32(c.Decay*w[i]))
		v[i] = normal(float32(c.Mu*v[i]) + g)
		along := v[i]
		if c.Nesterov {
			along = g + float32(c.Mu*along)
		}
		w[i] = normal(w[i] - float32(c.Eta*along))
	}
}

// Adam is the numbers of a step of Adam.
type Adam struct {
	Beta1, Rest1 float32 // β₁, 1 − β₁
	Beta2, Rest2 float32 // β₂, 1 − β₂
	Decay, Keep  float32 // λ in the gradient; what a step leaves of a weight
	Eta, Eps     float32 // with the corrections of the moments in them
}

// Step sets m_i = β₁m_i + (1−β₁)(g_i + λw_i), v_i = β₂v_i + (1−β₂)(g_i + λw_i)² and w_i = Keep w_i − ηm_i/(√v_i + ε).
func (c Adam) Step(w, m, v, g []float32) {
	if n := len(w); n > 0 {
		use.adam(w, first(m, n), first(v, n), first(g, n), c)
	}
}

func adamGo(w, m, v, g []float32, c Adam) {
	for i, g := range g[:len(w)] {
		g = normal(g + float32(c.Decay*w[i]))
		m[i] = normal(float32(c.Beta1*m[i]) + float32(c.Rest1*g))
		v[i] = normal(float32(c.Beta2*v[i]) + float32(float32(c.Rest2*g)*g))
		w[i] = normal(float32(c.Keep*w[i]) - float32(c.Eta*m[i])/(root(v[i])+c.Eps))
	}
}

// RMSProp is the numbers of a step of RMSProp.
type RMSProp struct {
	Alpha, Rest    float32 // α, 1 − α
	Mu, Decay, Eta float32 // μ, λ, η
	Eps            float32
}

// Step sets s_i = αs_i + (1−α)(g_i + λw_i)², v_i = μv_i + (g_i + λw_i)/(√s_i + ε) and w_i −= ηv_i.
func (c RMSProp) Step(w, s, v, g []float32) {
	if n := len(w); n > 0 {
		use.rmsprop(w, first(s, n), first(v, n), first(g, n), c)
	}
}

func rmspropGo(w, s, v, g []float32, c RMSProp) {
	for i, g := range g[:len(w)] {
		g = normal(g + float32(c.Decay*w[i]))
		s[i] = normal(float32(c.Alpha*s[i]) + float32(float32(c.Rest*g)*g))
		v[i] = normal(float32(c.Mu*v[i]) + g/(root(s[i])+c.Eps))
		w[i] = normal(w[i] - float32(c.Eta*v[i]))
	}
}

// root returns √x rounded once: a root of a float32 lies too far from the middle of two for the float64 between to matter.
func root(x float32) float32 { return float32(math.Sqrt(float64(x))) }
