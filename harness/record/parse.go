package record

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"
)

// parse returns the record on a line of a record file.
func parse(line []byte) (r Record, err error) {
	if len(bytes.TrimSpace(line)) == 0 {
		return r, errors.New("empty line")
	}
	if err := json.Unmarshal(line, &r); err != nil {
		return r, Fault(err)
	}
	if !utf8.Valid(line) {
		return r, errors.New("invalid UTF-8")
	}
	if r.Values.Numbers == nil {
		r.Values.Numbers = map[string]Number{}
	}
	return r, check(r)
}

// check returns why r is not a record, or nil.
func check(r Record) error {
	switch {
	case r.ID == "":
		return errors.New("no id")
	case r.Status != "" && !r.Status.Final() && r.Status != Failed:
		return fmt.Errorf("unknown status %q", r.Status)
	}
	return nil
}
