//go:build unix

package cli

import (
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"msharp/harness"
	"msharp/harness/config"
	"msharp/harness/folder"
)

// later are measures that tiny does not take.
const later = "measures=[norm, {kind: msharp, m: [1, 0], rho: [0.3], steps: 2}]"

// column is a column of later.
const column = "msharp(m=n rho=0.3 steps=2)"

// without returns the ids of the trials that lack a column.
func without(t testing.TB, out, column string) (ids []string) {
	t.Helper()
	for _, r := range load(t, out) {
		if _, ok := r.Value(column); !ok {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// epochs counts the epochs that a folder's trials were trained.
func epochs(t testing.TB, out string) (n int) {
	t.Helper()
	for _, log := range tree(t, filepath.Join(out, "logs")) {
		n += strings.Count(log, ": train loss ")
	}
	return n
}

// Measures of kept weights are, bit for bit, those that a run takes at once, and nothing is trained for them.
func TestMeasure(t *testing.T) {
	t.Parallel()
	dir, out := keptRun(t)
	before := epochs(t, out)
	if o := quickly(t, dir, exitOK, "measure", "--out", "out", "--quiet", later); o.talk != "" || !strings.Contains(o.out, "10 trials: 10 done") {
		t.Errorf("it says %q, %q", o.talk, o.out)
	}
	if n := epochs(t, out); n != before || lines(t, out) != 2*trials {
		t.Errorf("%d epochs became %d, in %d lines", before, n, lines(t, out))
	}
	if m := manifestOf(t, out); m.Trained != 0 || m.Measured != trials {
		t.Errorf("the manifest counts %d trained and %d measured", m.Trained, m.Measured)
	}
	for _, r := range load(t, out) {
		if len(r.Measured) != 1 || r.Measured[0].Kernel != r.Run.Kernel || r.Measured[0].Results != config.ResultsVersion || !(r.Measured[0].MeasureSeconds > 0) {
			t.Errorf("%s was measured by %+v", r.ID, r.Measured)
		}
	}
	plan, err := folder.Dir(out).ReadPlan()
	if err != nil {
		t.Fatal(err)
	}
	planned, _, err := plan.Trials("", nil)
	if err != nil {
		t.Fatal(err)
	}
	if missing := harness.Missing(planned, load(t, out), held(t, out), false); len(missing) > 0 || len(planned[0].Config.Measures) != 4 {
		t.Errorf("the plan has other measures than the records: %d trials are missing\n%s", len(missing), plan.Lines[0].Asked)
	}
	once := append([]string{"--out", "once", "--quiet"}, strings.Replace(later, "=[", "=[gradnorm, {kind: msharp, m: [1, 16, 0], rho: [0.05, 0.2]}, ", 1))
	quickly(t, dir, exitOK, once...)
	if got, want := bare(t, out), bare(t, filepath.Join(dir, "once")); !slices.Equal(got, want) {
		t.Errorf("measured later:\n%s\nat once:\n%s", got[0], want[0])
	}
	if o := quickly(t, dir, exitOK, "measure", "--out", "out", later); o.talk != "kept weights lack no measures\n" || lines(t, out) != 2*trials {
		t.Errorf("again: %d lines, it says %q", lines(t, out), o.talk)
	}
}

// Trials without kept weights are named and left for run; so are those that were never trained, with which a measurement is not whole.
func TestMeasureLeavesWhatHasNoWeights(t *testing.T) {
	notShort(t, "runs a sweep several times")
	t.Parallel()
	dir, out := keptRun(t)
	var left []string
	for _, i := range []int{2, 7} {
		id := load(t, out)[i].ID
		left = append(left, id)
		gone("weights/"+id+".safetensors")(t, out)
	}
	o := quickly(t, dir, exitFailed, "measure", "--out", "out", "--quiet", later)
	slices.Sort(left)
	_, named, _ := strings.Cut(o.talk, "left for run, because no weights are kept or only training gives what is missing: ")
	named, end, _ := strings.Cut(named, "\n")
	names := strings.Split(named, ", ")
	if slices.Sort(names); !slices.Equal(names, left) || end != "tiny: 2 trials left: kept weights cannot give what these trials lack; use `run`\n" {
		t.Errorf("it says %q, want %q", o.talk, left)
	}
	if got := without(t, out, column); !slices.Equal(got, left) {
		t.Errorf("not measured are %q, want %q", got, left)
	}
	before := epochs(t, out)
	if o := quickly(t, dir, exitOK, "list", "--out", "out", later); !strings.Contains(o.out, "; 2 trials of those recorded to train again, for msharp(m=1 rho=0.3 steps=2), msharp(m=n rho=0.3 steps=2), msharp_se(m=1 rho=0.3 steps=2) and 4 more\n") {
		t.Errorf("list says %s", o.out)
	}
	if o := quickly(t, dir, exitOK, "--out", "out", later); !strings.HasPrefix(o.talk, "2 trials of those recorded to train again, for ") || strings.Count(o.talk, " trained again (") != 2 {
		t.Errorf("run says %s", o.talk)
	}
	if got := without(t, out, column); len(got) > 0 || epochs(t, out) != before+2*3 {
		t.Errorf("run leaves %q, after %d epochs and then %d", got, before, epochs(t, out))
	}
	o = quickly(t, dir, exitFailed, "measure", "--out", "out", "--quiet", later, "seed=1,2,3")
	if !strings.HasPrefix(o.talk, "left for run, ") || !strings.HasSuffix(o.talk, "\ntiny: 5 trials were not run\n") || strings.Count(o.talk, ", ") != 1+4 {
		t.Errorf("it says %q", o.talk)
	}
}

// What only training gives is left to run, and keeps no measure from being taken; a folder of which nothing can be measured is left as it is.
func TestMeasureTakesWhatItCan(t *testing.T) {
	notShort(t, "runs a sweep several times")
	t.Parallel()
	dir, out := keptRun(t)
	before := epochs(t, out)
	o := quickly(t, dir, exitFailed, "measure", "--out", "out", "--quiet", later, "test_at=best_val")
	if !strings.HasPrefix(o.talk, "left for run, because no weights are kept or only training gives what is missing: ") || !strings.HasSuffix(o.talk, "\ntiny: 10 trials left: kept weights cannot give what these trials lack; use `run`\n") {
		t.Errorf("it says %q", o.talk)
	}
	const atBest = "test_error_at_best_val"
	if got := without(t, out, column); len(got) > 0 || len(without(t, out, atBest)) != trials || epochs(t, out) != before {
		t.Errorf("not measured are %q", got)
	}
	quickly(t, dir, exitOK, "--out", "out", "--quiet", later, "test_at=best_val")
	if len(without(t, out, atBest)) > 0 || epochs(t, out) != before+3*trials {
		t.Error("run does not take what was left")
	}

	dir, out = finished(t) // without weights
	kept := tree(t, out)
	o = call(t, dir, exitFailed, "measure", "--out", "out", "measures=[norm]")
	if !strings.Contains(o.talk, "kept weights lack no measures\n") || !strings.HasSuffix(o.talk, "tiny: 10 trials left: kept weights cannot give what these trials lack; use `run`\n") {
		t.Errorf("it says %q", o.talk)
	}
	if d := differing(kept, tree(t, out)); len(d) > 0 {
		t.Errorf("nothing was measured, but changed are %q", d)
	}
}

// Damaged weights are one line that names the file and what is wrong with it, and exit status 1; the other trials are measured, and
// without that file the trial is trained again.
func TestMeasureOfDamagedWeights(t *testing.T) {
	notShort(t, "damages every part of a weights file in turn")
	t.Parallel()
	_, whole := keptRun(t)
	files := tree(t, whole)
	id, other := load(t, whole)[0].ID, load(t, whole)[1].ID
	name := "weights/" + id + ".safetensors"
	good := files[name]
	numbers := 4 * (2*8 + 8 + 8*3 + 3) // bytes of them
	in := func(old, new string) string {
		text := strings.Replace(good, old, new, 1)
		if text == good || len(text) != len(good) {
			t.Fatalf("no %q in the weights, or another length", old)
		}
		return text
	}
	with := func(v float32) string { // for the last number
		bits := math.Float32bits(v)
		return good[:len(good)-4] + string([]byte{byte(bits), byte(bits >> 8), byte(bits >> 16), byte(bits >> 24)})
	}
	want := ""
	for _, c := range []struct{ text, want string }{
		{"", "0 bytes are no safetensors file"},
		{good[:4], "4 bytes are no safetensors file"},
		{good[:100], fmt.Sprintf("a header of %d bytes in a file of 100", len(good)-numbers-8)},
		{good[:len(good)-4], `tensor "2.bias" of shape [3] lies at bytes 192 to 204, expected to end by 200, where the file ends`},
		{good + "more", "4 bytes after the last tensor"},
		{in(`"shape":[8,2]`, `"shape":[2,8]`), "0.weight has shape [2 8], expected [8 2]"},
		{in(`"shape":[8,2]`, `"shape":[9,2]`), `tensor "0.weight" of shape [9 2] has 64 bytes, expected 4 for each number`},
		{in(`"2.bias"`, `"2.base"`), "2.bias has shape [], expected [3]"},
		{in(`"shape":[8,2]`, `"shape":[NaN]`), "header: invalid character 'N' looking for beginning of value"},
		{in(`"dtype":"F32"`, `"dtype":"I32"`), `tensor "0.bias" of shape [8] has dtype "I32", expected F32, F16, BF16 or F64`},
		{in(id, other), fmt.Sprintf("weights of trial %q, expected %q", other, id)},
		{with(float32(math.NaN())), "weights that are not finite"},
		{with(float32(math.Inf(1))), "weights that are not finite"},
		{with(0.5), "its bytes are not those that were written: the sha256 differs"},
	} {
		dir := t.TempDir()
		out := filepath.Join(dir, "out")
		restore(t, out, files)
		write(t, filepath.Join(out, name), c.text)
		o := quickly(t, dir, exitFailed, "measure", "--out", "out", "--quiet", later)
		said := fmt.Sprintf("trial %s failed: out/%s: %s; run trains the trial again, and so it does if that file is removed\ntiny: 1 trial could not be measured\n", id, name, c.want)
		if o.talk != said {
			t.Errorf("it says %swant %s", o.talk, said)
		}
		if got := without(t, out, column); !slices.Equal(got, []string{id}) || lines(t, out) != 2*trials-1 {
			t.Errorf("%s: not measured are %q, in %d lines", c.want, got, lines(t, out))
		}
		if err := os.Remove(filepath.Join(out, name)); err != nil {
			t.Fatal(err)
		}
		quickly(t, dir, exitOK, "--out", "out", "--quiet", later)
		got := strings.Join(bare(t, out), "\n")
		if want == "" {
			want = got
		}
		if len(without(t, out, column)) > 0 || got != want {
			t.Errorf("%s: trained again, other records", c.want)
		}
	}
}

// Weights of before there was a checksum are measured too.
func TestMeasureOfUnsignedWeights(t *testing.T) {
	t.Parallel()
	dir, out := keptRun(t)
	for name, text := range tree(t, filepath.Join(out, "weights")) {
		write(t, filepath.Join(out, "weights", name), strings.Replace(text, `"sha256":`, `"sha000":`, 1))
	}
	quickly(t, dir, exitOK, "measure", "--out", "out", "--quiet", later)
	if got := without(t, out, column); len(got) > 0 {
		t.Errorf("not measured are %q", got)
	}
}

// A measurement that was interrupted or killed goes on with what is missing.
func TestStoppedMeasurements(t *testing.T) {
	notShort(t, "stops and kills measurements at many moments")
	t.Parallel()
	dir := t.TempDir()
	spirals := "data={kind: spirals, n: 3000, train: 1024, val: 32, test: 64}"
	args := []string{"--out", "out", "--quiet", "--workers", "1", spirals}
	quickly(t, dir, exitOK, append(args, "measures=[norm]", "keep_weights=true")...)
	files := tree(t, filepath.Join(dir, "out"))
	args = append([]string{"measure"}, append(args, "measures=[{kind: msharp, m: [1], rho: [0.1, 0.2, 0.3, 0.4], steps: 16}]")...)
	quickly(t, dir, exitOK, args...)
	want := bare(t, filepath.Join(dir, "out"))
	for s, status := range map[syscall.Signal]int{syscall.SIGINT: exitInterrupted, syscall.SIGTERM: exitInterrupted, syscall.SIGKILL: -1} {
		t.Run(s.String(), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			out := filepath.Join(dir, "out")
			restore(t, out, maps.Clone(files))
			c := quick(t, dir, args...)
			wait := stoppable(t, c)
			until(t, "the second measurement", func() bool { return lines(t, out) > trials+1 })
			send(t, c, s)
			o := wait()
			had := lines(t, out)
			if o.status != status || had >= 2*trials {
				t.Fatalf("%d lines: %+v", had, o)
			}
			if left := fmt.Sprintf("stopped with %d trials left; to continue: ./tiny measure --out out", 2*trials-had); s != syscall.SIGKILL && !strings.Contains(o.talk, left) {
				t.Errorf("it says %q, want %q", o.talk, left)
			}
			quickly(t, dir, exitOK, args...)
			if n := lines(t, out); n != 2*trials || !slices.Equal(bare(t, out), want) {
				t.Errorf("%d lines after %d, or other records", n, had)
			}
		})
	}
}
