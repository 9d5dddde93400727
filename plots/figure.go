package plots

import (
	"fmt"
	"slices"
	"strings"

	"msharp/harness/parallel"
	"msharp/harness/study"
	"msharp/models/kind"
)

// Figure says what a chart shows; Draw draws it from a study.
type Figure interface {
	Name() string // of its files, without extension
	Draw(t *study.Trials) (Drawing, error)
}

// DrawAll draws every figure. A figure that the records cannot make is among the drawings too, with the reason: see Drawing.Skipped.
func DrawAll(figs []Figure, t *study.Trials) ([]Drawing, error) {
	errs := make([]error, len(figs))
	ds := parallel.Map(len(figs), func(i int) (d Drawing) {
		d, errs[i] = figs[i].Draw(t)
		return d
	})
	for i, err := range errs {
		if err != nil {
			return nil, fmt.Errorf("figure %s: %w", figs[i].Name(), err)
		}
	}
	return ds, nil
}

// Named are the figures of the given names, in the order of the names, each once. Spaces around a name do not count. Every name must be there.
func Named(figures []Figure, names []string) (some []Figure, err error) {
	var known []string
	for _, f := range figures {
		known = append(known, f.Name())
	}
	for _, name := range names {
		name = strings.TrimSpace(name)
		i := slices.Index(known, name)
		if i < 0 {
			return nil, &kind.Error{Value: name, Problem: "no figure", Expected: "one of " + strings.Join(known, ", "), Nearest: kind.Nearest(name, known)}
		}
		if !slices.ContainsFunc(some, func(f Figure) bool { return f.Name() == name }) {
			some = append(some, figures[i])
		}
	}
	return some, nil
}
