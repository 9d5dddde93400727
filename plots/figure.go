package plots

import (
	"fmt"

	"msharp/harness/parallel"
	"msharp/harness/study"
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
