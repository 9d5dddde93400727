package plots

// Of more than a picture can show, it shows a sample.
const (
	mostDots    = 5000 // models in a panel of a scatter
	mostSeeds   = 200  // of a row of differences
	mostBunched = 24   // markers around one position
)
