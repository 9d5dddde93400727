package cli

import (
	"encoding/json"
	"strings"

	"msharp/harness/config"
	"msharp/harness/record"
)

// agenda is those of a claim's trials that its process runs. It lies beside the claim.
type agenda struct{ Train, Measure []string }

func agendaPath(claim string) string { return strings.TrimSuffix(claim, ".json") + ".agenda" }

// announce says which trials a claim's process is about to run. It is for those who look; a disk that has no room for it stops nothing.
func (c *claim) announce(missing, kept []config.Trial) {
	measured := idSet(kept)
	var a agenda
	for _, id := range ids(missing) {
		if measured[id] {
			a.Measure = append(a.Measure, id)
		} else {
			a.Train = append(a.Train, id)
		}
	}
	if text, err := json.Marshal(a); err == nil {
		record.WriteFile(agendaPath(c.path), text)
	}
}
