package limits

import "testing"

// A size is read as people write it; K, M, G and T are powers of 1024.
func TestSet(t *testing.T) {
	before := *Config
	defer func() { *Config = before }()
	for size, want := range map[string]int64{
		"7": 7, "7B": 7, "7b": 7, "2k": 2 << 10, "2KiB": 2 << 10, "2500mb": 2500 << 20, "2500MB": 2500 << 20, "2500 MiB": 2500 << 20, "2.5gb": 5 << 29, "2.5GiB": 5 << 29, "1T": 1 << 40,
		"": 0, "mb": 0, "-1": 0, "2.GB": 0, "2gig": 0, "2  GB": 0, "1e9": 0, "2iB": 0, "0": 0, "9999999T": 0,
	} {
		Config.Bytes = -1
		if err := Set("config=" + size); (err == nil) != (want > 0) || want > 0 && Config.Bytes != want {
			t.Errorf("%q is %d, %v; want %d", size, Config.Bytes, err, want)
		}
	}
}
