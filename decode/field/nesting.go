package field

import (
	"fmt"
	"strconv"

	"derscope/decode/der"
	"derscope/decode/report"
)

// The methods of this file read what holds further elements.

func constructed(t der.Tag) func(der.Element) bool {
	return func(e der.Element) bool { return e.Tag == t && e.Constructed }
}

// Seq reads a SEQUENCE.
func (r *Reader) Seq(label string, f func(*Reader)) report.Ref {
	ref, _ := r.open(label, "SEQUENCE", constructed(der.Sequence), f)
	return ref
}

// Set reads a SET.
func (r *Reader) Set(label string, f func(*Reader)) report.Ref {
	ref, _ := r.open(label, "SET", constructed(der.Set), f)
	return ref
}

// Implicit reads an element of tag [n] IMPLICIT that is constructed; typ names
// the type it stands for.
func (r *Reader) Implicit(n int, label, typ string, f func(*Reader)) report.Ref {
	ref, _ := r.open(label, typ, constructed(der.Ctx(n)), f)
	return ref
}

// Explicit reads the one element inside a tag [n], if the tag is there: f
// reads it from the Reader it is given. The tag's octets become part of the
// header of that element's node. It answers whether the tag was there.
func (r *Reader) Explicit(n int, label string, f func(*Reader)) bool {
	if r.quiet || !r.Peek(der.Ctx(n)) {
		return false
	}
	e, err := der.Next(r.b, r.off, r.end)
	if err == nil && e.Constructed && !e.Indefinite && !e.LongLength && r.depth < r.t.limits.Depth {
		if in, err := der.Next(r.b, e.Content(), e.Close()); err == nil && in.End() == e.Close() {
			inner := &Reader{t: r.t, src: r.src, b: r.b, at: r.at, off: e.Content(), end: e.Close(),
				depth: r.depth + 1, outer: r.outer + e.Header, cut: r.cut, cite: r.cite, name: label}
			r.outer = 0 // a tag inside a tag: both are the header of the one node
			f(inner)
			if inner.outer > 0 && r.t.mute == 0 { // f recorded nothing
				inner.raw(label)
			}
			r.off = e.End()
			return true
		}
	}
	r.open(fmt.Sprintf("%s [%d]", label, n), fmt.Sprintf("[%d] EXPLICIT", n), constructed(der.Ctx(n)), func(in *Reader) {
		in.Flag(in.at, report.Wrapper)
		f(in)
	})
	return true
}

// Wrapped reads an OCTET STRING whose contents are again elements. A string in
// segments is joined first, into a source of its own.
func (r *Reader) Wrapped(label string, f func(*Reader)) report.Ref {
	if e, ok := r.Next(); ok && e.Tag == der.OctetString && e.Constructed {
		v := r.Octets(label)
		if v.OK {
			r.DeriveAt(v.Ref, label, "joined segments", v.Value, f)
		}
		return v.Ref
	}
	ref, _ := r.open(label, "OCTET STRING", func(e der.Element) bool {
		return e.Tag == der.OctetString && !e.Constructed
	}, f)
	return ref
}

// Within reads the contents of a leaf that was read before, as nodes below it.
// It is for values whose contents are worth opening: the octets after skip.
func (r *Reader) Within(at report.Ref, skip int, f func(*Reader)) {
	n := r.node(at)
	if n == nil || n.Flags&report.Leaf == 0 || r.depth >= r.t.limits.Depth || len(r.t.Nodes) >= r.t.most || at != report.Ref(len(r.t.Nodes)-1) {
		return
	}
	c := n.Content()
	n.Flags &^= report.Leaf
	in := &Reader{t: r.t, src: c.Source, b: r.b, at: at, off: c.Off, end: c.End(), depth: r.depth + 1, cite: r.cite, name: n.Label}
	if skip = min(skip, c.Len); skip > 0 {
		unused := in.add("unused bits", "octets", c.Off, 0, skip, report.Leaf)
		in.Show(unused, strconv.Itoa(int(r.b[c.Off])))
		in.off += skip
	}
	f(in)
	if !in.Empty() {
		k := in.end - in.off
		ref := in.Rest("trailing")
		if !in.quiet {
			r.t.fault(Fault{Trailing, ref, r.src, in.end - k, after(k, in.where())})
		}
	}
}

// DeriveAt reads octets that do not stand in the source as they are, but were
// made from the node at: decrypted, decompressed, joined.
func (r *Reader) DeriveAt(at report.Ref, label, how string, b []byte, f func(*Reader)) {
	if r.Muted() || at == report.None {
		return
	}
	r.JoinAt(at, label, how, b, []report.Span{r.t.Nodes[at].Content()}, f)
}

// JoinAt is DeriveAt for octets that came from several places, of which the
// node at is the last.
func (r *Reader) JoinAt(at report.Ref, label, how string, b []byte, from []report.Span, f func(*Reader)) {
	if r.Muted() || at == report.None || r.depth >= r.t.limits.Depth {
		return
	}
	src := r.t.Add(report.Source{Name: label, Bytes: b, How: how, From: from})
	in := &Reader{t: r.t, src: src, b: b, at: at, end: len(b), depth: r.depth + 1, cite: r.cite, name: label}
	f(in)
	if !in.Empty() {
		in.Rest("trailing")
	}
}
