package main

import (
	"testing"

	"msharp/experiments/claims/claimstest"
)

func TestClaims(t *testing.T) {
	claimstest.Whole(t, figure3)
	claimstest.True(t, figure3, claimstest.Flagship.Records(2, claimstest.AsPublished), "predictive-power-falls-loss")
}

func TestClaimsOnBadInput(t *testing.T) {
	claimstest.BadInput(t, figure3, "error-rises-with-m", "u-shape", "best-rho-moves-right", "tuned-small-m-wins", "curves-cross",
		"predictive-power-falls")
}

func TestFindingIsMadeOfVerdicts(t *testing.T) {
	claimstest.Finding(t, "msweep", figure3, claimstest.Flagship)
}
