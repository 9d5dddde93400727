package cli

import (
	"strings"

	"github.com/spf13/cobra"
)

// examples are the words after the program's name that its help shows, by command.
var examples = map[string][]string{
	"":                {"", "seed=1 --out results/small", "list", "export --what measures"},
	"run":             {"run", "run --config my.yaml --workers 4", "run --dry-run 'seed=range(1,6)'", "run --log-format json"},
	"list":            {"list", "list seed=1,2", "list --json seed=1"},
	"status":          {"status", "status --json --out results/small"},
	"draw":            {"draw", "draw --out results/small", "draw --format pdf --width column --plain"},
	"measure":         {"measure 'measures=[{kind: msharp, m: [1, 8], rho: [0.1]}]'"},
	"landscape":       {"landscape --along eigenvectors 0123456789abcdef"},
	"index":           {"index", "index results/reference"},
	"export":          {"export -o records.csv", "export --what measures --format parquet -o measures.parquet", "export --what watch --format jsonl"},
	"compare":         {"compare results/reference/msweep results/reference/fashion", "compare A B --json"},
	"selftest":        {"selftest"},
	"keys":            {"keys optimizer", "keys measures.m", "keys --schema > schema.json"},
	"slurm":           {"slurm submit --partition cpu --time 4:00:00 --memory 2G", "slurm status", "slurm cancel"},
	"slurm submit":    {"slurm submit --partition cpu --time 4:00:00 --memory 2G --throttle 50"},
	"slurm status":    {"slurm status", "slurm status --json"},
	"slurm cancel":    {"slurm cancel"},
	"k8s":             {"k8s manifest --image IMAGE --volume CLAIM"},
	"k8s manifest":    {"k8s manifest --image IMAGE --volume CLAIM seed=1,2"},
	"completion":      {"completion bash"},
	"completion bash": {"completion bash > /etc/bash_completion.d/NAME"},
	"completion zsh":  {"completion zsh > \"${fpath[1]}/_NAME\""},
	"completion fish": {"completion fish > ~/.config/fish/completions/NAME.fish"},
}

// exemplify gives the commands their examples.
func exemplify(root *cobra.Command) {
	name := root.Name()
	var give func(c *cobra.Command, path string)
	give = func(c *cobra.Command, path string) {
		for i, words := range examples[path] {
			if i > 0 {
				c.Example += "\n"
			}
			c.Example += strings.TrimRight("  "+name+" "+strings.ReplaceAll(words, "NAME", name), " ")
		}
		for _, sub := range c.Commands() {
			give(sub, strings.TrimSpace(path+" "+sub.Name()))
		}
	}
	give(root, "")
}
