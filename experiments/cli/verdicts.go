package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"msharp/harness/folder"
	"msharp/harness/record"
	"msharp/harness/verdict"
)

// writeVerdicts writes verdicts.json.
func writeVerdicts(out folder.Dir, vs []verdict.Verdict) error {
	if vs == nil {
		vs = []verdict.Verdict{} // an array, in JSON too
	}
	return folder.WriteJSON(out.Verdicts(), vs)
}

// readVerdicts returns the verdicts of a folder, nil where there are none.
func readVerdicts(out folder.Dir) (vs []verdict.Verdict, err error) {
	text, err := os.ReadFile(out.Verdicts())
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
