// Package elementary holds elementary functions that give the same bits on every machine. Those of package math do not: some processors have an
// assembly of their own, and for others the compiler fuses a product and a sum into one operation with one rounding. Here every
// product is rounded by an explicit conversion, which forbids that.
//
// Package kernel has Exp, Log1p, Tanh and SechSquared in vectors, operation by operation as they stand here.
package elementary

import "math"

// ln 2 in two parts; the product of the first with a whole number below 2²⁰ is exact.
const (
	ln2Hi = 0x1.62e42feep-1
	ln2Lo = 0x1.a39ef35793c76p-33
)

var infinite = math.Inf(1)
