package data

import (
	"fmt"
	"strconv"

	"github.com/sjwhitworth/golearn/base"
	"github.com/sjwhitworth/golearn/evaluation"
)

// Confusion returns counts [true class][predicted class] over examples with labels truth.
func Confusion(classes int, truth, predicted []int) ([][]int, error) {
	counts := make([][]int, classes)
	for c := range counts {
		counts[c] = make([]int, classes)
	}
	if len(truth) == 0 {
		return counts, nil
	}
	class := base.NewCategoricalAttribute()
	for c := range classes {
		class.GetSysValFromString(strconv.Itoa(c)) // numbers the classes in order, the same in both grids
	}
	want, err := classColumn(class, truth)
	if err != nil {
		return nil, err
	}
	got, err := classColumn(class, predicted)
	if err != nil {
		return nil, err
	}
	matrix, err := evaluation.GetConfusionMatrix(want, got)
	if err != nil {
		return nil, fmt.Errorf("confusion matrix: %w", err)
	}
	for t := range counts {
		for p := range counts {
			counts[t][p] = matrix[strconv.Itoa(t)][strconv.Itoa(p)]
		}
	}
	return counts, nil
}

// classColumn is a golearn grid of one class column.
func classColumn(class *base.CategoricalAttribute, values []int) (*base.DenseInstances, error) {
	grid := base.NewDenseInstances()
	spec := grid.AddAttribute(class)
	if err := grid.AddClassAttribute(class); err != nil {
		return nil, err
	}
	if err := grid.Extend(len(values)); err != nil {
		return nil, err
	}
	for i, v := range values {
		grid.Set(spec, i, class.GetSysValFromString(strconv.Itoa(v)))
	}
	return grid, nil
}
