package claimstest

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"msharp/harness/record"
	"msharp/harness/study"
	"msharp/harness/verdict"
)

// Finding tests that every number of a finding is that of the verdict it names: on the reference results of a program, and on a hundred
// made-up sweeps with runs that diverged, missing cells, one seed or two settings.
func Finding(t *testing.T, program string, claims []verdict.Claim, sweep Sweep) {
	t.Helper()
	references, err := filepath.Glob("../../results/reference/*/manifest.json")
	if err != nil || len(references) == 0 {
		t.Fatal(err, "no reference results")
	}
	found := 0
	for _, path := range references {
		var m record.Manifest
		if text, err := os.ReadFile(path); err != nil || json.Unmarshal(text, &m) != nil {
			t.Fatal(path, err)
		}
		if m.Command[0] != program {
			continue
		}
		found++
		recs, warnings, err := record.Load(filepath.Dir(path))
		if err != nil || len(warnings) > 0 {
			t.Fatal(path, warnings, err)
		}
		holds(t, path, claims, recs)
		// One trial at small ρ that diverged counts in all of them alike.
		i := slices.IndexFunc(recs, func(r record.Record) bool {
			rho := SettingOf(&r, "optimizer.rho")
			return rho > 0 && rho <= study.SmallRho
		})
		if i >= 0 {
			recs[i] = Change(recs[i:i+1], Diverge)[0]
			holds(t, path+", one trial diverged", claims, recs)
		}
	}
	if found == 0 {
		t.Errorf("no reference results of %s", program)
	}
	sweeps := 100
	if testing.Short() {
		sweeps = 10
	}
	for i := range sweeps {
		r := rand.New(rand.NewPCG(40, uint64(i)))
		s := sweep
		s.Seeds = 1 + r.IntN(6)
		if r.IntN(3) == 0 {
			s.LRs = []float64{.05, .1}
		}
		diverged, missing := []float64{0, .02, .5}[r.IntN(3)], []float64{0, .02, .3}[r.IntN(3)]
		holds(t, fmt.Sprint("sweep ", i), claims, Change(s.Records(uint64(i), AsPublished), func(x *record.Record) bool {
			if r.Float64() < diverged {
				Diverge(x)
			}
			return r.Float64() >= missing
		}))
	}
}

var digits = regexp.MustCompile(`\d*\.?\d+`)

// holds tests a finding against the verdicts of records: what it says of a claim is the claim's clause with the verdict's own numbers, and
// nothing else in it has a number but the count of outcomes.
func holds(t *testing.T, name string, claims []verdict.Claim, recs []record.Record) {
	t.Helper()
	vs := verdict.Judge(claims, study.Of(recs))
	rest := verdict.Finding(claims, vs)
	whole := rest
	count := map[string]int{}
	for i, c := range claims {
		v := vs[i]
		count[v.Verdict]++
		if c.Clause == "" {
			continue
		}
		before, after, _ := strings.Cut(c.Clause, "%s")
		if v.Part != "" {
			if v.Parts > 1 {
				after += ", at its weakest"
			}
			after += ", " + v.Part
		}
		after += fmt.Sprintf(" (%s %s, n = %d).", v.Claim, map[bool]string{true: "is undecided", false: v.Verdict}[v.Verdict == verdict.Undecided], v.N)
		if math.IsNaN(float64(v.Estimate)) {
			rest = strings.ReplaceAll(rest, v.Why, "")
			continue
		}
		at := strings.Index(rest, before[1:])
		end := at + len(before) - 1
		to := -1
		if at >= 0 {
			to = strings.Index(rest[end:], after)
		}
		if to < 0 {
			t.Errorf("%s: the finding lacks the clause %q of %s, with its outcome and %d seeds: %s", name, c.Clause, v.Claim, v.N, whole)
			continue
		}
		said := rest[end : end+to]
		told := numbersIn(said)
		want := []float64{float64(v.Estimate)}
		if !math.IsNaN(float64(v.Low)) && v.High > v.Low {
			want = append(want, float64(v.Low), float64(v.High))
		}
		places := 0 // to which all three are rounded
		if one := digits.FindString(said); strings.Contains(one, ".") {
			places = len(one) - strings.Index(one, ".") - 1
		}
		rounded := func(a, b float64) bool { return math.Abs(a-b) <= .50001*math.Pow10(-places) }
		if !slices.EqualFunc(told, want, rounded) {
			t.Errorf("%s: %s says %q of %v", name, v.Claim, said, want)
		}
		rest = rest[:at] + rest[end+to+len(after):]
	}
	want := []float64{float64(len(claims))}
	for _, o := range []string{verdict.Reproduces, verdict.DoesNotReproduce, verdict.Undecided} {
		if count[o] > 0 {
			want = append(want, float64(count[o]))
		}
	}
	if got := numbersIn(rest); !slices.Equal(got, want) {
		t.Errorf("%s: further numbers %v, want %v: %s", name, got, want, whole)
	}
}

// numbersIn are the numbers that stand in a text.
func numbersIn(text string) (vs []float64) {
	for _, at := range digits.FindAllStringIndex(text, -1) {
		v, err := strconv.ParseFloat(text[at[0]:at[1]], 64)
		if err != nil {
			panic(err)
		}
		if strings.HasSuffix(text[:at[0]], "−") {
			v = -v
		}
		vs = append(vs, v)
	}
	return vs
}
