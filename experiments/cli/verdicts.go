package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"msharp/harness/record"
	"msharp/harness/verdict"
)

// writeVerdicts writes verdicts.json.
func writeVerdicts(out string, vs []verdict.Verdict) error {
	if vs == nil {
		vs = []verdict.Verdict{} // an array, in JSON too
	}
	return writeJSON(filepath.Join(out, "verdicts.json"), vs)
}

// readVerdicts returns the verdicts of a folder, nil where there are none.
func readVerdicts(out string) (vs []verdict.Verdict, err error) {
	text, err := os.ReadFile(filepath.Join(out, "verdicts.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, &vs); err != nil {
		return nil, fmt.Errorf("verdicts.json: %w", record.Fault(err))
	}
	return vs, nil
}
