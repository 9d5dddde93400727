package config

import (
	"errors"
	"fmt"
	"reflect"

	"msharp/harness/data"
	"msharp/models/kind"
)

// Loader makes trials of Configs and reads the data of each, every data set once.
type Loader struct {
	Origins []Origin // the data sets read

	dir     string
	sources map[string]*data.Source
}

// Origin is a data set as read for a sweep.
type Origin struct {
	Kind string
	*data.Source
}

// NewLoader returns a Loader that looks for data sets in a folder; "" is each one's own default.
func NewLoader(dir string) *Loader { return &Loader{dir: dir, sources: map[string]*data.Source{}} }

// Trial returns the trial of c. What is wrong with c as a whole is a *kind.Error; what is wrong with the data is another error.
func (l *Loader) Trial(c Config) (t Trial, err error) {
	t.Config = c
	if t.Source, err = l.source(c.Data); err != nil {
		return t, err
	}
	if err := c.check(t.Source); err != nil {
		return t, err
	}
	t.ID = ID(c, t.Source.SHA256, ResultsVersion)
	return t, nil
}

// source loads a data set once, whatever split is drawn from it.
func (l *Loader) source(d data.Any) (*data.Source, error) {
	m := kind.Encode(d.Spec)
	for _, key := range kind.Keys(reflect.TypeFor[data.Split]()) {
		delete(m, key)
	}
	key := fmt.Sprint(d.Kind(), m)
	if src := l.sources[key]; src != nil {
		return src, nil
	}
	src, err := d.Spec.Load(l.dir)
	if errors.As(err, new(*kind.Error)) {
		return nil, kind.Under("data", err)
	} else if err != nil {
		return nil, fmt.Errorf("data %s: %w", d.Kind(), err)
	}
	l.sources[key] = src
	l.Origins = append(l.Origins, Origin{d.Kind(), src})
	return src, nil
}
