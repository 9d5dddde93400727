// Package k8s decodes the Job that `k8s manifest` prints as Kubernetes does. It is a module of its own, so that no user downloads
// Kubernetes' types.
package k8s

import (
	"os"
	"slices"
	"strings"
	"testing"

	batch "k8s.io/api/batch/v1"
	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"
	"sigs.k8s.io/yaml"
)

// The manifest decodes strictly into a Job, and says there what it means to.
func TestJob(t *testing.T) {
	text, err := os.ReadFile("../../experiments/cli/testdata/job.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var job batch.Job
	if err := yaml.UnmarshalStrict(text, &job); err != nil {
		t.Fatal(err)
	}
	spec, pod := job.Spec, job.Spec.Template.Spec
	if job.APIVersion != "batch/v1" || job.Kind != "Job" || job.Namespace != "lab" || len(validation.IsDNS1123Label(job.Name)) > 0 {
		t.Errorf("%s %s %s/%s", job.APIVersion, job.Kind, job.Namespace, job.Name)
	}
	if *spec.CompletionMode != batch.IndexedCompletion || *spec.Completions != 15 || *spec.Parallelism != 4 || *spec.BackoffLimitPerIndex != 3 {
		t.Errorf("%+v", spec)
	}
	// A pod failure policy asks for restartPolicy Never, and for replacing pods only when they have ended.
	rule := spec.PodFailurePolicy.Rules[0]
	if *spec.PodReplacementPolicy != batch.Failed || pod.RestartPolicy != core.RestartPolicyNever || rule.Action != batch.PodFailurePolicyActionIgnore || rule.OnPodConditions[0].Type != core.DisruptionTarget {
		t.Errorf("%+v, %+v", rule, pod)
	}
	c := pod.Containers[0]
	if !strings.HasSuffix(c.Args[len(c.Args)-1], "$(JOB_COMPLETION_INDEX)/15") || c.Resources.Limits.Cpu().Value() != 2 || c.Resources.Requests.Memory().Value() != 1<<30 {
		t.Errorf("%+v", c)
	}
	for _, m := range c.VolumeMounts {
		if !slices.ContainsFunc(pod.Volumes, func(v core.Volume) bool { return v.Name == m.Name }) {
			t.Errorf("%s is no volume", m.Name)
		}
	}
	if pod.Volumes[0].PersistentVolumeClaim.ClaimName != "results" {
		t.Errorf("%+v", pod.Volumes[0])
	}
	for key, value := range job.Spec.Template.Annotations {
		if len(validation.IsQualifiedName(key)) > 0 || pod.Volumes[1].DownwardAPI.Items[0].FieldRef.FieldPath != "metadata.annotations['"+key+"']" || !strings.HasPrefix(value, "name: tiny\n") {
			t.Errorf("annotation %s: %s", key, value)
		}
	}
	for key, value := range job.Labels {
		if len(validation.IsQualifiedName(key)) > 0 || len(validation.IsValidLabelValue(value)) > 0 {
			t.Errorf("label %s: %s", key, value)
		}
	}
}
