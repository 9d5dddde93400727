package record

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"testing"
)

// BenchmarkLoad reads the 100,040 records that TestSyntheticFolder made, or makes them itself. It reports the process's
// peak memory if the system tells it.
//
//	MSHARP_SYNTHETIC=/tmp/synthetic go test ./harness/record -run '^$' -bench Load/light -benchtime 3x
func BenchmarkLoad(b *testing.B) {
	for _, s := range syntheticSweeps {
		b.Run(s.name, func(b *testing.B) {
			out := filepath.Join(os.Getenv("MSHARP_SYNTHETIC"), s.name)
			if os.Getenv("MSHARP_SYNTHETIC") == "" {
				out = b.TempDir()
				s.write(b, out)
			}
			for _, c := range []struct {
				name    string
				without []Without
			}{
				{"whole", nil},
				{"table", []Without{WithoutEpochs, WithoutConfusion}},
				{"heads", []Without{WithoutEpochs, WithoutConfusion, WithoutNumbers}},
			} {
				b.Run(c.name, func(b *testing.B) {
					b.SetBytes(sizeOf(b, out))
					for b.Loop() {
						b.StopTimer()
						forgetPeak()
						b.StartTimer()
						recs, warnings, err := Load(out, c.without...)
						if len(recs) != s.trials() || len(warnings) > 0 || err != nil {
							b.Fatal(len(recs), warnings, err)
						}
					}
					if mb := peak(); mb > 0 {
						b.ReportMetric(mb, "peak-MB")
					}
				})
			}
		})
	}
}

func sizeOf(b *testing.B, out string) (n int64) {
	names, _ := filepath.Glob(filepath.Join(out, "records", "*"))
	for _, name := range names {
		info, err := os.Stat(name)
		if err != nil {
			b.Fatal(err)
		}
		n += info.Size()
	}
	return n
}

// forgetPeak returns free memory and makes Linux count the peak from now on.
func forgetPeak() {
	runtime.GC()
	debug.FreeOSMemory()
	os.WriteFile("/proc/self/clear_refs", []byte("5"), 0)
}

// peak returns the process's peak memory in MB, or 0 if the system does not tell it.
func peak() float64 {
	text, _ := os.ReadFile("/proc/self/status")
	_, after, _ := bytes.Cut(text, []byte("VmHWM:"))
	fields := bytes.Fields(after)
	if len(fields) == 0 {
		return 0
	}
	kb, _ := strconv.ParseFloat(string(fields[0]), 64)
	return kb / 1024
}
