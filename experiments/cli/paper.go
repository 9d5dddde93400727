package cli

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
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

// add adds them to the command.
func (f *paperFlags) add(c *cobra.Command) {
	c.Flags().StringSliceVar(&f.figures, "figures", nil, "draw `NAME,NAME` alone, as msweep,collapse; default all figures")
	c.Flags().StringSliceVar(&f.formats, "format", nil, "`FORMATS` of the files: "+strings.Join(plots.Formats, ", ")+"; default pdf. A png has 600 dots an inch with --width, else 192")
	c.Flags().StringVar(&f.width, "width", "", "`WIDTH` of a figure: column (3.25in), two-columns (6.75in), or as 5.5in, 140mm; default its own, 4.3in or 7.2in")
	c.Flags().BoolVar(&f.plain, "plain", false, "no title and no grey notes inside a figure, for a caption outside")
	c.Flags().StringVar(&f.to, "to", "", "`DIR` for the files; default paper/NAME")
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
	whole, err := filepath.Abs(string(dir))
	if err != nil {
		return err
	}
	to := cmp.Or(f.to, filepath.Join("paper", filepath.Base(whole)))
	if inside, err := within(to, dir.Figures()); err != nil {
		return err
	} else if inside {
		return usageError{fmt.Errorf("--to %s: draw keeps that folder for its own figures; expected another", to)}
	}
	recs, err := s.load(dir)
	if err != nil {
		return err
	}
	m, _, err := dir.Read()
	if err != nil {
		return err
	}
	trials := studied(recs, m)
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
	if err := os.MkdirAll(to, 0o777); err != nil {
		return usageError{fmt.Errorf("--to: %w", err)}
	}
	drawn := 0
	for i, d := range drawings {
		if d.Skipped != "" {
			fmt.Fprintf(s.talk, "no %s: %s\n", d.Name, d.Skipped)
			continue
		}
		drawn++
		drawings[i] = d.On(paper)
		s.sayFit(drawings[i], paper)
	}
	errs := parallel.Map(len(drawings), func(i int) error { return writePaper(to, drawings[i], formats) })
	if err := errors.Join(errs...); err != nil {
		return err
	}
	fmt.Fprintf(s.out, "drew %d of %d figures in %s: %s\n", drawn, len(drawings), to, strings.Join(formats, ", "))
	return nil
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

// writePaper writes a drawing in each format, and its title and caption. It removes the files of one that the records cannot make.
func writePaper(to string, d plots.Drawing, formats []string) error {
	path := filepath.Join(to, d.Name)
	if d.Skipped != "" {
		for _, ext := range append(slices.Clone(formats), "txt") {
			if err := os.Remove(path + "." + ext); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
		return nil
	}
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

// within reports whether two paths name one folder.
func within(path, folder string) (bool, error) {
	a, err := filepath.Abs(path)
	if err != nil {
		return false, err
	}
	b, err := filepath.Abs(folder)
	return a == b, err
}
