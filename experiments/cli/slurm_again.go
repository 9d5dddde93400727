package cli

import (
	"cmp"
	"strings"

	"github.com/spf13/pflag"

	"msharp/harness/folder"
	"msharp/harness/slurm"
)

// again returns the words that submit every trial ever asked of an output folder and still missing, with the site options of the newest
// submission; with failed, also the failed trials.
func (s *session) again(out folder.Dir, subs []*slurm.Submission, failed bool) []string {
	words := []string{"slurm", "submit", "--planned", "--out", string(out)}
	var newest slurm.Plan
	for _, sub := range subs {
		if len(sub.Plan.Command) > 0 {
			newest = sub.Plan
		}
	}
	submit, _, err := (&session{Experiment: s.Experiment}).commands().Find(words[:2])
	if err == nil {
		err = submit.ParseFlags(newest.Command)
	}
	if err == nil { // otherwise the plan was written by a program with other flags
		submit.Flags().Visit(func(f *pflag.Flag) {
			switch f.Name {
			case "config", "out", "planned", "retry-failed":
			case "program":
				words = append(words, "--program", cmp.Or(newest.Program, f.Value.String()))
			case "data":
				if newest.Data != "" {
					words = append(words, "--data", newest.Data)
				}
			default:
				words = append(words, given(f)...)
			}
		})
		for _, word := range submit.Flags().Args() {
			if key, _, is := strings.Cut(word, "="); is && executes(key) {
				words = append(words, word)
			}
		}
	}
	if failed {
		words = append(words, "--retry-failed")
	}
	return words
}

// given returns the words that give a flag its value.
func given(f *pflag.Flag) (words []string) {
	if f.NoOptDefVal != "" { // such as true, of a switch
		return []string{"--" + f.Name + "=" + f.Value.String()}
	}
	values := []string{f.Value.String()}
	if list, ok := f.Value.(pflag.SliceValue); ok {
		values = list.GetSlice()
	}
	for _, v := range values {
		words = append(words, "--"+f.Name, v)
	}
	return words
}
