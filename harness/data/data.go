// Package data holds data sets of labelled examples, and draws a trial's split from them.
//
// A data set is a Spec, registered with Table.Add in a file of its own. Load reads it into a Source, once for many trials; Source.Draw makes
// the training, validation and test examples of one seed. Images stay bytes until they are drawn.
package data

import (
	"msharp/models"
	"msharp/models/kind"
)

// Split says how many examples of each part a trial draws. Every Spec embeds it with `yaml:",inline"`.
type Split struct {
	Train      int     `yaml:"train" in:"[1,)"`           // examples to train on
	Val        int     `yaml:"val" in:"[0,)"`             // examples to choose by
	Test       int     `yaml:"test" in:"[0,)"`            // examples to test on; 0 means all that is left
	LabelNoise float64 `yaml:"label_noise" in:"[0,1]"`    // share of wrong labels in train and in val
	Pool       string  `yaml:"pool" in:"shared|disjoint"` // what train and val are drawn from: all of the pool whatever the seed, or a part of each seed's own; without test examples of their own data have no such parts
}

// The pools.
const (
	Shared   = "shared"   // every seed draws from all of Source.Pool
	Disjoint = "disjoint" // every seed has a part of Source.Pool to itself, of train + val examples: seed 1 the first
)

// Absent leaves out the shared pool, the default.
func (s Split) Absent() []string {
	if s.Pool == Disjoint {
		return nil
	}
	return []string{"pool"}
}

// Drawn returns the split itself, so that a Spec that embeds a Split has the method.
func (s Split) Drawn() Split { return s }

// Spec is a data set at rest.
type Spec interface {
	// Load reads the data set from dir, the folder that the user named with --data; "" means the data set's own default. An error is one line
	// that names the file and the place in it, or a *kind.Error for a field of the Spec. Only if a module's folder is not found is there a line
	// for each place that was searched.
	Load(dir string) (*Source, error)
	Drawn() Split
}

// Choosing is a Spec that may leave open which of its sources is read where no folder is named.
type Choosing interface {
	// Choose returns the Spec with its source, given the sha256 of the data that records are held of.
	Choose(held []string) Spec
}

// Barer is a Spec with fields that change nothing that is drawn from given data, such as where these are found.
type Barer interface {
	Bare() Spec // the Spec without them, as records have it
}

// Bare returns a Spec as records have it.
func Bare(s Spec) Spec {
	if b, ok := s.(Barer); ok {
		return b.Bare()
	}
	return s
}

// Table holds the data sets by kind.
var Table = kind.Of[Spec]("data set")

// Any is a data set whose kind the YAML names.
type Any = kind.Any[Spec]

// Examples is a list of labelled examples as read: finite values in their original units. It is safe for concurrent use.
type Examples interface {
	Len() int
	Label(i int) int          // in [0, Source.Classes)
	Row(dst []float64, i int) // writes example i, Source.Shape.Size() values in NHWC order
}

// Source is a data set in memory. It is read-only: trials draw from one Source at the same time.
type Source struct {
	Shape       models.Shape // of one example
	Classes     int          // at least 2
	ClassNames  []string     // Classes of them
	ClassColumn string       // the name of the column of a table that holds them; "" if the data set is no table
	Pool        Examples     // what train and val are drawn from
	Test        Examples     // the data set's own test examples; nil if it has none

	// LeftoverIsTest adds the pool examples that are not drawn to the test examples. Without Test they are the test examples anyway.
	LeftoverIsTest bool

	Name   string // of the data, for people: "Fashion-MNIST"; "" if none is known
	SHA256 string // of the uncompressed bytes of the files in reading order, in hex
	Origin string // where the bytes were found, for people

	Notes    []string // what was done to the file to read it, a clause each
	Warnings []string // what looks like a mistake of the user's, a sentence each that begins with the file's name
}

// Set is one seed's draw of a Source, standardised.
type Set struct {
	Train, Val, Test models.Batch // Val may have no examples
	TestBlock        []uint8      // the block of each test example, less than Blocks
	Shape            models.Shape
	Classes          int
	Mean, Std        []float64 // what each channel is scaled with, as Scaled takes them: in units of Source.Unit
}

// Draw makes the split of a seed. Equal arguments give equal sets, bit for bit.
//
//   - Train and val are stratified samples of the pool without replacement, in random order. Of a Disjoint pool, a seed has only its
//     part, which has the classes in the pool's shares and depends on train + val, on nothing else of the split and on no other seed.
//   - Test is a stratified sample too, or all that is left; in file order, the data set's own test examples first.
//   - round(LabelNoise·n) of the n examples of train, and likewise of val, get wrong labels; those of test never do.
//   - Every channel is centred and divided by its standard deviation over the training examples; a channel that does not vary there is
//     only centred. The features of a vector are its channels.
//
// If a part asks for more examples than there are, the error is a *kind.Error whose Key is "train", "val" or "test". It is "pool" for a data set
// that a Disjoint pool does not fit, and "seed" for a seed that has no part.
func (s *Source) Draw(split Split, seed uint64) (*Set, error) { return s.drawSet(split, seed, false) }

// DrawTrain is Draw without val and test, which then have no examples.
func (s *Source) DrawTrain(split Split, seed uint64) (*Set, error) {
	return s.drawSet(split, seed, true)
}

func (s *Source) drawSet(split Split, seed uint64, alone bool) (*Set, error) {
	d, err := s.draw(split, seed)
	if err != nil {
		return nil, err
	}
	if alone {
		d.val, d.test = nil, nil
	}
	set := &Set{Shape: s.Shape, Classes: s.Classes}
	sc := s.fit(d.train)
	for c, mean := range sc.mean {
		set.Mean, set.Std = append(set.Mean, mean/s.Unit()), append(set.Std, sc.sd[c]/s.Unit())
	}
	if set.Train, err = s.batch(d.train, sc); err != nil {
		return nil, err
	}
	if set.Val, err = s.batch(d.val, sc); err != nil {
		return nil, err
	}
	if set.Test, err = s.batch(d.test, sc); err != nil {
		return nil, err
	}
	for _, i := range d.test {
		set.TestBlock = append(set.TestBlock, s.blockOf(i))
	}
	s.mislabel(set, split.LabelNoise, seed)
	return set, nil
}

// at returns example i; the test examples are numbered after those of the pool.
func (s *Source) at(i int) (Examples, int) {
	if n := s.Pool.Len(); i >= n {
		return s.Test, i - n
	}
	return s.Pool, i
}

func (s *Source) label(i int) int {
	e, j := s.at(i)
	return e.Label(j)
}
