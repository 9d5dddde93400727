// Package cli is the commands that every experiment shares.
//
//	run        train what is missing, measure, draw, judge, report
//	list       the plan
//	status     how far it is
//	draw       figures, verdicts and report again, from the records alone; or some of the figures for a paper
//	index DIR  DIR/index.html, a page over the output folders in DIR; run and draw then keep it current
//	measure    new measures on kept weights, without training again
//	landscape  losses around kept weights, along lines and planes
//	export     the records as a table
//	compare    two folders side by side: verdicts, and paired differences
//	slurm      submit|status|cancel: the same sweep on a cluster
//	k8s        manifest: the same plan as a Kubernetes Indexed Job
//	keys       what a configuration may hold, in words or as a JSON Schema
//	selftest   the analytic oracles, on this machine
package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"msharp/harness/config"
	"msharp/harness/disk"
	"msharp/harness/folder"
	"msharp/harness/limits"
	"msharp/harness/record"
	"msharp/harness/verdict"
	"msharp/models/kind"
	"msharp/plots"
)

// Experiment is a program under experiments/: a configuration, the figures it draws, and the claims it holds its records to. A new one is a
// folder with NAME.yaml, main.go (this value), claims.go and figures.go; nothing else is edited.
type Experiment struct {
	Name    string // of the program, and of the embedded file NAME.yaml
	Short   string // what it shows, in one line
	Config  []byte // NAME.yaml
	Figures []plots.Figure
	Claims  []verdict.Claim // none is fine
}

// Exit statuses.
const (
	exitOK          = 0
	exitFailed      = 1 // a trial failed, or the world did
	exitUsage       = 2 // usage or configuration
	exitInterrupted = 130
)

// usageError is a fault of the command line.
type usageError struct{ error }

// interrupted ends a run that the user stopped; its text says how to continue.
type interrupted struct{ error }

// Main runs the experiment's command line args and returns the exit status. Results are written to out, all else to talk.
func (e Experiment) Main(args []string, out, talk io.Writer) int {
	results := &results{w: out}
	s := &session{Experiment: e, args: args, table: results, out: results, talk: plain{talk}, warned: map[record.Warning]bool{}}
	if isTerminal(out) {
		results.w = plain{out}
		s.out = s.onTerminal(results, out.(*os.File))
	}
	if isTerminal(talk) {
		s.terminal = talk.(*os.File)
		s.talk = s.onTerminal(plain{talk}, s.terminal)
	}
	root := s.commands()
	root.SetArgs(args)
	root.SetOut(s.out)
	root.SetErr(s.talk)
	err := root.Execute()
	flush(s.out)
	if err == nil {
		err = results.err
	}
	switch l, isLog := s.talk.(*logged); {
	case err != nil && isLog:
		l.log.Error(e.said(err), "status", status(err))
	case err != nil:
		fmt.Fprintf(s.talk, "%s: %s\n", e.Name, e.said(err))
	}
	flush(s.talk)
	return status(err)
}

// onTerminal writes what a terminal shows, with its lines wrapped.
func (s *session) onTerminal(w io.Writer, terminal *os.File) io.Writer {
	return &wrapped{w: w, width: func() int { return columns(terminal) }, whole: commandLine(s.Name, nil)}
}

// flush writes what a writer has kept.
func flush(w io.Writer) {
	if c, ok := w.(interface{ close() error }); ok {
		c.close()
	}
}

// embedded returns the name in messages of the experiment's own configuration, which is no file where the program runs.
func (e Experiment) embedded() string { return "embedded " + e.Name + ".yaml" }

// said is an error in one line. If it names a line of the embedded configuration, it says how to see that.
func (e Experiment) said(err error) string {
	text := oneLine(err.Error())
	if in := new(kind.Error); errors.As(err, &in) && in.File == e.embedded() {
		text += "; " + e.Name + " list prints that configuration"
	}
	return text
}

// oneLine joins the lines of a text into one.
func oneLine(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		switch so := b.String(); {
		case so == "" || line == "":
		case strings.HasSuffix(so, ":"):
			b.WriteString(" ")
		default:
			b.WriteString("; ")
		}
		b.WriteString(line)
	}
	return b.String()
}

// results is where results go. It remembers its first error.
type results struct {
	w   io.Writer
	err error
}

func (r *results) Write(b []byte) (int, error) {
	n, err := r.w.Write(b)
	if err != nil && r.err == nil {
		r.err = err
	}
	return n, err
}

// status maps an error to an exit status.
func status(err error) int {
	var (
		config *kind.Error
		usage  usageError
		refuse folder.Refusal
		stop   interrupted
	)
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &stop):
		return exitInterrupted
	case errors.As(err, &config), errors.As(err, &usage), errors.As(err, &refuse):
		return exitUsage
	}
	return exitFailed
}

// session is one call of the program.
type session struct {
	Experiment
	args     []string
	table    io.Writer               // standard output as it is, for tables and JSON
	out      io.Writer               // standard output, for words
	talk     io.Writer               // standard error
	terminal *os.File                // that talk goes to; nil if it goes elsewhere
	warned   map[record.Warning]bool // those already printed

	config string   // --config
	folder string   // --out
	data   string   // --data
	limits []string // --limit
	log    string   // --log-format
}

// commands builds the command tree. The root itself is run.
func (s *session) commands() *cobra.Command {
	root := &cobra.Command{
		Use:           s.Name + " [command] [flags] [key=value ...]",
		Short:         s.Short,
		Long:          s.Short + "\n\nWithout a command it runs. Overrides set configuration keys: optimizer.rho=0.05, seed=1,2,3, 'seed=range(1,11)'.",
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.PersistentFlags().StringVar(&s.config, "config", "", "configuration `FILE` in place of the embedded "+s.Name+".yaml")
	root.PersistentFlags().StringVar(&s.folder, "out", "", "output `DIR`; default results/NAME")
	root.PersistentFlags().StringVar(&s.data, "data", "", "`DIR` with the IDX files of MNIST or Fashion-MNIST, CIFAR-10 binary or CSV files, gzipped or not")
	root.PersistentFlags().StringArrayVar(&s.limits, "limit", nil, "bound of memory, of a configuration or of a line of records, as `KEY=SIZE`: memory=2GiB, config=1MiB, line=64MiB")
	root.PersistentFlags().StringVar(&s.log, "log-format", "text", "how messages and progress are written: `text|json`; json is an object a line, of log/slog; a fault of the flags themselves is text")
	completed(root, "log-format", oneOfThese("text", "json"))
	root.Version = version()
	root.SetVersionTemplate("{{.Name}}: {{.Version}}\n")
	root.PersistentPreRunE = func(*cobra.Command, []string) error { return s.begin() }
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error { return usageError{flagError(c, err)} })

	run := s.runCommand()
	root.AddCommand(run, s.listCommand(), s.statusCommand(), s.drawCommand(), s.measureCommand(), s.landscapeCommand(), s.indexCommand(), s.exportCommand(), s.compareCommand(), s.selftestCommand(), s.slurmCommand(), s.k8sCommand(), s.keysCommand())
	root.Flags().AddFlagSet(run.Flags())
	root.Args = cobra.ArbitraryArgs
	root.RunE = func(c *cobra.Command, args []string) error {
		if err := s.misspelt(root, args); err != nil {
			return err
		}
		return run.RunE(c, args)
	}
	root.InitDefaultCompletionCmd()
	exemplify(root)
	complete(root)
	return root
}

// flagError names the flag that stands for an unknown one: the nearest, or --limit for a limit's name.
func flagError(c *cobra.Command, err error) error {
	for _, l := range limits.All {
		if err.Error() == "unknown flag: --"+l.Key {
			return fmt.Errorf("%w; expected --limit %s=SIZE, such as --limit %s=2GiB", err, l.Key, l.Key)
		}
	}
	if name, unknown := strings.CutPrefix(err.Error(), "unknown flag: --"); unknown {
		var known []string
		c.Flags().VisitAll(func(f *pflag.Flag) { known = append(known, f.Name) })
		if nearest := kind.Nearest(name, known); nearest != "" {
			return fmt.Errorf("%w; did you mean --%s?", err, nearest)
		}
	}
	return err
}

// begin takes the flags of every command.
func (s *session) begin() error {
	for _, word := range s.limits {
		if err := limits.Set(word); err != nil {
			return usageError{err}
		}
	}
	switch s.log {
	case "text":
	case "json":
		to := s.talk
		if s.terminal != nil {
			to = plain{s.terminal} // whose lines are not wrapped
		}
		s.talk, s.terminal = newLogged(to), nil
	default:
		return usageError{fmt.Errorf("--log-format %s: expected text or json", s.log)}
	}
	frugal()
	if s.folder == "" {
		return nil
	}
	if info, err := os.Stat(s.folder); err == nil && !info.IsDir() {
		return usageError{fmt.Errorf("--out %s: a file; expected a folder", s.folder)}
	}
	if err := folder.Dir(s.folder).Fits(); err != nil {
		return usageError{fmt.Errorf("--out %w", err)}
	}
	return nil
}

// misspelt refuses a first word that is neither a command nor an override.
func (s *session) misspelt(root *cobra.Command, args []string) error {
	if len(args) == 0 || strings.Contains(args[0], "=") {
		return nil
	}
	var names []string
	for _, c := range root.Commands() {
		if c.Name() == "help" || c.Name() == "completion" {
			continue
		}
		names = append(names, c.Name())
	}
	return &kind.Error{Value: args[0], Problem: "no command and no key=value", Expected: "a command (" + strings.Join(names, ", ") + ") or overrides", Nearest: kind.Nearest(args[0], names)}
}

// text returns the configuration and its name in messages.
func (s *session) text() (name string, text []byte, err error) {
	if s.config == "" {
		return s.embedded(), s.Config, nil
	}
	text, err = config.ReadFile(s.config)
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, disk.ErrKind), errors.Is(err, disk.ErrSize):
		err = usageError{fmt.Errorf("--config: %w", err)}
	case err != nil:
		err = fmt.Errorf("--config: %w", err)
	}
	return s.config, text, err
}

// outFolder returns the output folder of a sweep of the given name.
func (s *session) outFolder(name string) folder.Dir {
	if s.folder != "" {
		return folder.Dir(s.folder)
	}
	return folder.Dir(filepath.Join("results", name))
}

// existingFolder returns the output folder, which must hold records.
func (s *session) existingFolder() (folder.Dir, error) {
	out := folder.Dir(s.folder)
	if out == "" {
		name, text, err := s.text()
		if err != nil {
			return "", err
		}
		sweep, err := config.Outline(name, text, nil)
		if err != nil {
			return "", err
		}
		out = s.outFolder(sweep.Name)
	}
	if err := out.Exists(); errors.Is(err, fs.ErrNotExist) {
		return "", usageError{fmt.Errorf("%s holds no records; run first, or name a folder with --out", out)}
	} else if err != nil {
		return "", err
	}
	return out, nil
}

func noArgs(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageError{fmt.Errorf("%s takes no words such as %q", c.Name(), args[0])}
	}
	return nil
}
