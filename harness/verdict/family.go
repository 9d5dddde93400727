package verdict

import (
	"math"
	"slices"

	"msharp/harness/record"
	"msharp/harness/stats"
)

// Member is the verdicts of one experiment among others.
type Member struct {
	Name     string // of its folder
	Data     string // what was trained on what: "MLP on MNIST, 1024 training examples"
	Verdicts []Verdict
}

// Row is a claim over all experiments.
type Row struct {
	Claim, Text, Unit string
	Direction         int     // the sign that is claimed; 0 of verdicts that do not say
	Smallest          float64 // the smallest effect of interest; 0 likewise
	Cells             []Cell  // of each experiment
}

// Cell is the verdict of a claim in one experiment.
type Cell struct {
	Verdict
	There bool          // the experiment makes the claim
	Table record.Number // p, Holm-adjusted over all cells that have one
}

// Holds reports whether the claim reproduces with p adjusted over the whole table.
func (c Cell) Holds() bool { return c.Verdict.Verdict == Reproduces && float64(c.Table) <= alpha }

// members counts the experiments that make the claim.
func (r Row) members() (n int) {
	for _, c := range r.Cells {
		if c.There {
			n++
		}
	}
	return n
}

// Shared reports whether several experiments make the claim.
func (r Row) Shared() bool { return r.members() > 1 }

// Table sets the claims of several experiments side by side: a row a claim, in the order in which the experiments make them, those of several
// experiments first. Each verdict stays that of its experiment; beside its p stands the one adjusted by Holm over the whole table.
func Table(members []Member) (rows []Row) {
	at := map[string]int{}
	for _, m := range members {
		for _, v := range m.Verdicts {
			i, known := at[v.Claim]
			if !known {
				i = len(rows)
				at[v.Claim] = i
				rows = append(rows, Row{Claim: v.Claim, Cells: make([]Cell, len(members))})
			}
			if rows[i].Direction == 0 {
				rows[i].Text, rows[i].Unit, rows[i].Direction, rows[i].Smallest = v.Text, v.Unit, v.Direction, float64(v.Smallest)
			}
		}
	}
	var ps []float64
	for k, m := range members {
		for _, v := range m.Verdicts {
			rows[at[v.Claim]].Cells[k] = Cell{Verdict: v, There: true, Table: record.Number(math.NaN())}
			ps = append(ps, float64(v.Unadjusted))
		}
	}
	adjusted := stats.Holm(ps)
	for k, m := range members {
		for _, v := range m.Verdicts {
			rows[at[v.Claim]].Cells[k].Table, adjusted = record.Number(adjusted[0]), adjusted[1:]
		}
	}
	slices.SortStableFunc(rows, func(a, b Row) int {
		switch {
		case a.Shared() == b.Shared():
			return 0
		case a.Shared():
			return -1
		}
		return 1
	})
	return rows
}
