package foret2021

import (
	"math"
	"slices"
	"strings"
	"testing"

	"msharp/plots"
)

// Digitised numbers keep the claims of the paper's figure: over ρ the least error is at m = 4, then 1, 16 and 256.
func TestErrorKeepsThePapersClaim(t *testing.T) {
	bottom := map[string]float64{}
	for _, p := range Error().Points {
		if low, seen := bottom[p.Series]; !seen || p.Y < low {
			bottom[p.Series] = p.Y
		}
	}
	if len(bottom) != 6 || math.Abs(bottom["rho=0"]-5.35) > 1e-9 {
		t.Fatal(bottom)
	}
	if !(bottom["m=4"] < bottom["m=1"] && bottom["m=1"] < bottom["m=16"] && bottom["m=16"] < bottom["m=256"]) {
		t.Error(bottom)
	}
}

func TestNumbers(t *testing.T) {
	if of := Information().Points; len(of) != 10 || of[0] != (plots.Point{Series: "task 1", X: 1, Y: .05}) {
		t.Error(of)
	}
	if of := Noise().Points; len(of) != 8 || math.Abs(of[0].Y-15.2) > 1e-9 || math.Abs(of[7].Y-22.1) > 1e-9 {
		t.Error(of)
	}
}

// The caption of a panel says all that its notes do, so that a figure without notes need not repeat them.
func TestCaptionsTellTheNotes(t *testing.T) {
	for _, e := range []plots.Extra{Error(), Information(), Noise()} {
		caption := strings.FieldsFunc(strings.ToLower(e.Caption), func(r rune) bool { return strings.ContainsRune(" .,:()", r) })
		if len(e.Panel.Notes) == 0 {
			t.Errorf("%s has no notes", e.Panel.Title)
		}
		for _, note := range e.Panel.Notes {
			for _, word := range strings.FieldsFunc(strings.ToLower(note), func(r rune) bool { return strings.ContainsRune(" .,:()", r) }) {
				if word != "of" && !slices.Contains(caption, word) {
					t.Errorf("%q is in the note %q, not in %q", word, note, e.Caption)
				}
			}
		}
	}
}
