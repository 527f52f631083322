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
	size, start, end, err := dataSection(module)
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
	section := store(memory)
	out := binary.AppendUvarint(slices.Clone(module[:size]), uint64(len(section)))
	return slices.Concat(out, section, module[end:]), nil
}

const dataID = 11 // of the section that says what memory holds at the start

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

// dataSection finds the data section: where its length stands, and its
// contents.
func dataSection(module []byte) (size, start, end int, err error) {
	for r := (&reader{module, 8}); r.at < len(module); {
		id := r.number()
		size := r.at
		n := r.number()
		if id == dataID && n >= 0 && r.at+n <= len(module) {
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
