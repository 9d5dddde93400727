package folder

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"msharp/harness/record"
	"msharp/models/kind"
)

// Joined returns p with the trials of more, another plan of the same folder, in which Differences found none: those of p in their order,
// then those that only more has. A trial of both is asked everything that either plan asks. The error names a damaged line of p; it is a
// Refusal if the two cannot be asked together.
func (p *Plan) Joined(more *Plan) (*Plan, error) {
	now := make(map[string]Line, len(more.Lines))
	for _, l := range more.Lines {
		now[l.ID] = l
	}
	joined := &Plan{path: p.path}
	both := map[[2]string]json.RawMessage{} // many lines ask the same
	for i, l := range p.Lines {
		m, again := now[l.ID]
		if !again || l.Data != m.Data || !bytes.Equal(l.Config, m.Config) {
			if _, _, err := p.decode(i); err != nil {
				return nil, err
			}
		}
		if again {
			pair := [2]string{string(l.Asked), string(m.Asked)}
			if both[pair] == nil {
				ask, err := p.askedByEither(i, m.Asked)
				if err != nil {
					return nil, err
				}
				both[pair] = ask
			}
			l.Asked, l.Swept = both[pair], union(l.Swept, m.Swept)
			delete(now, l.ID)
		}
		joined.Lines = append(joined.Lines, l)
	}
	for _, l := range more.Lines {
		if _, fresh := now[l.ID]; fresh {
			joined.Lines = append(joined.Lines, l)
		}
	}
	return joined, nil
}

// askedByEither returns what line i or now asks. The error is a Refusal if the two cannot be asked together.
func (p *Plan) askedByEither(i int, now json.RawMessage) (json.RawMessage, error) {
	a, b := nothingAsked(), nothingAsked()
	if err := decodeJSON(p.Lines[i].Asked, &a); err != nil {
		return nil, p.damaged(i, kind.Under("asked", err))
	}
	if err := decodeJSON(now, &b); err != nil {
		return nil, kind.Under("asked", err)
	}
	apart := func(err error) error {
		return Refusal{fmt.Errorf("%s:%d: trial %s cannot have what is asked of it there and here: %w; choose another --out", p.path, i+1, p.Lines[i].ID, err)}
	}
	var err error
	if a.Asked, err = a.Asked.Joined(b.Asked); err != nil {
		return nil, apart(err)
	}
	a.KeepWeights = a.KeepWeights || b.KeepWeights
	ask, err := json.Marshal(kind.EncodeDiff(a, nothingAsked()))
	if err != nil {
		return nil, err
	}
	if err := decodeJSON(ask, new(asked)); err != nil {
		return nil, apart(err)
	}
	return ask, nil
}

// Differences lists what differs between the configurations of two plans; nil if they are the same. They are the same if, leaving out the
// keys that both sweep, some trial of one is a trial of the other: other measures, more values of a swept key, and a newly swept key that
// keeps the old value make no difference.
func (p *Plan) Differences(asked *Plan) []string {
	there := set(p.IDs())
	if slices.ContainsFunc(asked.Lines, func(l Line) bool { return there[l.ID] }) {
		return nil
	}
	both := slices.DeleteFunc(p.swept(), func(key string) bool { return !slices.Contains(asked.swept(), key) })
	clear(there)
	for _, l := range p.Lines {
		there[l.apart(both)] = true
	}
	if slices.ContainsFunc(asked.Lines, func(l Line) bool { return there[l.apart(both)] }) {
		return nil
	}
	old, now := p.Lines[0].settings(both), asked.Lines[0].settings(both)
	keys := maps.Clone(old)
	maps.Copy(keys, now)
	text := func(v any, ok bool) string {
		if !ok {
			return "absent"
		}
		return record.Text(v)
	}
	var diff []string
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		a, inA := old[key]
		b, inB := now[key]
		if inA != inB || !record.Same(a, b) {
			diff = append(diff, fmt.Sprintf("%s is %s there and %s here", key, text(a, inA), text(b, inB)))
		}
	}
	return diff
}

// swept returns the keys that were swept.
func (p *Plan) swept() (keys []string) {
	for _, l := range p.Lines {
		keys = union(keys, l.Swept)
	}
	return keys
}

// settings returns a line's dotted settings without the given keys and what is in them.
func (l Line) settings(without []string) map[string]any {
	s := (record.Record{Config: l.Settings()}).Dotted()
	maps.DeleteFunc(s, func(key string, _ any) bool {
		return slices.ContainsFunc(without, func(a string) bool { return key == a || strings.HasPrefix(key, a+".") })
	})
	return s
}

// apart is settings as a text: equal settings, equal texts.
func (l Line) apart(without []string) string {
	text, err := json.Marshal(l.settings(without))
	if err != nil {
		panic(err) // it was JSON
	}
	return string(text)
}
