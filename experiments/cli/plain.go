package cli

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// plain writes texts to a terminal: what would steer it, such as an escape in a file's name, is written as \x1b. The number of bytes that
// Write returns is that of what it was given.
type plain struct{ w io.Writer }

func (p plain) Write(b []byte) (int, error) {
	if _, err := io.WriteString(p.w, visible(string(b))); err != nil {
		return 0, err
	}
	return len(b), nil
}

// visible is a text with its control characters escaped, but for ends of lines and tabs.
func visible(text string) string {
	if strings.IndexFunc(text, steers) < 0 && utf8.ValidString(text) {
		return text
	}
	var b strings.Builder
	for i, r := range text {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(text[i:], "\ufffd"):
			fmt.Fprintf(&b, `\x%02x`, text[i])
		case steers(r):
			fmt.Fprintf(&b, map[bool]string{true: `\x%02x`, false: `\u%04x`}[r < utf8.RuneSelf], r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// steers reports whether a character changes how what follows is shown: a control character, or a mark of direction.
func steers(r rune) bool {
	return r != '\n' && r != '\t' && unicode.In(r, unicode.Cc, unicode.Bidi_Control)
}
