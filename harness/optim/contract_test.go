package optim

import (
	"fmt"
	"reflect"
	"testing"

	"gopkg.in/yaml.v3"

	"msharp/models/kind"
)

// decoded returns the optimizer of a YAML text.
func decoded(text string) (Spec, error) {
	var n yaml.Node
	if err := yaml.Unmarshal([]byte(text), &n); err != nil {
		return nil, err
	}
	var a Any
	err := kind.Decode(&n, &a)
	return a.Spec, err
}

// An optimizer with an ascent must have keys rho and m, and one canonical form for all configurations that step alike: otherwise a sweep
// trains one network several times and counts it as several.
func TestAscendingOptimizersAreCanonical(t *testing.T) {
	const batch = 8
	ascending := 0
	for _, name := range Table.Names() {
		spec, err := Table.New(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, up := spec.(Ascending); !up {
			continue
		}
		ascending++
		t.Run(name, func(t *testing.T) {
			if _, ok := spec.(Canonical); !ok {
				t.Fatalf("%T has an ascent and no method Canonical", spec)
			}
			canonical := func(rho float64, m int) Spec {
				s, err := decoded(fmt.Sprintf("{kind: %s, rho: %v, m: %d}", name, rho, m))
				if err != nil {
					t.Fatal(err)
				}
				if r := s.(Ascending).Rule(); r.Rho != rho || r.M != m {
					t.Fatalf("rho: %v, m: %d give the rule %+v", rho, m, r)
				}
				c := s.(Canonical).Canonical(batch)
				if again := c.(Canonical).Canonical(batch); !reflect.DeepEqual(again, c) {
					t.Errorf("the canonical form of %+v is %+v", c, again)
				}
				return c
			}
			for _, m := range []int{1, 2, batch} {
				if got, want := canonical(0, m), canonical(0, 0); !reflect.DeepEqual(got, want) {
					t.Errorf("without a radius m = %d is %+v, m = 0 is %+v", m, got, want)
				}
			}
			if got, want := canonical(.1, 0), canonical(.1, batch); !reflect.DeepEqual(got, want) {
				t.Errorf("m = 0 is %+v, m = batch is %+v", got, want)
			}
			if got, other := canonical(.1, 1), canonical(.1, 2); reflect.DeepEqual(got, other) {
				t.Errorf("m = 1 and m = 2 are both %+v", got)
			}
			if got, other := canonical(.1, 1), canonical(.2, 1); reflect.DeepEqual(got, other) {
				t.Errorf("ρ = .1 and ρ = .2 are both %+v", got)
			}
		})
	}
	if ascending == 0 {
		t.Error("no optimizer has an ascent")
	}
}
