package config

import (
	"reflect"
	"slices"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"msharp/models/kind"
)

// Execution is how a sweep is run: keys beside those of Config. They change no record.
type Execution struct {
	CheckpointAfter time.Duration `yaml:"checkpoint_after"` // time between two saves of a running trial's state, at the end of an epoch; 0 saves after each
	KeepWeights     bool          `yaml:"keep_weights"`     // whether trained weights stay, in weights/ID.safetensors
	TimeLimit       time.Duration `yaml:"time_limit"`       // of a trial in one run; a trial that is over it at the end of an epoch, with epochs left, fails; 0 is no limit
	Slurm           Cluster       `yaml:"slurm"`            // what the jobs of a submission ask of a Slurm site
}

// Cluster is what the jobs of a submission ask of a Slurm site. The site decides about what is empty or 0.
type Cluster struct {
	Partition string   `yaml:"partition"`          // of the jobs, as sbatch's --partition
	Account   string   `yaml:"account"`            // that pays, as sbatch's --account
	Time      string   `yaml:"time"`               // limit of a task, as sbatch's --time
	Memory    string   `yaml:"memory"`             // of a task, as sbatch's --mem
	CPUs      int      `yaml:"cpus" in:"[0,)"`     // of a task, and its trials at a time
	Throttle  int      `yaml:"throttle" in:"[0,)"` // tasks at a time; 0 is no limit
	Sbatch    []string `yaml:"sbatch" empty:"ok"`  // further words for sbatch, such as --qos=low
}

func defaultExecution() Execution { return Execution{CheckpointAfter: time.Minute} }

// executionKeys are Execution's, in order.
var executionKeys = kind.Keys(reflect.TypeFor[Execution]())

// Executes reports whether a dotted key belongs to Execution.
func Executes(key string) bool {
	top, _, _ := strings.Cut(key, ".")
	return slices.Contains(executionKeys, top)
}

// execution takes the keys of Execution out of a configuration, and returns what they say and themselves.
func execution(base *yaml.Node) (e Execution, own *yaml.Node, err error) {
	own = &yaml.Node{Kind: yaml.MappingNode, Line: base.Line}
	var rest []*yaml.Node
	for key, val := range pairs(base) {
		if slices.Contains(executionKeys, key.Value) {
			own.Content = append(own.Content, key, val)
		} else {
			rest = append(rest, key, val)
		}
	}
	base.Content = rest
	e = defaultExecution()
	return e, own, kind.Decode(own, &e)
}
