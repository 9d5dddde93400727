package keys

import (
	_ "embed"
	"encoding/json"
	"reflect"
	"strings"
	"sync"

	"msharp/models/kind"
)

// The comments of the code are not there when it runs, so that those of the configuration's types are copied. TestMeanings holds the copy to the
// code.
//
//go:generate go test -run TestMeanings -update
//go:generate go test -run TestSchema -update
//go:embed meanings.json
var meanings []byte

// said holds the comments of fields by "package.Type.Field", and the first sentences of those of types by "package.Type".
var said = sync.OnceValue(func() (said map[string]string) {
	if err := json.Unmarshal(meanings, &said); err != nil {
		panic(err)
	}
	return said
})

// meaningOf returns the comment of the field at a place, "" if nobody has written one.
func meaningOf(p kind.Place) string {
	if p.Owner == nil {
		return ""
	}
	return said()[p.Owner.String()+"."+p.Name]
}

// meaningOfKind returns what the comment of a kind's type says first: "SGD is stochastic ..." without "SGD is".
func meaningOfKind(t reflect.Type) string {
	text := strings.TrimPrefix(said()[t.String()], t.Name()+" ")
	return strings.TrimRight(strings.TrimPrefix(text, "is "), ".,:")
}
