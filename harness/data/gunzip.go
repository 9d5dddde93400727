package data

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
)

// gunzip reads what is in a gzip file: its members one after the other. Zeros that follow the last one are padding.
type gunzip struct {
	in   *bufio.Reader
	z    *gzip.Reader
	over bool
}

func newGunzip(in *bufio.Reader) (*gunzip, error) {
	z, err := gzip.NewReader(in)
	if err != nil {
		return nil, err
	}
	z.Multistream(false)
	return &gunzip{in: in, z: z}, nil
}

func (g *gunzip) Read(p []byte) (int, error) {
	for !g.over {
		n, err := g.z.Read(p)
		if err == io.EOF {
			err = g.next()
		}
		if n > 0 || err != nil {
			return n, err
		}
	}
	return 0, io.EOF
}

// next goes on to the member behind the one that has ended.
func (g *gunzip) next() error {
	for {
		c, err := g.in.ReadByte()
		switch {
		case err == io.EOF:
			g.over = true
			return nil
		case err != nil:
			return err
		case c == 0:
			continue
		}
		g.in.UnreadByte() // which cannot fail after ReadByte
		if err := g.z.Reset(g.in); err != nil {
			return fmt.Errorf("behind the compressed bytes, neither zeros nor more of them: %v", err)
		}
		g.z.Multistream(false)
		return nil
	}
}

// gzipped reports whether the bytes that come next are those of a gzip file, whatever its name.
func gzipped(in *bufio.Reader) bool {
	b, _ := in.Peek(3)
	return len(b) == 3 && b[0] == 0x1f && b[1] == 0x8b && b[2] == 8
}
