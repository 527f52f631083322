// Package der reads the elements of BER and DER: identifier, length and
// extent, with no schema and no copy. What DER forbids and BER allows is read
// and told apart; what neither allows is an [Error] with its place.
//
// It interprets no contents: see package field for that. The page walks the
// octets of a source with it to draw its ASN.1 tab.
//
//	e, err := der.Next(b, 0, len(b))
//	if err == nil && e.Tag == der.Sequence { inner := b[e.Content():e.Close()] }
//
// Source: X.690 (2021), section 8.1.
package der

import "fmt"

// Class is the class of a tag.
type Class uint8

const (
	Universal Class = iota
	Application
	Context
	Private
)

// Tag is the identity of an element's type. Whether it is constructed is a
// matter of form, and kept apart.
type Tag struct {
	Class  Class
	Number uint32
}

// Tags of the universal class that X.509, OCSP and CMP use.
var (
	EOC             = Tag{0, 0}
	Boolean         = Tag{0, 1}
	Integer         = Tag{0, 2}
	BitString       = Tag{0, 3}
	OctetString     = Tag{0, 4}
	Null            = Tag{0, 5}
	OID             = Tag{0, 6}
	Enumerated      = Tag{0, 10}
	UTF8String      = Tag{0, 12}
	Sequence        = Tag{0, 16}
	Set             = Tag{0, 17}
	NumericString   = Tag{0, 18}
	PrintableString = Tag{0, 19}
	T61String       = Tag{0, 20}
	IA5String       = Tag{0, 22}
	UTCTime         = Tag{0, 23}
	GeneralizedTime = Tag{0, 24}
	VisibleString   = Tag{0, 26}
	UniversalString = Tag{0, 28}
	BMPString       = Tag{0, 30}
)

// Ctx is the context-specific tag [n].
func Ctx(n int) Tag { return Tag{Context, uint32(n)} }

var names = map[uint32]string{
	0: "end-of-contents", 1: "BOOLEAN", 2: "INTEGER", 3: "BIT STRING", 4: "OCTET STRING", 5: "NULL",
	6: "OBJECT IDENTIFIER", 7: "ObjectDescriptor", 8: "EXTERNAL", 9: "REAL", 10: "ENUMERATED",
	11: "EMBEDDED PDV", 12: "UTF8String", 13: "RELATIVE-OID", 14: "TIME", 16: "SEQUENCE", 17: "SET",
	18: "NumericString", 19: "PrintableString", 20: "TeletexString", 21: "VideotexString",
	22: "IA5String", 23: "UTCTime", 24: "GeneralizedTime", 25: "GraphicString", 26: "VisibleString",
	27: "GeneralString", 28: "UniversalString", 29: "CHARACTER STRING", 30: "BMPString",
}

// String names the tag as ASN.1 does: SEQUENCE, [0], [APPLICATION 3].
func (t Tag) String() string {
	switch t.Class {
	case Application:
		return fmt.Sprintf("[APPLICATION %d]", t.Number)
	case Context:
		return fmt.Sprintf("[%d]", t.Number)
	case Private:
		return fmt.Sprintf("[PRIVATE %d]", t.Number)
	}
	if name, ok := names[t.Number]; ok {
		return name
	}
	return fmt.Sprintf("[UNIVERSAL %d]", t.Number)
}

// Element is one element: where it lies and how it is written.
type Element struct {
	Tag         Tag
	Constructed bool
	Indefinite  bool // its contents end with end-of-contents octets
	LongLength  bool // the length takes more octets than needed (BER only)
	LongTag     bool // so does the tag number
	Off         int  // of the first identifier octet
	Header      int  // octets of identifier and length
	Len         int  // octets of contents, without end-of-contents
}

// Content is the offset of the first octet of the contents.
func (e Element) Content() int { return e.Off + e.Header }

// Close is the offset after the contents, where end-of-contents octets may stand.
func (e Element) Close() int { return e.Off + e.Header + e.Len }

// End is the offset after the whole element.
func (e Element) End() int {
	if e.Indefinite {
		return e.Close() + 2
	}
	return e.Close()
}

// Fault is a sort of fault that stops the reading of an element.
type Fault uint8

const (
	Truncated Fault = iota // the octets end inside identifier or length
	Overrun                // the length runs past the end
	BadTag                 // a tag number of more than 32 bits
	BadLength              // a length of more than 32 bits, or the reserved octet ff
	Unclosed               // an indefinite length without end-of-contents
	TooDeep                // indefinite lengths nested beyond MaxDepth
)

// Error says what stopped the reading, where, and both values.
type Error struct {
	Fault Fault
	Off   int // where the element begins
	Tag   Tag // as far as it could be read
	Want  int // for Overrun: octets the length asks for
	Have  int // octets there are
}

func (e *Error) Error() string {
	switch e.Fault {
	case Truncated:
		return fmt.Sprintf("the octets end inside a tag or length: %d left", e.Have)
	case Overrun:
		return fmt.Sprintf("%s: length %d runs %d past the end", e.Tag, e.Want, e.Want-e.Have)
	case BadTag:
		return "a tag number of more than 32 bits"
	case BadLength:
		return fmt.Sprintf("%s: a length that needs more than 4 octets", e.Tag)
	case Unclosed:
		return fmt.Sprintf("%s: indefinite length without end-of-contents octets", e.Tag)
	}
	return fmt.Sprintf("%s: nested more than %d deep", e.Tag, MaxDepth)
}

// MaxDepth bounds the nesting of indefinite lengths.
const MaxDepth = 64

// Next reads the element at off; end is where the octets around it end.
// The error is an *Error or nil.
func Next(b []byte, off, end int) (Element, error) {
	if end-off >= 2 { // the usual case, which long lists are made of
		first, l := b[off], int(b[off+1])
		if first&31 != 31 && l < 0x80 && l <= end-off-2 {
			return Element{Tag: Tag{Class(first >> 6), uint32(first & 31)}, Constructed: first&0x20 != 0, Off: off, Header: 2, Len: l}, nil
		}
	}
	e, err := next(b, off, end, 0)
	if err != nil {
		return e, err
	}
	return e, nil
}

func next(b []byte, off, end, depth int) (Element, *Error) {
	e := Element{Off: off}
	fail := func(f Fault, want, have int) (Element, *Error) {
		return e, &Error{f, off, e.Tag, want, have}
	}
	if end-off < 2 {
		return fail(Truncated, 2, end-off)
	}
	first := b[off]
	e.Tag = Tag{Class(first >> 6), uint32(first & 31)}
	e.Constructed = first&0x20 != 0
	i := off + 1
	if e.Tag.Number == 31 {
		e.Tag.Number = 0
		e.LongTag = b[i] == 0x80
		for {
			if i >= end {
				return fail(Truncated, 2, end-off)
			}
			if e.Tag.Number > 1<<25-1 {
				return fail(BadTag, 0, 0)
			}
			c := b[i]
			i++
			e.Tag.Number = e.Tag.Number<<7 | uint32(c&0x7f)
			if c&0x80 == 0 {
				break
			}
		}
		e.LongTag = e.LongTag || e.Tag.Number < 31
	}
	if i >= end {
		return fail(Truncated, 2, end-off)
	}
	l := int(b[i])
	i++
	switch {
	case l == 0x80:
		e.Header, e.Indefinite = i-off, true
		return closed(b, e, end, depth)
	case l > 0x80:
		k := l & 0x7f
		if k > end-i {
			return fail(Truncated, 2, end-off)
		}
		l = 0
		for _, c := range b[i : i+k] {
			if l >= 1<<24 {
				return fail(BadLength, 0, 0)
			}
			l = l<<8 | int(c)
		}
		if l < 0 { // four octets, where an int has 32 bits
			return fail(BadLength, 0, 0)
		}
		e.LongLength = l < 0x80 || b[i] == 0
		i += k
	}
	e.Header, e.Len = i-off, l
	if l > end-i {
		return fail(Overrun, l, end-i)
	}
	return e, nil
}

// closed finds the end of an element of indefinite length.
func closed(b []byte, e Element, end, depth int) (Element, *Error) {
	if depth >= MaxDepth {
		return e, &Error{TooDeep, e.Off, e.Tag, 0, 0}
	}
	if !e.Constructed {
		return e, &Error{Unclosed, e.Off, e.Tag, 0, 0}
	}
	for at := e.Content(); ; {
		if end-at < 2 {
			return e, &Error{Unclosed, e.Off, e.Tag, 0, 0}
		}
		if b[at] == 0 && b[at+1] == 0 {
			e.Len = at - e.Content()
			return e, nil
		}
		in, err := next(b, at, end, depth+1)
		if err != nil {
			return e, err
		}
		at = in.End()
	}
}

// Count walks the elements from off to end and counts them. It stops at the
// first that cannot be read.
func Count(b []byte, off, end int) (n int, err error) {
	for off < end {
		e, err := next(b, off, end, 0)
		if err != nil {
			return n, err
		}
		off = e.End()
		n++
	}
	return n, nil
}

// Wrap puts a tag and a length in the form of DER before contents. Constructed
// are SEQUENCE, SET and tags of the context.
func Wrap(t Tag, parts ...[]byte) []byte {
	n := 0
	for _, p := range parts {
		n += len(p)
	}
	first := byte(t.Class)<<6 | byte(t.Number)
	if t == Sequence || t == Set || t.Class == Context {
		first |= 0x20
	}
	b := make([]byte, 0, n+6)
	switch {
	case n < 0x80:
		b = append(b, first, byte(n))
	case n < 0x100:
		b = append(b, first, 0x81, byte(n))
	case n < 0x10000:
		b = append(b, first, 0x82, byte(n>>8), byte(n))
	case n < 0x1000000:
		b = append(b, first, 0x83, byte(n>>16), byte(n>>8), byte(n))
	default:
		b = append(b, first, 0x84, byte(n>>24), byte(n>>16), byte(n>>8), byte(n))
	}
	for _, p := range parts {
		b = append(b, p...)
	}
	return b
}

// Contents gives the contents of the one element that b is, if it has this tag.
func Contents(b []byte, t Tag) ([]byte, bool) {
	e, err := Next(b, 0, len(b))
	if err != nil || e.Tag != t || e.End() != len(b) {
		return nil, false
	}
	return b[e.Content():e.Close()], true
}

// First gives the contents of the first element, if it has this tag, and what
// follows it; else all of b is left.
func First(b []byte, t Tag) (contents, rest []byte, ok bool) {
	e, err := Next(b, 0, len(b))
	if err != nil || e.Tag != t {
		return nil, b, false
	}
	return b[e.Content():e.Close()], b[e.End():], true
}
