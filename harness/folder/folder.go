// Package folder is an output folder: where its files lie, its plan, its leases and its manifest.
//
// Several processes may run in one folder at once, if their trials differ (Dir.Lease). Who writes what:
//
//   - records/: each process a file of its own, without a lock.
//   - weights/, checkpoints/, traces/ and logs/ of a trial: the process that leases it.
//   - plan.jsonl, sweep.yaml and manifest.json: who holds Guard (Dir.Exclusively).
//   - records.csv, figures/, verdicts.json and report.html: who holds Drawing.
//   - slurm/: who holds Submitting.
//
// Locks are flock(2)'s, which hold between the hosts of a file system that has them, as NFS since version 4 and most cluster file systems do.
// Where they are refused, no process starts, and the message says so. Where they are slow, processes wait. Where they are granted to two at a
// time, a trial may be run twice: its records are equal, and readers count it once; of two plans, configurations or manifests that are
// written at once, one remains, and the next run plans again what is missing from it.
package folder

import (
	"os"
	"path/filepath"

	"msharp/harness/disk"
	"msharp/harness/record"
)

// Dir is the path of an output folder. "" is no folder: nothing is read from it or written to it.
type Dir string

func (d Dir) at(names ...string) string {
	return filepath.Join(append([]string{string(d)}, names...)...)
}

// Records is the folder of the records, which package record reads and writes: the only truth.
func (d Dir) Records() string { return d.at(record.Folder) }

// Sweep is the resolved configuration of the latest run, as YAML.
func (d Dir) Sweep() string { return d.at("sweep.yaml") }

func (d Dir) plan() string     { return d.at("plan.jsonl") }
func (d Dir) manifest() string { return d.at("manifest.json") }
func (d Dir) running() string  { return d.at(".running") }

// Weights is the trained network of a trial, if it is kept.
func (d Dir) Weights(id string) string { return d.at("weights", id+".safetensors") }

// Checkpoint is the state of a trial under way.
func (d Dir) Checkpoint(id string) string { return d.at("checkpoints", id+".safetensors") }

// Trace is the table of a trial's steps.
func (d Dir) Trace(id string) string { return d.at("traces", id+".csv") }

// Log says what became of a trial, attempt after attempt.
func (d Dir) Log(id string) string { return d.at("logs", id+".log") }

// Table is the records as CSV, a row a trial.
func (d Dir) Table() string { return d.at("records.csv") }

// Figures is the folder of the figures.
func (d Dir) Figures() string { return d.at("figures") }

// Landscape is a grid of losses around solutions, by name.
func (d Dir) Landscape(name string) string { return d.at("landscapes", name+".csv") }

// Verdicts is what the claims were judged to be.
func (d Dir) Verdicts() string { return d.at("verdicts.json") }

// Report is the page that shows it all.
func (d Dir) Report() string { return d.at("report.html") }

// Submissions is the folder of what was submitted to Slurm.
func (d Dir) Submissions() string { return d.at("slurm") }

// Around returns the output folder whose Submissions a folder is.
func Around(submissions string) Dir { return Dir(filepath.Dir(submissions)) }

// Exists reports whether the folder is an output folder: it has records, or will. The error is fs.ErrNotExist if it is not.
func (d Dir) Exists() error {
	_, err := os.Stat(d.Records())
	return err
}

// RemoveTornDrawings removes what processes that were stopped have left beside what is drawn. The caller holds Drawing.
func (d Dir) RemoveTornDrawings() {
	removeTorn(d.Table(), d.Verdicts(), d.Report())
	disk.RemoveTorn(d.Figures(), func(string) bool { return true })
}

func removeTorn(paths ...string) {
	for _, path := range paths {
		disk.RemoveTorn(filepath.Dir(path), func(name string) bool { return name == filepath.Base(path) })
	}
}

// RemoveTornTrials removes what processes that were stopped have left beside the checkpoints and the weights of the given trials. The
// caller holds their lease.
func (d Dir) RemoveTornTrials(ids []string) {
	mine := map[string]bool{}
	for _, id := range ids {
		mine[filepath.Base(d.Checkpoint(id))], mine[filepath.Base(d.Weights(id))] = true, true
	}
	for _, path := range []string{d.Checkpoint(""), d.Weights("")} {
		disk.RemoveTorn(filepath.Dir(path), func(name string) bool { return mine[name] })
	}
}
