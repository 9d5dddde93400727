package page

import (
	"strconv"

	"msharp/harness/record"
)

// pageCurves is the curves of a trial as the page's script reads them, a number an epoch.
type pageCurves struct {
	Epoch     []int      `json:"epoch,omitempty"` // nil for 1, 2, 3, ...
	Clean     pageSeries `json:"clean"`
	Perturbed pageSeries `json:"perturbed"` // nil where there is no ascent: it is the clean loss
	ValError  pageSeries `json:"val"`       // nil without a validation split
}

// newPageCurves is nil without epochs.
func newPageCurves(epochs []record.Epoch) *pageCurves {
	if len(epochs) == 0 {
		return nil
	}
	c := &pageCurves{}
	ascent, validated, regular := false, false, true
	for i, e := range epochs {
		c.Epoch = append(c.Epoch, e.Epoch)
		c.Clean = append(c.Clean, float64(e.TrainLoss))
		c.Perturbed = append(c.Perturbed, float64(e.PerturbedLoss))
		c.ValError = append(c.ValError, float64(e.ValError))
		ascent = ascent || e.PerturbedLoss != e.TrainLoss && (finite(e.PerturbedLoss) || finite(e.TrainLoss))
		validated = validated || finite(e.ValError)
		regular = regular && e.Epoch == i+1
	}
	if !ascent {
		c.Perturbed = nil
	}
	if !validated {
		c.ValError = nil
	}
	if regular {
		c.Epoch = nil
	}
	return c
}

// pageSeries is rounded numbers; null where they are not finite.
type pageSeries []float64

func (s pageSeries) MarshalJSON() ([]byte, error) {
	if s == nil {
		return []byte("null"), nil
	}
	b := []byte{'['}
	for i, v := range s {
		if i > 0 {
			b = append(b, ',')
		}
		if finite(v) {
			b = strconv.AppendFloat(b, v, 'g', roundTo, 64)
		} else {
			b = append(b, "null"...)
		}
	}
	return append(b, ']'), nil
}
