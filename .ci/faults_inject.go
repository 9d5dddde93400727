//go:build linux && (amd64 || arm64)

// Faults_inject runs a program and fails one of its system calls on the files under a folder, as a bad disk or a bad file system would. The
// kernel asks it about each such call (seccomp's user notification), so it counts the calls of all threads together, which strace does not:
// Go moves a goroutine from thread to thread, and the calls of a trial with it.
//
//	faults_inject -dir DIR [-call openat -kind records -at 3 -error EIO] [-report FILE] PROGRAM [WORD ...]
//
// It ends as the program ends, or with 125 if it cannot do its work.
package main

import (
	"bytes"
	"cmp"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// where tells which argument of a call says what file it is on.
type where int

const (
	byFD   where = iota // the first is a descriptor
	byPath              // the second is a path, beneath the folder that the first is
	byGoal              // the fourth is a path, beneath the folder that the third is
)

type call struct {
	name string
	where
}

var fstatat = map[string]int{"amd64": 262, "arm64": 79}[runtime.GOARCH] // x/sys calls it differently on each

// calls are those that are asked about, by number.
var calls = map[int]call{
	unix.SYS_OPENAT:     {"openat", byPath},
	unix.SYS_READ:       {"read", byFD},
	unix.SYS_PREAD64:    {"read", byFD},
	unix.SYS_WRITE:      {"write", byFD},
	unix.SYS_PWRITE64:   {"write", byFD},
	unix.SYS_FSYNC:      {"fsync", byFD},
	unix.SYS_FDATASYNC:  {"fsync", byFD},
	unix.SYS_RENAMEAT:   {"rename", byGoal},
	unix.SYS_RENAMEAT2:  {"rename", byGoal},
	unix.SYS_FLOCK:      {"flock", byFD},
	unix.SYS_UNLINKAT:   {"unlinkat", byPath},
	unix.SYS_MKDIRAT:    {"mkdirat", byPath},
	unix.SYS_GETDENTS64: {"getdents64", byFD},
	unix.SYS_FTRUNCATE:  {"ftruncate", byFD},
	unix.SYS_CLOSE:      {"close", byFD},
	fstatat:             {"fstatat", byPath},
}

var errnos = map[string]unix.Errno{
	"EACCES": unix.EACCES, "EDQUOT": unix.EDQUOT, "EINTR": unix.EINTR, "EIO": unix.EIO, "EMFILE": unix.EMFILE, "ENFILE": unix.ENFILE,
	"ENOLCK": unix.ENOLCK, "ENOSPC": unix.ENOSPC, "EROFS": unix.EROFS, "ESTALE": unix.ESTALE,
}

// fault is what befalls a call.
type fault struct {
	call  string        // its name; "" is none
	kind  string        // of the file; "" is any
	at    int           // from 1: the first such call that fails; 0 is every one
	on    bool          // whether all later ones do too
	error string        // a key of errnos, KILL for SIGKILL, or NONE for a call that succeeds and does nothing
	delay time.Duration // before the call
}

func main() {
	runtime.GOMAXPROCS(max(2, runtime.NumCPU())) // one waits for the kernel in fork
	var (
		f          fault
		at         string
		dir, notes string
	)
	flag.StringVar(&dir, "dir", "", "`FOLDER` whose files are watched")
	flag.StringVar(&notes, "report", "", "`FILE` for a line a call and kind with how often it was made, and a line for the fault")
	flag.StringVar(&f.call, "call", "", "`NAME` of the call that fails")
	flag.StringVar(&f.kind, "kind", "", "only calls on files of this `KIND`: their first folder, or their name without what makes it unique")
	flag.StringVar(&at, "at", "", "`N`, only the N-th such call, from 1; N+, all from it on; else every one")
	flag.StringVar(&f.error, "error", "", "`ERROR` of the call, such as EIO; KILL ends the program in its stead, NONE succeeds without doing anything")
	flag.DurationVar(&f.delay, "delay", 0, "the call lasts `SO LONG` longer")
	flag.Parse()
	var err error
	if at, f.on = strings.CutSuffix(at, "+"); at != "" {
		f.at, err = strconv.Atoi(at)
	}
	_, known := errnos[f.error]
	if err != nil || !known && !slices.Contains([]string{"", "KILL", "NONE"}, f.error) || flag.NArg() == 0 || dir == "" {
		flag.Usage()
		os.Exit(125)
	}
	if dir, err = filepath.Abs(dir); err == nil {
		dir, err = filepath.EvalSymlinks(dir)
	}
	check(err)

	w := &watcher{dir: dir, fault: f, counts: map[string]int{}}
	c := exec.Command(flag.Arg(0), flag.Args()[1:]...)
	c.Stdin, c.Stdout, c.Stderr = os.Stdin, os.Stdout, os.Stderr
	started := make(chan error)
	go func() {
		runtime.LockOSThread() // never unlocked: the filter stays on this thread and ends with it
		if w.listener, err = filter(); err != nil {
			started <- fmt.Errorf("the kernel reports no system calls: %w", err)
			return
		}
		go w.serve(c)
		started <- c.Start()
	}()
	check(<-started)
	err = c.Wait()
	w.mu.Lock() // held to the end
	if notes != "" {
		check(os.WriteFile(notes, []byte(w.report()), 0o666))
	}
	if s, ok := c.ProcessState.Sys().(syscall.WaitStatus); ok && s.Signaled() {
		os.Exit(128 + int(s.Signal()))
	}
	if err != nil && !errors.As(err, new(*exec.ExitError)) {
		check(err)
	}
	os.Exit(c.ProcessState.ExitCode())
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "faults_inject:", err)
		os.Exit(125)
	}
}

// filter makes the kernel report the calls of this thread, and of the processes that it starts, to the descriptor that it returns.
func filter() (listener int, err error) {
	arch := map[string]uint32{"amd64": unix.AUDIT_ARCH_X86_64, "arm64": unix.AUDIT_ARCH_AARCH64}[runtime.GOARCH]
	numbers := slices.Sorted(maps.Keys(calls))
	load := func(at uint32) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: at}
	}
	equal := func(k uint32, yes, no uint8) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, Jt: yes, Jf: no, K: k}
	}
	end := func(k uint32) unix.SockFilter { return unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: k} }
	program := []unix.SockFilter{load(4), equal(arch, 0, uint8(len(numbers)+1)), load(0)}
	for i, n := range numbers {
		program = append(program, equal(uint32(n), uint8(len(numbers)-i), 0))
	}
	program = append(program, end(unix.SECCOMP_RET_ALLOW), end(unix.SECCOMP_RET_USER_NOTIF))
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return 0, err
	}
	const flags = unix.SECCOMP_FILTER_FLAG_NEW_LISTENER | unix.SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV // else a signal would make a call twice
	p := unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]}
	fd, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, flags, uintptr(unsafe.Pointer(&p)))
	if errno != 0 {
		return 0, errno
	}
	return int(fd), nil
}

// asked is the kernel's struct seccomp_notif: a call that waits to be answered.
type asked struct {
	id    uint64
	tid   uint32
	flags uint32
	nr    int32
	arch  uint32
	ip    uint64
	args  [6]uint64
}

// answer is the kernel's struct seccomp_notif_resp.
type answer struct {
	id    uint64
	val   int64
	errno int32
	flags uint32
}

const goOn = 1 // SECCOMP_USER_NOTIF_FLAG_CONTINUE: the kernel makes the call

// watcher answers for the calls of a program.
type watcher struct {
	dir      string
	fault    fault
	listener int

	mu     sync.Mutex
	counts map[string]int // calls so far, by name and kind
	fits   int            // those that the fault could befall
	met    []string       // those that it befell
}

func (w *watcher) serve(c *exec.Cmd) {
	for {
		var q asked
		_, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(w.listener), unix.SECCOMP_IOCTL_NOTIF_RECV, uintptr(unsafe.Pointer(&q)))
		if errno != 0 { // the caller was killed, or this was interrupted
			continue
		}
		a := answer{id: q.id, flags: goOn}
		if what := calls[int(q.nr)]; w.befalls(what, w.path(what, q)) {
			if w.fault.delay > 0 {
				go func() {
					time.Sleep(w.fault.delay)
					w.send(w.meet(a, c))
				}()
				continue
			}
			a = w.meet(a, c)
		}
		w.send(a)
	}
}

// meet returns the answer to a call that the fault befalls.
func (w *watcher) meet(a answer, c *exec.Cmd) answer {
	switch w.fault.error {
	case "":
	case "NONE":
		a.flags = 0
	case "KILL":
		c.Process.Kill()
		a.flags = 0
	default:
		a.flags, a.errno = 0, -int32(errnos[w.fault.error])
	}
	return a
}

func (w *watcher) send(a answer) {
	unix.Syscall(unix.SYS_IOCTL, uintptr(w.listener), unix.SECCOMP_IOCTL_NOTIF_SEND, uintptr(unsafe.Pointer(&a))) // fails if the caller is gone
}

// befalls counts a call and reports whether the fault befalls it.
func (w *watcher) befalls(c call, path string) bool {
	rel, err := filepath.Rel(w.dir, path)
	if path == "" || err != nil || rel == ".." || strings.HasPrefix(rel, "../") {
		return false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	kind := kindOf(rel)
	w.counts[c.name+" "+kind]++
	f := w.fault
	if c.name != f.call || f.kind != "" && kind != f.kind {
		return false
	}
	w.fits++
	if f.at > 0 && w.fits != f.at && !(f.on && w.fits > f.at) {
		return false
	}
	w.met = append(w.met, fmt.Sprintf("met %s %s", c.name, rel))
	return true
}

// kindOf is the first folder of a path beneath the output folder, which is out, or the name of the file without what makes it unique; "." is
// the folder itself.
func kindOf(rel string) string {
	inside := rel
	if name, rest, _ := strings.Cut(rel, "/"); name == "out" {
		inside = cmp.Or(rest, ".")
	}
	first, _, _ := strings.Cut(inside, "/")
	if first == "." {
		return first
	}
	first, _, _ = strings.Cut(strings.TrimPrefix(first, "."), "-")
	return first
}

func (w *watcher) report() string {
	var b strings.Builder
	for _, k := range slices.Sorted(maps.Keys(w.counts)) {
		fmt.Fprintf(&b, "%s %d\n", k, w.counts[k])
	}
	for _, m := range w.met {
		fmt.Fprintln(&b, m)
	}
	return b.String()
}

// path returns the file that a call is on, "" if it cannot be told.
func (w *watcher) path(c call, q asked) string {
	fd := func(n uint64) string {
		of := fmt.Sprintf("/proc/%d/fd/%d", q.tid, int32(n))
		if int32(n) == unix.AT_FDCWD {
			of = fmt.Sprintf("/proc/%d/cwd", q.tid)
		}
		name, _ := os.Readlink(of)
		return name
	}
	if c.where == byFD {
		return fd(q.args[0])
	}
	folder, name := q.args[0], q.args[1]
	if c.where == byGoal {
		folder, name = q.args[2], q.args[3]
	}
	path := text(q.tid, name)
	if !filepath.IsAbs(path) {
		path = filepath.Join(fd(folder), path)
	}
	return path
}

// text reads a string from the memory of a process.
func text(tid uint32, at uint64) string {
	mem, err := os.Open(fmt.Sprintf("/proc/%d/mem", tid))
	if err != nil {
		return ""
	}
	defer mem.Close()
	b := make([]byte, unix.PathMax)
	n, _ := mem.ReadAt(b, int64(at)) // short where the memory ends
	b, _, _ = bytes.Cut(b[:n], []byte{0})
	return string(b)
}
