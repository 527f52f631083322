package field

import (
	"errors"
	"fmt"
	"strconv"

	"derscope/decode/der"
	"derscope/decode/report"
	"derscope/decode/spec"
)

// Field is a value with its node. OK is false where it is absent or cannot be
// read; Ref then points to where it was looked for, and is None if nowhere.
type Field[T any] struct {
	Value T
	Ref   report.Ref
	OK    bool
}

// Reader reads the contents of one element and records every value it passes.
type Reader struct {
	t        *Tree
	src      int
	b        []byte // the source
	at       report.Ref
	off, end int
	depth    int
	outer    int  // octets of an explicit tag before off that the next node takes as header, with off moved past them
	quiet    bool // a fault was reported in this element
	cut      bool // an element around this one is cut short, which was reported
	tls      bool // the contents are those of a vector of TLS
	retag    bool // the next element has a tag of its context in place of own
	own      der.Tag
	cite     spec.Ref
	name     string // of the element, for messages
}

// Cite names the section that defines the nodes read from here on, in this
// element and those inside it. It answers with the one named before, so that a
// part can be read under its own section: defer r.Cite(r.Cite(section)).
func (r *Reader) Cite(s spec.Ref) spec.Ref {
	was := r.cite
	r.cite = s
	return was
}

// Breaks counts the faults so far that cost the reader a value or left
// something over, recorded or not, and gives the words of the last recorded one.
func (r *Reader) Breaks() (int, string) { return r.t.breaks, r.t.broke }

// Discount sets the count of Breaks back: what broke since then lies in contents
// that stand for themselves, and the structure around them is whole.
func (r *Reader) Discount(to int) { r.t.breaks = to }

// Empty says that nothing is left in the element.
func (r *Reader) Empty() bool { return r.off >= r.end }

// At is the node whose contents are read.
func (r *Reader) At() report.Ref { return r.at }

// Upcoming is the node that is recorded next.
func (r *Reader) Upcoming() report.Ref {
	if r.Muted() {
		return report.None
	}
	return report.Ref(len(r.t.Nodes))
}

// Quiet says that a fault has ended the reading of this element.
func (r *Reader) Quiet() bool { return r.quiet }

// Muted says that nothing is recorded: an element far down a long list.
func (r *Reader) Muted() bool { return r.t.mute > 0 }

// Peek says whether the next element has this tag.
func (r *Reader) Peek(t der.Tag) bool {
	if r.Empty() {
		return false
	}
	if r.retag {
		return t == r.own
	}
	if t.Number < 31 && t.Class < 4 { // the usual case, without reading the length
		return r.b[r.off]&^0x20 == byte(t.Class)<<6|byte(t.Number)
	}
	e, _ := der.Next(r.b, r.off, r.end)
	return e.Tag == t
}

// Next gives the tag of the next element, and whether there is one that can be read.
func (r *Reader) Next() (der.Element, bool) {
	e, err := der.Next(r.b, r.off, r.end)
	if r.retag {
		e.Tag = r.own
	}
	return e, err == nil
}

// Element is the next element as it stands, identifier and length included, but
// with the tag of its type where another stands in its place; nil if it cannot
// be read.
func (r *Reader) Element() []byte {
	e, ok := r.Next()
	if !ok {
		return nil
	}
	b := r.Left()[:e.End()-e.Off]
	if r.retag {
		b = append([]byte{b[0]&0x20 | byte(r.own.Number)}, b[1:]...)
	}
	return b
}

// Retag says that the next element has tag [n] IMPLICIT in place of its own,
// which is a universal one: it is then read as if it had that. False: it has
// another tag, and nothing is changed.
func (r *Reader) Retag(n int, own der.Tag) bool {
	if r.quiet || !r.Peek(der.Ctx(n)) {
		return false
	}
	r.retag, r.own = true, own
	return true
}

// Octets left in the element.
func (r *Reader) Left() []byte { return r.b[r.off:r.end] }

// Bytes are the octets of a node, identifier and length included.
func (r *Reader) Bytes(ref report.Ref) []byte {
	if ref == report.None || r.Muted() {
		return nil
	}
	s := r.t.Nodes[ref].Span
	return r.t.Sources[s.Source].Bytes[s.Off:s.End()]
}

// Span is where a node lies; of None, no octets at the place that is read next.
func (r *Reader) Span(ref report.Ref) report.Span {
	if ref == report.None || r.Muted() {
		return report.Span{Source: r.src, Off: r.off}
	}
	return r.t.Nodes[ref].Span
}

// Fault reports something wrong with a value that was read, at its node.
func (r *Reader) Fault(k Kind, at report.Ref, format string, a ...any) {
	if r.Muted() {
		r.t.count(k, "")
		return
	}
	off := r.off
	if at != report.None {
		off = r.t.Nodes[at].Span.Off
	}
	r.t.fault(Fault{k, at, r.src, off, fmt.Sprintf(format, a...)})
}

// Show sets the words for people of a node that was read.
func (r *Reader) Show(at report.Ref, text string) {
	if n := r.node(at); n != nil {
		n.Value = text
	}
}

// ShowMore adds to the words of a node.
func (r *Reader) ShowMore(at report.Ref, text string) {
	if n := r.node(at); n != nil {
		if n.Value != "" {
			n.Value += ", "
		}
		n.Value += text
	}
}

// Note adds a remark to a node.
func (r *Reader) Note(at report.Ref, text string) {
	if n := r.node(at); n != nil && n.Note == "" {
		n.Note = text
	}
}

// Flag marks a node.
func (r *Reader) Flag(at report.Ref, f report.Flags) {
	if n := r.node(at); n != nil {
		n.Flags |= f
	}
}

func (r *Reader) node(at report.Ref) *report.Node {
	if at == report.None || r.Muted() {
		return nil
	}
	return &r.t.Nodes[at]
}

// Given is what is known of the source beside its octets, such as which side
// sent which of them, or the protocol version that an inner message depends on;
// nil if nothing is. Its type is a matter of the kind that reads.
func (r *Reader) Given() any { return r.t.given }

// Piece says that the node is a message in its own right.
func (r *Reader) Piece(hint string, at report.Ref) { r.PieceWith(hint, at, nil) }

// PieceWith is Piece for a message whose reader needs to be told something: see Given.
func (r *Reader) PieceWith(hint string, at report.Ref, given any) {
	if at == report.None || r.Muted() {
		return
	}
	if len(r.t.Pieces) >= r.t.limits.Pieces {
		if len(r.t.Pieces) == r.t.limits.Pieces {
			r.Fault(TooMany, at, "more than %d messages inside messages: this and later ones are not opened", r.t.limits.Pieces)
			r.t.Pieces = append(r.t.Pieces, Piece{})
		}
		return
	}
	r.t.Pieces = append(r.t.Pieces, Piece{hint, r.untagged(at), given})
}

// untagged is the span of a node without the explicit tags that its header
// begins with: they belong to what is around it.
func (r *Reader) untagged(at report.Ref) report.Span {
	n := &r.t.Nodes[at]
	s, header := n.Span, n.Header
	for b := r.t.Sources[s.Source].Bytes; !r.tls; {
		e, err := der.Next(b, s.Off, s.End())
		if err != nil || e.Tag.Class != der.Context || !e.Constructed || e.Header >= header {
			break
		}
		s.Off, s.Len, header = s.Off+e.Header, s.Len-e.Header, header-e.Header
	}
	return s
}

// add records a node over [off, off+n).
func (r *Reader) add(label, typ string, off, header, n int, flags report.Flags) report.Ref {
	if r.t.mute > 0 {
		return r.at
	}
	off, header, n = off-r.outer, header+r.outer, n+r.outer
	r.outer = 0
	r.t.Nodes = append(r.t.Nodes, report.Node{
		Label: label, Type: typ, Spec: r.cite, Parent: r.at,
		Span: report.Span{Source: r.src, Off: off, Len: n}, Header: header, Flags: flags,
	})
	return report.Ref(len(r.t.Nodes) - 1)
}

// raw makes everything up to the end of the element one leaf.
func (r *Reader) raw(label string) report.Ref {
	ref := r.add(label, "octets", r.off, 0, r.end-r.off, report.Leaf|report.Raw)
	if n := r.node(ref); n != nil && ref != r.at {
		n.Value = hexText(r.b[r.off:r.end])
	}
	r.off = r.end
	return ref
}

// Rest makes what is left in the element nodes, as ASN.1 where it reads as
// such and else as octets, and answers with the first of them.
func (r *Reader) Rest(label string) report.Ref {
	if r.Empty() {
		return r.at
	}
	if n, err := der.Count(r.b, r.off, r.end); r.tls || err != nil || n > r.t.limits.List {
		return r.raw(label)
	}
	// A fault that ended the reading of the structure does not end this: what
	// is left is only shown.
	quiet := r.quiet
	defer func() { r.quiet = quiet }()
	first := report.None
	for i := 0; !r.Empty(); i++ {
		l := label
		if i > 0 {
			l = label + "." + strconv.Itoa(i)
		}
		r.quiet = false
		ref := r.Any(l)
		if first == report.None {
			first = ref
		}
	}
	return first
}

// stop ends the reading of this element at a fault: what is left becomes raw.
func (r *Reader) stop(k Kind, label, format string, a ...any) report.Ref {
	if r.quiet {
		return r.at
	}
	r.quiet = true
	off, at := r.off, r.at
	if !r.Empty() {
		at = r.Rest(label)
	}
	switch {
	case r.t.deaf(k) || r.cut && k == Truncated:
		r.t.count(k, "")
	default:
		r.t.fault(Fault{k, at, r.src, off, fmt.Sprintf(format, a...)})
	}
	r.Flag(at, report.Raw)
	return at
}

// Stop ends the reading of this element: what is left cannot be what belongs here.
func (r *Reader) Stop(label, format string, a ...any) report.Ref {
	return r.stop(Unexpected, label, format, a...)
}

// header reads the next element, with a fault if it is not what is wanted.
func (r *Reader) header(label string, want func(der.Element) bool, wanted string) (der.Element, report.Ref, bool) {
	if r.quiet {
		return der.Element{}, r.at, false
	}
	if r.Empty() {
		r.quiet = true
		if r.t.deaf(Missing) || r.cut {
			r.t.count(Missing, "")
		} else {
			r.t.fault(Fault{Missing, r.at, r.src, r.off, fmt.Sprintf("%s is missing: %s ends before it", label, r.where())})
		}
		return der.Element{}, r.at, false
	}
	e, err := der.Next(r.b, r.off, r.end)
	found := e.Tag
	if r.retag {
		e.Tag, r.retag = r.own, false
	}
	if err != nil {
		var fault *der.Error
		errors.As(err, &fault)
		if fault.Fault == der.Overrun && want(e) {
			// What is there is read on, as far as it goes.
			e.Len = fault.Have
			if !r.cut {
				r.t.pending(Truncated, r, fmt.Sprintf("%s: %v", label, err))
			}
			r.cut = true
			return e, report.None, true
		}
		kind := BadElement
		if fault.Fault == der.Truncated || fault.Fault == der.Overrun {
			kind = Truncated
		}
		return e, r.stop(kind, label, "%s: %v", label, err), false
	}
	if !want(e) {
		return e, r.stop(Unexpected, label, "%s: want %s, found %s", label, wanted, found), false
	}
	return e, report.None, true
}

func (r *Reader) where() string {
	if r.name == "" {
		return "the input"
	}
	return r.name
}

// pending notes a fault at the next node to be recorded.
func (t *Tree) pending(k Kind, r *Reader, message string) {
	if t.deaf(k) {
		t.count(k, "")
		return
	}
	t.fault(Fault{k, report.None, r.src, r.off, message})
	if n := len(t.Faults); t.mute == 0 && n > 0 && t.Faults[n-1].Message == message {
		t.Faults[n-1].Ref = report.Ref(len(t.Nodes))
	}
}

// forms reports what BER allows and DER does not about an element's header.
func (r *Reader) forms(e der.Element, ref report.Ref) {
	if e.LongLength && !r.t.deaf(LongLength) {
		r.t.fault(Fault{LongLength, ref, r.src, e.Off, fmt.Sprintf("length %d is not in the shortest form of DER: tag and length take %d octets", e.Len, e.Header)})
	}
	if e.Indefinite && !r.t.deaf(Indefinite) {
		r.t.fault(Fault{Indefinite, ref, r.src, e.Off, "indefinite length: DER wants a definite one"})
	}
	if e.LongTag && !r.t.deaf(BadElement) {
		r.t.fault(Fault{BadElement, ref, r.src, e.Off, "the tag number is written in more octets than needed"})
	}
}

// after says that octets are left over.
func after(n int, name string) string {
	return report.Plural(n, "octet", "octets") + " after the last part of " + name
}

// inside gives a Reader over the contents of an element whose node is ref.
func (r *Reader) inside(e der.Element, ref report.Ref, label string) *Reader {
	return &Reader{t: r.t, src: r.src, b: r.b, at: ref, off: e.Content(), end: e.Close(),
		depth: r.depth + 1, cut: r.cut, cite: r.cite, name: label}
}

// close ends the reading of an element: leftovers, end-of-contents octets.
func (r *Reader) close(in *Reader, e der.Element) {
	if !in.Empty() {
		n := in.end - in.off
		at := in.Rest("trailing")
		switch {
		case in.quiet:
		case r.t.deaf(Trailing):
			r.t.count(Trailing, "")
		default:
			r.t.fault(Fault{Trailing, at, r.src, in.end - n, after(n, in.where())})
		}
	}
	if e.Indefinite {
		in.outer = 0
		in.add("end-of-contents", "end-of-contents", e.Close(), 2, 2, report.Leaf)
	}
	r.off = min(e.End(), r.end)
}

// bounded says whether the element may be opened: the limits on depth and nodes.
func (r *Reader) bounded(ref report.Ref) bool {
	if r.depth >= r.t.limits.Depth {
		r.Fault(Depth, ref, "nested more than %d deep: not opened further", r.t.limits.Depth)
		return false
	}
	if len(r.t.Nodes) >= r.t.most {
		if !r.t.full {
			r.t.full = true
			r.Fault(TooMany, ref, "more than %d fields in all: this and later elements of it are not opened (limit Nodes)", r.t.limits.Nodes)
		}
		return false
	}
	return true
}

// open records a constructed element and reads it with f. typ is its type for people.
func (r *Reader) open(label, typ string, want func(der.Element) bool, f func(*Reader)) (report.Ref, bool) {
	e, ref, ok := r.header(label, want, typ)
	if !ok {
		return ref, false
	}
	ref = r.add(label, typ, e.Off, e.Header, min(e.End(), r.end)-e.Off, 0)
	r.fix(ref)
	r.forms(e, ref)
	in := r.inside(e, ref, label)
	if !r.bounded(ref) {
		in.raw("contents")
		in.quiet = true
	} else {
		f(in)
	}
	r.close(in, e)
	return ref, true
}

// fix completes the marks of a node that a pending fault was reported for.
func (r *Reader) fix(ref report.Ref) {
	if n := len(r.t.Faults); r.t.mute == 0 && n > 0 && r.t.Faults[n-1].Ref == ref {
		r.t.Nodes[ref].Flags |= report.Faulty
		r.t.Nodes[ref].Note = r.t.Faults[n-1].Message
	}
}
