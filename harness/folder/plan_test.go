package folder

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"msharp/harness/config"
)

// small is a sweep that trains in milliseconds; head is small without its sweep.
var (
	small      = testText("small.yaml")
	head, _, _ = strings.Cut(small, "sweep:")
)

func testText(file string) string {
	text, err := os.ReadFile(filepath.Join("..", "config", "testdata", file))
	if err != nil {
		panic(err)
	}
	return string(text)
}

func sweepOf(t testing.TB, text string, words ...string) *config.Sweep {
	t.Helper()
	s, err := config.Plan("small.yaml", []byte(text), words, "")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func planOf(t *testing.T, dir Dir, text string, words ...string) *Plan {
	t.Helper()
	p, err := dir.Planned(sweepOf(t, text, words...))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// read writes a plan and reads it again.
func read(t *testing.T, dir Dir, p *Plan) *Plan {
	t.Helper()
	if err := p.Write(); err != nil {
		t.Fatal(err)
	}
	p, err := dir.ReadPlan()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// A plan read gives the very trials that were planned, whatever they are.
func TestPlanGivesItsTrials(t *testing.T) {
	text := func(file string) string {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	files, err := filepath.Glob("../../experiments/*/*.yaml")
	if err != nil || len(files) < 6 {
		t.Fatal(files, err)
	}
	var sweeps []*config.Sweep
	for _, file := range files {
		s, err := config.Plan(file, []byte(text(file)), nil, "")
		if filepath.Base(file) == "cifar10.yaml" { // for which the data are not here
			continue
		} else if err != nil {
			t.Fatal(err)
		}
		sweeps = append(sweeps, s)
	}
	for _, words := range [][]string{
		nil, {"trace=step"}, {"test_at=best_val", "keep_weights=true", "measures=[]"}, {"optimizer.p=1,2,.inf"}, {"optimizer.base=adam,rmsprop,adamw"},
		{"epochs=null", "stop={train_loss: 0.1, max_epochs: 4}"}, {"epochs=null", "stop={train_loss: 1e-9, max_epochs: 1000000, every: 3}"},
		{"lr=1e-7,1000000,0.1,1e21"}, {"seed=9007199254740991"}, {"model.hidden=[1048576],[8,8]"}, {"schedule=step,cosine"}, {"data.label_noise=0.25"},
		{"measures=[{kind: pacbayes, rho: [1, 2]}, norm, {kind: msharp, m: 0, rho: 1e-7}]"},
	} {
		sweeps = append(sweeps, sweepOf(t, small, words...))
	}
	for _, s := range sweeps {
		dir := Dir(t.TempDir())
		p, err := dir.Planned(s)
		if err != nil {
			t.Fatal(err)
		}
		p = read(t, dir, p)
		trials, sources, err := p.Trials("", nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(trials) != len(s.Trials) || len(sources) != len(s.Sources) {
			t.Fatalf("%s: %d trials of %d", s.Name, len(trials), len(s.Trials))
		}
		for i, got := range trials {
			want := s.Trials[i]
			if got.ID != want.ID || got.KeepWeights != want.KeepWeights || !reflect.DeepEqual(config.Settings(got.Config), config.Settings(want.Config)) || !slices.Equal(got.Config.Columns(), want.Config.Columns()) || got.Config.Trace != want.Config.Trace {
				t.Fatalf("%s: trial %d is\n%+v, not\n%+v", s.Name, i, got.Config, want.Config)
			}
		}
	}
}

// The bytes of a plan are frozen: folders that exist rest on them.
func TestPlanBytes(t *testing.T) {
	dir := Dir(t.TempDir())
	if err := planOf(t, dir, small, "seed=1", "optimizer.rho=0", "keep_weights=true", "test_at=best_val").Write(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(string(dir) + "/plan.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"id":"00ebf25c3dc7f0df","results":4,"data":"53dc58ba0a1c14ef4a97ab1538052dfccec3861b8d019191ea7cd4868211a4ea","swept":["optimizer.rho","optimizer.m","seed"],` +
		`"config":{"batch_size":16,"clip":0,"data":{"classes":3,"kind":"spirals","label_noise":0,"n":300,"noise":0.03,"test":64,"train":64,"turns":1,"val":32},"epochs":3,"lr":0.1,` +
		`"model":{"activation":"relu","hidden":[8],"kind":"mlp"},"optimizer":{"base":{"kind":"sgd","momentum":0.9,"nesterov":false,"weight_decay":0},"decay":0,"kind":"sam","p":2,"rho":0,"steps":1,"unnormalised":false},` +
		`"schedule":{"kind":"constant"},"seed":1},` +
		`"asked":{"keep_weights":true,"measures":[{"kind":"msharp","m":[1,16,0],"rho":[0.05,0.2]},{"kind":"gradnorm"}],"test_at":"best_val"}}` + "\n"
	if string(text) != want {
		t.Errorf("it is %s", text)
	}
}

// What two plans ask of a trial together, a plan must be able to hold.
func TestTooMuchAskedTogether(t *testing.T) {
	dir := Dir(t.TempDir())
	radii := func(first int) string {
		var rho []string
		for i := range 600 {
			rho = append(rho, strconv.Itoa(first+i))
		}
		return "rho: [" + strings.Join(rho, ", ") + "]}]"
	}
	bound := func(first int) string { return "measures=[{kind: pacbayes, " + radii(first) }
	groups := func(m string) string { return "measures=[{kind: msharp, m: [" + m + "], " + radii(1) }
	old := read(t, dir, planOf(t, dir, small, bound(1)))
	if _, err := old.Joined(planOf(t, dir, small, bound(401))); err != nil {
		t.Error(err)
	}
	for _, c := range []struct{ old, now, want string }{
		{bound(1), bound(402), ": 1001 items; expected at most 1000"},
		{groups("1, 2, 4, 8, 16, 32, 64, 0"), bound(1), ": the measures have 11408 columns together; expected at most 10000"},
	} {
		_, err := read(t, dir, planOf(t, dir, small, c.old)).Joined(planOf(t, dir, small, c.now))
		if !errors.As(err, new(Refusal)) || !strings.Contains(err.Error(), "cannot have what is asked of it there and here: ") || !strings.Contains(err.Error(), c.want+"; choose another --out") {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
}

// Trials are planned once, in the order in which they were first asked for, and everything is asked of them that was ever asked.
func TestJoined(t *testing.T) {
	dir := Dir(t.TempDir())
	old := read(t, dir, planOf(t, dir, small, "seed=2", "measures=[gradnorm]", "keep_weights=true"))
	asked := planOf(t, dir, small, "measures=[norm]", "trace=step", "test_at=best_val")
	joined, err := old.Joined(asked)
	if err != nil {
		t.Fatal(err)
	}
	ids := joined.IDs()
	if len(ids) != 10 || !slices.Equal(ids[:5], old.IDs()) {
		t.Errorf("%q, of %q", ids, old.IDs())
	}
	for i, l := range joined.Lines {
		want := `{"measures":[{"kind":"norm"}],"test_at":"best_val","trace":"step"}`
		if i < 5 {
			want = `{"keep_weights":true,"measures":[{"kind":"gradnorm"},{"kind":"norm"}],"test_at":"best_val","trace":"step"}`
		}
		if string(l.Asked) != want {
			t.Errorf("line %d asks %s, want %s", i+1, l.Asked, want)
		}
	}
	joined = read(t, dir, joined)
	for _, more := range []*Plan{old, asked, joined} {
		again, err := joined.Joined(more)
		if err != nil || !reflect.DeepEqual(again.IDs(), ids) || len(again.Lines[0].Swept) != 3 {
			t.Errorf("%v, %v", again, err)
		}
	}
}

// What two plans watch at the same times is watched together; at other times it is refused.
func TestJoinedWatches(t *testing.T) {
	dir := Dir(t.TempDir())
	for _, c := range []struct{ old, now, want string }{
		{"null", "{every: 2, measures: norm}", `{"measures":[{"kind":"gradnorm"}],"watch":{"every":2,"measures":[{"kind":"norm"}]}}`},
		{"{every: 2, measures: norm}", "null", `{"measures":[{"kind":"gradnorm"}],"watch":{"every":2,"measures":[{"kind":"norm"}]}}`},
		{"{every: 2, unit: epoch, measures: norm}", "{every: 2, unit: epoch, measures: [distance, norm]}",
			`{"measures":[{"kind":"gradnorm"}],"watch":{"every":2,"measures":[{"kind":"norm"},{"kind":"distance"}],"unit":"epoch"}}`},
		{"{every: 2, measures: norm}", "{every: 2, unit: epoch, measures: norm}", "watch looks every 2 steps there and every 2 epochs here"},
		{"{every: 2, measures: norm}", "{every: 1, measures: norm}", "watch looks every 2 steps there and every step here"},
		{"{every: 2, measures: {kind: density, steps: 50}}", "{every: 2, measures: {kind: density, steps: 90}}", "watch: the measures have 284 columns together; expected at most 250"},
	} {
		old := read(t, dir, planOf(t, dir, small, "measures=[gradnorm]", "watch="+c.old))
		joined, err := old.Joined(planOf(t, dir, small, "measures=[gradnorm]", "watch="+c.now))
		switch {
		case err != nil:
			if !errors.As(err, new(Refusal)) || !strings.Contains(err.Error(), "cannot have what is asked of it there and here: "+c.want+"; choose another --out") {
				t.Errorf("%v, want %s", err, c.want)
			}
		case string(joined.Lines[0].Asked) != c.want:
			t.Errorf("%s, want %s", joined.Lines[0].Asked, c.want)
		default:
			trials, _, err := read(t, dir, joined).Trials("", nil)
			if err != nil || trials[0].Config.Watch == nil || trials[0].Config.Watch.Every != 2 || trials[0].Config.Watch.Unit == "" {
				t.Errorf("%v, %+v", err, trials)
			}
		}
	}
}

// What is the same configuration, and what another: a difference is told key by key.
func TestDifferences(t *testing.T) {
	grid := func(sweep string) string { return head + "sweep: " + sweep + "\n" }
	for _, c := range []struct {
		old, asked string
		diff       string
	}{
		{small, small, ""},
		{grid("{optimizer.rho: [0, 0.05]}"), grid("{optimizer.rho: [0.05]}"), ""},
		{grid("{optimizer.rho: [0, 0.05]}"), grid("{optimizer.rho: [0.05, 0]}"), ""},
		{grid("{optimizer.rho: [0.05]}"), grid("{optimizer.rho: [0.1]}"), ""},
		{grid("{optimizer.rho: [0, 0.05]}"), grid("{optimizer.rho: [0, 0.05], optimizer.m: [0, 4]}"), ""},
		{grid("{seed: [1]}"), grid("{seed: [2]}"), ""},
		{grid("[{optimizer.rho: [0.1, 0.2]}, {optimizer.m: [1, 4]}]"), grid("[{optimizer.rho: [0.1, 0.2], seed: [3]}, {optimizer.m: [1, 4], seed: [3]}]"), "seed is 1 there and 3 here"},
		{grid("[{optimizer.rho: [0.1, 0.2], seed: [1]}, {optimizer.m: [1, 4], seed: [1]}]"), grid("[{optimizer.rho: [0.1, 0.2], seed: [3]}, {optimizer.m: [1, 4], seed: [3]}]"), ""},
		{head, grid("{optimizer.base.kind: [sgd, rmsprop]}"), ""},
		{head, grid("{schedule: [cosine, constant]}"), ""},
		{head, grid("{optimizer.p: [2, .inf]}"), ""},
		{grid("{optimizer.p: [.inf]}"), grid("{optimizer.p: [2, .inf]}"), ""},
		{head, grid("{lr: [0.2, 0.3]}"), "lr is 0.1 there and 0.2 here"},
		{head, grid("{lr: [0.1, 0.3]}"), ""},
		{head, strings.Replace(head, "lr: 0.1", "lr: 0.2", 1), "lr is 0.1 there and 0.2 here"},
		{head, strings.Replace(head, "lr: 0.1", "lr: 0.2\nclip: 1", 1), "clip is 0 there and 1 here, lr is 0.1 there and 0.2 here"},
		{head, strings.Replace(head, "epochs: 3", "stop: {train_loss: 0.1, max_epochs: 1000000}", 1), "epochs is 3 there and absent here, stop.max_epochs is absent there and 1e+06 here, stop.train_loss is absent there and 0.1 here"},
		{grid("{optimizer.base.kind: [sgd, rmsprop]}"), strings.Replace(grid("{optimizer.base.kind: [sgd, rmsprop]}"), "momentum: 0.9", "momentum: 0.8", 1), "optimizer.base.momentum is 0.9 there and 0.8 here"},
	} {
		dir := Dir(t.TempDir())
		old, asked := read(t, dir, planOf(t, dir, c.old)), planOf(t, dir, c.asked)
		if diff := strings.Join(old.Differences(asked), ", "); diff != c.diff {
			t.Errorf("%s\nand %s\ndiffer in %q, want %q", c.old, c.asked, diff, c.diff)
		}
	}
}

// A line that is damaged, or is another trial's, is named with its file and what to do.
func TestDamagedPlans(t *testing.T) {
	dir := Dir(t.TempDir())
	p := planOf(t, dir, small, "seed=1", "optimizer.rho=0,0.05", "optimizer.m=4")
	if err := p.Write(); err != nil {
		t.Fatal(err)
	}
	path := string(dir) + "/plan.jsonl"
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	a, b := p.Lines[0].ID, p.Lines[1].ID
	const advice = "; remove that line, and a run that asks for its trial plans it again"
	for _, c := range []struct{ old, new, want string }{
		{"", "", "PLAN holds no trials; without that file, run plans its trials anew"},
		{"", "\n", "PLAN:1: an empty line" + advice},
		{"", "[]\n", "PLAN:1: a list; expected an object" + advice},
		{"", string(whole[:len(whole)-9]), "PLAN:2: unexpected EOF" + advice},
		{"", string(whole) + "{}", `PLAN:3: "" is no trial's id; expected 16 hexadecimal digits` + advice},
		{"", string(whole) + string(whole), "PLAN:3: trial " + a + " stands on line 1 too" + advice},
		{`"id":`, `"name":`, `PLAN:1: unknown field "name"` + advice},
		{b, strings.ToUpper(b), `PLAN:2: "` + strings.ToUpper(b) + `" is no trial's id; expected 16 hexadecimal digits` + advice},
		{b, "0123456789abcdef", "PLAN:2: trial 0123456789abcdef has the configuration of trial " + b + advice},
		{`"epochs":3`, `"epochs":"x"`, "PLAN:1: config.epochs = x: not a whole number; expected a whole number ≥ 1 and ≤ 1000000" + advice},
		{`"epochs":3`, `"epoch":3`, `PLAN:1: config.epoch = 3: unknown key; expected one of`},
		{`"trace"`, `"traces"`, `PLAN:1: asked.traces = step: unknown key; expected one of trace, test_at, measures, watch, keep_weights; did you mean "asked.trace"?` + advice},
	} {
		text := c.new
		if c.old != "" {
			text = strings.Replace(string(whole), c.old, c.new, 1)
		}
		if c.old == `"trace"` {
			text = strings.Replace(string(whole), `"asked":{`, `"asked":{"traces":"step",`, 1)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		p, err := dir.ReadPlan()
		if err == nil {
			_, _, err = p.Trials("", nil)
		}
		want := strings.ReplaceAll(c.want, "PLAN", path)
		if err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q:\n got %v\nwant %s", c.new, err, want)
		}
	}
	text := strings.Replace(string(whole), `"lr":0.1`, `"lr":0.2`, 1)
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	edited, err := dir.ReadPlan()
	if err != nil {
		t.Fatal(err)
	}
	for _, words := range []string{"seed=1", "seed=2"} {
		if _, err := edited.Joined(planOf(t, dir, small, words, "optimizer.m=4")); err == nil || !strings.Contains(err.Error(), path+":1: trial "+a+" has the configuration of trial ") {
			t.Errorf("%s: %v", words, err)
		}
	}
}

// Trials of other data, or of another program's results version, are not run.
func TestPlansOfOtherPrograms(t *testing.T) {
	dir := Dir(t.TempDir())
	p := planOf(t, dir, small, "seed=1")
	if _, _, err := p.Trials("", []string{"0123456789abcdef"}); err == nil || !strings.Contains(err.Error(), "plan.jsonl does not hold trial 0123456789abcdef; ") {
		t.Error(err)
	}
	c, _, err := p.decode(0)
	if err != nil {
		t.Fatal(err)
	}
	l := p.Lines[0]
	p.Lines[0].Results, p.Lines[0].ID = 1, config.ID(c, l.Data, 1)
	if _, _, err := p.Trials("", nil); err == nil || !strings.Contains(err.Error(), "was planned by a program of results version 1; this one's is ") {
		t.Error(err)
	}
	if joined, err := p.Joined(planOf(t, dir, small, "seed=1")); err != nil || len(joined.Lines) != len(p.Lines)+1 {
		t.Errorf("with trials of this program: %v", err)
	}
	p.Lines[0] = l
	p.Lines[0].Data = strings.Repeat("ab", 32)
	p.Lines[0].ID = config.ID(c, p.Lines[0].Data, l.Results)
	if _, _, err := p.Trials("", nil); err == nil || !strings.Contains(err.Error(), "on the data found here: spirals has sha256 ") {
		t.Error(err)
	}
}
