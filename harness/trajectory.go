package harness

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"msharp/harness/config"
	"msharp/harness/folder"
	"msharp/harness/record"
	"msharp/models/kernel"
	"msharp/sharpness"
)

// mostHeld is how many points of a path are held at most.
const mostHeld = 200

// Trained is what a trial's record says of its training, which training again must meet.
type Trained struct {
	Epochs    int           `json:"epochs"`     // that it took
	Every     int           `json:"every"`      // epochs from one point of its path to the next; the last may be nearer
	TrainLoss record.Number `json:"train_loss"` // at the end, over the whole split
	kernel    string
}

// TrainedOf reads how a trial was trained from its record. The error says why its path cannot be drawn: it has not trained to its end with
// finite weights, or took fewer than two epochs.
func TrainedOf(t config.Trial, r record.Record) (*Trained, error) {
	n := len(r.Epochs)
	loss, ok := r.Value("train_loss")
	switch {
	case r.Status == record.Diverged:
		return nil, fmt.Errorf("trial %s diverged in epoch %d; expected one that trained to its end with finite weights", t.ID, n)
	case r.Status == record.Failed:
		return nil, fmt.Errorf("trial %s failed; expected one that trained to its end: run --retry-failed trains it again", t.ID)
	case r.Status != record.Done || !ok:
		return nil, fmt.Errorf("trial %s has no record; expected one that trained to its end: run trains it", t.ID)
	case n < 2:
		return nil, fmt.Errorf("trial %s trained for %s; expected 2 or more: with the start, a plane takes three points of its path", t.ID, record.Plural(n, "epoch"))
	}
	trained := &Trained{Epochs: n, Every: (n + mostHeld - 2) / (mostHeld - 1), TrainLoss: record.Number(loss), kernel: "unknown"}
	if r.Run != nil && r.Run.Kernel != "" {
		trained.kernel = r.Run.Kernel
	}
	return trained, nil
}

// Points is how many points the path has: the start, and the ends of epochs. A nil Trained has none.
func (t *Trained) Points() int {
	if t == nil {
		return 0
	}
	return 1 + (t.Epochs+t.Every-1)/max(1, t.Every)
}

// path is a watcher that holds the weights at the start of training, after every so many epochs, and at the end.
type path struct {
	onlyTraced
	ctx    context.Context
	as     *Trained
	told   func(done, of int) // epochs
	points []waypoint
}

// waypoint is the weights after so many epochs.
type waypoint struct {
	epoch int
	w     []float32
}

// errOther ends a training run that is not the one that was recorded.
var errOther = errors.New("it trains on where its record ends")

func (p *path) hold(t *training) {
	p.points = append(p.points, waypoint{len(t.epochs), slices.Clone(t.w)})
}

func (p *path) begin(t *training) error {
	p.hold(t)
	return p.ctx.Err()
}

func (p *path) epoch(t *training) error {
	n := len(t.epochs)
	if n%p.as.Every == 0 || t.trained() {
		p.hold(t)
	}
	p.told(n, p.as.Epochs)
	if n >= p.as.Epochs && !t.trained() {
		return errOther
	}
	return p.ctx.Err()
}

// Untrained returns a trial before its first step, as a solution that TrainAgain takes to its end.
func Untrained(t config.Trial, as *Trained, out folder.Dir) (*Solution, error) {
	t.Config.Measures, t.Config.Watch = nil, nil // training sees nothing of them
	run, err := trainingOf(t, nil)
	if err != nil {
		return nil, err
	}
	return &Solution{ID: t.ID, w: run.w, arrays: run.net.Arrays(), run: run, trained: as, kept: out.Weights(t.ID)}, nil
}

// TrainAgain trains what Untrained returned, and holds the weights on its path. told hears how many epochs are done. The error is ctx's, or
// says that the training is not the one that was recorded: the last weights are not those that are kept or, where none are kept, the train
// loss is not the recorded one, to the bit.
func (s *Solution) TrainAgain(ctx context.Context, told func(done, of int)) error {
	s.path = &path{ctx: ctx, as: s.trained, told: told}
	if err := s.path.begin(s.run); err != nil {
		return err
	}
	finite, err := s.run.run(s.path)
	switch {
	case errors.Is(err, errOther):
	case err != nil:
		return err
	case !finite:
		err = errors.New("it diverges")
	case len(s.run.epochs) < s.trained.Epochs:
		err = fmt.Errorf("it ends after %s, by its record after %d", record.Plural(len(s.run.epochs), "epoch"), s.trained.Epochs)
	default:
		differs, failed := s.differs()
		if failed != nil {
			return failed
		}
		err = differs
	}
	if err != nil {
		return fmt.Errorf("trial %s, trained again, is another: %w; expected the same bits, which the same program gives with the same arithmetic: kernel %s trained the trial, this is %s",
			s.ID, err, s.trained.kernel, kernel.Name())
	}
	return nil
}

// differs says how a trial that was trained again differs from what is kept of it; failed, why that cannot be told.
func (s *Solution) differs() (differs, failed error) {
	kept := *s.run
	kept.w = make([]float32, len(s.w))
	switch err := kept.readKept(s.kept, s.ID); {
	case err == nil && !slices.Equal(kept.w, s.w):
		return fmt.Errorf("its last weights are not those in %s", s.kept), nil
	case err == nil:
		return nil, nil
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	if loss := s.run.train.score(s.w).loss; loss != float64(s.trained.TrainLoss) {
		return fmt.Errorf("its train loss is %v, by its record %v", loss, s.trained.TrainLoss), nil
	}
	return nil, nil
}

// trajectory returns the plane of the path.
func (s *Solution) trajectory() (sharpness.Trajectory, error) {
	var path [][]float32
	for _, p := range s.path.points {
		path = append(path, p.w)
	}
	return sharpness.TrajectoryOf(path)
}

// projected is the path on its plane, without losses.
func (s *Solution) projected(on sharpness.Trajectory) (path []PathPoint) {
	for i, p := range s.path.points {
		path = append(path, PathPoint{GridPoint{X: on.At[i][0], Y: on.At[i][1]}, p.epoch, on.Distance[i]})
	}
	return path
}
