package study

// LowestRho returns the ρ > 0 of lowest y, the mean over m of means over seeds, among those that have every m and most seeds; if there is
// none, among those with the most m. It is chosen on the y it shows, and so optimistic. Not ok where no trial with ρ > 0 has y.
func (t *Trials) LowestRho(y Field) (rho float64, ok bool) {
	type score struct{ cells, seeds, sum float64 }
	scores := map[float64]score{}
	for _, c := range t.Ascent().Cells(M, Rho, y) {
		if len(c.PerSeed) > 0 {
			s := scores[c.X]
			scores[c.X] = score{s.cells + 1, s.seeds + float64(len(c.PerSeed)), s.sum + c.Mean().Mean}
		}
	}
	var best score
	for _, r := range t.Rhos() {
		s, has := scores[r]
		if !has {
			continue
		}
		fuller := s.cells - best.cells
		if fuller == 0 {
			fuller = s.seeds - best.seeds
		}
		if !ok || fuller > 0 || fuller == 0 && s.sum < best.sum-Rounding {
			rho, best, ok = r, s, true
		}
	}
	return rho, ok
}
