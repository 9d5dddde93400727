package main

import (
	"fmt"
	"strings"
)

var assembly, declarations strings.Builder

// op writes one instruction in the syntax of Go's assembler.
func op(format string, args ...any) { fmt.Fprintf(&assembly, "\t"+format+"\n", args...) }

// label names the place of the next instruction; names are the function's own.
func label(name string) { assembly.WriteString("\n" + name + ":\n") }

// arguments is where the arguments of the function being written lie.
var arguments map[string]string

// arg returns the place of an argument.
func arg(name string) string {
	at, is := arguments[name]
	if !is {
		panic("no argument " + name)
	}
	return at
}

// function writes a function of Go that body fills. Of the parameters, "a, b *float32", each needs its own type.
func function(name, doc string, params []param, body func()) {
	arguments = map[string]string{}
	size, list := 0, make([]string, len(params))
	for i, p := range params {
		bytes := 8
		if p.kind == "float32" {
			bytes = 4
		}
		size = (size + bytes - 1) / bytes * bytes
		arguments[p.name] = fmt.Sprintf("%s+%d(FP)", p.name, size)
		size += bytes
		list[i] = p.name + " " + p.kind
	}
	sig := fmt.Sprintf("func %s(%s)", name, strings.Join(list, ", "))
	fmt.Fprintf(&declarations, "\n// %s %s\n//\n//go:noescape\n%s\n", name, doc, sig)
	fmt.Fprintf(&assembly, "\n// %s\nTEXT ·%s(SB), NOSPLIT, $0-%d\n", sig, name, size)
	body()
	op("RET")
}

type param struct{ name, kind string }

// params returns parameters of one kind.
func params(kind string, names ...string) (p []param) {
	for _, n := range names {
		p = append(p, param{n, kind})
	}
	return p
}

func join(lists ...[]param) (p []param) {
	for _, l := range lists {
		p = append(p, l...)
	}
	return p
}

// later returns what f writes without writing it.
func later(f func()) string {
	before := assembly.String()
	assembly.Reset()
	f()
	text := assembly.String()
	assembly.Reset()
	assembly.WriteString(before)
	return text
}
