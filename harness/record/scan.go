package record

import (
	"encoding/json"
	"math"
	"strconv"
	"unicode/utf8"
)

// scanner steps through a line of JSON without spaces. At anything it does not know it turns bad for good and then yields zeros; encoding/json
// must read or refuse that line. What the scanner accepts, encoding/json reads as the same.
type scanner struct {
	text []byte
	at   int // the index of the next byte
	bad  bool
}

// stop turns the scanner bad.
func (s *scanner) stop() { s.at, s.bad = len(s.text), true }

// next steps over t if it comes next.
func (s *scanner) next(t string) bool {
	end := s.at + len(t)
	if end > len(s.text) || string(s.text[s.at:end]) != t {
		return false
	}
	s.at = end
	return true
}

// want steps over t, which must come next.
func (s *scanner) want(t string) {
	if !s.next(t) {
		s.stop()
	}
}

// more steps over the comma before a further element of a list or an object and reports true, or over its end.
func (s *scanner) more(end string) bool {
	if s.next(",") {
		return true
	}
	s.want(end)
	return false
}

// str steps over a string and returns it: bytes of the line, unless it has escapes.
func (s *scanner) str() []byte {
	s.want(`"`)
	for i := s.at; i < len(s.text); i++ {
		switch c := s.text[i]; {
		case c == '"':
			v := s.text[s.at:i]
			s.at = i + 1
			return v
		case c < ' ' || c == '\\' || c >= utf8.RuneSelf:
			return s.unusual()
		}
	}
	s.stop()
	return nil
}

// unusual is str after its first quote, for a string with escapes or beyond ASCII.
func (s *scanner) unusual() []byte {
	token := s.text[s.at-1 : s.closing(s.at)]
	s.at += len(token) - 1
	var v string
	if !utf8.Valid(token) || json.Unmarshal(token, &v) != nil {
		s.stop()
	}
	return []byte(v)
}

// closing returns where the text goes on after the string that i lies in, or the end of the text if the string does not end.
func (s *scanner) closing(i int) int {
	for ; i < len(s.text); i++ {
		switch s.text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(s.text)
}

// value steps over the value of a key and returns its text, which may turn out not to be JSON.
func (s *scanner) value() []byte {
	const deepest = 1000
	depth := 0
	for i := s.at; i < len(s.text) && depth < deepest; {
		switch s.text[i] {
		case '"':
			i = s.closing(i + 1)
			continue
		case '{', '[':
			depth++
		case ',':
			if depth == 0 {
				return s.until(i)
			}
		case '}', ']':
			if depth == 0 {
				return s.until(i)
			}
			depth--
		}
		i++
	}
	s.stop()
	return nil
}

// until steps to i and returns the text in between.
func (s *scanner) until(i int) []byte {
	text := s.text[s.at:i]
	s.at = i
	return text
}

// number steps over a number, or over null, whose text is empty. A number without an exponent is plain.
func (s *scanner) number() (text []byte, plain bool) {
	if s.next("null") {
		return nil, true
	}
	i, plain := s.at, true
	if i < len(s.text) && s.text[i] == '-' {
		i++
	}
	whole := i
	i = s.pastDigits(i)
	bad := i == whole || s.text[whole] == '0' && i > whole+1
	if i < len(s.text) && s.text[i] == '.' {
		point := i + 1
		i = s.pastDigits(point)
		bad = bad || i == point
	}
	if i < len(s.text) && (s.text[i] == 'e' || s.text[i] == 'E') {
		plain = false
		if i++; i < len(s.text) && (s.text[i] == '+' || s.text[i] == '-') {
			i++
		}
		power := i
		i = s.pastDigits(power)
		bad = bad || i == power
	}
	if bad {
		s.stop()
		return nil, true
	}
	return s.until(i), plain
}

func (s *scanner) pastDigits(i int) int {
	for i < len(s.text) && '0' <= s.text[i] && s.text[i] <= '9' {
		i++
	}
	return i
}

// float steps over a number, or null, which is NaN.
func (s *scanner) float() Number {
	text, _ := s.number()
	if text == nil {
		return Number(math.NaN())
	}
	v, err := strconv.ParseFloat(string(text), 64)
	if err != nil { // out of range
		s.stop()
	}
	return Number(v)
}

// floatUnless is float; with skip, for a number that nobody needs, it is quicker and returns 0.
func (s *scanner) floatUnless(skip bool) Number {
	if !skip {
		return s.float()
	}
	const inRange = 300 // digits
	if text, plain := s.number(); !plain || len(text) > inRange {
		if _, err := strconv.ParseFloat(string(text), 64); err != nil {
			s.stop()
		}
	}
	return 0
}

// seconds steps over a number that must not be null.
func (s *scanner) seconds() float64 {
	v := float64(s.float())
	if math.IsNaN(v) {
		s.stop()
	}
	return v
}

// integer steps over an integer of few digits.
func (s *scanner) integer() int {
	const most = 9
	text, _ := s.number()
	v, err := strconv.Atoi(string(text))
	if err != nil || len(text) > most {
		s.stop()
	}
	return v
}
