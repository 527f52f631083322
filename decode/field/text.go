package field

import "derscope/decode/report"

// The methods of this file read printed text: lines, and blocks of lines below
// a heading, which is the header of their node.

// Line reads n octets as a leaf with a value for people.
func (r *Reader) Line(label string, n int, value string) report.Ref {
	n = min(n, r.end-r.off)
	ref := r.add(label, "text", r.off, 0, n, report.Leaf)
	r.off += n
	r.Show(ref, value)
	return ref
}

// Lines reads a heading of header octets and, with f, the block below it,
// which goes as far as f reads.
func (r *Reader) Lines(label string, header int, f func(*Reader)) report.Ref {
	header = min(header, r.end-r.off)
	ref := r.add(label, "text", r.off, header, header, 0)
	in := &Reader{t: r.t, src: r.src, b: r.b, at: ref, off: r.off + header, end: r.end, depth: r.depth + 1, cite: r.cite, name: label}
	if r.bounded(ref) {
		f(in)
	} else {
		in.raw("contents")
	}
	if n := r.node(ref); n != nil {
		n.Span.Len = in.off - n.Span.Off
	}
	r.off = in.off
	return ref
}
