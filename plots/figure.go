package plots

import (
	"fmt"

	"msharp/harness/parallel"
	"msharp/harness/study"
)

// Figure is a chart at rest: what goes on each visual dimension.
type Figure interface {
	Name() string // of its files, without extension
	Draw(t *study.Trials) (Drawing, error)
}

// DrawAll draws every figure, those that the records do not make included: see Drawing.Skipped.
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
