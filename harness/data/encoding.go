package data

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// checkEncoding refuses what is not UTF-8. Half the bytes of most texts in UTF-16 are 0.
func checkEncoding(name string, content []byte) error {
	utf16, from := "", "UTF-16"
	start := content[:min(len(content), 1000)]
	switch {
	case bytes.HasPrefix(content, []byte("\xff\xfe")):
		utf16 = "UTF-16LE"
	case bytes.HasPrefix(content, []byte("\xfe\xff")):
		utf16 = "UTF-16BE"
	case 4*bytes.Count(start, []byte{0}) > len(start): // without the mark that says which
		utf16 = []string{"UTF-16BE", "UTF-16LE"}[bytes.IndexByte(start, 0)%2]
		from = utf16
	}
	if utf16 != "" {
		return fmt.Errorf("%s: the text is %s; expected UTF-8, which iconv -f %s -t UTF-8 makes of it", name, utf16, from)
	}
	if !utf8.Valid(content) {
		line := 1
		for text := range bytes.Lines(content) {
			if !utf8.Valid(text) {
				break
			}
			line++
		}
		return fmt.Errorf("%s:%d: not UTF-8; expected UTF-8, which iconv -f WINDOWS-1252 -t UTF-8 makes of most such files", name, line)
	}
	return nil
}
