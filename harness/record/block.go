package record

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"sync"
)

// block holds some lines of a record file, and the records on them.
type block struct {
	file     string
	text     []byte        // whole lines
	parsed   chan struct{} // closed once lines holds the records of text
	lines    []parsedLine
	end      string // what is wrong with the file after these lines; "" if it goes on, or ends well
	unopened bool   // not even its first line could be read
}

type parsedLine struct {
	Record
	err error
}

// eachBlock calls f with all lines of the files, in order, a block at a time. All processors parse, a few blocks ahead of f.
func eachBlock(files []string, without Without, f func(*block)) {
	n := runtime.GOMAXPROCS(0)
	inOrder, toParse := make(chan *block, 2*n), make(chan *block, 2*n)
	go func() {
		for _, name := range files {
			split(name, func(b *block) {
				inOrder <- b
				toParse <- b
			})
		}
		close(inOrder)
		close(toParse)
	}()
	for range n {
		go func() {
			d := newDecoder(without)
			for b := range toParse {
				b.parse(d)
			}
		}()
	}
	for b := range inOrder {
		<-b.parsed
		f(b)
		texts.Put(&b.text)
	}
}

func (b *block) parse(d *decoder) {
	for text := b.text; len(text) > 0; {
		n := bytes.IndexByte(text, '\n') + 1
		r, err := d.parse(text[:n])
		b.lines = append(b.lines, parsedLine{r, err})
		text = text[n:]
	}
	close(b.parsed)
}

// blockSize is how many bytes of a file are read at a time, if no line is longer.
const blockSize = 1 << 18

// texts holds byte slices to use again.
var texts = sync.Pool{New: func() any { return new([]byte) }}

// split cuts a file into blocks.
func split(name string, emit func(*block)) {
	in, err := open(name)
	if err != nil {
		emit(&block{file: name, parsed: make(chan struct{}), end: "not read: " + err.Error(), unopened: true})
		return
	}
	defer in.Close()
	var rest []byte // the beginning of a line
	for err == nil {
		text := *texts.Get().(*[]byte)
		if size := max(blockSize, 2*len(rest)); cap(text) < size {
			text = make([]byte, size)
		}
		text = text[:cap(text)]
		n := copy(text, rest)
		more := 0
		if more, err = io.ReadFull(in, text[n:]); err == io.ErrUnexpectedEOF {
			err = io.EOF
		}
		n += more
		whole := bytes.LastIndexByte(text[:n], '\n') + 1
		rest = append(rest[:0], text[whole:n]...)
		emit(&block{file: name, text: text[:whole], parsed: make(chan struct{}), end: ending(err, rest)})
	}
}

// ending says what is wrong with a file after its last whole line.
func ending(err error, rest []byte) string {
	switch {
	case err == nil, err == io.EOF && len(rest) == 0:
		return ""
	case err == io.EOF:
		return "torn last line, dropped: the process that wrote it was stopped"
	case errors.Is(err, gzip.ErrChecksum):
		return fmt.Sprintf("not read from here on: %v; lines before may be damaged too", err)
	}
	return fmt.Sprintf("not read from here on: %v", err)
}

// packed ends the name of a record file that gzip has packed.
const packed = ".gz"

// open opens a record file, packed or not.
func open(name string) (io.ReadCloser, error) {
	file, err := os.Open(name)
	if err != nil || !strings.HasSuffix(name, packed) {
		return file, err
	}
	in, err := gzip.NewReader(bufio.NewReaderSize(file, blockSize))
	if err != nil {
		file.Close()
		return nil, unpacking(err)
	}
	return unpacker{in, file}, nil
}

// unpacker reads a packed file.
type unpacker struct {
	in *gzip.Reader
	io.Closer
}

func (u unpacker) Read(b []byte) (int, error) {
	n, err := u.in.Read(b)
	if err != nil && err != io.EOF {
		err = unpacking(err)
	}
	return n, err
}

// unpacking returns the error of a damaged packed file. It is never io.EOF, which is the end of an undamaged file.
func unpacking(err error) error {
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("unpacking: %w", err)
}
