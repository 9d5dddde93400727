package cli

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestKeys(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for prefix, want := range map[string]string{
		"data.file": "data.file of csv\n    a text; default \"\"\n    a name in the data folder, or a path; plain or .gz; \"\" is iris\n",
		"measures[].m": "measures[].m of adaptive, msharp, worst\n    a whole number ≥ 0, or a list of them, at most 100; default [0] (adaptive, worst), [1] (msharp)\n" +
			"    examples per group; must divide the training size; 0 means all of it\n",
		"stop.every":      "stop.every\n    a whole number ≥ 0 and ≤ 1000000; default 0\n    steps between two looks at the loss; 0 is an epoch\n",
		"stop.max_epochs": "stop.max_epochs\n    a whole number ≥ 1 and ≤ 1000000; must be given\n    the most there may be; also the length of the schedule\n",
	} {
		if o := call(t, dir, exitOK, "keys", prefix); o.out != want || o.talk != "" {
			t.Errorf("%s:\n%s%swant\n%s", prefix, o.out, o.talk, want)
		}
	}
	kinds := call(t, dir, exitOK, "keys", "optimizer.kind").out
	if !strings.HasPrefix(kinds, "optimizer.kind\n    one of adam, adamw, rmsprop, sam, sgd; default sgd\n    which optimizer\n        adam: Kingma and Ba 2015") {
		t.Errorf("the kinds are\n%s", kinds)
	}
	if again := call(t, dir, exitOK, "keys", "watch.measures").out; !strings.Contains(again, "measures[].kind\n") {
		t.Errorf("what is asked for is not there:\n%s", again)
	}
	if all := call(t, dir, exitOK, "keys").out; strings.Count(all, "measures[].kind\n") != 1 || !strings.Contains(all, "; its keys are those of measures\n") {
		t.Error("the keys of measures stand twice, or nowhere")
	}
	var schema map[string]any
	if err := json.Unmarshal([]byte(call(t, dir, exitOK, "keys", "--schema").out), &schema); err != nil || schema["properties"] == nil {
		t.Error("no schema:", err)
	}
	for args, want := range map[string]string{
		"keys optimizer.roh":   `optimizer.roh: no key begins so; expected the beginning of a key, such as optimizer or data.train; did you mean "optimizer.rho"?`,
		"keys data seed":       `keys takes no words such as "seed"`,
		"keys --schema data.f": `keys takes no words such as "data.f"`,
	} {
		faulty(t, nil, want, strings.Fields(args)...)
	}
}

// Every command that takes key=value completes it, by the protocol of cobra's scripts: a line a word, the last one says how.
func TestCompletion(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	const noSpace, space = ":38\n", ":36\n" // no file names, in this order, and no space behind it, or one
	for _, command := range []string{"", "run", "list", "measure", "landscape", "slurm submit", "k8s manifest"} {
		words := strings.Fields("__complete " + command)
		if o := call(t, dir, exitOK, append(words, "optimizer.rh")...); o.out != "optimizer.rho=\tρ, radius of the ascent\n"+noSpace {
			t.Errorf("%s: %q", command, o.out)
		}
		if o := call(t, dir, exitOK, append(words, "seed=1", "measures=[norm,gradn")...); o.out != "measures=[norm,gradnorm\t‖∇L(w)‖₂ of the mean training loss\n"+space {
			t.Errorf("%s: %q", command, o.out)
		}
	}
	if o := call(t, dir, exitOK, "__complete", "keys", "data.fi"); o.out != "data.file\ta name in the data folder, or a path; plain or .gz; \"\" is iris\n:4\n" {
		t.Errorf("keys: %q", o.out)
	}
	for begun, want := range map[string]string{
		"--figures ms":              "msweep\n" + noSpace,
		"--figures msweep,error":    "msweep,error_vs_rho\n" + noSpace,
		"--figures=msweep,":         "msweep,error_vs_rho\nmsweep,training_curves\n" + noSpace,
		"--format p":                "pdf\npng\n" + noSpace,
		"--format pdf,svg,":         "pdf,svg,png\npdf,svg,csv\n" + noSpace,
		"--width ":                  "column\t3.25in\ntwo-columns\t6.75in\n" + space,
		"--width two-columns --fig": "--figures\tdraw `NAME,NAME` alone, as msweep,error_vs_rho; default all figures\n:4\n",
	} {
		if o := call(t, dir, exitOK, append([]string{"__complete", "draw"}, strings.Split(begun, " ")...)...); o.out != want {
			t.Errorf("draw %s: %q", begun, o.out)
		}
	}
	if o := call(t, dir, exitOK, "__complete", "s"); !strings.Contains(o.out, "slurm\t") || !strings.Contains(o.out, "seed=\t") {
		t.Errorf("commands and keys: %q", o.out)
	}
}
