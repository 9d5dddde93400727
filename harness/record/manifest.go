package record

import "time"

// Manifest says where the records of a folder come from: manifest.json.
type Manifest struct {
	Name     string            `json:"name"`    // of the sweep
	Command  []string          `json:"command"` // the command line
	Started  time.Time         `json:"started"`
	Seconds  float64           `json:"seconds"`            // wall time of the latest run; 0 until it ends
	Trained  int               `json:"trained"`            // trials the latest run trained
	Measured int               `json:"measured,omitempty"` // trials whose kept weights the latest run measured
	Revision string            `json:"revision"`
	Dirty    bool              `json:"dirty"` // the work tree differed from Revision
	Go       string            `json:"go"`
	Kernel   string            `json:"kernel"`
	CPU      string            `json:"cpu"`
	Cores    int               `json:"cores"`
	Workers  int               `json:"workers"`
	Host     string            `json:"host"`
	Modules  map[string]string `json:"modules"` // module path to version
	Data     []DataSource      `json:"data"`
	Trials   []string          `json:"trials,omitempty"` // ids of the whole plan; written only before there was a plan.jsonl
}
