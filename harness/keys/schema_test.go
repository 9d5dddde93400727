package keys

import "testing"

// experiments/schema.json is what an editor reads; .ci/schema holds it to the program.
func TestSchema(t *testing.T) { golden(t, "../../experiments/schema.json", Schema()) }
