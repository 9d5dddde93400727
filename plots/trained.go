package plots

import (
	"fmt"
	"strings"

	"msharp/harness/record"
)

// models says in words what was trained, where all runs agree: "MLP on MNIST, 1024 training examples".
func models(rs []run) string {
	one := func(key string) (string, bool) {
		vs := distinct(rs, func(r run) string { return record.Text(r.config[key]) })
		return vs[0], len(vs) == 1 && vs[0] != ""
	}
	s := "the models"
	if kind, ok := one("model.kind"); ok {
		s = strings.ToUpper(kind)
	}
	if kind, ok := one("data.kind"); ok {
		s += " on " + strings.ToUpper(kind)
	}
	if n, ok := one("data.train"); ok {
		if v, err := fmt.Sscan(n, new(float64)); v == 1 && err == nil {
			s += ", " + n + " training examples"
		}
	}
	if levels := distinct(rs, noiseOf); len(levels) == 1 && levels[0] > 0 {
		s += ", " + short(100*levels[0]) + " % of their labels wrong"
	}
	return s
}
