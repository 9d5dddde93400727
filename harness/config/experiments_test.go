package config

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// fullMNIST is a folder in the form of the full MNIST: its four files, of a few thousand black images.
func fullMNIST(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	write := func(name string, body []byte) {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		if _, err := z.Write(body); err != nil || z.Close() != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name+".gz"), b.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for name, n := range map[string]int{"train": 7000, "t10k": 100} {
		labels := make([]byte, n)
		for i := range labels {
			labels[i] = byte(i % 10)
		}
		var images []byte
		for _, v := range []int{2051, n, 28, 28} {
			images = binary.BigEndian.AppendUint32(images, uint32(v))
		}
		write(name+"-images-idx3-ubyte", append(images, make([]byte, n*28*28)...))
		write(name+"-labels-idx1-ubyte", append(binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, 2049), uint32(n)), labels...))
	}
	return dir
}

// Every configuration under experiments/ plans, into a folder of its own, or one that it shares; those of the references plan what their headers say.
func TestExperimentsPlan(t *testing.T) {
	want := map[string]struct {
		seeds, trials int // trials of one seed
		axes          string
	}{
		"msweep/msweep":             {10, 5*8 + 1, "seed optimizer.m optimizer.rho"},
		"msweep/cnn":                {10, 5*9 + 1, "seed optimizer.m optimizer.rho"},
		"msweep/fashion":            {10, 5*8 + 1, "seed optimizer.m optimizer.rho"},
		"msweep/noise20":            {10, 5*8 + 1, "seed optimizer.m optimizer.rho"},
		"msweep/mnist4k":            {8, 5*8 + 1, "seed optimizer.m optimizer.rho"},
		"robust/robust":             {8, 2*(4*8+1) + (5*5 - 2) + 4*8, "seed lr optimizer.m optimizer.rho optimizer.base.weight_decay"},
		"predict/reference":         {8, 6 * 3 * 3 * 2, "seed model.hidden batch_size lr optimizer.weight_decay"},
		"predict/fashion-reference": {8, 6 * 3 * 3 * 2, "seed model.hidden batch_size lr optimizer.weight_decay"},
		"labelnoise/labelnoise":     {8, 5 * (3*7 + 1), "seed data.label_noise optimizer.m optimizer.rho"},
		"spectrum/spectrum":         {10, 5*3 + 1, "seed optimizer.m optimizer.rho"},
		"edge/edge":                 {8, 2 * (3 + 1), "seed lr optimizer.rho optimizer.unnormalised"},
	}
	files, err := filepath.Glob("../../experiments/*/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	shared := map[string]string{"predict/fashion": "predict-fashion", "predict/reference": "predict", "predict/fashion-reference": "predict-fashion"}
	taken, planned := map[string]bool{}, 0
	for _, file := range files {
		key := filepath.ToSlash(strings.TrimSuffix(file, ".yaml"))[len("../../experiments/"):]
		program, name := filepath.Split(key)
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			command := "#\tgo run ./experiments/" + strings.TrimSuffix(program, "/")
			if name+"/" != program {
				command += " --config experiments/" + key + ".yaml"
			}
			if name == "cifar10" {
				t.Skip("CIFAR-10 is in no module or package: it needs --data")
			}
			s, err := Plan(file, text, nil, "")
			if err != nil {
				t.Fatal(err)
			}
			folder := cmp.Or(shared[key], name)
			if s.Name != folder || taken[folder] && shared[key] == "" {
				t.Errorf("the name is %s: results of its own go to results/%s", s.Name, folder)
			}
			taken[folder] = taken[folder] || shared[key] == ""
			w, reference := want[key]
			if !reference {
				return
			}
			planned++
			head, _, _ := strings.Cut(string(text), "\nname:")
			for _, says := range []string{command + "\n", "# What it gives: results/reference/" + s.Name + ".\n"} {
				if !strings.Contains(head+"\n", says) {
					t.Errorf("the header does not say %q", says)
				}
			}
			if len(s.Trials) != w.seeds*w.trials || strings.Join(s.Axes, " ") != w.axes {
				t.Errorf("%d trials over %q, want %d over %q", len(s.Trials), s.Axes, w.seeds*w.trials, w.axes)
			}
			if says := fmt.Sprintf("sweep: # %d trials\n", len(s.Trials)); strings.Contains(string(text), "\nsweep:") && !strings.Contains(string(text), says) {
				t.Errorf("the file does not say %q", says)
			}
		})
	}
	if planned != len(want) {
		t.Errorf("%d of %d configurations of the references are there", planned, len(want))
	}
}
