package config

import (
	"errors"
	"fmt"
	"reflect"

	"msharp/harness/data"
	"msharp/models"
	"msharp/models/kind"
	"msharp/sharpness"
)

// Loader makes trials of Configs and reads the data of each, every data set once.
type Loader struct {
	Origins []Origin // the data sets read

	dir     string
	held    []string                   // sha256 of data that are read again if they can be
	sources map[string]*data.Source    // by what is loaded
	drawn   map[string]*data.Source    // by what is drawn, as records have it
	known   map[data.Spec]*data.Source // the same, by Specs already seen
	fitting map[fit]bool               // what has been found to fit together
	encoder *Encoder
}

// fit is what decides whether measures and a network fit the data.
type fit struct {
	source   *data.Source
	train    int
	model    models.Spec
	measures *sharpness.Any // the first of them
	n        int            // measures
	watch    *Watch
}

// Origin is a data set as read for a sweep.
type Origin struct {
	Kind string
	*data.Source
}

// NewLoader returns a Loader that looks for data sets in a folder; "" is each one's own default: of a data set with several sources, that whose
// sha256 is held, if one is.
func NewLoader(dir string, held ...string) *Loader {
	return &Loader{dir: dir, held: held, sources: map[string]*data.Source{}, drawn: map[string]*data.Source{}, known: map[data.Spec]*data.Source{}, fitting: map[fit]bool{}, encoder: NewEncoder()}
}

// Trial returns the trial of c. What is wrong with c as a whole is a *kind.Error; what is wrong with the data is another error.
func (l *Loader) Trial(c Config) (t Trial, err error) {
	t.Config = c
	if t.Source, err = l.source(c.Data); err != nil {
		return t, err
	}
	if err := c.checkNumbers(t.Source); err != nil {
		return t, err
	}
	parts := fit{source: t.Source, train: c.Data.Spec.Drawn().Train, model: c.Model.Spec, n: len(c.Measures), watch: c.Watch}
	if parts.n > 0 {
		parts.measures = &c.Measures[0]
	}
	if !l.fitting[parts] {
		if err := c.checkParts(t.Source); err != nil {
			return t, err
		}
		remember(l.fitting, parts, true)
	}
	t.ID = l.encoder.ID(c, t.Source.SHA256, ResultsVersion)
	return t, nil
}

// source loads a data set once, whatever split is drawn from it.
func (l *Loader) source(d data.Any) (*data.Source, error) {
	if src := l.known[d.Spec]; src != nil {
		return src, nil
	}
	spec := l.chosen(d.Spec)
	key := loaded(spec)
	if src := l.sources[key]; src != nil {
		remember(l.known, d.Spec, src)
		return src, nil
	}
	src, err := spec.Load(l.dir)
	if errors.As(err, new(*kind.Error)) {
		return nil, kind.Under("data", err)
	} else if err != nil {
		return nil, fmt.Errorf("data %s: %w", d.Kind(), err)
	}
	bare := loaded(data.Bare(d.Spec))
	switch other := l.drawn[bare]; {
	case other == nil:
		l.drawn[bare] = src
		l.Origins = append(l.Origins, Origin{d.Kind(), src})
	case other.SHA256 != src.SHA256:
		return nil, bad("data.source", "", "two sources of "+d.Kind()+" in one sweep, which records do not tell apart", "one; the other goes into another --out")
	case other.Name != src.Name:
		return nil, bad("data.label", src.Name, "the same data are also called "+other.Name, "one label")
	default:
		src = other
	}
	l.sources[key] = src
	return src, nil
}

// chosen returns a data set with its source, where it has several and no folder is named.
func (l *Loader) chosen(s data.Spec) data.Spec {
	if c, ok := s.(data.Choosing); ok && l.dir == "" {
		return c.Choose(l.held)
	}
	return s
}

// loaded returns the same for data sets that load alike.
func loaded(s data.Spec) string {
	m := kind.Encode(s)
	for _, key := range kind.Keys(reflect.TypeFor[data.Split]()) {
		delete(m, key)
	}
	return fmt.Sprint(data.Any{Spec: s}.Kind(), m)
}
