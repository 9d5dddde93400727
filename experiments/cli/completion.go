package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"msharp/harness/keys"
)

// complete gives a command and those below it that take words key=value their completion.
func complete(c *cobra.Command) {
	if strings.HasSuffix(c.Use, "[key=value ...]") {
		c.ValidArgsFunction = overrides
	}
	for _, sub := range c.Commands() {
		complete(sub)
	}
}

// overrides completes a word key=value.
func overrides(_ *cobra.Command, _ []string, begun string) (words []string, how cobra.ShellCompDirective) {
	how = cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
	if !strings.Contains(begun, "=") {
		how |= cobra.ShellCompDirectiveNoSpace
	}
	for _, v := range keys.Complete(begun) {
		words = append(words, cobra.CompletionWithDesc(v.Name, v.Meaning))
	}
	return words, how
}

// completed gives a flag of the command its completion.
func completed(c *cobra.Command, flag string, by cobra.CompletionFunc) {
	if err := c.RegisterFlagCompletionFunc(flag, by); err != nil {
		panic(err) // there is no such flag
	}
}

// listOf completes a list with commas by the names that it has not yet.
func listOf(names []string) cobra.CompletionFunc {
	return func(_ *cobra.Command, _ []string, begun string) (lists []string, how cobra.ShellCompDirective) {
		before := begun[:strings.LastIndex(begun, ",")+1]
		for _, name := range names {
			if strings.HasPrefix(before+name, begun) && !slices.Contains(strings.Split(before, ","), name) {
				lists = append(lists, before+name)
			}
		}
		return lists, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace | cobra.ShellCompDirectiveKeepOrder
	}
}

// oneOfThese completes a flag by values, in their order.
func oneOfThese(values ...string) cobra.CompletionFunc {
	return cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp|cobra.ShellCompDirectiveKeepOrder)
}
