package cli

import (
	"cmp"
	_ "embed"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"text/template"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"gopkg.in/yaml.v3"

	"msharp/harness"
	"msharp/harness/slurm"
)

func (s *session) k8sCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "k8s",
		Short: "the same sweep as a Kubernetes Indexed Job: manifest",
	}
	oneOf(c, s.manifestCommand())
	c.AddCommand(s.podCommand())
	return c
}

// podFlags are the flags of k8s manifest: what the pods of the Job are.
type podFlags struct {
	image, command, volume, name, namespace string
	data                                    string // as --data, in the pods
	memory                                  string
	cpus, parallelism, retries              int
	pack                                    time.Duration
}

func (s *session) manifestCommand() *cobra.Command {
	var f podFlags
	c := &cobra.Command{
		Use:   "manifest --image IMAGE --volume CLAIM [flags] [key=value ...]",
		Short: "print a Kubernetes Indexed Job that trains the sweep",
		Long: "Prints a Kubernetes Indexed Job: index I trains shard I/N of the sweep into a folder of the volume, and the last one draws.\n" +
			"What is recorded in the volume is not trained again. The image holds a static binary of the experiment (CGO_ENABLED=0 go build),\n" +
			"by default as /" + s.Name + "; and the data: in a folder named by --pod-data, or, for those that come inside Go modules, as the module\n" +
			"cache that GOMODCACHE names.",
	}
	flags := c.Flags()
	flags.SetNormalizeFunc(func(_ *pflag.FlagSet, name string) pflag.NormalizedName {
		if name == "claim" { // another name of --volume
			name = "volume"
		}
		return pflag.NormalizedName(name)
	})
	flags.StringVar(&f.image, "image", "", "the `IMAGE` that holds the program; required")
	flags.StringVar(&f.volume, "volume", "", "the persistent volume `CLAIM` that the records go to, ReadWriteMany if pods run on several nodes; required")
	flags.StringVar(&f.command, "command", "/"+s.Name, "the program's `PATH` in the image")
	flags.StringVar(&f.name, "name", "", "the Job's `NAME`; default: the sweep's")
	flags.StringVar(&f.namespace, "namespace", "", "the Job's `NAMESPACE`")
	flags.StringVar(&f.data, "pod-data", "", "the `DIR` of --data in the pods")
	flags.StringVar(&f.memory, "memory", "", "`SIZE` of a pod's memory, in Kubernetes' form: 512Mi, 2Gi")
	flags.IntVar(&f.cpus, "cpus", 1, "`N` cores a pod, and so trials at a time")
	flags.IntVar(&f.parallelism, "parallelism", 0, "at most `N` pods at a time; 0 is all")
	flags.IntVar(&f.retries, "retries", 3, "how often an index that failed is tried again")
	flags.DurationVar(&f.pack, "pack", defaultPack, "`TIME` that a pod should take at least, where the cost of its trials is known")
	c.RunE = func(_ *cobra.Command, words []string) error {
		if err := f.check(s.data); err != nil {
			return err
		}
		return s.printManifest(f, words)
	}
	return c
}

const longestLabel = 63

var (
	label    = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$`)
	spelt    = regexp.MustCompile(`(?i)^([0-9]+) ?([KMGT])i?B?$`) // a size as it is written elsewhere
	quantity = regexp.MustCompile(`^[0-9]+(\.[0-9]+)?([kMGT]|[KMGT]i)?$`)
)

// check returns what Kubernetes would not take. data is --data.
func (f podFlags) check(data string) error {
	const aLabel = "at most 63 lower-case letters, digits and dashes"
	form := "such as 512Mi or 2Gi"
	if m := spelt.FindStringSubmatch(f.memory); m != nil {
		form = m[1] + strings.ToUpper(m[2]) + "i"
	}
	for _, c := range []struct {
		ok                    bool
		flag, value, expected string
	}{
		{f.image != "" && !strings.ContainsAny(f.image, " \t\n"), "image", f.image, "an image, such as registry.example/msweep:1"},
		{label.MatchString(f.volume), "volume", f.volume, "a persistent volume claim: " + aLabel},
		{strings.HasPrefix(f.command, "/"), "command", f.command, "a path from the root of the image"},
		{f.name == "" || label.MatchString(f.name), "name", f.name, aLabel},
		{f.namespace == "" || label.MatchString(f.namespace), "namespace", f.namespace, aLabel},
		{f.memory == "" || quantity.MatchString(f.memory), "memory", f.memory, "Kubernetes' form, " + form},
		{f.cpus >= 1, "cpus", fmt.Sprint(f.cpus), "a whole number ≥ 1"},
		{f.parallelism >= 0, "parallelism", fmt.Sprint(f.parallelism), "a whole number ≥ 0; 0 is all"},
		{f.retries >= 0, "retries", fmt.Sprint(f.retries), "a whole number ≥ 0"},
		{f.pack > 0, "pack", f.pack.String(), "a time above 0, such as 10m"},
		{(data == "") == (f.data == ""), "pod-data", f.data, "the folder in the pods beside --data, the same files here, or neither"},
	} {
		if !c.ok {
			return usageError{fmt.Errorf("--%s %q: expected %s", c.flag, c.value, c.expected)}
		}
	}
	return nil
}

// printManifest prints the Job of a sweep.
func (s *session) printManifest(f podFlags, words []string) error {
	sweep, err := s.plan(words, false)
	if err != nil {
		return err
	}
	recs, err := s.load(s.outFolder(sweep.Name)) // for what a trial costs; there may be none
	if err != nil {
		return err
	}
	tasks := pack(sweep.Trials, recs, slurm.Options{CPUs: f.cpus}, f.pack)
	const most = 250 << 10 // bytes of a pod's annotations, which Kubernetes holds to 256 KiB
	if len(sweep.Resolved) > most {
		return usageError{fmt.Errorf("the configuration is %d KiB long; a pod's annotations hold %d", len(sweep.Resolved)>>10, most>>10)}
	}
	if f.name == "" {
		f.name = podName(sweep.Name)
	}
	// Kubernetes names the last pod so.
	if last := fmt.Sprintf("%s-%d", f.name, len(tasks)-1); len(last) > longestLabel {
		return usageError{fmt.Errorf("--name %q: expected at most %d letters, digits and dashes, for the last pod is %s", f.name, longestLabel-len(last)+len(f.name), last)}
	}
	atOnce := len(tasks)
	if f.parallelism > 0 {
		atOnce = min(atOnce, f.parallelism)
	}
	return jobTemplate.Execute(s.table, struct {
		Name, Namespace, Program, Container, Image, Command string
		SweepName, Sweep, Data, Volume, Memory              string
		CPUs, Shards, Parallelism, Retries                  int
	}{
		f.name, f.namespace, s.Name, podName(s.Name), f.image, f.command,
		sweep.Name, indented(string(sweep.Resolved)), f.data, f.volume, f.memory,
		f.cpus, len(tasks), atOnce, f.retries,
	})
}

//go:embed k8s_job.yaml.tmpl
var jobYAML string

// jobTemplate is the Job, as .ci/k8s decodes one into Kubernetes' own types.
var jobTemplate = template.Must(template.New("job").Funcs(template.FuncMap{"text": yamlText}).Parse(jobYAML))

// yamlText writes a text as a YAML value of one line, in quotes where it needs them.
func yamlText(text string) (string, error) {
	if strings.Contains(text, "\n") {
		return strconv.Quote(text), nil
	}
	b, err := yaml.Marshal(text)
	return strings.TrimSuffix(string(b), "\n"), err
}

// indented is a configuration as the lines of its annotation.
func indented(config string) string {
	const by = "          "
	return by + strings.ReplaceAll(strings.TrimSuffix(config, "\n"), "\n", "\n"+by)
}

// podName makes a sweep's name one that Kubernetes takes.
func podName(sweep string) string {
	name := strings.NewReplacer(".", "-", "_", "-").Replace(strings.ToLower(sweep))
	return strings.Trim(name[:min(len(name), 50)], "-")
}

// podCommand is what a pod of the manifest's Job runs.
func (s *session) podCommand() *cobra.Command {
	f := runFlags{onFailure: "continue"}
	c := &cobra.Command{
		Use:    "pod",
		Short:  "one shard of a sweep; what a pod of the Job runs",
		Hidden: true,
		Args:   noArgs,
		RunE:   func(*cobra.Command, []string) error { return s.pod(f) },
	}
	c.Flags().IntVar(&f.workers, "workers", 1, "trials at a time")
	c.Flags().StringVar(&f.shard, "shard", "0/1", "the shard, `I/N`")
	return c
}

// pod trains a shard. The pod that ends last finds all trials of the sweep recorded, failed ones included, and draws.
func (s *session) pod(f runFlags) error {
	sweep, trials, err := s.shard(f, nil)
	if err != nil {
		return err
	}
	halt, over := s.halting()
	defer over()
	f.halt, f.noDraw, f.retry = halt, true, true // an index that failed is tried again to run its failed trials
	trained := s.train(halt, f, sweep, trials)
	out := s.outFolder(sweep.Name)
	recs, held, err := s.recorded(out)
	if err == nil && len(harness.Missing(sweep.Trials, recs, held, false)) == 0 {
		_, err = s.drawFolder(out)
	}
	return cmp.Or(trained, err)
}
