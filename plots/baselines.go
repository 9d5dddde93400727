package plots

import (
	"math"
	"regexp"
	"slices"
	"strconv"

	"msharp/harness/record"
)

// named is a number of a model that is no sharpness: what a measure has to beat.
type named struct {
	name   string // as a figure shows it: "train loss"
	column string // as a CSV names it: "train_loss"
	x      Field
}

// rivals are the numbers that every figure sets beside a measure, where they vary among rs: ρ, fit, gradient, weights, a bound, and the
// swept hyperparameters.
func rivals(rs []run) (out []named) {
	all := []named{
		{"ρ alone", "rho", Rho},
		{"train loss", "train_loss", Value("train_loss")},
		{"gradient norm", "gradnorm", Value("gradnorm")},
		{"‖w‖", "norm", Value("norm")},
		{"‖w − w₀‖", "distance", Value("distance")},
	}
	if column := bound(rs); column != "" {
		all = append(all, named{"PAC-Bayes bound", column, Value(column)})
	}
	for _, n := range append(all, hyperparameters(rs)...) {
		if varies(rs, n.x) {
			out = append(out, n)
		}
	}
	return out
}

var pacbayes = regexp.MustCompile(`^pacbayes\(rho=([-+.\deE]+)\)$`)

// bound is the column of the PAC-Bayes bound at ρ = .05 or, without it, at the least one in the records; empty where there is none.
func bound(rs []run) string {
	found, least := "", math.Inf(1)
	for _, name := range valueNames(rs) {
		f := pacbayes.FindStringSubmatch(name)
		if f == nil {
			continue
		}
		rho, err := strconv.ParseFloat(f[1], 64)
		if rho == .05 {
			rho = 0
		}
		if err == nil && rho < least {
			found, least = name, rho
		}
	}
	return found
}

// varies says that two finished runs of one seed differ in x.
func varies(rs []run, x Field) bool {
	first := map[uint64]float64{}
	for _, r := range rs {
		v, ok := x.finite(r)
		if !ok || r.diverged {
			continue
		}
		if w, seen := first[r.seed]; seen && v != w {
			return true
		} else if !seen {
			first[r.seed] = v
		}
	}
	return false
}

// hyperparameters are the swept keys beside ρ, m and the seed that are numbers; a list of layers gives a width and a depth.
func hyperparameters(rs []run) (out []named) {
	keys, _ := alsoSwept(rs)
	for _, key := range keys {
		if _, ok := record.Float(rs[0].config[key]); ok {
			out = append(out, named{keyName(key), key, Key(key)})
			continue
		}
		out = append(out, named{"width", key + ".width", layer(key, "width", func(l []float64) float64 { return l[0] })},
			named{"depth", key + ".depth", layer(key, "depth", func(l []float64) float64 { return float64(len(l)) })})
	}
	return slices.DeleteFunc(out, func(n named) bool { return !varies(rs, n.x) })
}

// layer is the Field of something about a list of numbers in the configuration; not ok where it is none, or empty.
func layer(key, what string, of func([]float64) float64) Field {
	number := func(v any) (float64, bool) {
		list, _ := v.([]any)
		xs := make([]float64, len(list))
		for i, x := range list {
			var ok bool
			if xs[i], ok = record.Float(x); !ok {
				return nan, false
			}
		}
		if len(xs) == 0 {
			return nan, false
		}
		return of(xs), true
	}
	return Field{
		Name: key + "." + what,
		Of:   func(r record.Record) (float64, bool) { v, _ := r.Setting(key); return number(v) },
		of:   func(r run) (float64, bool) { return number(r.at(key)) },
	}
}

// helped is the power of a rival, turned round where that is better, its name with it: a number that is no sharpness makes no claim
// about its sign.
func (n named) helped(p power) baseline {
	b := baseline{n.name, n.column, p}
	if !(p.within.Mean < 0) {
		return b
	}
	b.name, b.column = "−"+b.name, "-"+b.column
	b.within = negative(p.within)
	b.seeds = map[uint64]float64{}
	for s, v := range p.seeds {
		b.seeds[s] = -v
	}
	return b
}
