// Package harness trains networks and measures them: a config.Trial goes in, a record.Record comes out.
//
// config.Plan reads a sweep, a YAML text, into Trials. A trial is a Config, the data set it reads, and an id; equal configurations have equal
// ids, and equal ids have equal records, on any machine, with any number of workers.
//
//	sweep, err := config.Plan("my.yaml", text, []string{"epochs=3"}, "")
//	rec, err := harness.Train(sweep.Trials[0], nil) // one trial, nothing written
//
// Run trains many trials over a pool of workers and appends their records to a store. What is missing after an interruption is what Missing
// returns; the same call goes on with that:
//
//	store, err := record.Open("results/mine")
//	recs, _, err := record.Load("results/mine")
//	failed, err := harness.Run(ctx, harness.Missing(sweep.Trials, recs, "results/mine", false), recs, store, harness.Runtime{Workers: 4, Out: "results/mine"})
//
// The two examples are whole programs of these.
//
// # Where to read on
//
//   - config.Config is the YAML schema of a trial: every key, with its range. What must not change a record is a Runtime.
//   - trial.go trains: the loop over epochs and steps is there.
//   - landscape.go is the training loss around the solution, as measures see it. All loops over the data set are in split.go, and in gains.go,
//     which takes the ascents of groups.
//   - view.go is the sections of the landscape that a figure shows, look.go their losses. trajectory.go trains a trial again, and holds its path.
//   - weigh.go measures a network that no trial has trained.
//   - attempt.go runs a trial as a sweep does: with checkpoints, logs, weights and traces. sweep.go runs many.
//   - memory.go says how much memory a trial takes, before it starts.
//   - Packages optim, sharpness, models and data hold what a configuration names by kind. A new one is a file with one Table.Add line;
//     extend_test.go adds one of each.
//   - A new experiment is a folder experiments/NAME: NAME.yaml, whose name is NAME; main.go, which is one cli.Experiment; claims.go, a
//     []verdict.Claim; figures.go, a []plots.Figure. Nothing else is edited.
package harness
