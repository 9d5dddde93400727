package page

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"al.essio.dev/pkg/shellescape"

	"msharp/harness/record"
	"msharp/harness/study"
)

// provenance is the manifest as a table; what is not known is left out.
func provenance(m record.Manifest) (rows, modules [][2]string) {
	add := func(name, value string) {
		if value != "" {
			rows = append(rows, [2]string{name, value})
		}
	}
	add("command, as called", shellescape.QuoteCommand(m.Command))
	revision := m.Revision
	if m.Dirty {
		revision += " (with changes that are not committed)"
	}
	add("code revision", revision)
	if !m.Started.IsZero() {
		add("started", m.Started.UTC().Format(time.RFC3339))
	}
	if m.Seconds > 0 {
		what := record.Plural(m.Trained, "trial") + " trained"
		if m.Measured > 0 {
			what += fmt.Sprintf(", %d measured", m.Measured)
		}
		add("latest run", fmt.Sprintf("%s in %.1f s", what, m.Seconds))
	}
	add("Go", m.Go)
	add("kernel", m.Kernel)
	add("CPU", m.CPU)
	if m.Cores > 0 {
		add("cores, workers", fmt.Sprintf("%d, %d", m.Cores, m.Workers))
	}
	add("host", m.Host)
	for _, d := range m.Data {
		what := []string{d.Kind}
		if !strings.EqualFold(d.Name, d.Kind) { // else the kind says it
			what = append(what, d.Name)
		}
		what = slices.DeleteFunc(append(what, d.Origin, "sha256 "+d.SHA256, d.About()), func(s string) bool { return s == "" })
		add("data", strings.Join(what, ", "))
	}
	for _, path := range slices.Sorted(maps.Keys(m.Modules)) {
		modules = append(modules, [2]string{path, m.Modules[path]})
	}
	return rows, modules
}

// pageAgain is the commands that make the folder again.
type pageAgain struct {
	Run  []string // empty where the manifest does not say enough
	Draw string
	Data bool // DIR stands for a data folder of the user's
}

// again trains sweep.yaml, which holds the trials of every run in the folder; the command of the manifest is only that of the latest run. It
// copies the file first, because the older code that is then checked out may not have the folder.
func again(m record.Manifest) (a pageAgain) {
	if len(m.Command) == 0 {
		return a
	}
	a.Run = []string{"cp FOLDER/sweep.yaml NEW.yaml"}
	if m.Revision != "" && m.Revision != "unknown" {
		checkout := "git checkout " + shellescape.Quote(m.Revision)
		if m.Dirty {
			checkout += "   # and changes that were not committed"
		}
		a.Run = append(a.Run, checkout)
	}
	program := "go run " + shellescape.Quote("./experiments/"+m.Command[0])
	run := program + " run --config NEW.yaml --out NEW"
	a.Data = slices.ContainsFunc(m.Command[1:], func(s string) bool { return s == "--data" || strings.HasPrefix(s, "--data=") })
	if a.Data {
		run += " --data DIR"
	}
	if m.Kernel == "generic" { // else the fastest of the machine is taken
		run = "MSHARP_KERNEL=generic " + run
	}
	a.Run = append(a.Run, run)
	a.Draw = program + " draw --out FOLDER"
	return a
}

// pageSource is the trials that one code ran, or measured later, with one arithmetic on one host.
type pageSource struct {
	Revision, Kernel, Host string
	Trials                 int
	Seconds                string // of training and measuring, summed
}

// sources groups the records by where they ran; nil where none says.
func sources(t *study.Trials) (out []pageSource) {
	type key struct{ revision, kernel, host string }
	trials, seconds := map[key]int{}, map[key]float64{}
	for _, r := range sortedByID(t.Recorded()) { // floats are added in one order
		here := map[key]bool{}
		for _, run := range r.Runs() {
			k := key{run.Revision, run.Kernel, run.Host}
			if !here[k] {
				trials[k]++
			}
			here[k] = true
			seconds[k] += run.TrainSeconds + run.MeasureSeconds
		}
	}
	keys := slices.SortedFunc(maps.Keys(trials), func(a, b key) int {
		return cmp.Or(cmp.Compare(a.revision, b.revision), cmp.Compare(a.kernel, b.kernel), cmp.Compare(a.host, b.host))
	})
	for _, k := range keys {
		out = append(out, pageSource{
			Revision: cmp.Or(k.revision, "–"), Kernel: cmp.Or(k.kernel, "–"), Host: cmp.Or(k.host, "–"),
			Trials: trials[k], Seconds: fmt.Sprintf("%.0f s", seconds[k]),
		})
	}
	return out
}

func sortedByID(rs []study.Trial) []study.Trial {
	return slices.SortedStableFunc(slices.Values(rs), func(a, b study.Trial) int { return cmp.Compare(a.ID, b.ID) })
}
