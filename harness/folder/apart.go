package folder

import (
	"crypto/sha256"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"msharp/harness/config"
	"msharp/harness/record"
)

// apart compares settings apart from some dotted keys and what is in them.
type apart struct {
	keys   []string
	known  map[string]string // what a member is without the keys, by member
	pieces []string
	text   []byte
}

func newApart(keys []string) *apart { return &apart{keys: keys, known: map[string]string{}} }

// settings returns dotted settings without the keys.
func (a *apart) settings(t config.Text) map[string]any {
	s := (record.Record{Config: t.Map()}).Dotted()
	maps.DeleteFunc(s, func(key string, _ any) bool {
		return slices.ContainsFunc(a.keys, func(k string) bool { return key == k || strings.HasPrefix(key, k+".") })
	})
	return s
}

// hash returns the same for equal settings, and otherwise another.
func (a *apart) hash(t config.Text) [sha256.Size]byte {
	a.pieces, a.text = a.pieces[:0], a.text[:0]
	for member := range t.Members() {
		a.pieces = append(a.pieces, a.piece(member))
	}
	slices.Sort(a.pieces)
	for _, piece := range a.pieces {
		a.text = append(a.text, piece...)
	}
	return sha256.Sum256(a.text)
}

// piece returns the settings of one member as a text, "" if nothing of it is left.
func (a *apart) piece(member string) string {
	if key, _, _ := strings.Cut(strings.TrimPrefix(member, `"`), `"`); slices.Contains(a.keys, key) {
		return ""
	}
	if known, ok := a.known[member]; ok {
		return known
	}
	piece := ""
	if left := a.settings(config.Text{"{", member, "}"}); len(left) > 0 {
		text, err := json.Marshal(left)
		if err != nil {
			panic(err) // it was JSON
		}
		piece = string(text) + "\n"
	}
	if len(a.known) < remembered {
		a.known[member] = piece
	}
	return piece
}
