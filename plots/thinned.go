package plots

// A figure that has more than a picture can show draws a sample, and its caption says so.
const (
	mostDots    = 5000 // models in a panel of a scatter
	mostSeeds   = 200  // of a row of differences
	mostBunched = 24   // markers around one position
	mostGiven   = 30   // seeds whose τ given the setting is drawn: its work grows with their fourth power
)
