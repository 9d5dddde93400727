package keys

import (
	"slices"
	"strings"
)

// Complete returns what the word key=value, of which the beginning is there, may become: keys with their =, then the values that are listed:
// kinds, names, true and false, also one more behind a comma or in brackets.
func Complete(begun string) (words []Value) {
	path, text, valued := strings.Cut(begun, "=")
	all, err := Reference(path)
	if err != nil {
		return nil
	}
	for _, k := range all {
		switch {
		case strings.Contains(k.Path, "[") || k.Path == "extends" || k.Path == "sweep": // which no word sets
		case !valued:
			if !slices.ContainsFunc(words, func(v Value) bool { return v.Name == k.Path+"=" }) {
				words = append(words, Value{k.Path + "=", k.Meaning})
			}
		case k.Path == path:
			first := strings.LastIndexAny(text, ",[") + 1
			for _, v := range k.Values {
				if strings.HasPrefix(v.Name, text[first:]) {
					words = append(words, Value{path + "=" + text[:first] + v.Name, v.Meaning})
				}
			}
		}
	}
	return words
}
