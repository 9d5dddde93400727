package optim

import (
	"msharp/models/elementary"
	"msharp/models/kind"
)

// Progress says how far a training run is.
type Progress struct {
	Step     int // steps taken, from 0
	Steps    int // steps of the whole run, at most
	PerEpoch int // steps of an epoch
}

// Schedule is a learning rate over time.
type Schedule interface {
	Factor(p Progress) float64 // the learning rate of step p.Step over the base learning rate
}

// Schedules holds the schedules by name.
var Schedules = kind.Of[Schedule]("schedule")

// AnySchedule is a schedule whose kind the YAML names.
type AnySchedule = kind.Any[Schedule]

var (
	_ = Schedules.Add("constant", func() Schedule { return &Constant{} })
	_ = Schedules.Add("cosine", func() Schedule { return &Cosine{} })
	_ = Schedules.Add("step", func() Schedule { return &Step{Every: 30, Gamma: 0.1} })
	_ = Schedules.Add("warmup", func() Schedule { return &Warmup{Epochs: 5, Then: AnySchedule{Spec: &Cosine{}}} })
)

// Constant is the base learning rate throughout.
type Constant struct{}

func (*Constant) Factor(Progress) float64 { return 1 }

// Cosine falls from 1 to 0 as ½(1 + cos πt/T) (Loshchilov and Hutter 2017, without restarts).
type Cosine struct{}

func (*Cosine) Factor(p Progress) float64 {
	return 0.5 * (1 + elementary.CosPi(float64(p.Step)/float64(p.Steps)))
}

// Step multiplies the learning rate by Gamma after every Every epochs.
type Step struct {
	Every int     `yaml:"every" in:"[1,1000000]"` // epochs between two falls
	Gamma float64 `yaml:"gamma" in:"(0,1]"`       // factor of a fall
}

func (s *Step) Factor(p Progress) float64 {
	return elementary.Power(s.Gamma, p.Step/(s.Every*p.PerEpoch))
}

// Warmup rises linearly to 1 over Epochs epochs (Goyal et al. 2017), starting from 1/n at the first of n steps; then it follows Then over the remaining steps.
type Warmup struct {
	Epochs int         `yaml:"epochs" in:"[0,1000000]"` // of the warm-up
	Then   AnySchedule `yaml:"then"`                    // the schedule after the warm-up
}

func (s *Warmup) Factor(p Progress) float64 {
	n := s.Epochs * p.PerEpoch
	if p.Step < n {
		return float64(p.Step+1) / float64(n)
	}
	p.Step -= n
	p.Steps = max(p.Steps-n, 1)
	return s.Then.Spec.Factor(p)
}
