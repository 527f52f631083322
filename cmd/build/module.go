package main

import (
	"encoding/binary"
	"errors"
	"slices"
)

// joinSegments writes the initial memory of a program anew. The Go linker
// leaves out each run of eight zeros and so makes 100,000 segments of it, whose
// addresses and lengths compress badly. With the zeros in, a module is a tenth
// longer, and a twentieth shorter once it is compressed.
//
// Before that change may work on what the memory holds.
func joinSegments(module []byte, change func(memory []byte) error) ([]byte, error) {
	size, start, end, err := findSection(module, dataID)
	if err != nil {
		return nil, err
	}
	memory, err := load(module[start:end])
	if err != nil {
		return nil, err
	}
	if err := change(memory); err != nil {
		return nil, err
	}
	return swapped(module, size, end, store(memory)), nil
}

// swapped puts other contents into a section.
func swapped(module []byte, size, end int, contents []byte) []byte {
	out := binary.AppendUvarint(slices.Clone(module[:size]), uint64(len(contents)))
	return slices.Concat(out, contents, module[end:])
}

// capMemory says how many octets the memory of a program may have at the most.
// The Go linker sets no bound.
func capMemory(module []byte, most int) ([]byte, error) {
	size, start, end, err := findSection(module, memoryID)
	if err != nil {
		return nil, err
	}
	r := &reader{module[:end], start}
	count, flags, least := r.number(), r.number(), r.number()
	if count != 1 || flags != 0 || r.at != end || least > most/page {
		return nil, errModule
	}
	contents := binary.AppendUvarint([]byte{1, 1}, uint64(least))
	return swapped(module, size, end, binary.AppendUvarint(contents, uint64(most/page))), nil
}

// page is the unit in which memory grows.
const page = 64 << 10

const (
	memoryID = 5  // of the section that says how large memory is
	dataID   = 11 // of the one that says what it holds at the start
)

var errModule = errors.New("not a WebAssembly module as the Go linker writes it")

// reader reads a module. Its numbers are LEB128, which is Go's uvarint as long
// as they have no sign.
type reader struct {
	b  []byte
	at int
}

func (r *reader) number() int {
	n, used := binary.Uvarint(r.b[min(r.at, len(r.b)):])
	r.at += max(used, 1)
	return int(n)
}

// findSection finds a section: where its length stands, and its contents.
func findSection(module []byte, wanted int) (size, start, end int, err error) {
	for r := (&reader{module, 8}); r.at < len(module); {
		id := r.number()
		size := r.at
		n := r.number()
		if id == wanted && n >= 0 && r.at+n <= len(module) {
			return size, r.at, r.at + n, nil
		}
		r.at += max(n, 0)
	}
	return 0, 0, 0, errModule
}

// load lays the segments of a data section out in memory.
func load(section []byte) (memory []byte, err error) {
	r := &reader{section, 0}
	for range r.number() {
		if r.number() != 0 || r.number() != 0x41 { // of memory 0, at i32.const
			return nil, errModule
		}
		address := r.number()   // below 2 GiB, and so without a sign
		if r.number() != 0x0b { // end of the address
			return nil, errModule
		}
		n := r.number()
		if n < 0 || r.at+n > len(section) || address > 1<<30 {
			return nil, errModule
		}
		memory = append(memory, make([]byte, max(0, address+n-len(memory)))...)
		copy(memory[address:], section[r.at:r.at+n])
		r.at += n
	}
	return memory, nil
}

// store writes a memory as a data section: what lies between long runs of
// zeros.
func store(memory []byte) []byte {
	const run = 1024
	var segments []byte
	count := 0
	for at := 0; at < len(memory); {
		if memory[at] == 0 {
			at++
			continue
		}
		end, zeros := at, 0
		for end < len(memory) && zeros < run {
			if memory[end] == 0 {
				zeros++
			} else {
				zeros = 0
			}
			end++
		}
		end -= zeros
		segments = append(segments, 0, 0x41)
		segments = appendSigned(segments, at)
		segments = append(segments, 0x0b)
		segments = binary.AppendUvarint(segments, uint64(end-at))
		segments = append(segments, memory[at:end]...)
		count++
		at = end
	}
	return append(binary.AppendUvarint(nil, uint64(count)), segments...)
}

// appendSigned writes an address; the highest of its bits must not look like
// a sign.
func appendSigned(b []byte, n int) []byte {
	for n >= 0x40 {
		b = append(b, byte(n&0x7f)|0x80)
		n >>= 7
	}
	return append(b, byte(n))
}
