package record

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"msharp/harness/disk"
	"msharp/harness/limits"
	"runtime"
	"strings"
	"sync"
)

// block holds some lines of a record file, and the records on them.
type block struct {
	file   string
	text   []byte        // whole lines
	parsed chan struct{} // closed once lines holds the records of text
	lines  []parsedLine
	end    string // what is wrong with the file after these lines; "" if it goes on, or ends well
	whole  bool   // whether end is about the whole file
	err    error  // why no more of the file can be read; the file may be well
}

// parsedLine is a record, or some equal lines in a row that are none.
type parsedLine struct {
	Record
	err   error
	times int
}

// eachBlock calls f with all lines of the files, in order, a block at a time. All processors parse, a few blocks ahead of f. It ends at the
// first file that cannot be read.
func eachBlock(files []string, without Without, f func(*block)) error {
	n := runtime.GOMAXPROCS(0)
	inOrder, toParse := make(chan *block, 2*n), make(chan *block, 2*n)
	go func() {
		for _, name := range files {
			err := split(name, func(b *block) {
				inOrder <- b
				toParse <- b
			})
			if err != nil {
				b := &block{parsed: make(chan struct{}), err: err}
				close(b.parsed)
				inOrder <- b
				break
			}
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
		if b.err != nil {
			return b.err
		}
		f(b)
		if b.text != nil {
			texts.Put(&b.text)
		}
	}
	return nil
}

func (b *block) parse(d *decoder) {
	var wrong []byte // the line before, if it is no record: lines that repeat it are not parsed
	for text := b.text; len(text) > 0; {
		line := text[:bytes.IndexByte(text, '\n')+1]
		text = text[len(line):]
		if wrong != nil && bytes.Equal(line, wrong) {
			b.lines[len(b.lines)-1].times++
			continue
		}
		r, err := Record{}, tooLong()
		if int64(len(line)) <= limits.Line.Bytes {
			r, err = d.parse(line)
		}
		b.lines = append(b.lines, parsedLine{r, err, 1})
		if wrong = nil; err != nil {
			wrong = line
		}
	}
	close(b.parsed)
}

// blockSize is how many bytes of a file are read at a time, if no line is longer.
const blockSize = 1 << 18

// texts holds byte slices to use again.
var texts = sync.Pool{New: func() any { return new([]byte) }}

// split cuts a file into blocks. What is wrong with its bytes is told in a block's end; the error is why they cannot be read.
func split(name string, emit func(*block)) error {
	send := func(text []byte, end string, whole bool) {
		emit(&block{file: name, text: text, parsed: make(chan struct{}), end: end, whole: whole})
	}
	in, err := open(name)
	if unread(err) {
		return err
	} else if err != nil {
		send(nil, "not read: "+err.Error(), true)
		return nil
	}
	defer in.Close()
	var rest []byte // the beginning of a line
	long := false   // whether its beginning is dropped already, for it is too long
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
		if long {
			end := bytes.IndexByte(text[:n], '\n') + 1
			if end == 0 {
				texts.Put(&text)
				continue
			}
			send(nil, dropped+tooLong().Error(), false)
			long, n = false, copy(text, text[end:n])
		}
		whole := bytes.LastIndexByte(text[:n], '\n') + 1
		rest = append(rest[:0], text[whole:n]...)
		send(text[:whole], "", false)
		if int64(len(rest)) > limits.Line.Bytes {
			long, rest = true, nil
		}
	}
	switch {
	case unread(err):
		return err
	case long:
		send(nil, dropped+tooLong().Error(), false)
	default:
		send(nil, ending(err, rest), false)
	}
	return nil
}

// tooLong is the fault of a line that is longer than a record can be.
func tooLong() error { return fmt.Errorf("the line is longer than %v", limits.Line) }

// unread reports whether an error is one of reading a file, and not of what the file holds.
func unread(err error) bool {
	return errors.As(err, new(*fs.PathError)) || errors.Is(err, disk.ErrKind)
}

// ending says what is wrong with a file after its last whole line.
func ending(err error, rest []byte) string {
	switch {
	case err == io.EOF && len(rest) == 0:
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
	file, err := disk.Open(name)
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
