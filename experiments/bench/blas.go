package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"

	"golang.org/x/sys/cpu"
)

// An OpenBLAS older than the CPU does not know it and takes the kernels of the oldest there is, at a tenth of the speed. PyTorch runs on the
// faster of what OpenBLAS finds by itself and what the CPU's features name, unless the environment names a core already; and if even that
// stays below leastShare of our own peak, it is no peer and nothing is compared.

// coreType names OpenBLAS's core.
const coreType = "OPENBLAS_CORETYPE"

// leastShare of our peak is what PyTorch's product of two 512 × 512 matrices must reach.
const leastShare = .45

// core returns the OpenBLAS core with the CPU's features, "" where they say nothing.
func core() string {
	x := &cpu.X86
	switch {
	case x.HasAVX512F && x.HasAVX512CD && x.HasAVX512VL && x.HasAVX512DQ && x.HasAVX512BW:
		return "SkylakeX"
	case x.HasAVX2 && x.HasFMA:
		return "Haswell"
	}
	return ""
}

// cores are the cores to try: that of the environment, or that which OpenBLAS finds, "", and that of the features.
func cores() []string {
	if set := os.Getenv(coreType); set != "" {
		return []string{set}
	}
	if named := core(); named != "" {
		return []string{"", named}
	}
	return []string{""}
}

// peer is a PyTorch that is ready to be timed.
type peer struct {
	*child
	version, core string
	gflops, share float64 // of its product of two 512 × 512 matrices, and as a share of our peak
}

// fastest starts a PyTorch with each core and keeps the fastest. It refuses one that is no peer.
func fastest(refs *references) (p peer, err error) {
	for _, core := range cores() {
		next, err := start(core, refs)
		if err != nil {
			if p.child != nil {
				p.end()
			}
			return p, err
		}
		if p.child != nil && p.share >= next.share {
			next.end()
			continue
		}
		if p.child != nil {
			p.end()
		}
		p = next
	}
	if err := fair(p); err != nil {
		p.end()
		return p, err
	}
	return p, nil
}

// fair is the refusal of a peer that is none.
func fair(p peer) error {
	if p.share >= leastShare {
		return nil
	}
	how := "does not know this CPU"
	if p.core != "" {
		how = "with " + coreType + "=" + p.core + " does not suit this CPU"
	}
	return fmt.Errorf("PyTorch's BLAS %s: its product of two 512 × 512 matrices runs at %.0f GFLOP/s, %.0f %% of our peak, expected ≥ %.0f %%; "+
		"set %s (OpenBLAS: SkylakeX, Haswell, Zen, ...), or install another BLAS: apt-get install libopenblas0-pthread",
		how, p.gflops, 100*p.share, 100*leastShare, coreType)
}

// start starts the script with the first python3 that has PyTorch, and times its product beside our peak.
func start(core string, refs *references) (p peer, err error) {
	var why []string
	for _, name := range []string{"/usr/bin/python3", "python3"} {
		c, err := startChild(pythonCommand(name, core))
		if err != nil {
			why = append(why, err.Error())
			continue
		}
		var hello struct{ Torch string }
		if err := c.ask(question{Do: "hello", Clock: clock}, &hello); err != nil {
			c.end()
			why = append(why, err.Error())
			continue
		}
		p = peer{child: c, version: hello.Torch, core: core}
		product := func(reps int) ([]float64, error) { return c.seconds(question{Do: "product", Reps: reps}) }
		r, err := refs.race(pacing{rounds: 20, turn: .01, most: 20}, product)
		if err != nil {
			c.end()
			return p, err
		}
		const flops = 2 * 512 * 512 * 512
		p.gflops = flops / r.rows[0].fast() / 1e9
		_, p.share = r.ofPeak(0, flops)
		return p, nil
	}
	return p, fmt.Errorf("no PyTorch: %s; on Debian or Ubuntu: apt-get install python3-torch libopenblas0-pthread", strings.Join(why, "; "))
}

// pythonCommand is the script on one thread: OpenBLAS does not listen to torch.set_num_threads. It keeps its memory: by default glibc
// gives large blocks back to the system, and every step takes new pages for its activations, for up to twice the time.
func pythonCommand(name, core string) *exec.Cmd {
	cmd := exec.Command(name, "-c", script)
	cmd.Env = append(os.Environ(), "OMP_NUM_THREADS=1", "OPENBLAS_NUM_THREADS=1", "MKL_NUM_THREADS=1",
		"MALLOC_MMAP_THRESHOLD_=4294967296", "MALLOC_TRIM_THRESHOLD_=8589934592", "MALLOC_TOP_PAD_=268435456")
	if core != "" {
		cmd.Env = append(cmd.Env, coreType+"="+core)
	}
	return cmd
}
