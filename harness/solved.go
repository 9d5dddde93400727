package harness

import (
	"slices"

	"msharp/models/ascent"
	"msharp/sharpness"
)

// solved is what a landscape has computed at its solution. Measures ask for it again and get the same bits without a pass over the split.
type solved struct {
	score *score
	g     []float32 // the gradient
	loss  float64   // that stands beside the gradient; its sum is another than the score's
	trace *float64  // of the Gauss-Newton matrix
	gains map[ascent.Rule]ascent.Gain
	rules []ascent.Rule // that measures are going to ask for: the first that asks for any takes all, which share clean passes
}

// around returns the landscape of a split around w, whose measures share what they compute there. w and the split must stay as they are.
// measures are those to come, as far as they are known.
func around(s *split, w, init []float32, measures []sharpness.Any) *landscape {
	l := &landscape{split: s, w: w, init: init, solved: &solved{gains: map[ascent.Rule]ascent.Gain{}}}
	for _, m := range measures {
		if n, ok := m.Spec.(sharpness.Needer); ok {
			l.solved.rules = append(l.solved.rules, n.Need().Rules...)
		}
	}
	return l
}

// shares reports whether w is the solution itself, where measures share what they compute.
func (l *landscape) shares(w []float32) bool {
	return l.solved != nil && len(w) == len(l.w) && len(w) > 0 && &w[0] == &l.w[0]
}

func (s *solved) scoreOf(l *landscape) score {
	if s.score == nil {
		at := l.split.score(l.w)
		s.score = &at
	}
	return *s.score
}

func (s *solved) gradOf(l *landscape, g []float32) float64 {
	if s.g == nil {
		s.g = make([]float32, len(l.w))
		s.loss = l.gradient(s.g, l.w)
	}
	copy(g, s.g)
	return s.loss
}

func (s *solved) traceOf(l *landscape) float64 {
	if s.trace == nil {
		trace := l.split.traceOf(l.w)
		s.trace = &trace
	}
	return *s.trace
}

func (s *solved) gainsOf(l *landscape, rules []ascent.Rule) []ascent.Gain {
	var lacking []ascent.Rule
	lack := func(rules []ascent.Rule) {
		for _, r := range rules {
			if _, ok := s.gains[r]; !ok && !slices.Contains(lacking, r) {
				lacking = append(lacking, r)
			}
		}
	}
	if lack(rules); len(lacking) > 0 {
		lack(s.rules)
		for i, g := range l.gainsOf(lacking) {
			s.gains[lacking[i]] = g
		}
	}
	gains := make([]ascent.Gain, len(rules))
	for i, r := range rules {
		gains[i] = s.gains[r]
	}
	return gains
}
