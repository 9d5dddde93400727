package folder

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"msharp/harness/record"
	"msharp/models/kind"
)

// Joined returns p with the trials of more, another plan of the same folder, in which Differences found none: those of p in their order,
// then those that only more has. A trial of both is asked everything that either plan asks. The error names a damaged line of p; it is a
// Refusal if the two cannot be asked together.
func (p *Plan) Joined(more *Plan) (*Plan, error) {
	now := make(map[string]int, len(more.Lines))
	for i, l := range more.Lines {
		now[l.ID] = i
	}
	joined := &Plan{path: p.path, Lines: make([]Line, 0, max(len(p.Lines), len(more.Lines)))}
	both := map[[2]string]json.RawMessage{} // many lines ask the same
	var before struct{ old, now, union []string }
	for i, l := range p.Lines {
		at, again := now[l.ID]
		var m Line
		if again {
			m = more.Lines[at]
		}
		if !again || l.Data != m.Data || !l.Config.Equal(m.Config) {
			if _, _, err := p.decode(i); err != nil {
				return nil, err
			}
		}
		if again {
			ask := both[[2]string{string(l.Asked), string(m.Asked)}]
			if ask == nil {
				var err error
				if ask, err = p.askedByEither(i, m.Asked); err != nil {
					return nil, err
				}
				both[[2]string{string(l.Asked), string(m.Asked)}] = ask
			}
			if !slices.Equal(l.Swept, before.old) || !slices.Equal(m.Swept, before.now) {
				before.old, before.now, before.union = l.Swept, m.Swept, union(l.Swept, m.Swept)
			}
			l.Asked, l.Swept = ask, before.union
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
	now := asked.swept()
	both := slices.DeleteFunc(p.swept(), func(key string) bool { return !slices.Contains(now, key) })
	kept, apart := map[[sha256.Size]byte]bool{}, newApart(both)
	for _, l := range p.Lines {
		kept[apart.hash(l.Config)] = true
	}
	if slices.ContainsFunc(asked.Lines, func(l Line) bool { return kept[apart.hash(l.Config)] }) {
		return nil
	}
	return differences(apart.settings(p.Lines[0].Config), apart.settings(asked.Lines[0].Config))
}

// differences lists what differs between two trials' dotted settings.
func differences(old, now map[string]any) (diff []string) {
	keys := maps.Clone(old)
	maps.Copy(keys, now)
	text := func(v any, ok bool) string {
		if !ok {
			return "absent"
		}
		return record.Text(v)
	}
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
	var before []string
	for _, l := range p.Lines {
		if !slices.Equal(l.Swept, before) {
			keys, before = union(keys, l.Swept), l.Swept
		}
	}
	return keys
}
