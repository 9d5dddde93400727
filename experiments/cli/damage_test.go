package cli

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"msharp/harness/record"
)

// quickly runs the program without its figures and wants an exit status.
func quickly(t testing.TB, dir string, status int, args ...string) result {
	t.Helper()
	return ending(t, quick(t, dir, args...), status)
}

// keptRun returns a folder with an output folder out of a whole run with kept weights, its records in out/records/a.jsonl in the order of
// the plan.
func keptRun(t testing.TB) (dir, out string) {
	t.Helper()
	dir = t.TempDir()
	quickly(t, dir, exitOK, "--out", "out", "--quiet", "--workers", "1", "keep_weights=true")
	out = filepath.Join(dir, "out")
	files, err := filepath.Glob(filepath.Join(out, "records", "*.jsonl"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	if err := os.Rename(files[0], filepath.Join(out, "records", "a.jsonl")); err != nil {
		t.Fatal(err)
	}
	return dir, out
}

// readable is bare for a folder with lines that are no records.
func readable(t testing.TB, out string) []string {
	t.Helper()
	recs, _, err := record.Load(out)
	if err != nil {
		t.Fatal(err)
	}
	return withoutRun(t, recs)
}

// restore writes files as tree returned them.
func restore(t testing.TB, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		write(t, path, text)
	}
}

// replaced is a damage: a file of the output folder is given another text.
func replaced(name, text string) func(t testing.TB, out string) {
	return func(t testing.TB, out string) {
		t.Helper()
		write(t, filepath.Join(out, name), text)
	}
}

// edited is a damage: in a file of the output folder, a text gives place to another.
func edited(name, old, new string) func(t testing.TB, out string) {
	return func(t testing.TB, out string) {
		t.Helper()
		text := tree(t, out)[name]
		if !strings.Contains(text, old) {
			t.Fatalf("no %q in %s", old, name)
		}
		write(t, filepath.Join(out, name), strings.Replace(text, old, new, 1))
	}
}

// gone is a damage: a file or folder is not there.
func gone(name string) func(t testing.TB, out string) {
	return func(t testing.TB, out string) {
		t.Helper()
		if err := os.RemoveAll(filepath.Join(out, name)); err != nil {
			t.Fatal(err)
		}
	}
}

// planless is a damage to a folder of before there were plans.
func planless(damage func(t testing.TB, out string)) func(t testing.TB, out string) {
	return func(t testing.TB, out string) {
		t.Helper()
		withoutPlan(t, out)
		damage(t, out)
	}
}

// otherwise is a damage: what is a file is a folder, and the other way round.
func otherwise(name string) func(t testing.TB, out string) {
	return func(t testing.TB, out string) {
		t.Helper()
		path := filepath.Join(out, name)
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		gone(name)(t, out)
		if info.IsDir() {
			write(t, path, "")
		} else if err := os.Mkdir(path, 0o777); err != nil {
			t.Fatal(err)
		}
	}
}

// A file of the output folder that is damaged ends a command that needs it with one line that names it and what it should be; no
// command loses a record, or writes over what it cannot read.
func TestDamagedFolders(t *testing.T) {
	notShort(t, "damages every file of a folder in turn")
	t.Parallel()
	_, out := keptRun(t)
	files := tree(t, out)
	files[".running/guard"] = "" // a lock, which tree leaves out
	ids := manifestOf(t, out).Trials
	const (
		cannot   = "cannot read the configuration in out: out/sweep.yaml"
		anew     = "; without that file, a run that plans all its records writes it anew"
		manifest = "out/manifest.json is no manifest: "
		another  = "; without that file run writes another"
		line     = "; remove that line, and a run that asks for its trial plans it again"

		unplanned = " that this configuration does not plan ("
		nothing   = "), and neither a plan.jsonl nor a sweep.yaml that does; choose another --out"
	)
	for _, c := range []struct {
		damage  func(t testing.TB, out string)
		command string
		status  int
		want    string
	}{
		{replaced("plan.jsonl", ""), "run", exitFailed, "out/plan.jsonl holds no trials; without that file, run plans its trials anew"},
		{replaced("plan.jsonl", files["plan.jsonl"][:900]), "status", exitFailed, "out/plan.jsonl:2: unexpected EOF" + line},
		{replaced("plan.jsonl", files["plan.jsonl"][:900]), "draw", exitFailed, "out/plan.jsonl:2: unexpected EOF" + line},
		{edited("plan.jsonl", `"id":"`+ids[0], `"id":"`+ids[1]), "measure measures=[norm]", exitFailed, "out/plan.jsonl:2: trial " + ids[1] + " stands on line 1 too" + line},
		{edited("plan.jsonl", `"id":"`+ids[0], `"id":"0123456789abcdef`), "run", exitFailed, "out/plan.jsonl:1: trial 0123456789abcdef has the configuration of trial " + ids[0] + line},
		{edited("plan.jsonl", `"lr":0.1`, `"lr":"x"`), "run", exitFailed, "out/plan.jsonl:1: config.lr = x: not a number; expected a finite number > 0" + line},
		{otherwise("plan.jsonl"), "status", exitFailed, "out/plan.jsonl is a folder; expected a regular file"},
		{otherwise("sweep.yaml"), "run", exitFailed, "out/sweep.yaml is a folder; expected a regular file"},
		{planless(replaced("sweep.yaml", "")), "run", exitUsage, cannot + ": the file is empty; expected a configuration with name, data, model, optimizer, ..." + anew},
		{planless(replaced("sweep.yaml", files["sweep.yaml"][:200])), "run", exitUsage, cannot + ":4: did not find expected ',' or '}'; expected YAML" + anew},
		{planless(replaced("sweep.yaml", "lr: 1\n\xff")), "run", exitUsage, cannot + `:2: \xff: invalid UTF-8; expected YAML in UTF-8` + anew},
		{planless(edited("sweep.yaml", "lr: 0.1", "lr: x")), "run", exitUsage, cannot + ":5: lr = x: not a number; expected a finite number > 0" + anew},
		{planless(edited("sweep.yaml", "lr: 0.1", "lr: 0.1\nlr: 0.2")), "measure measures=[norm]", exitUsage, cannot + ":6: lr: key given twice" + anew},
		{planless(edited("sweep.yaml", "lr: 0.1", "lr: 0.2")), "run", exitUsage, "out holds another configuration: lr is 0.2 there and 0.1 here; choose another --out"},
		{planless(otherwise("sweep.yaml")), "run", exitFailed, "out/sweep.yaml is a folder; expected a regular file"},
		{planless(gone("sweep.yaml")), "run lr=0.2", exitUsage, "out holds records of 10 trials" + unplanned + strings.Join(slices.Sorted(slices.Values(ids))[:3], ", ") + " and 7 more" + nothing},
		{planless(gone("sweep.yaml")), "run seed=1", exitUsage, "out holds records of 5 trials" + unplanned + strings.Join(slices.Sorted(slices.Values([]string{ids[1], ids[3], ids[5], ids[7], ids[9]}))[:3], ", ") + " and 2 more" + nothing},
		{replaced("manifest.json", ""), "status", exitFailed, manifest + "unexpected end of JSON input" + another},
		{replaced("manifest.json", files["manifest.json"][:100]), "run", exitFailed, manifest + "unexpected end of JSON input" + another},
		{replaced("manifest.json", "[]"), "draw", exitFailed, manifest + "a list; expected an object" + another},
		{replaced("manifest.json", "trials: 10\n"), "status", exitFailed, manifest + "invalid character 'i' in literal true (expecting 'u')" + another},
		{edited("manifest.json", `"workers": 1`, `"workers": "one"`), "run", exitFailed, manifest + "workers is a text; expected a whole number" + another},
		{planless(edited("manifest.json", `"trials": [`, `"trials": [7, `)), "measure measures=[norm]", exitFailed, manifest + "trials is a number; expected a text" + another},
		{otherwise("manifest.json"), "status", exitFailed, "out/manifest.json is a folder; expected a regular file"},
		{otherwise("records"), "status", exitFailed, "open out/records: not a directory"},
		{otherwise("records"), "export", exitFailed, "open out/records: not a directory"},
		{otherwise("records"), "run", exitFailed, "mkdir out/records: not a directory"},
		{gone("records"), "draw", exitUsage, "out holds no records; run first, or name a folder with --out"},
		{otherwise("."), "status", exitUsage, "--out out: a file; expected a folder"},
		{otherwise("."), "run", exitUsage, "--out out: a file; expected a folder"},
		{replaced("figures", ""), "draw", exitFailed, "mkdir out/figures: not a directory"},
		{otherwise("records.csv"), "draw", exitFailed, "out/records.csv is a folder; expected a regular file"},
		{otherwise("verdicts.json"), "draw", exitFailed, "out/verdicts.json is a folder; expected a regular file"},
		{otherwise("report.html"), "draw", exitFailed, "out/report.html is a folder; expected a regular file"},
		{otherwise(".running"), "run", exitFailed, "mkdir out/.running: not a directory"},
		{otherwise(".running/guard"), "run", exitFailed, "open out/.running/guard: is a directory"},
	} {
		dir := t.TempDir()
		out := filepath.Join(dir, "out")
		restore(t, out, files)
		c.damage(t, out)
		before := tree(t, dir)
		args := append(strings.Fields(c.command), "--out", "out")
		o := finish(t, quick(t, dir, args...))
		if o.status != c.status || o.talk != "tiny: "+c.want+"\n" || o.out != "" {
			t.Errorf("%s: exit status %d, prints %q, says\n %swant %d\n tiny: %s", c.command, o.status, o.out, o.talk, c.status, c.want)
		}
		after := tree(t, dir)
		for name, text := range before {
			if name != "out/records.csv" && after[name] != text { // which is drawn before what cannot be
				t.Errorf("%s: %s was changed", c.command, name)
			}
		}
	}
}
