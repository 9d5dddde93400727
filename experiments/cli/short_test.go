package cli

import "testing"

// notShort skips a test in go test -short, and says why it is long.
func notShort(t *testing.T, why string) {
	t.Helper()
	if testing.Short() {
		t.Skip("left out of -short: it " + why)
	}
}
