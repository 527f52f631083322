package main

import (
	"bytes"
	"encoding/binary"
	"errors"
)

// coarsenLookup makes the table small by which the runtime finds the function of
// an instruction. For WebAssembly the Go linker writes sixteen equal records of
// twenty octets for each function, 2.5 MB in all. The runtime takes what a record
// says for the first function to look at, and goes on from there, so records may
// as well name one a little before: here sixteen functions share theirs, which
// compresses to less than a tenth.
//
// The layout is that of findfuncbucket and moduledata in package runtime,
// symtab.go; another one is refused.
func coarsenLookup(memory []byte) error {
	const (
		record  = 20   // octets: a number, and what sixteen parts of the bucket add to it
		bucket  = 4096 // addresses
		buckets = 16   // of one function
		shared  = 16   // functions with one number
	)
	word := func(at int) int { return int(binary.LittleEndian.Uint64(memory[at:])) }
	header := bytes.Index(memory, pcHeader)
	if header < 0 || len(memory)-header < 72 {
		return errLookup
	}
	// The data of the module begin with the address of the header, then that of
	// the names of functions.
	var start [16]byte
	binary.LittleEndian.PutUint64(start[:], uint64(header))
	binary.LittleEndian.PutUint64(start[8:], uint64(header+word(header+32)))
	module := bytes.Index(memory, start[:])
	if module < 0 || len(memory)-module < 176 {
		return errLookup
	}
	table, least, most := word(module+152), word(module+160), word(module+168)
	count := (most - least + bucket - 1) / bucket
	if most <= least || table <= 0 || count > (len(memory)-table)/record {
		return errLookup
	}
	for i := range count - 1 { // the last one is cut off
		at := memory[table+i*record:][:record]
		first, own := int(binary.LittleEndian.Uint32(at)), i/buckets
		if first > own || first < own-1 || !bytes.Equal(at[4:], make([]byte, record-4)) {
			return errLookup
		}
		binary.LittleEndian.PutUint32(at, uint32(first&^(shared-1)))
	}
	return nil
}

var errLookup = errors.New("the table of functions cannot be looked up as expected: see lookup.go")
