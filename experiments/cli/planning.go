package cli

import (
	"fmt"
	"strconv"
	"time"
)

// betweenLines is the least time between two lines of how far planning is, and before the first.
const betweenLines = 2 * time.Second

// planning returns what says how far planning is, to those who are kept waiting.
func (s *session) planning(quiet bool) func(planned, of int) {
	if quiet {
		return func(planned, of int) {}
	}
	return s.sayPlanned(time.Now)
}

func (s *session) sayPlanned(now func() time.Time) func(planned, of int) {
	said := now()
	return func(planned, of int) {
		if at := now(); at.Sub(said) >= betweenLines {
			said = at
			fmt.Fprintf(s.talk, "planned %s of %s trials\n", grouped(planned), grouped(of))
		}
	}
}

// grouped writes a number with a comma before each three digits: 1,000,000.
func grouped(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
