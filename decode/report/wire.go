package report

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"
)

// The binary form carries a report from the Web Worker to the page: a version,
// a part, the table of strings, then the numbers, small ones in one octet. One
// description of the fields, in wire_report.go, serves both directions. Unlike
// the JSON it holds the octets of all sources, secret ones too: it never leaves
// the page.

const wireVersion = 5

// The parts that a binary form can hold.
const (
	wireWhole   = 0
	wireResults = 1 // all but sources, nodes and lists, which do not change with time
)

// wireDepth bounds the nesting of groups of checks.
const wireDepth = 16

var errWire = errors.New("report: the binary form is damaged")

// MarshalBinary gives the whole report in binary form.
func (r *Report) MarshalBinary() ([]byte, error) { return r.marshal(wireWhole, nil) }

// MarshalBeside is the same for a reader that has the inputs already: the
// octets of a source that are part of an input are left out.
func (r *Report) MarshalBeside(inputs [][]byte) ([]byte, error) { return r.marshal(wireWhole, inputs) }

// MarshalResults gives what changes with the time of evaluation: everything
// but the sources, the nodes and the lists.
func (r *Report) MarshalResults() ([]byte, error) { return r.marshal(wireResults, nil) }

// UnmarshalBinary reads the whole binary form. On an error r is unchanged.
func (r *Report) UnmarshalBinary(b []byte) error { return r.unmarshal(wireWhole, b, nil) }

// UnmarshalBeside reads what MarshalBeside gave.
func (r *Report) UnmarshalBeside(inputs [][]byte, b []byte) error {
	return r.unmarshal(wireWhole, b, inputs)
}

// UnmarshalResults reads what MarshalResults gave into a report that has the
// sources and nodes already. On an error r is unchanged.
func (r *Report) UnmarshalResults(b []byte) error { return r.unmarshal(wireResults, b, nil) }

func (r *Report) marshal(part byte, inputs [][]byte) ([]byte, error) {
	w := &wire{writing: true, inputs: inputs, index: map[string]int{}}
	if n := len(r.Nodes); part == wireWhole {
		w.b = make([]byte, 0, 24*n)
	}
	w.report(r, part)
	size := 0
	for _, s := range w.strings {
		size += len(s) + 3
	}
	out := make([]byte, 0, len(w.b)+size+16)
	out = append(out, wireVersion, part)
	out = binary.AppendUvarint(out, uint64(len(w.strings)))
	for _, s := range w.strings {
		out = binary.AppendUvarint(out, uint64(len(s)))
	}
	for _, s := range w.strings {
		out = append(out, s...)
	}
	return append(out, w.b...), w.err
}

func (r *Report) unmarshal(part byte, b []byte, inputs [][]byte) error {
	if len(b) < 2 || b[0] != wireVersion || b[1] != part {
		return errWire
	}
	w := &wire{b: b[2:], inputs: inputs}
	var lengths []int
	list(w, &lengths, 1, w.uint)
	total := 0
	for _, n := range lengths {
		if total += n; n > len(w.b) || total > len(w.b) {
			return errWire
		}
	}
	if w.err != nil {
		return w.err
	}
	text := string(w.b[:total]) // one allocation holds them all
	w.b = w.b[total:]
	w.strings = make([]string, len(lengths))
	for i, n := range lengths {
		w.strings[i], text = text[:n], text[n:]
	}
	got := Report{}
	if part == wireResults {
		got.Sources, got.Nodes, got.Lists = r.Sources, r.Nodes, r.Lists
	}
	if w.report(&got, part); w.err == nil && len(w.b) > 0 {
		w.err = errWire
	}
	if w.err == nil {
		*r = got
	}
	return w.err
}

// wire is a report on its way: written to b, or read from it. The first error stays.
type wire struct {
	writing bool
	b       []byte
	strings []string
	index   map[string]int // of strings, when writing
	err     error
	depth   int
	inputs  [][]byte // whose octets need not pass
}

func (w *wire) fail() { w.b, w.err = nil, errWire }

// uint passes a number that is not negative.
func (w *wire) uint(p *int) {
	if w.writing {
		if *p < 0 && w.err == nil {
			w.err = fmt.Errorf("report: %d where no negative number can be", *p)
		}
		w.b = binary.AppendUvarint(w.b, uint64(*p))
		return
	}
	v, n := binary.Uvarint(w.b)
	if n <= 0 || v > 1<<31-1 {
		w.fail()
		return
	}
	*p, w.b = int(v), w.b[n:]
}

// int passes any number.
func (w *wire) int(p *int64) {
	if w.writing {
		w.b = binary.AppendVarint(w.b, *p)
		return
	}
	v, n := binary.Varint(w.b)
	if n <= 0 {
		w.fail()
		return
	}
	*p, w.b = v, w.b[n:]
}

// place passes an index of a list of n, or -1.
func (w *wire) place(p *int, n int) {
	v := *p + 1
	if w.uint(&v); v > n && !w.writing {
		w.fail()
		return
	}
	*p = v - 1
}

func (w *wire) byte(p *byte, most byte) {
	v := int(*p)
	if w.uint(&v); v > int(most) && !w.writing {
		w.fail()
		return
	}
	*p = byte(v)
}

func (w *wire) bools(p ...*bool) {
	var bits byte
	for i, b := range p {
		if *b {
			bits |= 1 << i
		}
	}
	w.byte(&bits, 1<<len(p)-1)
	for i, b := range p {
		*b = bits&(1<<i) != 0
	}
}

func (w *wire) str(list ...*string) {
	for _, p := range list {
		if !w.writing {
			var i int
			if w.uint(&i); w.err == nil && i <= len(w.strings) {
				if *p = ""; i > 0 {
					*p = w.strings[i-1]
				}
				continue
			}
			w.fail()
			return
		}
		i := 0
		if *p != "" {
			if i = w.index[*p]; i == 0 {
				w.strings = append(w.strings, *p)
				i = len(w.strings)
				w.index[*p] = i
			}
		}
		w.b = binary.AppendUvarint(w.b, uint64(i))
	}
}

// octets passes octets, as a part of the octets read.
func (w *wire) octets(p *[]byte) {
	n := len(*p)
	w.uint(&n)
	switch {
	case w.writing:
		w.b = append(w.b, *p...)
	case n > len(w.b):
		w.fail()
	case n > 0:
		*p, w.b = w.b[:n:n], w.b[n:]
	}
}

func (w *wire) time(t *time.Time) {
	sec, nano := t.Unix(), t.Nanosecond()
	w.int(&sec)
	if w.uint(&nano); nano > 999_999_999 {
		w.fail()
	}
	if !w.writing {
		*t = time.Unix(sec, int64(nano)).UTC()
	}
}

// source passes the octets of a source: by themselves, or as a part of an
// input, which both sides have.
func (w *wire) source(p *[]byte) {
	input, off, n := 0, 0, len(*p)
	if w.writing {
		input, off = w.lent(*p)
	}
	if w.uint(&input); input == 0 {
		w.octets(p)
		return
	}
	w.uint(&off)
	w.uint(&n)
	if w.writing {
		return
	}
	if input > len(w.inputs) || n > len(w.inputs[input-1]) || off > len(w.inputs[input-1])-n {
		w.fail()
		return
	}
	*p = w.inputs[input-1][off : off+n : off+n]
}

// lent finds the input, counted from 1, whose memory b is a part of, or 0. The
// capacities tell where in it the part begins, unless they were cut: of those
// only a part at the beginning is found.
func (w *wire) lent(b []byte) (input, off int) {
	for i, in := range w.inputs {
		for _, off := range [2]int{0, cap(in) - cap(b)} {
			if len(b) > 0 && off >= 0 && off+len(b) <= len(in) && &in[off] == &b[0] {
				return i + 1, off
			}
		}
	}
	return 0, 0
}

// list passes a list whose elements take least octets or more: no count makes
// a reader set memory aside that the input does not pay for.
func list[T any](w *wire, p *[]T, least int, f func(*T)) {
	n := len(*p)
	if w.uint(&n); !w.writing {
		if n > len(w.b)/least {
			w.fail()
		}
		if w.err != nil || n == 0 {
			return
		}
		*p = make([]T, n)
	}
	for i := range *p {
		if f(&(*p)[i]); w.err != nil {
			return
		}
	}
}
