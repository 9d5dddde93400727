package page

import (
	"slices"
	"strconv"

	"msharp/harness/study"
)

// pageWatched is what a trial watched along its training, as the page's script reads it.
type pageWatched struct {
	Unit string            `json:"unit"`
	At   []int             `json:"at"`
	Of   []pageColumnAlong `json:"of"`
}

// pageColumnAlong is a measure, a number a look.
type pageColumnAlong struct {
	Name string     `json:"name"`
	Y    pageSeries `json:"y"`
}

// mostLooks is how many looks of a trial the page has; of more about every so many, and the last.
const mostLooks = 100

// watchedTo is how many digits it has of each.
const watchedTo = 4

// newPageWatched is nil where nothing was watched. Details of a measure are left out where there is more than details.
func newPageWatched(r study.Trial) *pageWatched {
	seen := map[string]bool{}
	for name := range r.Watch.Values {
		seen[name] = true
	}
	names := study.SortedTexts(seen)
	if main := slices.DeleteFunc(slices.Clone(names), study.IsDetail); len(main) > 0 {
		names = main
	}
	looks := r.Looks()
	if len(looks) == 0 || len(names) == 0 {
		return nil
	}
	w := &pageWatched{Unit: r.Watch.Unit}
	step := (len(looks) + mostLooks - 1) / mostLooks
	var some []study.Look
	for i, look := range looks {
		if i%step == 0 || i == len(looks)-1 {
			some, w.At = append(some, look), append(w.At, look.At)
		}
	}
	for _, name := range names {
		of := pageColumnAlong{Name: name}
		for _, look := range some {
			v, _ := look.Value(name)
			of.Y = append(of.Y, toDigits(v, watchedTo))
		}
		w.Of = append(w.Of, of)
	}
	return w
}

// toDigits is v rounded to so many significant digits.
func toDigits(v float64, digits int) float64 {
	out, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', digits, 64), 64)
	if err != nil {
		return v
	}
	return out
}
