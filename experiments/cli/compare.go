package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"msharp/harness/folder"
	"msharp/harness/record"
	"msharp/harness/stats"
	"msharp/harness/study"
	"msharp/harness/verdict"
)

func (s *session) compareCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "compare A B [--json]",
		Short: "two output folders side by side: verdicts, and differences between trials of equal configurations",
		Long: `Two output folders side by side. The claims are those of this experiment, judged anew in both. Trials are pairs where their configurations
are equal, seed and all, but for the keys that have one value throughout A and another throughout B. Differences are B − A: the mean over
the pairs of a seed, then over seeds with a 95 % interval over these alone; errors are in points. --json has every measure too.`,
		Args: func(_ *cobra.Command, words []string) error {
			if len(words) != 2 {
				return usageError{fmt.Errorf("compare takes two output folders, not %d", len(words))}
			}
			return nil
		},
		RunE: func(_ *cobra.Command, words []string) error {
			if s.folder != "" || s.config != "" || s.data != "" {
				return usageError{errors.New("compare reads two folders as they are; it takes no --out, --config or --data")}
			}
			return s.compare([2]string(words), asJSON)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "one JSON object, with the differences of every number")
	return c
}

// side is one of two folders that are compared.
type side struct {
	Folder   string            `json:"folder"`
	Name     string            `json:"name"`
	Program  string            `json:"program"` // the experiment that made it
	Revision string            `json:"revision"`
	Trials   int               `json:"trials"` // final ones
	Alone    int               `json:"alone"`  // without a partner
	Verdicts []verdict.Verdict `json:"verdicts"`

	study *study.Trials
}

// compared is what compare says.
type compared struct {
	Sides  [2]side      `json:"sides"`
	Apart  []apart      `json:"apart"`
	Pairs  int          `json:"pairs"`
	Equal  int          `json:"equal"`    // pairs with the same bits in all numbers that both have
	Lost   [3]int       `json:"diverged"` // pairs that did in A alone, in B alone, in both
	Values []difference `json:"differences"`
}

type apart struct {
	Key string `json:"key"`
	A   string `json:"a"`
	B   string `json:"b"`
}

type difference struct {
	Name    string        `json:"name"`
	Pairs   int           `json:"pairs"`
	Equal   int           `json:"equal"`
	Mean    record.Number `json:"mean"` // B − A
	Low     record.Number `json:"low"`
	High    record.Number `json:"high"`
	N       int           `json:"n"` // seeds
	Largest record.Number `json:"largest"`
	At      string        `json:"at"` // the id in A

	interval stats.Interval
}

func (s *session) compare(dirs [2]string, asJSON bool) error {
	c := compared{Apart: []apart{}, Values: []difference{}}
	for i, dir := range dirs {
		var err error
		if c.Sides[i], err = s.side(folder.Dir(dir)); err != nil {
			return err
		}
	}
	found := study.Compare(c.Sides[0].study, c.Sides[1].study)
	c.Pairs, c.Equal, c.Lost = found.Pairs, found.Equal, found.Lost
	c.Sides[0].Alone, c.Sides[1].Alone = found.Alone[0], found.Alone[1]
	for _, k := range found.Apart {
		c.Apart = append(c.Apart, apart(k))
	}
	for _, d := range found.Values {
		c.Values = append(c.Values, difference{d.Name, d.Pairs, d.Equal, record.Number(d.Mean.Mean), record.Number(d.Mean.Low), record.Number(d.Mean.High),
			d.Mean.N, record.Number(d.Largest), d.At, d.Mean})
	}
	if asJSON {
		return s.json(c)
	}
	s.sayCompared(c)
	return nil
}

// side reads a folder, and judges the experiment's claims there.
func (s *session) side(dir folder.Dir) (v side, err error) {
	if err := dir.Exists(); err != nil {
		return v, usageError{fmt.Errorf("%s holds no records", dir)}
	}
	trials, _, m, err := s.studyOf(dir, record.WithoutEpochs, record.WithoutConfusion)
	if err != nil {
		return v, err
	}
	v = side{Folder: string(dir), Name: m.Name, Revision: m.Revision, study: trials}
	if len(m.Command) > 0 {
		v.Program = m.Command[0]
	}
	v.Trials = len(v.study.Final())
	v.Verdicts = verdict.Judge(s.Claims, v.study)
	return v, nil
}

func (s *session) sayCompared(c compared) {
	for i, v := range c.Sides {
		fmt.Fprintf(s.out, "%s: %s, %s, of revision %.12s\n", "AB"[i:i+1], v.Folder, record.Plural(v.Trials, "trial"), v.Revision)
		if v.Program != "" && v.Program != s.Name {
			fmt.Fprintf(s.out, "   made by %s, whose claims may be others than those of %s below\n", v.Program, s.Name)
		}
	}
	var keys []string
	for _, k := range c.Apart {
		keys = append(keys, fmt.Sprintf("%s %s → %s", k.Key, k.A, k.B))
	}
	if len(keys) > 0 {
		fmt.Fprintln(s.out, "apart by", strings.Join(keys, ", "))
	}
	fmt.Fprintf(s.out, "%s of equal configurations, %d with equal bits; alone: %d in A, %d in B\n", record.Plural(c.Pairs, "pair"), c.Equal, c.Sides[0].Alone, c.Sides[1].Alone)
	if c.Lost != [3]int{} {
		fmt.Fprintf(s.out, "diverged: %d in A alone, %d in B alone, %d in both; differences are between trials that did not\n", c.Lost[0], c.Lost[1], c.Lost[2])
	}
	if len(c.Sides[0].Verdicts) > 0 {
		fmt.Fprintln(s.out)
		t := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(t, "claim\tA\tB")
		for i, a := range c.Sides[0].Verdicts {
			fmt.Fprintf(t, "%s\t%s\t%s\n", a.Claim, judged(a), judged(c.Sides[1].Verdicts[i]))
		}
		t.Flush()
	}
	shown := slices.DeleteFunc(slices.Clone(c.Values), func(d difference) bool { return !slices.Contains(record.Metrics, d.Name) })
	if len(shown) == 0 {
		return
	}
	fmt.Fprintln(s.out)
	t := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "B − A\tmean\t95 % interval\tseeds\tpairs\tlargest\tat")
	for _, d := range shown {
		name, scale := d.Name, 1.
		if strings.Contains(d.Name, "error") {
			name, scale = d.Name+", points", 100
		}
		mean, interval := d.interval.Scale(scale).Digits()
		largest := ""
		if d.At != "" {
			largest, _ = stats.Interval{Mean: scale * float64(d.Largest)}.Digits()
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%d\t%d\t%s\t%s\n", name, mean, interval, d.N, d.Pairs, largest, d.At)
	}
	t.Flush()
}

// judged is a verdict in a cell of a table: "✓ −.54 [−.89, −.19]".
func judged(v verdict.Verdict) string {
	mean, interval := v.Digits()
	return strings.TrimSpace(map[string]string{verdict.Reproduces: "✓", verdict.DoesNotReproduce: "✗", verdict.Undecided: "?"}[v.Verdict] + " " + mean + " " + interval)
}
