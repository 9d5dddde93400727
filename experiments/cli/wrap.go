package cli

import (
	"bytes"
	"io"
	"os"
	"strings"
	"sync"

	"github.com/rivo/uniseg"
	"golang.org/x/term"
)

// wrapped writes texts to a terminal, whose lines end between words. It keeps a line until its end; close writes what has none.
type wrapped struct {
	mu    sync.Mutex // for Ctrl-C is told of beside progress
	w     io.Writer
	width func() int // 0 wraps nothing
	whole string     // what follows this to the end of a line is a command, which stays in one piece for whoever copies it
	rest  []byte
}

func (w *wrapped) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.rest = append(w.rest, b...)
	end := bytes.LastIndexByte(w.rest, '\n') + 1
	if end == 0 {
		return len(b), nil
	}
	text := string(w.rest[:end])
	w.rest = append(w.rest[:0], w.rest[end:]...)
	_, err := io.WriteString(w.w, wrap(text, w.width(), w.whole))
	return len(b), err
}

func (w *wrapped) close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, err := io.WriteString(w.w, wrap(string(w.rest), w.width(), w.whole))
	w.rest = nil
	return err
}

// wrap breaks the lines of a text that are wider than so many columns, between words. What follows a break stands two columns further in. A word
// that is wider alone is left to the terminal.
func wrap(text string, width int, whole string) string {
	if width <= 0 {
		return text
	}
	var b strings.Builder
	for line := range strings.Lines(text) {
		body := strings.TrimRight(line, "\n")
		if uniseg.StringWidth(body) <= width {
			b.WriteString(line)
			continue
		}
		indent := body[:len(body)-len(strings.TrimLeft(body, " "))]
		at, begun := len(indent), false // the column, and whether the line has a word
		put := func(word string) {
			if begun && at+uniseg.StringWidth(strings.TrimRight(word, " ")) > width {
				b.WriteString("\n" + indent + "  ")
				at = len(indent) + 2
			}
			b.WriteString(word)
			at += uniseg.StringWidth(word)
			begun = true
		}
		command := ""
		if i := callOf(whole, body); i >= 0 {
			body, command = body[:i], body[i:]
		}
		b.WriteString(indent)
		words := body[len(indent):]
		for words != "" {
			n := strings.IndexByte(words, ' ')
			for n >= 0 && n < len(words) && words[n] == ' ' {
				n++
			}
			if n < 0 {
				n = len(words)
			}
			put(words[:n])
			words = words[n:]
		}
		if command != "" {
			put(command)
		}
		b.WriteString(line[len(strings.TrimRight(line, "\n")):])
	}
	return trimmed(b.String())
}

// callOf returns where a line calls a program, after a colon or at its beginning, with words that follow or none; −1 where it does not.
func callOf(program, line string) int {
	if program == "" {
		return -1
	}
	for i := 0; ; i++ {
		k := strings.Index(line[i:], program)
		if k < 0 {
			return -1
		}
		i += k
		before, after := strings.TrimRight(line[:i], " "), line[i+len(program):]
		if (before == "" || strings.HasSuffix(before, ":") && before != line[:i]) && (after == "" || after[0] == ' ') {
			return i
		}
	}
}

// trimmed is a text without spaces at the ends of its lines.
func trimmed(text string) string {
	for strings.Contains(text, " \n") {
		text = strings.ReplaceAll(text, " \n", "\n")
	}
	return text
}

// columns returns the width of a terminal; 0 where it does not say.
func columns(f *os.File) int {
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return width
}
