package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"msharp/harness/keys"
)

func (s *session) keysCommand() *cobra.Command {
	var schema bool
	c := &cobra.Command{
		Use:   "keys [--schema] [PREFIX]",
		Short: "the keys of a configuration that begin with PREFIX, or all: type, range, default, meaning; --schema is a JSON Schema of them",
		RunE: func(c *cobra.Command, words []string) error {
			if schema {
				if err := noArgs(c, words); err != nil {
					return err
				}
				_, err := s.table.Write(keys.Schema())
				return err
			}
			if len(words) > 1 {
				return noArgs(c, words[1:])
			}
			return s.keys(strings.Join(words, ""))
		},
		ValidArgsFunction: func(_ *cobra.Command, words []string, begun string) ([]string, cobra.ShellCompDirective) {
			if len(words) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			all, _ := keys.Reference(begun)
			var paths []string
			for _, k := range all {
				paths = append(paths, cobra.CompletionWithDesc(k.Path, k.Meaning))
			}
			return paths, cobra.ShellCompDirectiveNoFileComp
		},
	}
	c.Flags().BoolVar(&schema, "schema", false, "a JSON Schema of configuration files, as experiments/schema.json has it for editors")
	return c
}

// keys prints the keys that begin with a prefix.
func (s *session) keys(prefix string) error {
	all, err := keys.Reference(prefix)
	if err != nil {
		return err
	}
	for _, k := range all {
		fmt.Fprintln(s.out, strings.Join(described(k), "\n"))
	}
	return nil
}

// described is a key in lines: its path and kinds, what it takes, what it means.
func described(k keys.Key) (lines []string) {
	head := k.Path
	if len(k.Kinds) > 0 {
		head += " of " + strings.Join(k.Kinds, ", ")
	}
	lines = append(lines, head, "    "+k.Expected+defaults(k))
	lines = append(lines, "    "+k.Meaning)
	if k.As != "" {
		lines[2] += "; its keys are those of " + k.As
	}
	if strings.HasSuffix(k.Path, ".kind") {
		for _, v := range k.Values {
			lines = append(lines, "        "+v.Name+": "+v.Meaning)
		}
	}
	return lines
}

// defaults says what a key holds where it is not given.
func defaults(k keys.Key) string {
	switch {
	case k.Needed:
		return "; must be given"
	case len(k.Defaults) == 0:
		return ""
	case len(k.Defaults) == 1:
		return "; default " + k.Defaults[0].Value
	}
	var each []string
	for _, d := range k.Defaults {
		each = append(each, d.Value+" ("+strings.Join(d.Kinds, ", ")+")")
	}
	return "; default " + strings.Join(each, ", ")
}
