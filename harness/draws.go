package harness

import (
	"context"
	"sync"

	"msharp/harness/config"
	"msharp/harness/data"
)

// draws makes each draw of a sweep's data once: trials on one source, of one split and seed, share the set, which none of them changes. A set
// stays while a trial uses it, and after that as long as another trial is to come and there is room. A nil draws shares nothing.
type draws struct {
	door    *doorkeeper
	sets    map[draw]*shared
	mu      sync.Mutex // on all below, and on what is in sets
	waiting int        // trials that wait at the door
	idle    int64      // bytes of all sets without users
}

// draw is all that a set depends on.
type draw struct {
	source *data.Source
	split  data.Split
	seed   uint64
}

// shared is a set that is drawn when it is first asked for.
type shared struct {
	get   func() (*data.Set, error) // nil until then, and once it is given up
	ahead int                       // trials that have not begun
	users int                       // trials under way
	idle  int64                     // bytes of room that it takes without users
}

// mostIdle is how many bytes the sets without users may have together.
const mostIdle = 256 << 20

func planDraws(trials []config.Trial, door *doorkeeper) *draws {
	d := &draws{door: door, sets: map[draw]*shared{}}
	for _, t := range trials {
		if k, ok := drawOf(t); ok {
			if d.sets[k] == nil {
				d.sets[k] = &shared{}
			}
			d.sets[k].ahead++
		}
	}
	return d
}

// drawOf reports false for a trial that has no data.
func drawOf(t config.Trial) (k draw, ok bool) {
	if t.Source == nil || t.Config.Data.Spec == nil {
		return k, false
	}
	return draw{t.Source, t.Config.Data.Spec.Drawn(), t.Config.Seed}, true
}

// of returns a trial's set.
func (d *draws) of(t config.Trial) (*data.Set, error) {
	k, ok := drawOf(t)
	if d == nil || !ok || d.sets[k] == nil {
		return t.Source.Draw(t.Config.Data.Spec.Drawn(), t.Config.Seed)
	}
	d.mu.Lock()
	s := d.sets[k]
	if s.get == nil {
		s.get = sync.OnceValues(func() (*data.Set, error) { return k.source.Draw(k.split, k.seed) })
	}
	get := s.get
	d.mu.Unlock()
	return get()
}

// enter lets a trial in when the door does. Sets without users make room if there is none.
func (d *draws) enter(ctx context.Context, t config.Trial, need int64) error {
	d.mu.Lock()
	d.begin(t)
	if d.door.try(need) {
		d.mu.Unlock()
		return nil
	}
	for _, s := range d.sets {
		if s.users == 0 {
			d.claim(s)
			s.get = nil
		}
	}
	d.waiting++ // so that no other set takes the room meanwhile
	d.mu.Unlock()
	err := d.door.enter(ctx, need)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.waiting--
	if err != nil {
		d.end(t)
	}
	return err
}

// leave gives back what a trial needed.
func (d *draws) leave(t config.Trial, need int64) {
	d.door.leave(need)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.end(t)
}

// begin counts a user. The room of its set is its own.
func (d *draws) begin(t config.Trial) {
	k, _ := drawOf(t)
	if s := d.sets[k]; s != nil {
		s.ahead--
		s.users++
		d.claim(s)
	}
}

// end counts a user less.
func (d *draws) end(t config.Trial) {
	k, _ := drawOf(t)
	s := d.sets[k]
	if s == nil {
		return
	}
	if s.users--; s.users > 0 {
		return
	}
	set, _ := k.source.SetBytes(k.split)
	if bytes := whole(set); s.ahead > 0 && s.get != nil && d.waiting == 0 && bytes <= mostIdle-d.idle && d.door.try(bytes) {
		d.idle += bytes
		s.idle = bytes
	} else {
		s.get = nil
	}
}

// claim gives back the room that a set takes without users.
func (d *draws) claim(s *shared) {
	d.door.leave(s.idle)
	d.idle -= s.idle
	s.idle = 0
}
