package cli

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"msharp/harness/disk"
	"msharp/harness/folder"
	"msharp/harness/parallel"
	"msharp/models/kind"
	"msharp/plots"
)

// paperFlags are the options of draw for a paper.
type paperFlags struct {
	figures, formats []string
	width, to        string
	plain            bool
}

// add adds them to the command of an experiment with these figures.
func (f *paperFlags) add(c *cobra.Command, figures []plots.Figure) {
	names := namesOf(figures)
	such := ""
	if len(names) > 0 {
		such = ", as " + strings.Join(names[:min(2, len(names))], ",")
	}
	c.Flags().StringSliceVar(&f.figures, "figures", nil, "draw `NAME,NAME` alone"+such+"; default all figures")
	c.Flags().StringSliceVar(&f.formats, "format", nil, "`FORMATS` of the files: "+strings.Join(plots.Formats, ", ")+"; default pdf. A png has 600 dots an inch with --width, else 192")
	c.Flags().StringVar(&f.width, "width", "", "`WIDTH` of a figure: column (3.25in), two-columns (6.75in), or as 5.5in, 140mm; default its own, 4.3in or 7.2in")
	c.Flags().BoolVar(&f.plain, "plain", false, "no title and no grey notes inside a figure, for a caption outside")
	c.Flags().StringVar(&f.to, "to", "", "`DIR` for the files, outside the output folder; default paper/NAME")
	completed(c, "figures", listOf(names))
	completed(c, "format", listOf(plots.Formats))
	completed(c, "width", oneOfThese(describedWidths()...))
}

// namesOf are the names of figures.
func namesOf(figures []plots.Figure) (names []string) {
	for _, f := range figures {
		names = append(names, f.Name())
	}
	return names
}

// describedWidths are the named widths, each with its length.
func describedWidths() (words []string) {
	names, inches := plots.NamedWidths()
	for i, name := range names {
		words = append(words, cobra.CompletionWithDesc(name, fmt.Sprintf("%.2fin", inches[i])))
	}
	return words
}

// some reports whether one of them was given.
func (f paperFlags) some(c *cobra.Command) bool {
	return slices.ContainsFunc([]string{"figures", "format", "width", "plain", "to"}, func(name string) bool { return c.Flags().Changed(name) })
}

// drawPaper draws figures of the records in a folder for a paper, and writes them elsewhere.
func (s *session) drawPaper(dir folder.Dir, f paperFlags) error {
	paper, formats, err := f.read()
	if err != nil {
		return err
	}
	to, err := f.place(dir)
	if err != nil {
		return err
	}
	trials, _, m, err := s.studyOf(dir)
	if err != nil {
		return err
	}
	s.sayMixed(trials, m)
	figures := s.figuresOf(trials)
	if len(f.figures) > 0 {
		if figures, err = plots.Named(figures, f.figures); err != nil {
			return fmt.Errorf("--figures: %w", err)
		}
	}
	drawings, err := plots.DrawAll(figures, trials)
	if err != nil {
		return err
	}
	drawn := s.onPaper(drawings, paper, to)
	switch {
	case len(drawn) == 0 && len(f.figures) > 0:
		return fmt.Errorf("--figures: the records in %s make none of these figures", dir)
	case len(drawn) == 0:
		fmt.Fprintf(s.out, "drew 0 of %d figures\n", len(drawings))
		return nil
	}
	if err := os.MkdirAll(to, 0o777); err != nil {
		return usageError{fmt.Errorf("--to: %w", err)}
	}
	errs := parallel.Map(len(drawn), func(i int) error { return writePaper(to, drawn[i], formats) })
	if err := errors.Join(errs...); err != nil {
		return err
	}
	fmt.Fprintf(s.out, "drew %d of %d figures in %s: %s\n", len(drawn), len(drawings), to, strings.Join(formats, ", "))
	return nil
}

// place is the folder for the files of figures of an output folder, which may not lie in that.
func (f paperFlags) place(dir folder.Dir) (to string, err error) {
	if f.to != "" {
		if dir.Holds(f.to) {
			return "", usageError{fmt.Errorf("--to %s: draw for a paper writes nothing in the output folder %s; expected a folder outside", f.to, dir)}
		}
		if err := folder.MayWrite(f.to); err != nil {
			return "", usageError{fmt.Errorf("--to %w", err)}
		}
		return f.to, nil
	}
	whole, err := filepath.Abs(string(dir))
	if err != nil {
		return "", err
	}
	to = filepath.Join("paper", filepath.Base(whole))
	if dir.Holds(to) {
		return "", usageError{fmt.Errorf("%s, where the files go without --to, is in the output folder %s, where draw for a paper writes nothing; expected --to with a folder outside", to, dir)}
	}
	return to, nil
}

// onPaper lays the drawings out that the records make. It says why there is no other, and what files it seems to have all the same.
func (s *session) onPaper(drawings []plots.Drawing, paper plots.Paper, to string) (drawn []plots.Drawing) {
	for _, d := range drawings {
		if d.Skipped != "" {
			fmt.Fprintf(s.talk, "no %s: %s%s\n", d.Name, d.Skipped, stale(to, d.Name))
			continue
		}
		d = d.On(paper)
		s.sayFit(d, paper)
		drawn = append(drawn, d)
	}
	return drawn
}

// stale names the files in a folder that a figure would have: of an earlier draw, or of something else. It is empty where there are none.
func stale(to, name string) string {
	var there []string
	for _, ext := range append(slices.Clone(plots.Formats), "txt") {
		if _, err := os.Lstat(filepath.Join(to, name+"."+ext)); err == nil {
			there = append(there, name+"."+ext)
		}
	}
	switch len(there) {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf("; %s in %s is of an earlier draw, or not of draw", there[0], to)
	}
	return fmt.Sprintf("; %s in %s are of an earlier draw, or not of draw", strings.Join(there, ", "), to)
}

// read checks the options.
func (f paperFlags) read() (paper plots.Paper, formats []string, err error) {
	paper.Plain = f.plain
	if f.width != "" {
		if paper.Width, err = plots.PaperWidth(f.width); err != nil {
			return paper, nil, fmt.Errorf("--width: %w", err)
		}
	}
	for _, format := range f.formats {
		format = strings.TrimSpace(format)
		if !slices.Contains(plots.Formats, format) {
			return paper, nil, fmt.Errorf("--format: %w", &kind.Error{Value: format, Problem: "no format", Expected: "one or more of " + strings.Join(plots.Formats, ","), Nearest: kind.Nearest(format, plots.Formats)})
		}
		if !slices.Contains(formats, format) {
			formats = append(formats, format)
		}
	}
	if len(formats) == 0 {
		formats = []string{"pdf"}
	}
	return paper, formats, nil
}

// mostHeight is about the height of a page's text, in inches.
const mostHeight = 9.

// sayFit says where a figure is wider than was asked for, or higher than a page.
func (s *session) sayFit(d plots.Drawing, paper plots.Paper) {
	width, height := d.Size()
	if asked := paper.Width.Points() / 72; asked > 0 && width > asked+1e-6 {
		fmt.Fprintf(s.talk, "warning: %s needs a width of %.2f in, and has it; --width asks for %.2f in\n", d.Name, width, asked)
	}
	if height > mostHeight {
		fmt.Fprintf(s.talk, "warning: %s is %.1f in high, which is more than a page\n", d.Name, height)
	}
}

// writePaper writes a drawing in each format, and its title and caption.
func writePaper(to string, d plots.Drawing, formats []string) error {
	path := filepath.Join(to, d.Name)
	for _, format := range formats {
		var b bytes.Buffer
		if err := d.WriteAs(format, &b); err != nil {
			return err
		}
		if err := disk.WriteFile(path+"."+format, b.Bytes()); err != nil {
			return err
		}
	}
	return disk.WriteFile(path+".txt", []byte(d.Title+"\n\n"+d.Caption+"\n"))
}
