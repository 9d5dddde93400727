package data

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

func TestConfusionCounts(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	const classes = 12 // two digits: the classes' names do not sort as their numbers
	truth, predicted := make([]int, 500), make([]int, 500)
	want := make([][]int, classes)
	for c := range want {
		want[c] = make([]int, classes)
	}
	for i := range truth {
		truth[i], predicted[i] = r.IntN(classes-1), r.IntN(classes) // the last class is never true
		want[truth[i]][predicted[i]]++
	}
	got, err := Confusion(classes, truth, predicted)
	if err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
