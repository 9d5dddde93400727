package cli

import (
	"bytes"
	"testing"
	"time"
)

// How far planning is, is said after two seconds, and then as often at most.
func TestPlanningIsTold(t *testing.T) {
	t.Parallel()
	var talk bytes.Buffer
	at := time.Now()
	tell := (&session{talk: &talk}).sayPlanned(func() time.Time { return at })
	for n := 1000; n <= 1_000_000; n += 1000 {
		at = at.Add(7 * time.Millisecond)
		tell(n, 1_000_000)
	}
	const want = "planned 286,000 of 1,000,000 trials\nplanned 572,000 of 1,000,000 trials\nplanned 858,000 of 1,000,000 trials\n"
	if talk.String() != want {
		t.Errorf("it says\n%s", &talk)
	}
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 12345: "12,345", 1234567: "1,234,567"} {
		if got := grouped(n); got != want {
			t.Errorf("%d is %s", n, got)
		}
	}
}
