package cli

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"strings"
	"sync"
)

// logged turns lines into records of log/slog, an object a line: warnings at the level WARN, all else at INFO.
type logged struct {
	mu   sync.Mutex // for Ctrl-C is told of beside progress
	log  *slog.Logger
	rest []byte
}

func newLogged(w io.Writer) *logged { return &logged{log: slog.New(slog.NewJSONHandler(w, nil))} }

func (l *logged) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rest = append(l.rest, b...)
	for {
		line, rest, whole := bytes.Cut(l.rest, []byte("\n"))
		if !whole {
			return len(b), nil
		}
		l.line(string(line))
		l.rest = rest
	}
}

// close logs a line that has no end.
func (l *logged) close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.line(string(l.rest))
	l.rest = nil
	return nil
}

func (l *logged) line(text string) {
	text, level := strings.TrimSpace(text), slog.LevelInfo
	if warning, is := strings.CutPrefix(text, "warning: "); is {
		text, level = warning, slog.LevelWarn
	}
	if text != "" {
		l.log.Log(context.Background(), level, text)
	}
}
