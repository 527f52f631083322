package main

import (
	"bytes"
	"encoding/binary"
	"errors"
)

// dropLines takes the numbers of lines and the names of files out of a
// program's memory, and the names of functions that are not ours: the Go linker
// notes for each function which instruction came from which line, for the traces
// that a fault prints. No flag leaves it out, and it is a twelfth of the program
// (brotli). Traces name our functions still, and the runtime's, by which it tells
// a fault of its own.
//
// The runtime takes an offset of 0 for «there is no table» and prints "?" for
// the place. The layout is that of package runtime, symtab.go and runtime2.go,
// since Go 1.20; another one is refused.
func dropLines(memory []byte) error {
	header := bytes.Index(memory, pcHeader)
	if header < 0 || len(memory)-header < 72 {
		return errLines
	}
	table := memory[header:]
	word := func(i int) int { return int(binary.LittleEndian.Uint64(table[8+8*i:])) }
	functions := word(0)
	names, units, files, tables, list := word(3), word(4), word(5), word(6), word(7)
	if functions <= 0 || names >= units || units > files || files >= tables || tables >= list || list+8*functions > len(table) {
		return errLines
	}
	needed := map[uint32]bool{} // tables that the runtime cannot do without
	lines := map[uint32]bool{}
	for i := range functions {
		at := list + int(binary.LittleEndian.Uint32(table[list+8*i+4:]))
		if at+44 > len(table) {
			return errLines
		}
		f := table[at:]
		stack, file, line := f[16:20], f[20:24], f[24:28]
		needed[binary.LittleEndian.Uint32(stack)] = true
		count := int(binary.LittleEndian.Uint32(f[28:]))
		if 44+4*count > len(f) {
			return errLines
		}
		for k := range count {
			needed[binary.LittleEndian.Uint32(f[44+4*k:])] = true
		}
		lines[binary.LittleEndian.Uint32(file)] = true
		lines[binary.LittleEndian.Uint32(line)] = true
		clear(file)
		clear(line)
		clear(f[32:40]) // where the names of its files begin, and its first line
	}
	clear(table[files:tables])
	for name := range bytes.SplitSeq(table[names:units], []byte{0}) {
		if !bytes.HasPrefix(name, []byte("runtime.")) && !bytes.Contains(name, []byte("derscope/")) {
			clear(name)
		}
	}
	pairs := table[tables:list]
	for at := range lines {
		if !needed[at] && !clearPairs(pairs, at) {
			return errLines
		}
	}
	return nil
}

// pcHeader is how the header of the tables begins: the version, the unit of
// addresses and their size.
var pcHeader = []byte{0xf1, 0xff, 0xff, 0xff, 0, 0, 1, 8}

var errLines = errors.New("the table of functions is not laid out as expected: see lines.go")

// clearPairs zeroes a table: pairs of steps in value and place, as varints; a
// step of 0 in the value ends it, but for the first one.
func clearPairs(pairs []byte, from uint32) bool {
	at := int(from)
	for first := true; at < len(pairs); first = false {
		start := at
		step, n := binary.Uvarint(pairs[at:])
		if n <= 0 {
			return false
		}
		at += n
		if step == 0 && !first {
			clear(pairs[start:at])
			return true
		}
		if _, n = binary.Uvarint(pairs[at:]); n <= 0 {
			return false
		}
		at += n
		clear(pairs[start:at])
	}
	return false
}
