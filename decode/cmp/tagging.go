package cmp

import (
	"strings"

	"derscope/decode/der"
	"derscope/decode/field"
)

// Shapes tell whether a tag wraps a value, as tags of CMP do, or replaces that
// value's own tag: how a value begins, one letter for each element, each inside
// the one before it:
//
//	{ SEQUENCE   ( SET   i INTEGER   o OBJECT IDENTIFIER   b BIT STRING   s OCTET STRING
//	u UTF8String   t GeneralizedTime   n NULL   c any context tag   0 to 9 that context tag
//
// Of several shapes, with "|" between them, one must fit. "{o" is an
// AlgorithmIdentifier.
const (
	certificate  = "{{0|{{i"
	certificates = "{{{0|{{{i"
	lists        = "{{{i|{{{{o" // of CertificateList
)

// shapeTags are the tags that the letters stand for.
var shapeTags = map[byte]der.Tag{'{': der.Sequence, '(': der.Set, 'i': der.Integer, 'o': der.OID, 'b': der.BitString,
	's': der.OctetString, 'u': der.UTF8String, 't': der.GeneralizedTime, 'n': der.Null}

// wraps reads a value that a tag [n] wraps, if the tag is there, with f. Where
// the tag replaces that of the value, the value is read all the same, with a
// fault. It is field.Reader.Wrapping for types of which the first octets inside
// do not tell, such as lists of lists.
func wraps(r *field.Reader, n int, label, shapes string, f func(*field.Reader)) bool {
	if r.Quiet() || !r.Peek(der.Ctx(n)) {
		return false
	}
	own := shapeTags[shapes[0]]
	if !replaced(r, own, shapes) || !r.Retag(n, own) {
		return r.Explicit(n, label, f)
	}
	at := r.Upcoming()
	f(r)
	r.Fault(field.Tagging, at, "%s: tag [%d] replaces the tag of the %s, and is to wrap it: IMPLICIT where CMP has EXPLICIT", label, n, own)
	return true
}

// replaced says that the tag of the next element replaces that of its value.
// What fits neither way is as it should be, and is reported as what it is.
func replaced(r *field.Reader, own der.Tag, shapes string) bool {
	e, ok := r.Next()
	if !ok {
		return false
	}
	if own != der.Sequence && own != der.Set { // the form tells: the value holds no elements
		return !e.Constructed
	}
	if !e.Constructed || e.Len == 0 {
		return false
	}
	b := r.Left()[e.Header : e.Close()-e.Off]
	var outside, inside bool // the value is whole inside the tag; its contents are
	for s := range strings.SplitSeq(shapes, "|") {
		outside = outside || fits(b, s)
		inside = inside || fits(b, s[1:])
	}
	return inside && !outside
}

// fits says that b begins as a shape does. Where an element is empty there is
// nothing left to tell, but the first must be there.
func fits(b []byte, shape string) bool {
	for i := range len(shape) {
		if len(b) == 0 {
			return i > 0
		}
		e, err := der.Next(b, 0, len(b))
		if err != nil {
			return false
		}
		want, known := shapeTags[shape[i]]
		switch {
		case shape[i] == 'c':
			if e.Tag.Class != der.Context {
				return false
			}
		case !known && e.Tag != der.Ctx(int(shape[i]-'0')), known && e.Tag != want:
			return false
		}
		b = b[e.Content():e.Close()]
	}
	return true
}
