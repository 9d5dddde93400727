package cli

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"msharp/harness/config"
)

// job is what the tests read of a manifest.
type job struct {
	Spec struct {
		Completions, Parallelism int
		Template                 struct {
			Metadata struct{ Annotations map[string]string }
			Spec     struct{ Containers []struct{ Args []string } }
		}
	}
}

func (j job) sweep() string { return j.Spec.Template.Metadata.Annotations["msharp/sweep.yaml"] }

var update = flag.Bool("update", false, "write the golden files")

// The manifest is the one in testdata, which .ci/k8s decodes as Kubernetes does.
func TestKubernetesJob(t *testing.T) {
	t.Parallel()
	o := call(t, t.TempDir(), exitOK, "k8s", "manifest", "--image", "registry.example/tiny:1", "--volume", "results", "--memory", "1Gi",
		"--cpus", "2", "--parallelism", "4", "--namespace", "lab", "seed=range(1,4)")
	path := filepath.Join("testdata", "job.yaml")
	if *update {
		write(t, path, o.out)
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if o.out != string(want) {
		t.Errorf("%s differs (go test ./experiments/cli -run KubernetesJob -update writes it):\n%s", path, o.out)
	}
	var j job
	if err := yaml.Unmarshal([]byte(o.out), &j); err != nil {
		t.Fatal(err)
	}
	sweep, err := config.Plan("the annotation", []byte(j.sweep()), nil, "")
	if err != nil || len(sweep.Trials) != 15 {
		t.Errorf("the configuration in it: %v, %d trials", err, len(sweep.Trials))
	}
}

// The pods of a Job, each running its arguments with its index, train the sweep, and the last one draws. A pod that is started again
// trains nothing again.
func TestKubernetesPods(t *testing.T) {
	notShort(t, "runs a sweep pod by pod")
	t.Parallel()
	_, whole := finished(t)
	dir := t.TempDir()
	var j job
	if err := yaml.Unmarshal([]byte(call(t, dir, exitOK, "k8s", "manifest", "--image", "i", "--volume", "c").out), &j); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "sweep.yaml"), j.sweep())
	pod := func(index string) {
		t.Helper()
		args := strings.Join(j.Spec.Template.Spec.Containers[0].Args, " ")
		args = strings.NewReplacer("$(JOB_COMPLETION_INDEX)", index, "/sweep/", "", "/results/tiny", "out").Replace(args)
		call(t, dir, exitOK, strings.Fields(args)...)
	}
	if j.Spec.Completions != trials || j.Spec.Parallelism != trials {
		t.Fatalf("%d completions, %d pods at a time", j.Spec.Completions, j.Spec.Parallelism)
	}
	for _, index := range strings.Split("9012345678", "") {
		if files := tree(t, dir); files["out/report.html"] != "" {
			t.Error("a report before the last pod")
		}
		pod(index)
	}
	pod("3")
	if out := filepath.Join(dir, "out"); lines(t, out) != trials || strings.Join(bare(t, out), "") != strings.Join(bare(t, whole), "") || tree(t, out)["report.html"] == "" {
		t.Errorf("%d lines, other records, or no report", lines(t, out))
	}
}
