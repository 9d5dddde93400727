package cli

import (
	"crypto/sha256"
	"debug/elf"
	"fmt"
	"msharp/harness/disk"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
)

// nodeProgram puts a static binary of this experiment into a folder that the nodes see. It returns the path and further settings of the
// environment. The name has the hash of the binary, so that a binary that tasks may be running is never replaced.
func (s *session) nodeProgram(dir, given string) (path string, env []string, err error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return "", nil, err
	}
	from := given
	if from == "" {
		if from, err = os.Executable(); err != nil {
			return "", nil, err
		}
		if byGoRun(from) && !strings.HasSuffix(from, ".test") { // by go run, which links in the C library where it can
			if from, env, err = s.build(dir); err != nil {
				return "", nil, err
			}
			defer os.Remove(from)
		} else if err := static(from); err != nil {
			return "", nil, err
		}
	}
	path, err = install(from, dir, s.Name)
	return path, env, err
}

// build builds this experiment with go and returns the binary and the setting of the module cache, where data sets lie.
func (s *session) build(dir string) (binary string, env []string, err error) {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Path == "" || info.Path == "command-line-arguments" {
		return "", nil, usageError{fmt.Errorf("this program does not know its package; run it as go run ./experiments/%s, or name a binary by --program", s.Name)}
	}
	binary = filepath.Join(dir, fmt.Sprintf(".%s-%d", s.Name, os.Getpid()))
	for _, vcs := range []string{"auto", "false"} { // if the revision cannot be found, without it
		c := exec.Command("go", "build", "-buildvcs="+vcs, "-o", binary, info.Path)
		c.Env = append(os.Environ(), "CGO_ENABLED=0")
		var out []byte
		if out, err = c.CombinedOutput(); err == nil {
			break
		}
		err = fmt.Errorf("go build %s: %w: %s", info.Path, err, strings.Join(strings.Fields(string(out)), " "))
	}
	if err != nil {
		return "", nil, err
	}
	cache, err := exec.Command("go", "env", "GOMODCACHE").Output()
	if err != nil {
		return "", nil, fmt.Errorf("go env GOMODCACHE: %w", err)
	}
	return binary, []string{"GOMODCACHE=" + strings.TrimSpace(string(cache))}, nil
}

// static returns an error unless a program runs without any file beside it.
func static(path string) error {
	f, err := elf.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	for _, p := range f.Progs {
		if p.Type == elf.PT_INTERP {
			return usageError{fmt.Errorf("%s is linked dynamically, and nodes may lack its libraries; build it with CGO_ENABLED=0, or name a static binary by --program", path)}
		}
	}
	return nil
}

// install copies a program into dir under a name with its hash.
func install(from, dir, name string) (path string, err error) {
	b, err := os.ReadFile(from)
	if err != nil {
		return "", err
	}
	path = filepath.Join(dir, fmt.Sprintf("%s-%.6x", name, sha256.Sum256(b))) // six bytes of it
	if there, err := os.ReadFile(path); err == nil && string(there) == string(b) {
		return path, nil
	}
	if err := disk.WriteFile(path, b); err != nil {
		return "", err
	}
	return path, os.Chmod(path, 0o755)
}
