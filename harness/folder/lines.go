package folder

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"msharp/harness/config"
	"msharp/harness/limits"
	"msharp/harness/record"
)

// lineReader reads the lines of a plan. Lines share what is equal in them, and that is read once, so that a plan of a million trials takes
// little memory and time.
type lineReader struct {
	frames  map[frame]Line
	members []map[string]string // of settings, by place: JSON, with the comma before
	line    [][]byte            // in pieces
	text    [][]byte            // of its settings, likewise
}

// frame is a line without its id and its settings: what stands between them, and what stands behind.
type frame struct{ between, behind string }

// remembered is how much of one sort is remembered at most.
const remembered = 1 << 16

func newLineReader() *lineReader { return &lineReader{frames: map[frame]Line{}} }

// read reads one line.
func (r *lineReader) read(line []byte) (Line, error) {
	if l, ok := r.quick(bytes.TrimSuffix(line, []byte("\n"))); ok {
		return l, nil
	}
	return plainLine(line)
}

// plainLine reads any line.
func plainLine(line []byte) (l Line, err error) {
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.DisallowUnknownFields()
	err = dec.Decode(&l)
	switch {
	case err == io.EOF:
		return l, errors.New("an empty line")
	case err != nil:
		return l, record.Fault(err)
	case dec.More():
		return l, errors.New("something follows the trial")
	case !trialID.MatchString(l.ID):
		return l, fmt.Errorf("%q is no trial's id; expected 16 hexadecimal digits", l.ID)
	}
	return l, nil
}

// quick reads a line that is as Plan.Write writes it: the id is first, and the settings are last but one.
func (r *lineReader) quick(line []byte) (l Line, ok bool) {
	r.line = slices.AppendSeq(r.line[:0], config.Pieces(line))
	last := len(r.line) - 1
	if last < 4 || !bytes.Equal(r.line[last], []byte("}")) {
		return l, false
	}
	open, id, settings, behind := r.line[0], r.line[1], r.line[last-2], r.line[last-1]
	between := line[len(open)+len(id) : len(line)-1-len(behind)-len(settings)]
	id, first := bytes.CutPrefix(id, []byte(`"id":"`))
	id, whole := bytes.CutSuffix(id, []byte(`"`))
	if !first || !whole || !trialID.Match(id) {
		return l, false
	}
	if l, ok = r.frame(between, behind); !ok {
		return l, false
	}
	l.ID = string(id)
	l.Config, ok = r.settings(settings)
	return l, ok
}

// frame reads a line without its id and its settings.
func (r *lineReader) frame(between, behind []byte) (l Line, ok bool) {
	if l, ok = r.frames[frame{string(between), string(behind)}]; ok {
		return l, true
	}
	f := frame{string(between), string(behind)}
	dec := json.NewDecoder(strings.NewReader("{" + strings.TrimPrefix(f.between+f.behind, ",") + "}"))
	dec.DisallowUnknownFields()
	const none = "no id"
	l.ID = none
	if !strings.HasPrefix(f.behind, `,"`) || dec.Decode(&l) != nil || l.ID != none || l.Config != nil {
		return l, false
	}
	if len(r.frames) < remembered {
		r.frames[f] = l
	}
	return l, true
}

// settings reads the member with the settings, if they are a JSON object.
func (r *lineReader) settings(member []byte) (t config.Text, ok bool) {
	text, ok := bytes.CutPrefix(member, []byte(`,"config":`))
	r.text = slices.AppendSeq(r.text[:0], config.Pieces(text))
	last := len(r.text) - 1
	if !ok || last < 1 || !bytes.Equal(r.text[0], []byte("{")) || !bytes.Equal(r.text[last], []byte("}")) {
		return nil, false
	}
	t = make(config.Text, 0, len(r.text))
	t = append(t, "{")
	for i, member := range r.text[1:last] {
		known, ok := r.member(i, member)
		if !ok {
			return nil, false
		}
		t = append(t, known)
	}
	return append(t, "}"), true
}

// member returns member i of settings, if it is JSON.
func (r *lineReader) member(i int, member []byte) (text string, ok bool) {
	if i == len(r.members) {
		r.members = append(r.members, map[string]string{})
	}
	if text, ok = r.members[i][string(member)]; ok {
		return text, true
	}
	text = string(member)
	alone, comma := strings.CutPrefix(text, ",")
	if comma != (i > 0) || !strings.HasPrefix(alone, `"`) || !json.Valid([]byte("{"+alone+"}")) {
		return "", false
	}
	if len(r.members[i]) < remembered {
		r.members[i][text] = text
	}
	return text, true
}

// readLine reads a line with its end into into, or into a larger slice; it is empty at the end of the file.
func readLine(in *bufio.Reader, into []byte) ([]byte, error) {
	line := into[:0]
	for {
		part, err := in.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case err == io.EOF || err == nil:
			return line, nil
		case err != bufio.ErrBufferFull:
			return nil, err
		case int64(len(line)) > limits.Line.Bytes:
			return nil, fmt.Errorf("a line is longer than %v", limits.Line)
		}
	}
}

// expected returns about how many lines a file has whose first is so many bytes, a million at most.
func expected(file *os.File, first int) int {
	info, err := file.Stat()
	if err != nil {
		return 0
	}
	return int(min(info.Size()/int64(first)+1, 1_000_000))
}
