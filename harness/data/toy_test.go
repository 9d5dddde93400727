package data_test

import (
	"msharp/harness/data"
	"msharp/models"
)

// toy shows all that a new data set needs; once in the table it is under the contract tests.
type toy struct {
	data.Split `yaml:",inline"`
}

var _ = data.Table.Add("toy", func() data.Spec { return &toy{data.Split{Train: 20, Val: 10}} })

func (*toy) Load(string) (*data.Source, error) {
	return &data.Source{
		Shape: models.Shape{C: 2, H: 1, W: 3}, Classes: 2, ClassNames: []string{"even", "odd"}, Pool: numbers(99),
		SHA256: "0000000000000000000000000000000000000000000000000000000000000000", Origin: "counting",
	}, nil
}

// numbers is that many examples; the last channel does not vary.
type numbers int

func (n numbers) Len() int      { return int(n) }
func (numbers) Label(i int) int { return i % 2 }
func (numbers) Row(x []float64, i int) {
	copy(x, []float64{float64(i), 0.1, float64(i * i), 0.1, float64(i), 0.1})
}
