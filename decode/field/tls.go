package field

import (
	"fmt"
	"math"
	"strconv"

	"derscope/decode/report"
)

// The methods of this file read the presentation language of TLS (RFC 9846,
// section 3): numbers of fixed width and vectors with a length in front.

// take reads n octets as a leaf.
func (r *Reader) take(label, typ string, n int) ([]byte, report.Ref, bool) {
	if r.quiet {
		return nil, r.at, false
	}
	if n > r.end-r.off {
		return nil, r.stop(Truncated, label, "%s needs %s, %d are left", label, report.Plural(n, "octet", "octets"), r.end-r.off), false
	}
	b := r.b[r.off : r.off+n]
	ref := r.add(label, typ, r.off, 0, n, report.Leaf)
	r.off += n
	return b, ref, true
}

// Struct reads with f what has no length of its own as one node, which goes as
// far as f reads.
func (r *Reader) Struct(label string, f func(*Reader)) report.Ref {
	if r.quiet {
		return r.at
	}
	ref := r.add(label, "struct", r.off, 0, 0, 0)
	in := &Reader{t: r.t, src: r.src, b: r.b, at: ref, off: r.off, end: r.end, depth: r.depth + 1, tls: true, cut: r.cut, cite: r.cite, name: label}
	if !r.bounded(ref) {
		f = func(in *Reader) { in.raw("contents"); in.quiet = true }
	}
	f(in)
	if n := r.node(ref); n != nil {
		n.Span.Len = in.off - n.Span.Off
	}
	r.off, r.quiet = in.off, in.quiet
	return ref
}

// Part reads the next n octets with f as if the element ended behind them, as
// part of the same node. What f leaves over becomes a fault.
func (r *Reader) Part(n int, f func(*Reader)) {
	in := *r
	in.end = min(r.off+n, r.end)
	f(&in)
	if !in.Empty() {
		left := in.end - in.off
		at := in.raw("trailing")
		if !in.quiet {
			r.Fault(Trailing, at, "%s", after(left, in.where()))
		}
	}
	r.off = in.end
}

// Uint reads a number of 1 to 8 octets. names may be nil.
func (r *Reader) Uint(label string, octets int, names map[int]string) Field[uint64] {
	b, ref, ok := r.take(label, "uint"+strconv.Itoa(8*octets), octets)
	if !ok {
		return Field[uint64]{Ref: ref}
	}
	var v uint64
	for _, c := range b {
		v = v<<8 | uint64(c)
	}
	if name := names[int(v)]; name != "" {
		r.Show(ref, fmt.Sprintf("%s (%d)", name, v))
	} else {
		r.Show(ref, strconv.FormatUint(v, 10))
	}
	return Field[uint64]{v, ref, true}
}

// Fixed reads n octets.
func (r *Reader) Fixed(label string, n int) Field[[]byte] {
	b, ref, ok := r.take(label, "opaque", n)
	if ok && !r.Muted() {
		r.Show(ref, hexText(b))
	}
	return Field[[]byte]{b, ref, ok}
}

// Opaque reads octets behind a length of width octets.
func (r *Reader) Opaque(label string, width int) Field[[]byte] {
	var v []byte
	ref, ok := r.vector(label, width, true, func(in *Reader) {
		v = in.Left()
		in.off = in.end
	})
	if ok && !r.Muted() {
		r.Show(ref, hexText(v))
	}
	return Field[[]byte]{v, ref, ok}
}

// Vector reads the contents of a vector behind a length of width octets with f.
func (r *Reader) Vector(label string, width int, f func(*Reader)) report.Ref {
	ref, _ := r.vector(label, width, false, f)
	return ref
}

func (r *Reader) vector(label string, width int, leaf bool, f func(*Reader)) (report.Ref, bool) {
	if r.quiet {
		return r.at, false
	}
	if width > r.end-r.off {
		return r.stop(Truncated, label, "the length of %s needs %s, %d are left", label, report.Plural(width, "octet", "octets"), r.end-r.off), false
	}
	var n uint64
	for _, c := range r.b[r.off : r.off+width] {
		n = n<<8 | uint64(c)
	}
	// A length of four octets is more than an int of 32 bits holds.
	return r.frame(label, "vector", width, int(min(n, math.MaxInt)), leaf, f), true
}

// Frame reads what a header of some octets announces: n octets behind it, with
// f. The header becomes that of the node; typ is what the whole is, for people.
// It is for headers that hold more than a length: messages, records, extensions.
func (r *Reader) Frame(label, typ string, header, n int, f func(*Reader)) report.Ref {
	if r.quiet {
		return r.at
	}
	if header > r.end-r.off {
		return r.stop(Truncated, label, "the header of %s needs %s, %d are left", label, report.Plural(header, "octet", "octets"), r.end-r.off)
	}
	return r.frame(label, typ, header, n, false, f)
}

func (r *Reader) frame(label, typ string, header, n int, leaf bool, f func(*Reader)) report.Ref {
	have := r.end - r.off - header
	cut := n > have
	want := n
	n = min(n, have)
	flags := report.Flags(0)
	if leaf {
		flags = report.Leaf
	}
	ref := r.add(label, typ, r.off, header, header+n, flags)
	switch {
	case cut && r.cut: // the end of what is around it was reported
		r.t.count(Truncated, "")
	case cut:
		r.Fault(Truncated, ref, "length %d runs %d past the end", want, want-have)
	}
	start := r.off + header
	r.off = start + n
	if !leaf && !r.bounded(ref) {
		f = func(in *Reader) { in.raw("contents"); in.quiet = true }
	}
	in := &Reader{t: r.t, src: r.src, b: r.b, at: ref, off: start, end: start + n, depth: r.depth + 1, tls: true, cut: r.cut || cut, cite: r.cite, name: label}
	f(in)
	if !in.Empty() {
		left := in.end - in.off
		at := in.raw("trailing")
		if !in.quiet {
			r.Fault(Trailing, at, "%s", after(left, label))
		}
	}
	return ref
}

// Closed reads n octets as a leaf of a type of their own, without a text for
// them: what is not to be read further, such as what is encrypted.
func (r *Reader) Closed(label, typ string, n int) report.Ref {
	_, ref, _ := r.take(label, typ, n)
	return ref
}
