package cli

import (
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/klauspost/cpuid/v2"

	"msharp/harness/config"
	"msharp/harness/record"
	"msharp/models/kernel"
)

// manifest says where the records of a run come from.
func (s *session) manifest(sweep *config.Sweep, workers int) record.Manifest {
	m := record.Manifest{
		Name: sweep.Name, Command: append([]string{s.Name}, s.args...), Started: time.Now().UTC().Truncate(time.Second),
		Go: runtime.Version(), Kernel: kernel.Name(), CPU: strings.TrimSpace(cpuid.CPU.BrandName), Cores: runtime.NumCPU(), Workers: workers,
		Modules: map[string]string{},
	}
	if m.CPU == "" {
		m.CPU = runtime.GOARCH
	}
	m.Host, _ = os.Hostname()
	if m.Revision, m.Dirty = revision(); m.Revision == "" {
		m.Revision = "unknown"
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, d := range info.Deps {
			if d.Replace != nil {
				d = d.Replace
			}
			m.Modules[d.Path] = d.Version
		}
	}
	m.Data = dataSources(sweep)
	return m
}

// dataSources returns the data sets that a sweep has read, as a manifest names them.
func dataSources(sweep *config.Sweep) (sources []record.DataSource) {
	for _, o := range sweep.Sources {
		sources = append(sources, record.DataSource{
			Kind: o.Kind, Name: o.Source.Name, Origin: o.Source.Origin, SHA256: o.SHA256, Class: o.ClassColumn, Classes: o.ClassNames, Notes: o.Notes, Warnings: o.Warnings,
		})
	}
	return sources
}

// tables says how the tables of a sweep were read, a line each.
func tables(sweep *config.Sweep) (lines []string) {
	sources := dataSources(sweep)
	for _, d := range sources {
		about := d.About()
		if about != "" && len(sources) > 1 {
			about = d.Origin + ": " + about
		}
		if about != "" {
			lines = append(lines, about)
		}
	}
	return lines
}

// revision returns the code's commit and whether the work tree, results aside, differed from it. go build stamps both; else git tells, if the
// working directory holds this module; else the commit is "".
func revision() (rev string, dirty bool) {
	rev, dirty, module := stamped()
	mod, err := os.ReadFile("go.mod")
	if rev != "" || err != nil || !strings.HasPrefix(string(mod), "module "+module+"\n") {
		return rev, dirty
	}
	head, err := exec.Command("git", "rev-parse", "HEAD").Output()
	if err != nil {
		return "", false
	}
	changes, err := exec.Command("git", "status", "--porcelain", "--", ".", ":!results").Output()
	return strings.TrimSpace(string(head)), err != nil || len(changes) > 0
}

// stamped returns what go build has written into the program: the code's commit, whether its work tree differed, and its module.
func stamped() (rev string, dirty bool, module string) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "", false, ""
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			rev = s.Value
		case "vcs.modified":
			dirty = s.Value == "true"
		}
	}
	return rev, dirty, info.Main.Path
}
