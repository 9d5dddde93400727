package harness

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"

	"msharp/harness/disk"
)

// gridHead is the first line of a grid's file, behind "# ".
type gridHead struct {
	Asked  Request `json:"asked"`
	Found  Found   `json:"found"`
	SHA256 string  `json:"sha256"` // of the file without it
}

var (
	gridColumns = []string{"x", "y", "loss", "error"}
	pathColumns = append(slices.Clip(gridColumns), "epoch", "distance")
)

// columns are those of a view's file.
func (v View) columns() []string {
	if v.Along == "trajectory" {
		return pathColumns
	}
	return gridColumns
}

// Encode returns the grid as CSV: a comment line of JSON, what was asked and what was found, and then x, y, loss and error of each point. Of a
// trajectory the points of its path follow, with their epoch and distance, which are empty before. The numbers are read back as they were; NaN
// is NaN, ∞ is inf.
func (g *Grid) Encode() []byte {
	var table bytes.Buffer
	w := csv.NewWriter(&table)
	columns := g.Request.columns()
	w.Write(columns) // into memory: no error
	write := func(p GridPoint, more ...string) {
		row := append([]string{gridCell(p.X), gridCell(p.Y), gridCell(p.Loss), gridCell(p.Error)}, more...)
		w.Write(append(row, make([]string, len(columns)-len(row))...))
	}
	for _, p := range g.Points {
		write(p)
	}
	for _, p := range g.Path {
		write(p.GridPoint, strconv.Itoa(p.Epoch), gridCell(p.Distance))
	}
	w.Flush()
	return append(headLine(gridHead{g.Request, g.Found, sumOf(g.Request, g.Found, table.Bytes())}), table.Bytes()...)
}

func headLine(h gridHead) []byte { return []byte("# " + text(h) + "\n") }

func gridCell(v float64) string {
	switch {
	case math.IsNaN(v):
		return "NaN"
	case math.IsInf(v, 0):
		return map[bool]string{true: "inf", false: "-inf"}[v > 0]
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

// sumOf is the sha256 of a grid's file without the sum.
func sumOf(r Request, f Found, table []byte) string {
	sum := sha256.Sum256(append(headLine(gridHead{r, f, ""}), table...))
	return hex.EncodeToString(sum[:])
}

// DamagedGrid says that a file is not the grid that was written.
type DamagedGrid struct{ why error }

func (d *DamagedGrid) Error() string { return d.why.Error() }

// ReadGrid reads a grid's file. The error names it: a *DamagedGrid, or that it could not be read; it wraps fs.ErrNotExist if there is none.
func ReadGrid(path string) (*Grid, error) {
	b, err := disk.ReadFile(path)
	if err != nil {
		return nil, err
	}
	g, err := decodeGrid(b)
	if err != nil {
		return nil, &DamagedGrid{fmt.Errorf("%s: %w", path, err)}
	}
	return g, nil
}

func decodeGrid(b []byte) (*Grid, error) {
	first, table, _ := bytes.Cut(b, []byte("\n"))
	line, ok := bytes.CutPrefix(first, []byte("# "))
	if !ok {
		return nil, errors.New("no grid of losses: its first line says not what was asked")
	}
	var head gridHead
	if err := json.Unmarshal(line, &head); err != nil {
		return nil, fmt.Errorf("line 1: %w", err)
	}
	if sumOf(head.Asked, head.Found, table) != head.SHA256 {
		return nil, errOtherBytes
	}
	rows, err := csv.NewReader(bytes.NewReader(table)).ReadAll()
	if err != nil {
		return nil, err
	}
	g, want := &Grid{Request: head.Asked, Found: head.Found}, pointsOf(head.Asked.View)
	columns := head.Asked.columns()
	for i, row := range rows {
		if len(row) != len(columns) {
			return nil, fmt.Errorf("line %d has %d columns, expected %d", i+2, len(row), len(columns))
		}
		if i == 0 {
			continue
		}
		cells := row
		if len(g.Points) < want {
			cells = row[:len(gridColumns)]
		}
		v := make([]float64, len(pathColumns))
		for k, cell := range cells {
			if v[k], err = strconv.ParseFloat(cell, 64); err != nil {
				return nil, fmt.Errorf("line %d: %s is %q, expected a number", i+2, columns[k], cell)
			}
		}
		if p := (GridPoint{v[0], v[1], v[2], v[3]}); len(g.Points) < want {
			g.Points = append(g.Points, p)
		} else {
			g.Path = append(g.Path, PathPoint{p, int(v[4]), v[5]})
		}
	}
	if want += head.Asked.Trained.Points(); want != len(g.Points)+len(g.Path) {
		return nil, fmt.Errorf("%d points, expected %d", len(g.Points)+len(g.Path), want)
	}
	return g, nil
}

// NotFinite counts the points whose loss is not a finite number.
func (g *Grid) NotFinite() (n int) {
	for _, p := range g.Points {
		if math.IsNaN(p.Loss) || math.IsInf(p.Loss, 0) {
			n++
		}
	}
	return n
}
